import { Dexie, type Table, type Transaction } from 'dexie';
import { given, kept, type Kept } from './rows.ts';
import { INDEXES, KEYS, type Store, type Tx } from './store.ts';
import type { Key, PackedRow, TableName, Tables } from './types.ts';

const VERSION = 1;
const MAX_TRIES = 3;

/** What browsers say when the handle is dead, not the data (WebKit after a spell in the background). */
const LOST = /InvalidState|DatabaseClosed|Unknown|Aborterror|Connection to Indexed Database server lost/i;

/** The tablet's store in IndexedDB. A lost handle is dropped, opened anew and the work done again. */
export class DexieStore implements Store {
  readonly #name: string;
  #db: Dexie;
  #listeners = new Set<(tables: TableName[]) => void>();
  #channel: BroadcastChannel | null;

  constructor(name: string) {
    this.#name = name;
    this.#db = open(name);
    this.#channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
    if (this.#channel) this.#channel.onmessage = (event) => this.#tell(event.data as TableName[]);
  }

  async read<R>(tables: TableName[], work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.#run('r', tables, work);
  }

  async write<R>(tables: TableName[], work: (tx: Tx) => Promise<R>): Promise<R> {
    const touched = new Set<TableName>();
    const result = await this.#run('rw', tables, work, touched);
    if (touched.size) {
      this.#tell([...touched]);
      this.#channel?.postMessage([...touched]);
    }
    return result;
  }

  onChange(listener: (tables: TableName[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async destroy(): Promise<void> {
    await this.#db.delete();
    this.#channel?.close();
  }

  /** Closes the handle as the browser might at any time; the next call opens it again. */
  loseHandle(): void {
    this.#db.close();
  }

  #tell(tables: TableName[]): void {
    for (const listener of this.#listeners) listener(tables);
  }

  async #run<R>(mode: 'r' | 'rw', tables: TableName[], work: (tx: Tx) => Promise<R>, touched = new Set<TableName>()): Promise<R> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#db.transaction(mode, tables, (tx) => work(new DexieTx(tx, touched)));
      } catch (error) {
        if (tries === MAX_TRIES || !isLost(error)) throw error;
        this.#db.close();
        this.#db = open(this.#name);
      }
    }
  }
}

class DexieTx implements Tx {
  readonly #tx: Transaction;
  readonly #touched: Set<TableName>;

  constructor(tx: Transaction, touched: Set<TableName>) {
    this.#tx = tx;
    this.#touched = touched;
  }

  #written<T extends TableName>(table: T): Table<Kept[T], Key> {
    this.#touched.add(table);
    return this.#table(table);
  }

  #table<T extends TableName>(table: T): Table<Kept[T], Key> {
    return this.#tx.table(table);
  }

  async get<T extends TableName>(table: T, key: Key): Promise<Tables[T] | undefined> {
    return given(table, await this.#table(table).get(key));
  }

  async put<T extends TableName>(table: T, value: Tables[T]): Promise<void> {
    await this.#written(table).put(kept(table, value));
  }

  async putAll<T extends TableName>(table: T, values: Tables[T][]): Promise<void> {
    if (values.length) await this.#written(table).bulkPut(values.map((value) => kept(table, value)));
  }

  async load(rows: PackedRow[]): Promise<void> {
    if (rows.length) await this.#written('rows').bulkPut(rows);
  }

  async remove<T extends TableName>(table: T, key: Key): Promise<void> {
    await this.#written(table).delete(key);
  }

  async clear<T extends TableName>(table: T): Promise<void> {
    await this.#written(table).clear();
  }

  async all<T extends TableName>(table: T): Promise<Tables[T][]> {
    return (await this.#table(table).toArray()).map((value) => given(table, value)!);
  }

  async by<T extends TableName>(table: T, index: string, value: Key): Promise<Tables[T][]> {
    return (await this.#table(table).where(index).equals(value).toArray()).map((found) => given(table, found)!);
  }

  async isEmpty(table: TableName): Promise<boolean> {
    return (await this.#table(table).limit(1).primaryKeys()).length === 0;
  }

  async many<T extends TableName>(table: T, keys: Key[]): Promise<(Tables[T] | undefined)[]> {
    return (await this.#table(table).bulkGet(keys)).map((value) => given(table, value));
  }
}

function open(name: string): Dexie {
  const db = new Dexie(name, { chromeTransactionDurability: 'strict' });
  const schema = Object.fromEntries(
    Object.entries(KEYS).map(([table, key]) => [table, [key, ...INDEXES[table as TableName]].join(',')]),
  );

  db.version(VERSION).stores(schema);
  return db;
}

function isLost(error: unknown): boolean {
  const { name = '', message = '' } = error as Error;
  return LOST.test(name) || LOST.test(message);
}
