// The hash of a row as the server tells it, and the sum of such hashes: how the tablet and the
// server find out whether they hold the same. The twin of fieldapi/digest.c, with the same test
// vectors; what it is exactly stands in docs/sync-protocol.md, «Digests».

import type { Digest } from './types.ts';

const SEED_A = 0x811c9dc5;
const SEED_B = 0x9e3779b9;
const PRIME_A = 0x01000193;
const PRIME_B = 0x85ebca6b;
const END_OF_TEXT = 0xff;
const [S, D, T, F, N, OPEN, CLOSE, FIRST, LAST] = [...'sdtfn{}[]'].map((c) => c.charCodeAt(0)) as [
  number, number, number, number, number, number, number, number, number,
];

export interface Sum {
  count: number;
  a: number;
  b: number;
}

let a = 0;
let b = 0;
/** By how many keys there are, the last ones that were sorted. */
const orders = new Map<number, { keys: string[]; sorted: string[] }>();
const bits = new DataView(new ArrayBuffer(8));

function put(byte: number): void {
  a = Math.imul(a ^ byte, PRIME_A);
  b = Math.imul(b ^ byte, PRIME_B);
}

function putText(text: string): void {
  put(S);
  for (let i = putNarrow(text, 0); i < text.length; i = putNarrow(text, i)) i += putWide(text.codePointAt(i)!);
  put(END_OF_TEXT);
}

/** ASCII from `i` on, which nearly all is; where it ends. In variables of its own, for speed. */
function putNarrow(text: string, i: number): number {
  let [x, y] = [a, b];
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 0x80) break;
    x = Math.imul(x ^ c, PRIME_A);
    y = Math.imul(y ^ c, PRIME_B);
  }
  a = x;
  b = y;
  return i;
}

/** A character of several bytes of UTF-8; how many code units it was. */
function putWide(c: number): number {
  if (c < 0x800) {
    put(0xc0 | (c >> 6));
  } else if (c < 0x10000) {
    put(0xe0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3f));
  } else {
    put(0xf0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
  }
  put(0x80 | (c & 0x3f));
  return c < 0x10000 ? 1 : 2;
}

function putNumber(value: number): void {
  bits.setFloat64(0, value + 0);
  put(D);
  for (let i = 0; i < 8; i++) put(bits.getUint8(i));
}

/** Rows of a table have the same keys in the same order, so they are sorted once. */
function sortedKeys(object: Record<string, unknown>): string[] {
  const keys = Object.keys(object);
  const last = orders.get(keys.length);

  if (last && keys.every((key, i) => key === last.keys[i])) return last.sorted;
  const sorted = [...keys].sort();
  orders.set(keys.length, { keys, sorted });
  return sorted;
}

function putObject(object: Record<string, unknown>): void {
  put(OPEN);
  for (const key of sortedKeys(object)) {
    if (object[key] === undefined) continue;
    putText(key);
    putValue(object[key]);
  }
  put(CLOSE);
}

function putValue(value: unknown): void {
  if (value === null) put(N);
  else if (typeof value === 'string') putText(value);
  else if (typeof value === 'number') putNumber(value);
  else if (typeof value === 'boolean') put(value ? T : F);
  else if (Array.isArray(value)) {
    put(FIRST);
    for (const item of value) putValue(item);
    put(LAST);
  } else putObject(value as Record<string, unknown>);
}

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Hashes one row: its table's name, its id, its fields as they were told. */
export function rowDigest(t: string, id: string, d: Record<string, unknown>): Sum {
  a = SEED_A;
  b = SEED_B;
  putText(t);
  putText(id);
  putObject(d);
  const first = mix(a ^ (b >>> 1));
  return { count: 1, a: first, b: mix(b ^ first) };
}

export function emptySum(): Sum {
  return { count: 0, a: 0, b: 0 };
}

/** Adds what `row` counts to `sum`. */
export function addTo(sum: Sum, row: Sum): void {
  sum.count += row.count;
  sum.a = (sum.a + row.a) >>> 0;
  sum.b = (sum.b + row.b) >>> 0;
}

/** The lanes as 16 hex digits. */
export function hexOf({ a, b }: Sum): string {
  return [a, b].map((lane) => lane.toString(16).padStart(8, '0')).join('');
}

export function told(sum: Sum): Digest {
  return [sum.count, hexOf(sum)];
}

/** Which of a bucket's 256 parts a row is in: its id's last byte, as two hex digits. */
export function slotOf(id: string): string {
  return id.slice(-2);
}
