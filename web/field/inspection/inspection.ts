import type { Change } from '../sync/outbox.ts';
import type { Fields } from '../sync/types.ts';
import { uuid7 } from '../sync/uuid.ts';
import type { Row } from '../sync/view.ts';

export const KINDS = ['move_in', 'move_out'] as const;
export type Kind = (typeof KINDS)[number];
export const MAX_KEYS = 100;

/** Somebody moves in or out, and the dwelling is gone through by the checklist of that name. */
export function startChange(place_id: string, kind: Kind, checklists: Row[], label: string, now: Date): Change {
  return {
    op: 'inspection.start@1',
    t: 'inspection',
    id: uuid7(now.getTime()),
    isNew: true,
    set: { place_id, kind, checklist_id: checklists.find(({ d }) => d.code === kind)?.id ?? null, started_at: now.toISOString() },
    label,
  };
}

/** The end of it: when, how many keys changed hands, and a word. */
export function finishChange(inspection: Row, keys: number, note: string, label: string, now: Date): Change {
  const set: Fields = { finished_at: now.toISOString(), keys };

  if (note.trim()) set.note = note.trim();
  return { op: 'inspection.finish@1', t: 'inspection', id: inspection.id, isNew: false, set, label };
}

export function kindOf({ d }: Row): Kind {
  return d.kind === 'move_out' ? 'move_out' : 'move_in';
}

export function isFinished({ d }: Row): boolean {
  return Boolean(d.finished_at);
}

/** What is under way first, then the newest. */
export function inOrder(inspections: Row[]): Row[] {
  return inspections.toSorted((a, b) => Number(isFinished(a)) - Number(isFinished(b)) || (String(a.d.started_at) < String(b.d.started_at) ? 1 : -1));
}

/** The photos of the dwelling that were taken on this round, under what they show. */
export function photosOf(inspection: Row, documents: Row[], title: string): Row[] {
  const from = Date.parse(String(inspection.d.started_at));
  const to = inspection.d.finished_at ? Date.parse(String(inspection.d.finished_at)) : Infinity;

  return documents.filter(({ d }) => {
    const at = Date.parse(String(d.captured_at));
    return d.sha256 && d.title === title && at >= from && at <= to;
  });
}

export function keysOf(text: string): number {
  const keys = Number(text);
  return Number.isInteger(keys) ? Math.min(MAX_KEYS, Math.max(0, keys)) : 0;
}
