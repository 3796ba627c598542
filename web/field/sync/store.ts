import type { Key, PackedRow, TableName, Tables } from './types.ts';

/** The primary key of each table, and what it may be looked up by. */
export const KEYS = {
  rows: 'key',
  outbox: 'n',
  photos: 'sha256',
  staged: 'n',
  files: 'etag',
  parts: 'key',
  drafts: 'task',
  meta: 'key',
} as const satisfies Record<TableName, string>;

export const INDEXES = {
  rows: ['t', 'up', 'code', '*buckets'],
  outbox: ['mid', 'row_key', 'state', 'overlay'],
  photos: ['state'],
  staged: [],
  files: [],
  parts: [],
  drafts: [],
  meta: [],
} as const satisfies Record<TableName, readonly string[]>;

/** Inside one transaction. Await nothing else there: IndexedDB would end it. */
export interface Tx {
  get<T extends TableName>(table: T, key: Key): Promise<Tables[T] | undefined>;
  put<T extends TableName>(table: T, value: Tables[T]): Promise<void>;
  putAll<T extends TableName>(table: T, values: Tables[T][]): Promise<void>;
  /** Puts rows that the caller gives away: they are the store's from here on and are not copied. */
  load(rows: PackedRow[]): Promise<void>;
  remove<T extends TableName>(table: T, key: Key): Promise<void>;
  clear<T extends TableName>(table: T): Promise<void>;
  all<T extends TableName>(table: T): Promise<Tables[T][]>;
  /** The rows whose indexed field equals, or for a list field holds, the value; in key order. */
  by<T extends TableName>(table: T, index: string, value: Key): Promise<Tables[T][]>;
  isEmpty(table: TableName): Promise<boolean>;
  many<T extends TableName>(table: T, keys: Key[]): Promise<(Tables[T] | undefined)[]>;
}

/**
 * The tablet's store. `write` resolves only after the transaction is complete on disk: what it
 * resolved with may be shown as saved. The work may be run again after a lost connection, so it
 * must do nothing but read and write through `tx`.
 */
export interface Store {
  read<R>(tables: TableName[], work: (tx: Tx) => Promise<R>): Promise<R>;
  write<R>(tables: TableName[], work: (tx: Tx) => Promise<R>): Promise<R>;
  /** Calls back after each completed write, with the tables it wrote to. Returns how to stop. */
  onChange(listener: (tables: TableName[]) => void): () => void;
  destroy(): Promise<void>;
}

export async function getMeta<T>(tx: Tx, key: string): Promise<T | null> {
  const entry = await tx.get('meta', key);
  return entry ? (entry.value as T) : null;
}

export async function setMeta(tx: Tx, key: string, value: unknown): Promise<void> {
  await tx.put('meta', { key, value });
}
