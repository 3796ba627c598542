// A snapshot file as the server writes it, for the sync core's tests: one gzip, flushed between its parts.

import { createHash } from 'node:crypto';
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { rowKey, type PulledRow } from '../types.ts';

export interface Written {
  bytes: Uint8Array;
  etag: string;
  /** Where its parts begin, and the last line. */
  ats: number[];
}

export function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex')}"`;
}

/** The last line, as it is to be told otherwise than it is. */
export type Lie = (foot: { count: number; end: number; parts: [number, number, string][] }) => unknown;

export function fileOf(rows: PulledRow[], { cursor = 'file@1', epoch = 'epoch-1', size = 20, lie = (foot) => foot }: { cursor?: string; epoch?: string; size?: number; lie?: Lie } = {}): Written {
  const keyOf = ({ t, id }: PulledRow): string => rowKey(t, id);
  const sorted = [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  const head = { epoch, cursor, schema: 1, id: 'f', buckets: [...new Set(rows.map(({ b }) => b))] };
  const pieces: Buffer[] = [gzipSync('').subarray(0, 10), flushed([head])];
  const parts: [number, number, string][] = [];

  for (let from = 0, to = 0; from < sorted.length; from = to) {
    for (to = Math.min(from + size, sorted.length); to < sorted.length && keyOf(sorted[to]!) === keyOf(sorted[to - 1]!); ) to++;
    parts.push([lengthOf(pieces), to - from, keyOf(sorted[from]!)]);
    pieces.push(flushed(sorted.slice(from, to)));
  }
  const foot = lie({ count: sorted.length, end: lengthOf(pieces), parts });
  pieces.push(deflateRawSync(linesOf([foot])), tailOf(linesOf([head, ...sorted, foot])));

  const bytes = new Uint8Array(Buffer.concat(pieces));
  return { bytes, etag: etagOf(bytes), ats: [...parts.map(([at]) => at), lengthOf(pieces.slice(0, -2))] };
}

function flushed(lines: unknown[]): Buffer {
  return deflateRawSync(linesOf(lines), { finishFlush: constants.Z_FULL_FLUSH });
}

function linesOf(lines: unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function tailOf(text: string): Buffer {
  const tail = Buffer.alloc(8);

  tail.writeUInt32LE(crc32(text), 0);
  tail.writeUInt32LE(Buffer.byteLength(text), 4);
  return tail;
}

function lengthOf(pieces: Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
