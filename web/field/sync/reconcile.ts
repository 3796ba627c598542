import { stopOf, type Stop, type SyncApi } from './api.ts';
import { apply } from './apply.ts';
import { addTo, emptySum, hexOf, rowDigest, slotOf, told, type Sum } from './digest.ts';
import { putSyncState, syncState } from './state.ts';
import type { Store, Tx } from './store.ts';
import type { Digest, PullAnswer, PulledRow, StoredRow } from './types.ts';

/** The server compares so many buckets at once, and lists so many rows. */
const BUCKETS_AT_ONCE = 64;
const ROWS_AT_ONCE = 4000;

/** One of the three: what a bucket sums up to, its slots, or the rows of slots. */
export interface ReconcileBody {
  device: string;
  digests?: Record<string, Digest>;
  slots?: Record<string, Record<string, Digest>>;
  rows?: Record<string, Record<string, [t: string, id: string, h: string][]>>;
}

interface FirstAnswer {
  epoch: string;
  cursor: string;
  scope: { h: string; drop: string[] };
  differ: string[];
}

type Slots = Record<string, Record<string, Digest>>;

/** A request came to nothing: why, and whether it is about everything sent to this server. */
class Broken extends Error {
  readonly stop: Stop | null;
  constructor(stop: Stop | null) {
    super('reconcile');
    this.stop = stop;
  }
}

/** `member` is one that each of our answers has; a network that waits for a log-in answers with a page of its own. */
async function ask<T>(api: SyncApi, body: ReconcileBody, member: keyof T & string): Promise<T> {
  const reply = await api.reconcile!(body);
  if (reply.status !== 200) throw new Broken(stopOf(reply));
  if (typeof reply.body !== 'object' || reply.body === null || !(member in reply.body)) throw new Broken({ why: 'offline' });
  return reply.body as T;
}

/** What is held of each bucket, summed up. Tables: rows. */
export async function digestsOf(tx: Tx, buckets: string[]): Promise<Record<string, Digest>> {
  const sums = new Map(buckets.map((bucket) => [bucket, emptySum()]));

  for (const row of await tx.all('rows')) {
    const digest = rowDigest(row.t, row.id, row.d);
    for (const bucket of row.buckets) addTo(sums.get(bucket) ?? emptySum(), digest);
  }
  return Object.fromEntries([...sums].map(([bucket, sum]) => [bucket, told(sum)]));
}

/** Whether what is held is what the server says; noted as compared, and to be compared in full if not. */
export async function checkDigests(store: Store, theirs: Record<string, Digest>, now: Date): Promise<boolean> {
  return store.write(['rows', 'meta'], async (tx) => {
    const state = await syncState(tx);
    const mine = await digestsOf(tx, state.buckets);
    const isSame = Object.entries(theirs).every(([bucket, [count, h]]) => mine[bucket]?.[0] === count && mine[bucket][1] === h);
    await putSyncState(tx, { ...state, compared_at: now.toISOString(), isToCompare: !isSame });
    return isSame;
  });
}

/**
 * Finds out what is held otherwise than at the server, and takes that: by bucket, by slot, by row.
 * The next pull goes on from the moment of the first answer. The outbox is not touched. Null when it
 * is done, else why not; 'reload' when the server cannot do it.
 */
export async function compare(store: Store, api: SyncApi, device: string, now: Date): Promise<Stop | 'reload' | null> {
  try {
    const { ticket, digests } = await store.read(['rows', 'meta'], async (tx) => {
      const state = await syncState(tx);
      return { ticket: state.ticket, digests: await digestsOf(tx, state.buckets) };
    });
    const first = await ask<FirstAnswer>(api, { device, digests }, 'differ');
    const rows: PulledRow[] = [];
    for (const buckets of inLots(first.differ, BUCKETS_AT_ONCE)) {
      const held = await slotsOf(store, buckets);
      const { slots } = await ask<{ slots: Slots }>(api, { device, slots: toldSlots(buckets, held) }, 'slots');
      for (const lot of lotsOf(slots, held))
        rows.push(...(await ask<{ rows: PulledRow[] }>(api, { device, rows: listed(lot, held) }, 'rows')).rows);
    }
    await take(store, ticket, first, rows, now);
    return null;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return error.stop ?? 'reload';
  }
}

type Held = Map<string, Map<string, StoredRow[]>>;

async function slotsOf(store: Store, buckets: string[]): Promise<Held> {
  return store.read(['rows'], async (tx) => {
    const held: Held = new Map();
    for (const bucket of buckets) {
      const slots = new Map<string, StoredRow[]>();
      for (const row of await tx.by('rows', 'buckets', bucket)) {
        const list = slots.get(slotOf(row.id));
        if (list) list.push(row);
        else slots.set(slotOf(row.id), [row]);
      }
      held.set(bucket, slots);
    }
    return held;
  });
}

function sumOf(rows: StoredRow[]): Sum {
  const sum = emptySum();
  for (const row of rows) addTo(sum, rowDigest(row.t, row.id, row.d));
  return sum;
}

function toldSlots(buckets: string[], held: Held): Slots {
  return Object.fromEntries(
    buckets.map((bucket) => [bucket, Object.fromEntries([...held.get(bucket)!].map(([slot, rows]) => [slot, told(sumOf(rows))]))]),
  );
}

/** The slots that differ, in lots that are not too large to list nor to be told. */
function* lotsOf(slots: Slots, held: Held): Generator<[bucket: string, slot: string][]> {
  let lot: [string, string][] = [];
  let size = 0;

  for (const [bucket, sums] of Object.entries(slots))
    for (const [slot, [count]] of Object.entries(sums)) {
      const more = Math.max(count, held.get(bucket)?.get(slot)?.length ?? 0);
      if (lot.length && size + more > ROWS_AT_ONCE) {
        yield lot;
        [lot, size] = [[], 0];
      }
      lot.push([bucket, slot]);
      size += more;
    }
  if (lot.length) yield lot;
}

function listed(lot: [bucket: string, slot: string][], held: Held): NonNullable<ReconcileBody['rows']> {
  const rows: NonNullable<ReconcileBody['rows']> = {};

  for (const [bucket, slot] of lot) {
    const list = (rows[bucket] ??= {});
    list[slot] = (held.get(bucket)?.get(slot) ?? []).map((row) => [row.t, row.id, hexOf(rowDigest(row.t, row.id, row.d))]);
  }
  return rows;
}

function* inLots<T>(items: T[], size: number): Generator<T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}

/** All at once, unless something else has been taken meanwhile. */
async function take(store: Store, ticket: number, first: FirstAnswer, rows: PulledRow[], now: Date): Promise<void> {
  await store.write(['rows', 'outbox', 'meta'], async (tx) => {
    const state = await syncState(tx);
    if (state.ticket !== ticket) return;

    const answer: PullAnswer = { epoch: first.epoch, scope: first.scope, rows, cursor: first.cursor, more: false, complete: true };
    await apply(tx, [{ reset: false, answer }], now);
    await putSyncState(tx, {
      ...state,
      epoch: first.epoch,
      cursor: first.cursor,
      isOpen: false,
      scope: first.scope.h,
      buckets: state.buckets.filter((bucket) => !first.scope.drop.includes(bucket)),
      ticket: ticket + 1,
      isToCompare: false,
      compared_at: now.toISOString(),
    });
  });
}
