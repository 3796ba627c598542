import { isFinal } from './outbox.ts';
import { syncState } from './state.ts';
import type { Store } from './store.ts';
import type { OutboxEntry } from './types.ts';

export const KEEP_DAYS = 7;
/** Where what does not stand is no loss: somebody was first, earlier or further. */
const RULED = ['set_once', 'min', 'max'];
const DAY_MS = 24 * 3600 * 1000;

/**
 * Forgets what has been safe for seven days: outbox entries that are final, seen in a pull of this
 * epoch and dealt with; photos that are uploaded and that no entry kept refers to.
 */
export async function forgetOld(store: Store, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEEP_DAYS * DAY_MS).toISOString();

  await store.write(['outbox', 'photos', 'meta'], async (tx) => {
    const { epoch } = await syncState(tx);
    const kept = new Set<string>();
    for (const entry of await tx.all('outbox')) {
      if (isDone(entry, epoch, before)) await tx.remove('outbox', entry.n);
      else for (const att of entry.mutation.att) kept.add(att.replace(/^sha256:/, ''));
    }
    for (const photo of await tx.by('photos', 'state', 'uploaded'))
      if (!kept.has(photo.sha256) && photo.uploaded_at! < before) await tx.remove('photos', photo.sha256);
  });
}

function isDone(entry: OutboxEntry, epoch: string | null, before: string): boolean {
  if (!isFinal(entry) || entry.state === 'held' || !entry.seen_at || entry.seen_at >= before) return false;
  return entry.seen_epoch === epoch && openMatters(entry).length === 0;
}

/** The conflicts that the caretaker lost, and the refusal, that nobody has dealt with yet. */
export function openMatters(entry: OutboxEntry): string[] {
  const lost = (entry.result?.conflicts ?? []).filter(({ chosen, policy }) => chosen === 'theirs' && !RULED.includes(policy));
  const matters = entry.state === 'quarantined' ? ['refused'] : lost.map(({ id }) => id);
  return matters.filter((matter) => !(matter in entry.settled));
}
