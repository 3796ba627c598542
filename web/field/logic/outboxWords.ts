import { openMatters } from '../sync/keep.ts';
import type { OutboxEntry, StoredPhoto } from '../sync/types.ts';

/** The outbox's states as the caretaker reads them. `needs_you` is a conflict or refusal not dealt with. */
export type Word = 'waiting' | 'stuck' | 'sent' | 'received' | 'merged' | 'held' | 'conflict' | 'refused';

export function wordOf(entry: OutboxEntry): Word {
  const isOpen = openMatters(entry).length > 0;

  switch (entry.state) {
    case 'waiting':
      return entry.stuck ? 'stuck' : 'waiting';
    case 'merged':
      return isOpen ? 'conflict' : 'merged';
    case 'quarantined':
      return 'refused';
    case 'applied':
      return 'received';
    default:
      return entry.state;
  }
}

export interface OutboxSummary {
  waiting: number;
  needsYou: number;
  photosWaiting: number;
}

/** Changes are counted as people make them: a close with its answers is one. */
export function summaryOf(entries: OutboxEntry[], photos: StoredPhoto[]): OutboxSummary {
  const waiting = new Set(entries.filter(({ state }) => state === 'waiting' || state === 'sent').map(({ mutation }) => mutation.grp));

  return {
    waiting: waiting.size,
    needsYou: entries.filter((entry) => openMatters(entry).length > 0).length,
    photosWaiting: photos.filter(({ state }) => state === 'waiting').length,
  };
}

export interface OutboxItem {
  /** The change the group is named by: the close, not its answers; the new task, not its photo; the key, not its signature. */
  entry: OutboxEntry;
  entries: OutboxEntry[];
  word: Word;
}

const MAIN = ['task.close', 'task.create', 'task.update', 'inspection.finish', 'inspection.start', 'key.out', 'photo.add', 'answer.add'];

/** An operation without its version. */
export function opOf({ mutation }: OutboxEntry): string {
  return mutation.op.split('@')[0]!;
}

function mainOf(group: OutboxEntry[]): OutboxEntry {
  for (const op of MAIN) {
    const main = group.find((entry) => opOf(entry) === op);
    if (main) return main;
  }
  return group[0]!;
}

const WORST: Word[] = ['refused', 'conflict', 'stuck', 'waiting', 'sent', 'held', 'merged', 'received'];

/** One line per group, newest first, with its worst state. */
export function itemsOf(entries: OutboxEntry[]): OutboxItem[] {
  const groups = new Map<string, OutboxEntry[]>();

  for (const entry of entries) {
    const group = groups.get(entry.mutation.grp);
    if (group) group.push(entry);
    else groups.set(entry.mutation.grp, [entry]);
  }
  return [...groups.values()]
    .map((group) => {
      const words = group.map(wordOf);
      return { entry: mainOf(group), entries: group, word: WORST.find((word) => words.includes(word))! };
    })
    .sort((a, b) => b.entry.n - a.entry.n);
}

const DAY_MS = 24 * 3600 * 1000;

/** Whole days since the last pull; 0 when it never was, for then the first load is on its way. */
export function daysSince(pulled_at: string | null, now: Date): number {
  return pulled_at ? Math.floor((now.getTime() - Date.parse(pulled_at)) / DAY_MS) : 0;
}
