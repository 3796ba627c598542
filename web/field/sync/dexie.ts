import { Dexie, type Table, type Transaction } from 'dexie';
import { Opened, PartedTx, Unopened } from './parts.ts';
import { PACKS, Packs, packsOf, type Pack } from './packs.ts';
import { packed, unpacked } from './rows.ts';
import { INDEXES, KEYS, type Store, type Tx } from './store.ts';
import type { Key, PackedRow, StoredRow, TableName, Tables } from './types.ts';

const VERSION = 3;
const MAX_TRIES = 3;

/** What browsers say when the handle is dead, not the data (WebKit after a spell in the background). */
const LOST = /InvalidState|DatabaseClosed|Unknown|Aborterror|Connection to Indexed Database server lost/i;

/** The tablet's store in IndexedDB. A lost handle is dropped, opened anew and the work done again. */
export class DexieStore implements Store {
  readonly #name: string;
  #db: Dexie;
  #listeners = new Set<(tables: TableName[]) => void>();
  #channel: BroadcastChannel | null;
  readonly #opened = new Opened();

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
    if (touched.has('files')) touched.add('rows');
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
    this.#opened.forget();
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
        return await this.#db.transaction(mode, tables.flatMap((table) => (table === 'rows' ? ['packs', 'files', 'parts'] : table)), async (tx) => {
          const inside = new DexieTx(tx, touched);
          const result = await work(new PartedTx(inside, this.#opened, unopened));
          await inside.end();
          return result;
        });
      } catch (error) {
        if (error instanceof Unopened) {
          await error.open();
          tries--;
          continue;
        }
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
  #packs: Packs | null = null;

  constructor(tx: Transaction, touched: Set<TableName>) {
    this.#tx = tx;
    this.#touched = touched;
  }

  get #rows(): Packs {
    return (this.#packs ??= new Packs(this.#tx.table<Pack, string>('packs')));
  }

  /** The last of a transaction: writes the rows that have changed. */
  async end(): Promise<void> {
    if (this.#touched.has('rows')) await this.#rows.write();
  }

  #written<T extends TableName>(table: T): Table<Tables[T], Key> {
    this.#touched.add(table);
    return this.#table(table);
  }

  #table<T extends TableName>(table: T): Table<Tables[T], Key> {
    return this.#tx.table(table);
  }

  async get<T extends TableName>(table: T, key: Key): Promise<Tables[T] | undefined> {
    return table === 'rows' ? (await this.many(table, [key]))[0] : this.#table(table).get(key);
  }

  async put<T extends TableName>(table: T, value: Tables[T]): Promise<void> {
    if (table === 'rows') await this.putAll(table, [value]);
    else await this.#written(table).put(value);
  }

  async putAll<T extends TableName>(table: T, values: Tables[T][]): Promise<void> {
    if (table === 'rows') await this.load((values as StoredRow[]).map(packed));
    else if (values.length) await this.#written(table).bulkPut(values);
  }

  async load(rows: PackedRow[]): Promise<void> {
    if (!rows.length) return;
    this.#touched.add('rows');
    await this.#rows.load(rows);
  }

  async remove<T extends TableName>(table: T, key: Key): Promise<void> {
    if (table !== 'rows') return this.#written(table).delete(key);
    this.#touched.add('rows');
    await this.#rows.remove(key);
  }

  async clear<T extends TableName>(table: T): Promise<void> {
    if (table !== 'rows') return this.#written(table).clear();
    this.#touched.add('rows');
    await this.#rows.clear();
  }

  async all<T extends TableName>(table: T): Promise<Tables[T][]> {
    return table === 'rows' ? given(await this.#rows.all()) : this.#table(table).toArray();
  }

  async by<T extends TableName>(table: T, index: string, value: Key): Promise<Tables[T][]> {
    return table === 'rows' ? given(await this.#rows.by(index, value)) : this.#table(table).where(index).equals(value).toArray();
  }

  async isEmpty(table: TableName): Promise<boolean> {
    return table === 'rows' ? this.#rows.isEmpty() : (await this.#table(table).limit(1).primaryKeys()).length === 0;
  }

  async many<T extends TableName>(table: T, keys: Key[]): Promise<(Tables[T] | undefined)[]> {
    return table === 'rows' ? given(await this.#rows.many(keys)) : this.#table(table).bulkGet(keys);
  }
}

function given<R, P extends PackedRow | undefined>(rows: P[]): R[] {
  return rows.map((row) => row && unpacked(row)) as R[];
}

function open(name: string): Dexie {
  const db = new Dexie(name, { chromeTransactionDurability: 'strict' });
  const schema = Object.fromEntries(
    Object.entries(KEYS).map(([table, key]) => [table, [key, ...INDEXES[table as TableName]].join(',')]),
  );
  const { files, parts, ...first } = schema;

  db.version(1).stores(first);
  db.version(2).stores({ rows: null, packs: PACKS }).upgrade(async (tx) => {
    const rows = (await tx.table<StoredRow>('rows').toArray()).map(({ code, ...row }) => packed(code === row.id ? row : { ...row, code }));
    await tx.table('packs').bulkPut(packsOf(rows));
  });
  db.version(VERSION).stores({ files: files!, parts: parts! });
  return db;
}

/** IndexedDB ends a transaction that waits for anything else. */
async function unopened(open: () => Promise<void>): Promise<void> {
  throw new Unopened(open);
}

function isLost(error: unknown): boolean {
  const { name = '', message = '' } = error as Error;
  return LOST.test(name) || LOST.test(message);
}
