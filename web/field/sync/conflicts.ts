import { record, settle, type Change } from './outbox.ts';
import type { Store } from './store.ts';
import type { Conflict, Fields, OutboxEntry } from './types.ts';
import { isInsert } from './view.ts';

/**
 * Puts my values back in one tap: a new change on top of the version that is there now, so that the
 * one who set it meanwhile is told in turn.
 */
export async function restoreMine(store: Store, entry: OutboxEntry, conflicts: Conflict[]): Promise<void> {
  const mine = Object.fromEntries(conflicts.map(({ field, mine: value }) => [field, value]));

  await record(store, [changeOf(entry, mine)], {
    settle: conflicts.map(({ id }) => ({ n: entry.n, conflict: id, how: 'restored' })),
  });
}

/** Sends what was refused once more, as a new change (its rights or its row may be there now). */
export async function sendAgain(store: Store, entry: OutboxEntry): Promise<void> {
  const set = Object.fromEntries(Object.entries(entry.mutation.set).map(([field, { n }]) => [field, n]));

  await record(store, [changeOf(entry, set)], { settle: [{ n: entry.n, conflict: 'refused', how: 'restored' }] });
}

/** Theirs stands; the card goes, the record stays. */
export async function acceptTheirs(store: Store, entry: OutboxEntry, matters: string[]): Promise<void> {
  await store.write(['outbox'], async (tx) => {
    for (const matter of matters) await settle(tx, entry.n, matter, 'accepted');
  });
}

function changeOf({ mutation, label }: OutboxEntry, set: Fields): Change {
  return {
    op: mutation.op,
    t: mutation.row.t,
    id: mutation.row.id,
    isNew: isInsert(mutation),
    set,
    label,
    att: mutation.att.map((att) => att.replace(/^sha256:/, '')),
  };
}
