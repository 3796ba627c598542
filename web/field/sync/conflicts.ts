import { record, settle, type Change } from './outbox.ts';
import type { Store } from './store.ts';
import type { Conflict, Fields, OutboxEntry } from './types.ts';
import { is_insert } from './view.ts';

/**
 * Puts my value back in one tap: a new change on top of the version that is there now, so that the
 * one who set it meanwhile is told in turn.
 */
export async function restore_mine(store: Store, entry: OutboxEntry, conflict: Conflict): Promise<void> {
  await record(store, [change_of(entry, { [conflict.field]: conflict.mine })], {
    settle: [{ n: entry.n, conflict: conflict.id, how: 'restored' }],
  });
}

/** Sends what was refused once more, as a new change (its rights or its row may be there now). */
export async function send_again(store: Store, entry: OutboxEntry): Promise<void> {
  const set = Object.fromEntries(Object.entries(entry.mutation.set).map(([field, { n }]) => [field, n]));

  await record(store, [change_of(entry, set)], { settle: [{ n: entry.n, conflict: 'refused', how: 'restored' }] });
}

/** Theirs stands; the card goes, the record stays. */
export async function accept_theirs(store: Store, entry: OutboxEntry, conflict: string): Promise<void> {
  await store.write(['outbox'], (tx) => settle(tx, entry.n, conflict, 'accepted'));
}

function change_of({ mutation, label }: OutboxEntry, set: Fields): Change {
  return {
    op: mutation.op,
    t: mutation.row.t,
    id: mutation.row.id,
    is_new: is_insert(mutation),
    set,
    label,
    att: mutation.att.map((att) => att.replace(/^sha256:/, '')),
  };
}
