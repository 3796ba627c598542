import { MAX_PAGE_ROWS, PAGE_ROWS, putSyncState, syncState, type SyncState } from './state.ts';
import { forgetFile, isOfFile } from './snapshot.ts';
import type { Store, Tx } from './store.ts';
import { rowKey, type Fields, type Key, type MutationResult, type OutboxEntry, type PullAnswer, type PulledRow, type StagedPage, type StoredRow } from './types.ts';
import { upOf } from './view.ts';

const PULL_TABLES = ['rows', 'outbox', 'photos', 'staged', 'meta'] as const;
const SETTLED_STATES = ['applied', 'merged', 'quarantined'];

export interface PullBody {
  device: string;
  cursor: string | null;
  scope: string | null;
  /** Sent only when the server no longer knows the scope's hash. */
  buckets?: string[];
  limit: number;
  /** Cursors of snapshot files that are loaded. */
  late?: string[];
  /** Large new buckets may come as files. */
  files?: boolean;
  /** Asks what should be held now. */
  digests?: boolean;
  /** How many changes wait here, and since when: for the office. */
  queue?: { n: number; oldest?: string };
  sent_at: string;
}

const COMPARE_MS = 24 * 3600 * 1000;

/** What to ask for next, and the ticket that its answer is taken with. */
export async function nextPull(store: Store, device: string, withBuckets: boolean, now: Date, can: { files?: boolean; compare?: boolean } = {}): Promise<{ body: PullBody; ticket: number }> {
  const [state, waiting] = await store.read(['meta', 'outbox'], async (tx) => [
    await syncState(tx),
    [...(await tx.by('outbox', 'state', 'waiting')), ...(await tx.by('outbox', 'state', 'sent'))],
  ] as const);
  const body: PullBody = { device, cursor: state.cursor, scope: state.scope, limit: state.limit, sent_at: now.toISOString() };

  if (withBuckets) body.buckets = state.buckets;
  if (state.late.length && !state.isOpen) body.late = state.late;
  body.queue = { n: waiting.length };
  if (waiting.length) body.queue.oldest = waiting.map(({ mutation }) => mutation.captured_at).reduce((a, b) => (a < b ? a : b));
  if (can.files && !state.isInline) body.files = true;
  if (can.compare && state.pulled_at !== null && isDue(state, now)) body.digests = true;
  return { body, ticket: state.ticket };
}

/** Once a day, the first time a day after the first load. */
function isDue({ compared_at, pulled_at }: SyncState, now: Date): boolean {
  return now.getTime() - Date.parse(compared_at ?? pulled_at!) >= COMPARE_MS;
}

export type Taken = 'stale' | 'more' | 'whole' | 'epoch_changed';

/**
 * Takes one page. Pages of a window that is not complete are kept aside, with the cursor, and the
 * screens see the new state only when it is whole. An answer to an older request changes nothing.
 */
export async function takePage(store: Store, ticket: number, answer: PullAnswer, now: Date, canCompare = false): Promise<Taken> {
  return store.write([...PULL_TABLES], async (tx) => {
    const state = await syncState(tx);
    if (state.ticket !== ticket) return 'stale';
    if (state.epoch !== null && state.epoch !== answer.epoch) {
      await startEpoch(tx, answer.epoch, canCompare);
      return 'epoch_changed';
    }

    const page: StagedPage = { n: state.ticket, reset: state.reset, answer };
    const links = linksOf(answer);
    // A first load is whole when its files are here too; more that is granted later may follow.
    const isWhole = answer.complete && !answer.more && !(links.length && (state.reset || state.pulled_at === null));
    if (isWhole) {
      await apply(tx, [...(await tx.all('staged')), page], now);
      if (state.staged) await tx.clear('staged');
    } else {
      await tx.put('staged', page);
    }
    await putSyncState(tx, after(state, answer, isWhole, now));
    return isWhole ? 'whole' : 'more';
  });
}

function linksOf(answer: PullAnswer): string[] {
  return [...new Set((answer.scope?.add ?? []).map(({ snapshot }) => snapshot).filter((url) => url !== undefined))];
}

function after(state: SyncState, answer: PullAnswer, isWhole: boolean, now: Date): SyncState {
  const dropped = new Set(answer.scope?.drop);
  const added = (answer.scope?.add ?? []).filter(({ snapshot }) => snapshot === undefined).map(({ bucket }) => bucket);
  const kept = state.buckets.filter((bucket) => !dropped.has(bucket) && !added.includes(bucket));

  return {
    ...state,
    epoch: answer.epoch,
    cursor: answer.cursor,
    scope: answer.scope?.h ?? state.scope,
    buckets: [...kept, ...added],
    ticket: state.ticket + 1,
    limit: isWhole ? PAGE_ROWS : Math.min(state.limit * 2, MAX_PAGE_ROWS),
    reset: false,
    pulled_at: isWhole ? now.toISOString() : state.pulled_at,
    staged: isWhole ? 0 : state.staged + answer.rows.length,
    files: linksOf(answer).length ? linksOf(answer) : state.files,
    late: state.isOpen ? state.late : [],
    isOpen: answer.more,
    isInline: isWhole ? false : state.isInline,
  };
}

/**
 * Fetches all rows anew, after a 410 (the cursor is older than the tombstones). What is shown stays
 * until the new state is whole. The outbox is not touched.
 */
export async function startOver(store: Store): Promise<void> {
  await store.write([...PULL_TABLES], async (tx) => {
    await reload(tx, await syncState(tx));
  });
}

/** A new epoch told by a 409, whose name comes with the next page. */
export async function changeEpoch(store: Store, canCompare = false): Promise<void> {
  await store.write([...PULL_TABLES], (tx) => startEpoch(tx, null, canCompare));
}

/**
 * The server was restored or failed over and may have lost what it had answered: everything kept in
 * the outbox and every photo is sent again (repeats are harmless). The rows are compared with the
 * server's, or where that cannot be, fetched anew.
 */
async function startEpoch(tx: Tx, epoch: string | null, canCompare: boolean): Promise<void> {
  for (const entry of await tx.all('outbox')) await tx.put('outbox', { ...entry, state: 'waiting', final_at: null, stuck: null });
  for (const photo of await tx.by('photos', 'state', 'uploaded')) await tx.put('photos', { ...photo, state: 'waiting' });
  const state = { ...(await syncState(tx)), epoch };
  if (!canCompare || state.pulled_at === null || state.reset) await reload(tx, state);
  else await putSyncState(tx, { ...(await unstaged(tx, state)), cursor: null, isToCompare: true });
}

async function reload(tx: Tx, state: SyncState): Promise<void> {
  await putSyncState(tx, { ...(await unstaged(tx, state)), cursor: null, scope: null, buckets: [], reset: true, isToCompare: false });
}

/** What was under way is forgotten. */
async function unstaged(tx: Tx, state: SyncState): Promise<SyncState> {
  await tx.clear('staged');
  for (const url of state.files) await forgetFile(tx, url);
  return { ...state, ticket: state.ticket + 1, limit: PAGE_ROWS, staged: 0, files: [], late: [], isOpen: false };
}

/** The rows of whole pages, in their order. Tables: rows, outbox. */
export async function apply(tx: Tx, pages: StagedPage[], now: Date): Promise<void> {
  for (const { reset, answer } of pages) {
    if (reset) await tx.clear('rows');
    for (const bucket of answer.scope?.drop ?? []) await dropBucket(tx, bucket);
    await applyRows(tx, answer.rows.filter((row) => row.t !== 'mutation'), isOfFile(answer));
    for (const row of answer.rows) {
      if (row.t === 'mutation' && row.d) await see(tx, row, answer.epoch, now);
      if (row.t === 'conflict' && row.d && row.d.state !== 'open') await settleThere(tx, row);
    }
  }
}

/** Takes a bucket from this tablet; a row goes when no other bucket holds it. */
async function dropBucket(tx: Tx, bucket: string): Promise<void> {
  for (const row of await tx.by('rows', 'buckets', bucket)) await leave(tx, row, bucket);
}

async function leave(tx: Tx, row: StoredRow, bucket: string): Promise<void> {
  const buckets = row.buckets.filter((held) => held !== bucket);

  if (buckets.length) await tx.put('rows', { ...row, buckets });
  else await tx.remove('rows', row.key);
}

async function applyRows(tx: Tx, rows: PulledRow[], areOfFile: boolean): Promise<void> {
  const keys: Key[] = [...new Set(rows.map((row) => rowKey(row.t, row.id)))];
  const stored = new Map<Key, StoredRow | undefined>();
  const before = await tx.many('rows', keys);

  keys.forEach((key, i) => stored.set(key, before[i]));
  for (const row of rows) {
    const key = rowKey(row.t, row.id);
    stored.set(key, row.x ? without(stored.get(key), row.b) : put(stored.get(key), row, key, areOfFile));
  }
  await tx.putAll('rows', [...stored.values()].filter((row) => row !== undefined));
  for (const [i, key] of keys.entries()) if (before[i] && !stored.get(key)) await tx.remove('rows', key);
}

function without(row: StoredRow | undefined, bucket: string): StoredRow | undefined {
  const buckets = row?.buckets.filter((held) => held !== bucket) ?? [];
  return row && buckets.length ? { ...row, buckets } : undefined;
}

/** A file's rows are older than the pull that told of it: what another bucket has told of a row since stays. */
function put(before: StoredRow | undefined, row: PulledRow, key: string, isOfFile: boolean): StoredRow {
  const d = (row.d ?? {}) as Fields;
  const buckets = before?.buckets.includes(row.b) ? before.buckets : [...(before?.buckets ?? []), row.b];

  if (isOfFile && before && before.v > (row.v ?? 0)) return { ...before, buckets };

  return { key, t: row.t, id: row.id, v: row.v ?? 0, d, buckets, up: upOf(row.t, d), code: String(d.code ?? row.id) };
}

/** The office has dealt with a conflict: it no longer asks for the caretaker. */
async function settleThere(tx: Tx, row: PulledRow): Promise<void> {
  const [entry] = await tx.by('outbox', 'mid', String(row.d!.mid));
  if (entry && !(row.id in entry.settled)) await tx.put('outbox', { ...entry, settled: { ...entry.settled, [row.id]: 'office' } });
}

/** A mutation's row has come back: the rows of this page hold its effect, so its overlay ends. */
async function see(tx: Tx, row: PulledRow, epoch: string, now: Date): Promise<void> {
  const state = row.d!.state as OutboxEntry['state'];
  const [entry] = await tx.by('outbox', 'mid', String(row.d!.mid ?? row.id));
  if (!entry || !(state === 'held' || SETTLED_STATES.includes(state))) return;

  const told = (row.d!.result ?? {}) as Partial<MutationResult>;
  const result = { ...entry.result, ...told, seq: entry.mutation.seq, mid: entry.mid, state } as MutationResult;
  await tx.put('outbox', {
    ...entry,
    state,
    result,
    stuck: null,
    final_at: entry.final_at ?? now.toISOString(),
    seen_at: now.toISOString(),
    seen_epoch: epoch,
    overlay: state === 'held' ? entry.overlay : 0,
  });
}
