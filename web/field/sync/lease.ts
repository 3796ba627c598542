// How long a tablet may go unheard: docs/sync-protocol.md, «Devices». Counted on its own clock from
// the last time that everything was fetched, and a clock that is turned back gives no more time.

import type { Lease } from './device.ts';
import { forgetFile } from './snapshot.ts';
import { isSealed, nothingHeld, putSyncState, syncState } from './state.ts';
import { getMeta, setMeta, type Store, type Tx } from './store.ts';

export type LeaseState = 'free' | 'warned' | 'locked' | 'over';

interface Kept extends Lease {
  /** The latest time that this tablet's clock has shown. */
  latest: string;
}

/** With which words a warning was read here: they were fetched too. A place's id follows. */
export const WARNING_READ = 'warning_read:';

/** Until the server has said. */
export const UNTOLD: Lease = { warn_s: 72 * 3600, lock_s: 14 * 86400, wipe_s: 90 * 86400 };

/** Keeps the figures that the server gave. */
export async function keepLease(store: Store, lease: Lease): Promise<void> {
  await store.write(['meta'], async (tx) => setMeta(tx, 'lease', { ...(await getMeta<Kept>(tx, 'lease')), ...lease }));
}

/** Notes the time; call it now and then. */
export async function noteTime(store: Store, now: Date): Promise<void> {
  await store.write(['meta'], async (tx) => {
    const kept = await getMeta<Kept>(tx, 'lease');
    if (!kept?.latest || kept.latest < now.toISOString()) await setMeta(tx, 'lease', { ...UNTOLD, ...kept, latest: now.toISOString() });
  });
}

/** Tables: meta. */
export async function leaseOf(tx: Tx, now: Date): Promise<{ state: LeaseState; locks_in_s: number }> {
  const { pulled_at } = await syncState(tx);
  const kept = { ...UNTOLD, ...(await getMeta<Partial<Kept>>(tx, 'lease')) };
  const latest = Math.max(now.getTime(), kept.latest ? Date.parse(kept.latest) : 0);
  const unheard_s = pulled_at ? (latest - Date.parse(pulled_at)) / 1000 : 0;

  const state = stateAfter(kept, unheard_s);

  // What is sealed is locked until it is opened, whoever works with the tablet by then.
  return { state: state !== 'over' && (await isSealed(tx)) ? 'locked' : state, locks_in_s: kept.lock_s - unheard_s };
}

function stateAfter({ warn_s, lock_s, wipe_s }: Lease, unheard_s: number): LeaseState {
  if (unheard_s >= wipe_s) return 'over';
  if (unheard_s >= lock_s) return 'locked';
  return unheard_s >= warn_s ? 'warned' : 'free';
}

/** The lease is over: what was fetched goes. What waits to be sent stays until the server has it. */
export async function forgetFetched(store: Store): Promise<void> {
  await store.write(['rows', 'staged', 'meta'], forgetRows);
}

/** Tables: rows, staged, meta. */
export async function forgetRows(tx: Tx): Promise<void> {
  for (const url of (await syncState(tx)).files) await forgetFile(tx, url);
  for (const { key } of await tx.all('meta')) if (key.startsWith(WARNING_READ)) await tx.remove('meta', key);
  const state = await syncState(tx);
  await tx.clear('rows');
  await tx.clear('staged');
  await putSyncState(tx, nothingHeld(state));
}

/** A person leaves the tablet: what was fetched for them goes, what they wrote waits for them. */
export async function leavePerson(store: Store): Promise<void> {
  await forgetFetched(store);
  await store.write(['meta'], async (tx) => {
    const state = await syncState(tx);
    await tx.remove('meta', 'who');
    await putSyncState(tx, { ...state, pulled_at: null, pushed_at: null });
  });
}
