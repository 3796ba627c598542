// Snapshot files: what a tablet begins with. A file is fetched in parts that are kept, so that a cut
// costs one part; it is checked against its tag and its last line, set aside and kept as it came, and caught up
// with by the next pulls, from where the file was and not from now.

import { stopOf, type Stop, type SyncApi } from './api.ts';
import { textOf } from './parts.ts';
import { putSyncState, syncState } from './state.ts';
import { getMeta, setMeta, type Store, type Tx } from './store.ts';

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
  buckets: string[];
}

/** Where this line begins, and of each part where it begins, how many rows it has and the first of them. */
interface Foot {
  count: number;
  end: number;
  parts: [at: number, rows: number, from: string][];
}

/** How the last line begins. */
const FOOT = '{"count":';
/** How a gzip begins (RFC 1952) that has neither name nor note. */
const GZIP = [0x1f, 0x8b, 8, 0];
const HEAD_BYTES = 10;
/** Its own sum and length at the end. */
const TAIL_BYTES = 8;
/** What a flush of deflate ends with, and how often it may be there by chance. */
const FLUSH = [0, 0, 0xff, 0xff];
const MAX_CHANCES = 8;
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
  const file = isTrue ? await contentsOf(bytes).catch(() => null) : null;
  if (!file) return giveUp(store, url);
  const { head, foot } = file;
  const parts = { froms: foot.parts.map(([, , from]) => from), rows: foot.parts.map(([, rows]) => rows), ats: [...foot.parts.map(([at]) => at), foot.end] };

  await store.write([...TABLES], async (tx) => {
    const state = await syncState(tx);
    await forgetFile(tx, url);
    if (!state.files.includes(url) || (state.epoch !== null && state.epoch !== head.epoch)) return;

    await tx.put('staged', { n: state.ticket, reset: state.reset, file: { etag: etag!, buckets: head.buckets, ...parts, bytes } });
    await putSyncState(tx, {
      ...(await syncState(tx)),
      ticket: state.ticket + 1,
      reset: false,
      late: [...state.late, head.cursor],
      staged: state.staged + foot.count,
    });
  });
}

/** A file's tag is the SHA-256 of its bytes. */
export async function etagOf(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes as BufferSource));
  return `"${[...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')}"`;
}

/** What a file says of itself, in its first line and its last. Throws when it is not whole. */
export async function contentsOf(bytes: Uint8Array): Promise<{ head: Head; foot: Foot }> {
  const foot = await footOf(bytes);
  const ats = [HEAD_BYTES, ...foot.parts.map(([at]) => at), foot.end];
  const froms = foot.parts.map(([, , from]) => from);
  const isRising = (list: (number | string)[]): boolean => list.every((at, i) => i === 0 || at > list[i - 1]!);

  if (!ats.every(Number.isInteger) || !isRising(ats) || !isRising(froms) || foot.parts.reduce((sum, [, rows]) => sum + rows, 0) !== foot.count) throw new Error('the parts are not those of the file');
  const head = JSON.parse(await textOf([bytes.subarray(HEAD_BYTES, ats[1])], true)) as Head;
  if (typeof head.cursor !== 'string' || !Array.isArray(head.buckets)) throw new Error('no first line');
  return { head, foot };
}

/** The last line is packed by itself, after the last flush. */
async function footOf(bytes: Uint8Array): Promise<Foot> {
  if (GZIP.some((byte, i) => bytes[i] !== byte)) throw new Error('no gzip');

  for (let at = bytes.length - TAIL_BYTES, chances = 0; chances < MAX_CHANCES; chances++) {
    at = flushBefore(bytes, at);
    const line = await textOf([bytes.subarray(at, -TAIL_BYTES)], false).catch(() => '');
    const foot = line.startsWith(FOOT) ? (JSON.parse(line) as Foot) : null;
    if (foot?.end === at) return foot;
    at -= 1;
  }
  throw new Error('no last line');
}

/** The end of the last flush that ends at `at` or before. */
function flushBefore(bytes: Uint8Array, at: number): number {
  for (; at > HEAD_BYTES; at--) if (FLUSH.every((byte, i) => bytes[at - FLUSH.length + i] === byte)) return at;
  throw new Error('no parts');
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
