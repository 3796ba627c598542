// Snapshot files: what a tablet begins with. A file is fetched in parts that are kept, so that a cut
// costs one part; it is checked against its tag and its last line, set aside as it came, and caught up
// with by the next pulls, from where the file was and not from now.

import { stopOf, type Stop, type SyncApi } from './api.ts';
import { packedLine } from './rows.ts';
import { putSyncState, syncState } from './state.ts';
import { getMeta, setMeta, type Store, type Tx } from './store.ts';
import type { PackedRow, StagedPage } from './types.ts';

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
}

/** How the last line begins. */
const FOOT = '{"count":';
/** What was read when a file came and is soon to be applied; without it, it is read again. */
const ready = new WeakMap<Store, Map<string, PackedRow[]>>();
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

/** The file waits, packed as it is, for the window that catches up with it. */
async function setAside(store: Store, url: string): Promise<void> {
  const { etag, bytes } = await store.read(['meta'], (tx) => wholeOf(tx, url));
  const isTrue = etag === (await etagOf(bytes));
  const file = isTrue ? await unpacked(bytes).catch(() => null) : null;
  if (!file) return giveUp(store, url);

  const isAside = await store.write([...TABLES], async (tx) => {
    const state = await syncState(tx);
    await forgetFile(tx, url);
    if (!state.files.includes(url) || (state.epoch !== null && state.epoch !== file.head.epoch)) return false;

    await tx.put('staged', { n: state.ticket, reset: state.reset, file: { etag: etag!, bytes } });
    await putSyncState(tx, {
      ...(await syncState(tx)),
      ticket: state.ticket + 1,
      reset: false,
      late: [...state.late, file.head.cursor],
      staged: state.staged + file.rows.length,
    });
    return true;
  });
  if (isAside) ready.set(store, (ready.get(store) ?? new Map<string, PackedRow[]>()).set(etag!, file.rows));
}

/** The rows of a file that was set aside, for whoever asks first. Throws when it cannot be read any more. */
export async function rowsOf(store: Store, { etag, bytes }: NonNullable<StagedPage['file']>): Promise<PackedRow[]> {
  const rows = ready.get(store)?.get(etag);

  ready.get(store)?.delete(etag);
  return rows ?? (await unpacked(bytes)).rows;
}

/** A file's tag is the SHA-256 of its bytes. */
export async function etagOf(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes as BufferSource));
  return `"${[...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')}"`;
}

/** Reads a file. Throws when it is not whole. */
export async function unpacked(file: Uint8Array): Promise<{ head: Head; rows: PackedRow[] }> {
  const bytes = new Blob([file as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  const rows: PackedRow[] = [];
  let head: Head | null = null;
  let foot: Foot | null = null;
  let rest = '';

  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const lines = (rest + piece.value).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (!head) head = JSON.parse(line) as Head;
      else if (line.startsWith(FOOT)) foot = JSON.parse(line) as Foot;
      else rows.push(packedLine(line, rows.at(-1)?.buckets ?? []));
    }
  }
  if (!head || rest || foot?.count !== rows.length) throw new Error('the file is not whole');
  return { head, rows };
}

async function wholeOf(tx: Tx, url: string): Promise<{ etag: string | null; bytes: Uint8Array }> {
  const { etag, parts, bytes } = (await getMeta<Begun>(tx, `file:${url}`)) ?? NONE;
  const whole = new Uint8Array(bytes);

  for (let i = 0, at = 0; i < parts; i++) {
    const part = (await getMeta<Uint8Array>(tx, `file:${url}:${i}`))!;
    whole.set(part, at);
    at += part.length;
  }
  return { etag, bytes: whole };
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
