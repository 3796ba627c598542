// What the screens show: the server's rows with the tablet's own unseen changes laid over them.
// The overlay is the part of the outbox with `overlay: 1`; there is no second copy to disagree.

import type { Tx } from './store.ts';
import { rowKey, type Fields, type OutboxEntry, type StoredRow, type Value } from './types.ts';

export interface Row {
  t: string;
  id: string;
  /** The server's version, 0 for a row made here that the server has not told of yet. */
  v: number;
  d: Fields;
  /** Changed here, and the server has not sent the effect back yet. */
  isPending: boolean;
}

/** The fields that place a row under another; the first that is set does. */
const PARENT: Record<string, string[]> = {
  place: ['parent_id'],
  component: ['place_id'],
  task: ['place_id'],
  answer: ['task_id'],
  time_entry: ['task_id', 'place_id'],
  material_use: ['task_id', 'place_id'],
  inspection: ['place_id'],
  inspection_answer: ['inspection_id'],
  signature: ['task_id', 'inspection_id', 'loan_id'],
  photo_mark: ['document_id'],
  document: ['task_id', 'place_id'],
  checklist_item: ['checklist_id'],
};

/** Fields whose change is by how much (the policy «add»): what others added counts too. */
const ADDED: Record<string, string[]> = { task: ['visits'] };

export type Overlay = Map<string, OutboxEntry[]>;

function upOf(t: string, d: Fields): string {
  return parentOf(t, (name) => d[name] ?? null);
}

/** What `up` of a row is, when `value` tells its fields. */
export function parentOf(t: string, value: (name: string) => Value): string {
  for (const name of PARENT[t] ?? []) {
    const parent = value(name);
    if (parent) return rowKey(t, String(parent));
  }
  return rowKey(t, '');
}

export async function overlay(tx: Tx): Promise<Overlay> {
  const result: Overlay = new Map();

  for (const entry of await tx.by('outbox', 'overlay', 1)) {
    const list = result.get(entry.row_key);
    if (list) list.push(entry);
    else result.set(entry.row_key, [entry]);
  }
  return result;
}

/** The row as the caretaker left it; null for a change to a row that is no longer here. */
export function fold(stored: StoredRow | undefined, entries: OutboxEntry[] = []): Row | null {
  const first = entries[0]?.mutation;

  if (!stored && (!first || !isInsert(first))) return null;
  const t = stored?.t ?? first!.row.t;
  const id = stored?.id ?? first!.row.id;
  const d: Fields = { id, ...stored?.d };

  for (const { mutation } of inOrder(entries))
    for (const [field, change] of Object.entries(mutation.set)) d[field] = isAdded(t, field) ? Number(d[field] ?? 0) + Number(change.n) : change.n;
  return { t, id, v: stored?.v ?? 0, d, isPending: entries.length > 0 };
}

/** One row. Tables: rows, outbox. */
export async function row(tx: Tx, t: string, id: string): Promise<Row | null> {
  const key = rowKey(t, id);
  const entries = (await tx.by('outbox', 'row_key', key)).filter((entry) => entry.overlay);

  return fold(await tx.get('rows', key), entries);
}

/** All rows of a table, those made here too. Tables: rows, outbox. */
export async function list(tx: Tx, t: string): Promise<Row[]> {
  return laidOver(await tx.by('rows', 't', t), await overlay(tx), (row) => row.t === t);
}

/** The rows placed under a parent. Tables: rows, outbox. */
export async function children(tx: Tx, t: string, parent: string): Promise<Row[]> {
  const up = rowKey(t, parent);

  return laidOver(await tx.by('rows', 'up', up), await overlay(tx), (row) => row.t === t && upOf(t, row.d) === up);
}

/** What the QR or NFC tag says: a place or component with that code. Tables: rows. */
export async function byCode(tx: Tx, code: string): Promise<StoredRow | null> {
  const found = await tx.by('rows', 'code', code.trim().toUpperCase());
  return found[0] ?? null;
}

/** The chain from the outermost place known here to this one. Tables: rows. */
export async function placePath(tx: Tx, place_id: Value): Promise<StoredRow[]> {
  const MAX_DEPTH = 12;
  const path: StoredRow[] = [];

  for (let id = place_id; id && path.length < MAX_DEPTH; ) {
    const place = await tx.get('rows', rowKey('place', String(id)));
    if (!place) break;
    path.unshift(place);
    id = place.d.parent_id ?? null;
  }
  return path;
}

/** The places that rows lie in, by id. Tables: rows. */
export async function placesOf(tx: Tx, rows: Row[]): Promise<Map<string, StoredRow>> {
  const ids = [...new Set(rows.map(({ d }) => String(d.place_id ?? '')))];
  const found = await tx.many('rows', ids.map((id) => rowKey('place', id)));

  return new Map(found.filter((place) => place !== undefined).map((place) => [place.id, place]));
}

function laidOver(stored: StoredRow[], over: Overlay, belongs: (row: Row) => boolean): Row[] {
  const seen = new Set(stored.map((row) => row.key));
  const rows = stored.map((row) => fold(row, over.get(row.key)));

  for (const [key, entries] of over) if (!seen.has(key)) rows.push(fold(undefined, entries));
  return rows.filter((row): row is Row => row !== null && belongs(row));
}

export function isAdded(t: string, field: string): boolean {
  return ADDED[t]?.includes(field) ?? false;
}

export function isInsert(mutation: { base_v?: number }): boolean {
  return mutation.base_v === undefined;
}

function inOrder(entries: OutboxEntry[]): OutboxEntry[] {
  return [...entries].sort((a, b) => a.n - b.n);
}
