// The rows in IndexedDB: many in one record, in the order of their keys, as the leaves of a tree. A
// browser takes its time for each record, and little for what is in it: a first load is written five
// times as fast as row by row. For one transaction; what changes is written at its end.

import type { Table } from 'dexie';
import { placeOf } from './parts.ts';
import type { Key, PackedRow } from './types.ts';

/** A pack that has come to more is divided into packs of so many. */
const MOST_ROWS = 128;
const ROWS = 64;

/** The rows from this key on to the next pack's; the first that are needed begin at ''. */
export interface Pack {
  from: string;
  rows: PackedRow[];
  /** What the rows are found by otherwise. */
  ups: string[];
  codes: string[];
}

/** How Dexie is told of them. */
export const PACKS = 'from,*ups,*codes';

type Rows = Map<Key, PackedRow>;

export class Packs {
  readonly #table: Table<Pack, string>;
  /** Where packs begin, in order; null until it is read. */
  #froms: string[] | null = null;
  #read = new Map<string, Rows>();
  #changed = new Set<string>();

  constructor(table: Table<Pack, string>) {
    this.#table = table;
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#beginnings()).length === 0;
  }

  async many(keys: Key[]): Promise<(PackedRow | undefined)[]> {
    const froms = await this.#beginnings();
    const held = keys.map((key) => froms[placeOf(froms, String(key))]);

    await this.#fetch(held.filter((from) => from !== undefined));
    return keys.map((key, i) => (held[i] === undefined ? undefined : this.#read.get(held[i])!.get(key)));
  }

  async all(): Promise<PackedRow[]> {
    const froms = await this.#beginnings();
    if (froms.some((from) => !this.#read.has(from))) for (const pack of await this.#table.toArray()) this.#keep(pack);
    return this.#rowsOf(froms);
  }

  /** In the order of their keys. */
  async by(index: string, value: Key): Promise<PackedRow[]> {
    const froms = await this.#likely(index, String(value));
    await this.#fetch(froms);
    return this.#rowsOf(froms).filter((row) => {
      const at = row[index as keyof PackedRow];
      return Array.isArray(at) ? at.includes(String(value)) : at === value;
    });
  }

  async load(rows: PackedRow[]): Promise<void> {
    const froms = await this.#beginnings();
    if (!froms.length || placeOf(froms, '') < 0) this.#begin('');

    const places = rows.map(({ key }) => froms[placeOf(froms, key)]!);
    await this.#fetch(places);
    for (const [i, row] of rows.entries()) {
      this.#read.get(places[i]!)!.set(row.key, row);
      this.#changed.add(places[i]!);
    }
  }

  async remove(key: Key): Promise<void> {
    const froms = await this.#beginnings();
    const from = froms[placeOf(froms, String(key))];
    if (from === undefined) return;

    await this.#fetch([from]);
    if (this.#read.get(from)!.delete(key)) this.#changed.add(from);
  }

  async clear(): Promise<void> {
    await this.#table.clear();
    this.#froms = [];
    this.#read.clear();
    this.#changed.clear();
  }

  /** Writes what has changed. */
  async write(): Promise<void> {
    const full: Pack[] = [];
    const empty: string[] = [];

    for (const from of this.#changed) {
      const rows = inOrder(this.#read.get(from)!);
      const size = rows.length > MOST_ROWS ? ROWS : MOST_ROWS;
      for (let i = 0; i < rows.length; i += size) full.push(packOf(i ? rows[i]!.key : from, rows.slice(i, i + size)));
      if (!rows.length) empty.push(from);
    }
    if (full.length) await this.#table.bulkPut(full);
    if (empty.length) await this.#table.bulkDelete(empty);
    this.#froms = null;
    this.#read.clear();
    this.#changed.clear();
  }

  async #beginnings(): Promise<string[]> {
    return (this.#froms ??= await this.#table.toCollection().primaryKeys());
  }

  #begin(from: string): void {
    this.#froms!.unshift(from);
    this.#read.set(from, new Map());
  }

  /** The packs that may hold such rows, in order. */
  async #likely(index: string, value: string): Promise<string[]> {
    const froms = await this.#beginnings();

    if (index === 't') return froms.slice(Math.max(placeOf(froms, `${value}:`), 0), placeOf(froms, `${value};`) + 1);
    if (index !== 'up' && index !== 'code') return froms;
    const found = new Set(await this.#table.where(`${index}s`).equals(value).primaryKeys());
    return froms.filter((from) => found.has(from) || this.#changed.has(from));
  }

  async #fetch(froms: string[]): Promise<void> {
    const unread = [...new Set(froms)].filter((from) => !this.#read.has(from));
    if (unread.length) for (const pack of await this.#table.bulkGet(unread)) this.#keep(pack!);
  }

  #keep({ from, rows }: Pack): void {
    if (!this.#read.has(from)) this.#read.set(from, new Map(rows.map((row) => [row.key, row])));
  }

  #rowsOf(froms: string[]): PackedRow[] {
    return froms.flatMap((from) => inOrder(this.#read.get(from)!));
  }
}

/** Rows in packs that hold nothing yet. */
export function packsOf(rows: PackedRow[]): Pack[] {
  const sorted = inOrder(new Map(rows.map((row) => [row.key, row])));
  const packs: Pack[] = [];

  for (let i = 0; i < sorted.length; i += ROWS) packs.push(packOf(i ? sorted[i]!.key : '', sorted.slice(i, i + ROWS)));
  return packs;
}

function packOf(from: string, rows: PackedRow[]): Pack {
  const codes = rows.map(({ code }) => code).filter((code) => code !== undefined);
  return { from, rows, ups: [...new Set(rows.map(({ up }) => up))], codes: [...new Set(codes)] };
}

function inOrder(rows: Rows): PackedRow[] {
  return [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
