import { Opened, PartedTx } from './parts.ts';
import { packed, unpacked } from './rows.ts';
import { KEYS, type Store, type Tx } from './store.ts';
import type { Key, PackedRow, StoredRow, TableName, Tables } from './types.ts';

/** Thrown by a fault plan: the tablet's power went. */
export class PowerLoss extends Error {}

/** What is kept: the tables' own values, and rows packed. */
type Kept = Omit<Tables, 'rows'> & { rows: PackedRow };
type Data = { [T in TableName]: Map<Key, Kept[T]> };

export interface FaultPlan {
  /** Called before each put and remove, and before commit ('commit'); throws to lose power there. */
  before(step: string): void;
}

/**
 * A store in memory for tests: transactions are all or nothing, one at a time, and what is kept is
 * a copy, as in IndexedDB. `faults` cuts the power between any two steps.
 */
export class MemoryStore implements Store {
  #data: Data = empty();
  readonly #opened = new Opened();
  #queue: Promise<unknown> = Promise.resolve();
  #listeners = new Set<(tables: TableName[]) => void>();
  faults: FaultPlan | null = null;

  async read<R>(tables: TableName[], work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.#inTurn(() => work(this.#parted(new MemoryTx(this.#data, tables, null, null))));
  }

  async write<R>(tables: TableName[], work: (tx: Tx) => Promise<R>): Promise<R> {
    const touched = new Set<TableName>();
    const result = await this.#inTurn(async () => {
      const tx = new MemoryTx(this.#data, tables, this.faults, touched);
      try {
        const value = await work(this.#parted(tx));
        this.faults?.before('commit');
        return value;
      } catch (error) {
        tx.undo();
        throw error;
      }
    });
    if (touched.has('files')) touched.add('rows');
    for (const listener of this.#listeners) listener([...touched]);
    this.faults?.before('after commit');
    return result;
  }

  onChange(listener: (tables: TableName[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async destroy(): Promise<void> {
    this.#data = empty();
    this.#opened.forget();
  }

  #parted(tx: Tx): Tx {
    return new PartedTx(tx, this.#opened, (open) => open());
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

class MemoryTx implements Tx {
  readonly #data: Data;
  readonly #tables: TableName[];
  readonly #faults: FaultPlan | null;
  /** The tables written to; null for a transaction that only reads. */
  readonly #touched: Set<TableName> | null;
  /** What takes back each step. */
  readonly #undo: (() => void)[] = [];

  constructor(data: Data, tables: TableName[], faults: FaultPlan | null, touched: Set<TableName> | null) {
    this.#data = data;
    this.#tables = tables.includes('rows') ? [...tables, 'files', 'parts'] : tables;
    this.#faults = faults;
    this.#touched = touched;
  }

  #table<T extends TableName>(table: T): Map<Key, Kept[T]> {
    if (!this.#tables.includes(table)) throw new Error(`${table} is not in this transaction`);
    return this.#data[table] as Map<Key, Kept[T]>;
  }

  undo(): void {
    for (const back of this.#undo.reverse()) back();
  }

  #step(what: string, table: TableName): void {
    if (!this.#touched) throw new Error('a read transaction cannot write');
    this.#touched.add(table);
    this.#faults?.before(`${what} ${table}`);
  }

  #set<T extends TableName>(table: T, key: Key, value: Kept[T] | undefined): void {
    const values = this.#table(table);
    const before = values.get(key);

    this.#undo.push(() => (before === undefined ? values.delete(key) : values.set(key, before)));
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  }

  async get<T extends TableName>(table: T, key: Key): Promise<Tables[T] | undefined> {
    return given(table, this.#table(table).get(key));
  }

  async put<T extends TableName>(table: T, value: Tables[T]): Promise<void> {
    this.#step('put', table);
    const key = (value as unknown as Record<string, Key>)[KEYS[table]]!;
    this.#set(table, key, kept(table, value));
  }

  async putAll<T extends TableName>(table: T, values: Tables[T][]): Promise<void> {
    for (const value of values) await this.put(table, value);
  }

  async load(rows: PackedRow[]): Promise<void> {
    for (const row of rows) {
      this.#step('put', 'rows');
      this.#set('rows', row.key, row);
    }
  }

  async remove<T extends TableName>(table: T, key: Key): Promise<void> {
    this.#step('remove', table);
    this.#set(table, key, undefined);
  }

  async clear<T extends TableName>(table: T): Promise<void> {
    this.#step('clear', table);
    const before = this.#data[table];
    this.#undo.push(() => Object.assign(this.#data, { [table]: before }));
    Object.assign(this.#data, { [table]: new Map() });
  }

  async all<T extends TableName>(table: T): Promise<Tables[T][]> {
    return sorted(table, [...this.#table(table)]);
  }

  async by<T extends TableName>(table: T, index: string, value: Key): Promise<Tables[T][]> {
    const found = [...this.#table(table)].filter(([, row]) => {
      const at = (row as unknown as Record<string, unknown>)[index];
      return Array.isArray(at) ? at.includes(value) : at === value;
    });
    return sorted(table, found);
  }

  async isEmpty(table: TableName): Promise<boolean> {
    return this.#table(table).size === 0;
  }

  async many<T extends TableName>(table: T, keys: Key[]): Promise<(Tables[T] | undefined)[]> {
    return keys.map((key) => given(table, this.#table(table).get(key)));
  }
}

function empty(): Data {
  return { rows: new Map(), outbox: new Map(), photos: new Map(), staged: new Map(), files: new Map(), parts: new Map(), drafts: new Map(), meta: new Map() };
}

/** A copy of a value, as the table keeps it. */
function kept<T extends TableName>(table: T, value: Tables[T]): Kept[T] {
  return (table === 'rows' ? packed(value as StoredRow) : clone(value)) as Kept[T];
}

/** A copy of what is kept, as the caller knows it. */
function given<T extends TableName>(table: T, value: Kept[T] | undefined): Tables[T] | undefined {
  return (table === 'rows' && value ? unpacked(value as PackedRow) : clone(value)) as Tables[T] | undefined;
}

/** A copy as IndexedDB makes it. What is only JSON, as nearly all is, is copied here: a tenth of what structuredClone takes. */
function clone<T>(value: T): T {
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);

  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = copied((value as Record<string, unknown>)[key]);
  return copy;
}

function sorted<T extends TableName>(table: T, entries: [Key, Kept[T]][]): Tables[T][] {
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => given(table, value)!);
}
