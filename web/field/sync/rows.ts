// A row as stores keep it: its fields as the JSON text that they came as. A text is copied and written
// at a tenth of what a tree costs, and is read only for those rows that somebody asks for.

import { rowKey, type Fields, type PackedRow, type PulledRow, type StoredRow, type Value } from './types.ts';
import { parentOf } from './view.ts';

/** What a tag may carry the code of. */
export const CODED = ['place', 'component'];
/** How the server begins a line of a file; what follows are the fields and a bracket. */
const LINE = /^\{"b":"([^"\\]+)","t":"(\w+)","id":"([\w-]+)","v":(\d+),"d":(?=\{)/;

export function packed({ d, ...row }: StoredRow): PackedRow {
  return { ...row, text: JSON.stringify(d) };
}

export function unpacked({ text, ...row }: PackedRow): StoredRow {
  return { ...row, buckets: [...row.buckets], d: JSON.parse(text) as Fields };
}

/** A row as it was told. */
export function packedOf(row: PulledRow): PackedRow {
  const d = (row.d ?? {}) as Fields;
  return packedAs(row.t, row.id, row.v ?? 0, [row.b], JSON.stringify(d), (name) => d[name] ?? null);
}

/** A line of a file; in what the server writes no more is looked at than what rows are found by. */
export function packedLine(line: string, buckets: string[]): PackedRow {
  const head = LINE.exec(line);
  const text = head ? line.slice(head[0].length, -1) : '';
  if (!head || text.includes('{', 1)) return packedOf(JSON.parse(line) as PulledRow);

  const [, b, t, id, v] = head as unknown as [string, string, string, string, string];
  return packedAs(t, id, Number(v), b === buckets[0] ? buckets : [b], text, (name) => valueIn(text, name));
}

export function union(some: string[], more: string[]): string[] {
  return more.every((bucket) => some.includes(bucket)) ? some : [...some, ...more.filter((bucket) => !some.includes(bucket))];
}

function packedAs(t: string, id: string, v: number, buckets: string[], text: string, value: (name: string) => Value): PackedRow {
  const row: PackedRow = { key: rowKey(t, id), t, id, v, buckets, up: parentOf(t, value), text };
  const code = CODED.includes(t) ? value('code') : null;

  if (code !== null) row.code = String(code);
  return row;
}

/**
 * A field of a flat object's text. Its name in quotes that a colon follows is nowhere else than before
 * its value: inside a text quotes have a backslash before them.
 */
function valueIn(text: string, name: string): Value {
  const quoted = `"${name}"`;

  for (let at = text.indexOf(quoted); at >= 0; at = text.indexOf(quoted, at + 1)) {
    let from = spaced(text, at + quoted.length);
    if (text[from] !== ':') continue;
    from = spaced(text, from + 1);
    return JSON.parse(text.slice(from, endOf(text, from))) as Value;
  }
  return null;
}

function spaced(text: string, at: number): number {
  while (text[at] === ' ') at++;
  return at;
}

/** Where the value that begins here ends. */
function endOf(text: string, from: number): number {
  let at = from + 1;

  if (text[from] !== '"') {
    while (!',}]'.includes(text[at]!)) at++;
    return at;
  }
  for (; text[at] !== '"'; at++) if (text[at] === '\\') at++;
  return at + 1;
}
