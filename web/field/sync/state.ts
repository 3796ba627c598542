import { getMeta, setMeta, type Tx } from './store.ts';

/** Who this tablet works for. Kept, so that it starts with no network. */
export interface Who {
  person_id: string;
  name: string;
  language: string;
  device: string;
  device_name: string;
}

/** Where a sealed store keeps what opens it: see seal.ts. */
export const SEALED = 'sealed';

/** Whether what waits here is sealed: nothing may be written beside it. Tables: meta. */
export async function isSealed(tx: Tx): Promise<boolean> {
  return (await getMeta(tx, SEALED)) !== null;
}

/** How far the pulls have come. Opaque cursor and scope: kept, sent back, never compared. */
export interface SyncState {
  epoch: string | null;
  cursor: string | null;
  scope: string | null;
  buckets: string[];
  /** Counts taken pages: an answer to an older request than the last is thrown away. */
  ticket: number;
  limit: number;
  /** The next page starts the rows anew. */
  reset: boolean;
  pushed_at: string | null;
  pulled_at: string | null;
  /** Rows taken towards a first load that is not whole yet. */
  staged: number;
  /** Snapshot files to fetch, and the cursors of those that are fetched and not yet told of. */
  files: string[];
  late: string[];
  /** A window is open: files are told of when the next one begins. */
  isOpen: boolean;
  /** A file came to nothing: rows are asked for page by page until the next whole window. */
  isInline: boolean;
  /** What is held is to be compared with the server before it is added to. */
  isToCompare: boolean;
  compared_at: string | null;
}

export const PAGE_ROWS = 2000;
export const MAX_PAGE_ROWS = 20_000;

const FRESH: SyncState = {
  epoch: null,
  cursor: null,
  scope: null,
  buckets: [],
  ticket: 0,
  limit: PAGE_ROWS,
  reset: false,
  pushed_at: null,
  pulled_at: null,
  staged: 0,
  files: [],
  late: [],
  isOpen: false,
  isInline: false,
  isToCompare: false,
  compared_at: null,
};

export async function syncState(tx: Tx): Promise<SyncState> {
  return { ...FRESH, ...(await getMeta<Partial<SyncState>>(tx, 'sync')) };
}

/** No row is held any more and no window is open: a file that was taken and never told of is not held either. */
export function nothingHeld({ epoch, ticket, pushed_at, pulled_at }: SyncState): SyncState {
  return { ...FRESH, epoch, ticket: ticket + 1, pushed_at, pulled_at };
}

export async function putSyncState(tx: Tx, state: SyncState): Promise<void> {
  await setMeta(tx, 'sync', state);
}

/**
 * The server no longer knows this device (it was set up anew, or restored from before it was
 * enrolled): what was written under it goes on under another. Sequence numbers are never used twice,
 * and mutations keep their ids, so that nothing can be applied twice. Tables: outbox, meta.
 */
export async function changeDevice(tx: Tx, device: string): Promise<void> {
  const who = await getMeta<Who>(tx, 'who');
  if (!who || who.device === device) return;

  for (const entry of await tx.all('outbox')) if (entry.device === who.device) await tx.put('outbox', { ...entry, device });
  await setMeta(tx, `next_seq:${device}`, (await getMeta<number>(tx, `next_seq:${who.device}`)) ?? 1);
  await setMeta(tx, 'who', { ...who, device });
  await setMeta(tx, `who:${who.person_id}`, { ...who, device });
}

/**
 * Somebody else works with this tablet: their rows are fetched anew and the former person's rows
 * go. The outbox stays; what another wrote waits for that person. Tables: rows, staged, drafts, meta.
 */
export async function setWho(tx: Tx, who: Who): Promise<void> {
  const before = await getMeta<Who>(tx, 'who');

  await setMeta(tx, 'who', who);
  if (!before || before.person_id === who.person_id) return;
  const { ticket } = await syncState(tx);
  await tx.clear('rows');
  await tx.clear('staged');
  await putSyncState(tx, { ...FRESH, ticket: ticket + 1 });
}
