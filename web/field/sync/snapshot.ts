// Snapshot files: what a tablet begins with. A file is fetched in parts that are kept, so that a cut
// costs one part; it is checked against its last line, set aside as pages, and caught up with by the
// next pulls, from where the file was and not from now.

import { stopOf, type Stop, type SyncApi } from './api.ts';
import { addTo, emptySum, hexOf, rowDigest } from './digest.ts';
import { putSyncState, syncState } from './state.ts';
import { getMeta, setMeta, type Store, type Tx } from './store.ts';
import type { PullAnswer, PulledRow, StagedPage } from './types.ts';

const PAGE_ROWS = 2000;
const TABLES = ['staged', 'meta'] as const;

interface Begun {
  etag: string | null;
  total: number | null;
  parts: number;
  bytes: number;
}

interface Head {
  epoch: string;
  cursor: string;
}

interface Foot {
  count: number;
  digest: string;
}

const NONE: Begun = { etag: null, total: null, parts: 0, bytes: 0 };

/** Fetches one of the files that are wanted. Null when it is set aside, or came to nothing and is asked for as rows. */
export async function fetchFile(store: Store, api: SyncApi, url: string): Promise<Stop | null> {
  for (;;) {
    const begun = await store.read(['meta'], async (tx) => (await getMeta<Begun>(tx, `file:${url}`)) ?? NONE);
    if (begun.total !== null && begun.bytes >= begun.total) break;

    const part = await api.file!(url, begun.bytes, begun.etag);
    const stop = stopOf({ status: part.status, body: null, retry_after_s: null });
    if (stop) return stop;
    if ((part.status !== 200 && part.status !== 206) || !part.bytes.length) {
      await giveUp(store, url);
      return null;
    }
    await keepPart(store, url, part.status === 206 && part.etag === begun.etag ? begun : NONE, part);
  }
  await setAside(store, url);
  return null;
}

async function keepPart(store: Store, url: string, begun: Begun, part: { etag: string | null; total: number | null; bytes: Uint8Array }): Promise<void> {
  await store.write(['meta'], async (tx) => {
    const bytes = begun.bytes + part.bytes.length;
    await setMeta(tx, `file:${url}:${begun.parts}`, part.bytes);
    await setMeta(tx, `file:${url}`, { etag: part.etag, total: part.total ?? bytes, parts: begun.parts + 1, bytes } satisfies Begun);
  });
}

/** The file becomes pages that wait for the window that catches up with it. */
async function setAside(store: Store, url: string): Promise<void> {
  const parts = await store.read(['meta'], (tx) => partsOf(tx, url));
  const file = await unpacked(parts).catch(() => null);
  if (!file) return giveUp(store, url);

  await store.write([...TABLES], async (tx) => {
    let state = await syncState(tx);
    if (!state.files.includes(url) || (state.epoch !== null && state.epoch !== file.head.epoch)) return forgetFile(tx, url);

    for (let i = 0; i < file.rows.length; i += PAGE_ROWS) {
      const answer = { epoch: file.head.epoch, rows: file.rows.slice(i, i + PAGE_ROWS), cursor: '', more: true, complete: false };
      await tx.put('staged', { n: state.ticket, reset: state.reset, answer } satisfies StagedPage);
      state = { ...state, ticket: state.ticket + 1, reset: false };
    }
    await putSyncState(tx, { ...state, late: [...state.late, file.head.cursor], staged: state.staged + file.rows.length });
    await forgetFile(tx, url);
  });
}

/** A page of a file: only a pull has a cursor to go on from. */
export function isOfFile(answer: PullAnswer): boolean {
  return answer.cursor === '';
}

/** Reads a file and checks it against its last line. Throws when it is not whole. */
export async function unpacked(parts: Uint8Array[]): Promise<{ head: Head; rows: PulledRow[] }> {
  const bytes = new Blob(parts as BlobPart[]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  const told: unknown[] = [];
  let rest = '';

  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const lines = (rest + piece.value).split('\n');
    rest = lines.pop()!;
    for (const line of lines) told.push(JSON.parse(line));
  }
  const foot = told.pop() as Foot;
  const [head, ...rows] = told as [Head, ...PulledRow[]];
  const sum = emptySum();

  for (const row of rows) addTo(sum, rowDigest(row.t, row.id, row.d ?? {}));
  if (rest || sum.count !== foot.count || hexOf(sum) !== foot.digest) throw new Error('the file is not whole');
  return { head, rows };
}

async function partsOf(tx: Tx, url: string): Promise<Uint8Array[]> {
  const { parts } = (await getMeta<Begun>(tx, `file:${url}`)) ?? NONE;
  const found: Uint8Array[] = [];

  for (let i = 0; i < parts; i++) found.push((await getMeta<Uint8Array>(tx, `file:${url}:${i}`))!);
  return found;
}

async function giveUp(store: Store, url: string): Promise<void> {
  await store.write([...TABLES], async (tx) => {
    await forgetFile(tx, url);
    await putSyncState(tx, { ...(await syncState(tx)), isInline: true });
  });
}

/** The file's parts go, and the wish for it. Tables: meta. */
export async function forgetFile(tx: Tx, url: string): Promise<void> {
  const { parts } = (await getMeta<Begun>(tx, `file:${url}`)) ?? NONE;
  const state = await syncState(tx);

  for (let i = 0; i < parts; i++) await tx.remove('meta', `file:${url}:${i}`);
  await tx.remove('meta', `file:${url}`);
  await putSyncState(tx, { ...state, files: state.files.filter((wanted) => wanted !== url) });
}
