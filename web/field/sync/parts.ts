// Rows of snapshot files, kept as they came. A file's parts lie packed below the rows that are told one
// by one, and are unpacked when somebody asks for a row in them. A row may be both above and below: the
// newer counts, and it is in the buckets of both. Where a row that is below is written or taken away, its
// part goes up first. This is the one place that knows of both.

import { CODED, packed, packedLine, union, unpacked } from './rows.ts';
import type { Tx } from './store.ts';
import type { KeptFile, Key, PackedRow, StagedFile, StoredRow, TableName, Tables } from './types.ts';

/** So many are unpacked as one: they follow each other in their file. */
const STRETCH = 32;
/** What was unpacked is kept for so long after it was last asked for. */
const KEPT_MS = 60_000;
/** An empty last block of deflate (RFC 1951, 3.2.6): a part has none of its own. */
const END = new Uint8Array([3, 0]);
/** After the last key. */
const LAST = '\uffff';

interface Part {
  key: string;
  file: KeptFile;
  n: number;
  from: string;
  to: string;
  rows: number;
}

/** Keeps a file's parts. Tables: rows. */
export async function keepParts(tx: Tx, { etag, buckets, froms, rows, ats, bytes }: StagedFile): Promise<void> {
  await tx.putAll('parts', froms.map((_, n) => ({ key: keyOf(etag, n), bytes: bytes.slice(ats[n]!, ats[n + 1]!) })));
  await tx.put('files', { etag, buckets, froms, rows });
}

/** Text that was packed as raw deflate; `isOpen`: it goes on. Throws when it is not. */
export async function textOf(pieces: Uint8Array[], isOpen: boolean): Promise<string> {
  const { writable, readable } = new DecompressionStream('deflate-raw');
  const written = write(writable, isOpen ? [...pieces, END] : pieces);
  const reader = readable.getReader();
  const decoder = new TextDecoder();
  let text = '';

  written.catch(() => undefined); // what is wrong is said by the reader
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += decoder.decode(piece.value, { stream: true });
  return text + decoder.decode();
}

async function write(writable: WritableStream<BufferSource>, pieces: Uint8Array[]): Promise<void> {
  const writer = writable.getWriter();

  await Promise.all([...pieces.map((piece) => writer.write(piece as BufferSource)), writer.close()]);
}

/** What has lately been unpacked of a store. Its parts never change, so that none of it becomes wrong. */
export class Opened {
  #rows = new Map<string, PackedRow[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get(key: string): PackedRow[] | undefined {
    return this.#rows.get(key);
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  set(key: string, rows: PackedRow[]): void {
    this.#rows.set(key, rows);
  }

  /** They are in use. */
  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.forget(), KEPT_MS);
    if (typeof this.#timer === 'object') this.#timer.unref();
  }

  forget(): void {
    this.#rows.clear();
  }
}

/** Thrown where a transaction cannot wait: it is to be opened outside, and the work done again. */
export class Unopened extends Error {
  readonly open: () => Promise<void>;

  constructor(open: () => Promise<void>) {
    super('packed');
    this.open = open;
  }
}

/** A transaction in which rows are found wherever they are. `wait` opens what is packed, or throws Unopened. */
export class PartedTx implements Tx {
  readonly #tx: Tx;
  readonly #opened: Opened;
  readonly #wait: (open: () => Promise<void>) => Promise<void>;
  #files: KeptFile[] | null = null;

  constructor(tx: Tx, opened: Opened, wait: (open: () => Promise<void>) => Promise<void>) {
    this.#tx = tx;
    this.#opened = opened;
    this.#wait = wait;
  }

  async get<T extends TableName>(table: T, key: Key): Promise<Tables[T] | undefined> {
    return table === 'rows' ? (await this.many(table, [key]))[0] : this.#tx.get(table, key);
  }

  async put<T extends TableName>(table: T, value: Tables[T]): Promise<void> {
    if (table === 'rows') return this.putAll(table, [value]);
    if (table === 'files') this.#files = null;
    await this.#tx.put(table, value);
  }

  async putAll<T extends TableName>(table: T, values: Tables[T][]): Promise<void> {
    if (table === 'rows') return this.load((values as StoredRow[]).map(packed));
    if (table === 'files') this.#files = null;
    await this.#tx.putAll(table, values);
  }

  async load(rows: PackedRow[]): Promise<void> {
    await this.#raise(rows.map(({ key }) => key));
    await this.#tx.load(rows);
  }

  async remove<T extends TableName>(table: T, key: Key): Promise<void> {
    if (table === 'rows') await this.#raise([key]);
    await this.#tx.remove(table, key);
  }

  async clear<T extends TableName>(table: T): Promise<void> {
    await this.#tx.clear(table);
    if (table !== 'rows') return;
    await this.#tx.clear('files');
    await this.#tx.clear('parts');
    this.#files = null;
  }

  async all<T extends TableName>(table: T): Promise<Tables[T][]> {
    const above = await this.#tx.all(table);
    return table === 'rows' ? (this.#merged(above as StoredRow[], true, () => true, '', LAST) as Promise<Tables[T][]>) : above;
  }

  async by<T extends TableName>(table: T, index: string, value: Key): Promise<Tables[T][]> {
    const above = await this.#tx.by(table, index, value);
    if (table !== 'rows') return above;

    const holds = (row: PackedRow | StoredRow): boolean => {
      const at = row[index as 't' | 'buckets'];
      return Array.isArray(at) ? at.includes(String(value)) : at === value;
    };
    const found = index === 'code' ? await this.#coded(above as StoredRow[], holds) : await this.#merged(above as StoredRow[], index === 't', holds, ...stretchOf(index, String(value)));
    return found as Tables[T][];
  }

  async isEmpty(table: TableName): Promise<boolean> {
    return (await this.#tx.isEmpty(table)) && (table !== 'rows' || (await this.#tx.isEmpty('files')));
  }

  async many<T extends TableName>(table: T, keys: Key[]): Promise<(Tables[T] | undefined)[]> {
    const above = await this.#tx.many(table, keys);
    if (table !== 'rows') return above;
    const below = await this.#below(await this.#around(keys));
    return below.size ? (keys.map((key, i) => joined(above[i] as StoredRow | undefined, below.get(key))) as Tables[T][]) : above;
  }

  async #held(): Promise<KeptFile[]> {
    return (this.#files ??= await this.#tx.all('files'));
  }

  /** The parts in which such keys would be. */
  async #around(keys: Key[]): Promise<Part[]> {
    const parts = new Map<string, Part>();

    for (const file of await this.#held())
      for (const key of keys) {
        const n = placeOf(file.froms, String(key));
        if (file.rows[n]) parts.set(keyOf(file.etag, n), partOf(file, n));
      }
    return [...parts.values()];
  }

  async #between(low: string, high: string): Promise<Part[]> {
    return (await this.#held()).flatMap((file) => file.froms.map((_, n) => partOf(file, n)).filter(({ rows, from, to }) => rows && from <= high && to > low));
  }

  async #coded(above: StoredRow[], holds: (row: PackedRow | StoredRow) => boolean): Promise<StoredRow[]> {
    const found = [];
    for (const t of CODED) found.push(...(await this.#merged(above.filter((row) => row.t === t), false, holds, ...tableOf(t))));
    return found.sort(byKey);
  }

  /** What holds of the rows between two keys, in order; `above` is what holds of those above, and `isAll` says that there are no others. */
  async #merged(above: StoredRow[], isAll: boolean, holds: (row: PackedRow | StoredRow) => boolean, low: string, high: string): Promise<StoredRow[]> {
    const below = await this.#below(await this.#between(low, high));
    if (!below.size) return above;

    const hits = [...below.values()].filter((row) => row.key >= low && row.key < high && holds(row)); // parts begin and end elsewhere
    const over = isAll ? [] : await this.#tx.many('rows', hits.map(({ key }) => key));
    const found = new Map(above.map((row) => [row.key, joined(row, below.get(row.key))!]));
    for (const [i, row] of hits.entries()) if (!found.has(row.key)) found.set(row.key, joined(over[i], row)!);
    return [...found.values()].filter(holds).sort(byKey);
  }

  /** The rows of these parts. */
  async #below(parts: Part[]): Promise<Map<Key, PackedRow>> {
    const rows = new Map<Key, PackedRow>();
    if (!parts.length) return rows;

    await this.#open(parts.filter(({ key }) => !this.#opened.has(key)));
    this.#opened.touch();
    for (const { key } of parts)
      for (const row of this.#opened.get(key) ?? []) {
        const before = rows.get(row.key);
        rows.set(row.key, before ? newer(before, row) : row);
      }
    return rows;
  }

  async #open(parts: Part[]): Promise<void> {
    if (!parts.length) return;
    const found = await this.#tx.many('parts', parts.map(({ key }) => key));
    const stretches: { parts: Part[]; bytes: Uint8Array[] }[] = [];

    for (const [i, part] of parts.entries()) {
      const last = stretches.at(-1);
      const before = last?.parts.at(-1);
      const bytes = found[i]?.bytes ?? new Uint8Array();
      if (last && before!.file === part.file && before!.n + 1 === part.n && last.parts.length < STRETCH) {
        last.parts.push(part);
        last.bytes.push(bytes);
      } else stretches.push({ parts: [part], bytes: [bytes] });
    }
    await this.#wait(async () => {
      await Promise.all(stretches.map(({ parts, bytes }) => this.#unpack(parts, bytes)));
    });
  }

  /** What cannot be read is not there: comparing with the server brings it again. */
  async #unpack(parts: Part[], bytes: Uint8Array[]): Promise<void> {
    const rows = await textOf(bytes, true).then((text) => rowsIn(text, parts)).catch(() => null);

    if (rows) parts.forEach(({ key }, i) => this.#opened.set(key, rows[i]!));
    else if (parts.length === 1) this.#opened.set(parts[0]!.key, []);
    else await Promise.all(parts.map((part, i) => this.#unpack([part], [bytes[i]!])));
  }

  /** Parts that hold any of these become rows like others. */
  async #raise(keys: Key[]): Promise<void> {
    const around = await this.#around(keys);
    if (!around.length) return;

    await this.#below(around);
    const written = new Set(keys);
    const raised = around.filter(({ key }) => this.#opened.get(key)?.some((row) => written.has(row.key)));
    const rows = await this.#below(raised);
    const above = await this.#tx.many('rows', [...rows.keys()]);
    await this.#tx.load([...rows.values()].map((row, i) => (above[i] ? packed(joined(above[i], row)!) : row)));
    for (const { key, file, n } of raised) {
      await this.#tx.remove('parts', key);
      file.rows[n] = 0;
    }
    for (const file of new Set(raised.map(({ file }) => file)))
      if (file.rows.some((left) => left)) await this.#tx.put('files', file);
      else await this.#tx.remove('files', file.etag);
  }
}

function keyOf(etag: string, n: number): string {
  return `${etag}:${n}`;
}

function partOf(file: KeptFile, n: number): Part {
  return { key: keyOf(file.etag, n), file, n, from: file.froms[n]!, to: file.froms[n + 1] ?? LAST, rows: file.rows[n]! };
}

/** Between which keys such rows are. What is placed says its own table: `task:…` is what tasks lie under. */
function stretchOf(index: string, value: string): [low: string, high: string] {
  return index === 't' ? tableOf(value) : index === 'up' ? tableOf(value.slice(0, value.indexOf(':'))) : ['', LAST];
}

function tableOf(t: string): [low: string, high: string] {
  return [`${t}:`, `${t};`];
}

/** The rows of parts that follow each other. Throws when they are not what is said of them. */
function rowsIn(text: string, parts: Part[]): PackedRow[][] {
  const lines = text.split('\n');
  let [at, buckets] = [0, [] as string[]];

  if (lines.pop() !== '' || lines.length !== parts.reduce((sum, { rows }) => sum + rows, 0)) throw new Error('other rows than the file says');
  return parts.map(({ from, to, rows: count }) => {
    const rows: PackedRow[] = [];
    for (const line of lines.slice(at, (at += count))) {
      const row = packedLine(line, buckets);
      const before = rows.at(-1);
      if (row.key < from || row.key >= to) throw new Error('a row is not where the file says');
      if (before?.key === row.key) rows[rows.length - 1] = newer(before, row);
      else rows.push(row);
      buckets = row.buckets;
    }
    return rows;
  });
}

function joined(above: StoredRow | undefined, below: PackedRow | undefined): StoredRow | undefined {
  if (!above || !below) return above ?? (below && unpacked(below));
  return newer(above, unpacked(below));
}

/** The second, unless the first is newer; in the buckets of both. */
function newer<R extends { v: number; buckets: string[] }>(first: R, second: R): R {
  return { ...(first.v > second.v ? first : second), buckets: union(first.buckets, second.buckets) };
}

function byKey(a: StoredRow, b: StoredRow): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** Which stretch a key is in: the last that does not begin after it; -1 before the first. */
export function placeOf(froms: string[], key: string): number {
  let [low, high] = [0, froms.length];

  while (low < high) {
    const middle = (low + high) >> 1;
    if (froms[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
