import { setMeta, getMeta, type Store, type Tx } from './store.ts';
import { isSealed, type Who } from './state.ts';
import { rowKey, type Draft, type EntryState, type Fields, type Mutation, type OutboxEntry, type StoredPhoto, type Value } from './types.ts';
import { uuid7 } from './uuid.ts';
import { row } from './view.ts';

/** One change as the screens say it: the row, the fields and their new values. */
export interface Change {
  op: string;
  t: string;
  id: string;
  /** A row made here (a task found on the spot, an answer, a photo), not a change to one. */
  isNew: boolean;
  set: Fields;
  label: string;
  /** Photos that belong to it, by SHA-256. */
  att?: string[];
  needs?: string[];
}

/** What is written with the changes in the same transaction. */
export interface Along {
  photos?: StoredPhoto[];
  /** The task's draft as these changes leave it; null when nothing is left. */
  draft?: { task: string; left: Draft | null };
  /** Conflicts dealt with by these changes. */
  settle?: { n: number; conflict: string; how: 'accepted' | 'restored' }[];
}

/** Tables that are not called as the fields that refer to them. */
const REFERS: Record<string, string> = { loan_id: 'key_loan' };
/** What the server has not applied yet. */
const OPEN_STATES: EntryState[] = ['waiting', 'sent', 'held'];
const RECORD_TABLES = ['rows', 'outbox', 'photos', 'drafts', 'meta'] as const;
const NUL = new RegExp(String.fromCharCode(0), 'g');

/**
 * Records changes as one group. When it resolves they are on disk and may be called saved.
 * Sequence, mutation, overlay, photos and the draft's end are one transaction.
 */
export async function record(store: Store, changes: Change[], along: Along = {}, now = new Date()): Promise<OutboxEntry[]> {
  const grp = uuid7(now.getTime());
  const mids = changes.map(() => uuid7(now.getTime()));

  return store.write([...RECORD_TABLES], async (tx) => {
    const who = await getMeta<Who>(tx, 'who');
    if (!who) throw new Error('the tablet belongs to nobody yet');
    if (await isSealed(tx)) throw new Error('the tablet is locked');

    const made: OutboxEntry[] = [];
    for (const [i, change] of changes.entries())
      made.push(await add(tx, who, change, { mid: mids[i]!, grp, captured_at: now.toISOString() }));
    for (const photo of along.photos ?? []) await tx.put('photos', { ...photo, device: who.device });
    if (along.draft) await leaveDraft(tx, along.draft.task, along.draft.left);
    for (const { n, conflict, how } of along.settle ?? []) await settle(tx, n, conflict, how);
    return made;
  });
}

async function leaveDraft(tx: Tx, task: string, left: Draft | null): Promise<void> {
  if (left) await tx.put('drafts', left);
  else await tx.remove('drafts', task);
}

interface Stamp {
  mid: string;
  grp: string;
  captured_at: string;
}

async function add(tx: Tx, who: Who, change: Change, stamp: Stamp): Promise<OutboxEntry> {
  const known = await tx.by('outbox', 'mid', stamp.mid);
  if (known[0]) return known[0]; // the same work, done again after a lost connection

  const n = await next(tx, 'next_n');
  const mutation = await mutationOf(tx, who, change, stamp);
  const entry: OutboxEntry = {
    n,
    mid: stamp.mid,
    device: who.device,
    row_key: rowKey(change.t, change.id),
    mutation,
    label: change.label,
    state: 'waiting',
    result: null,
    stuck: null,
    final_at: null,
    seen_at: null,
    seen_epoch: null,
    settled: {},
    overlay: 1,
  };

  await tx.put('outbox', entry);
  return entry;
}

async function mutationOf(tx: Tx, who: Who, change: Change, stamp: Stamp): Promise<Mutation> {
  const before = change.isNew ? null : await row(tx, change.t, change.id);
  const set: Mutation['set'] = {};

  for (const [field, value] of Object.entries(change.set))
    set[field] = { o: before?.d[field] ?? null, n: clean(value) };
  return {
    seq: await next(tx, `next_seq:${who.device}`),
    mid: stamp.mid,
    grp: stamp.grp,
    op: change.op,
    row: { t: change.t, id: change.id },
    ...(change.isNew ? {} : { base_v: before?.v ?? 0 }),
    set,
    captured_at: stamp.captured_at,
    by: who.person_id,
    needs: await needsOf(tx, who, change, stamp.grp),
    att: (change.att ?? []).map((sha256) => `sha256:${sha256}`),
  };
}

/**
 * What the server must have before this: the last change of the row, and of each row that this one
 * refers to, that the server has no final answer to. Another person's queue is not waited for.
 */
async function needsOf(tx: Tx, who: Who, change: Change, grp: string): Promise<string[]> {
  const keys = [rowKey(change.t, change.id)];
  const needs = new Set(change.needs);

  for (const [field, value] of Object.entries(change.set))
    if (field.endsWith('_id') && typeof value === 'string') keys.push(rowKey(REFERS[field] ?? field.slice(0, -3), value));
  for (const key of keys) {
    const open = (await tx.by('outbox', 'row_key', key)).filter(
      (entry) => OPEN_STATES.includes(entry.state) && entry.device === who.device && entry.mutation.by === who.person_id && entry.mutation.grp !== grp,
    );
    const last = open.sort((a, b) => a.n - b.n).at(-1);
    if (last) needs.add(last.mid);
  }
  return [...needs];
}

/** The database cannot hold U+0000 in JSON; one such letter must not stop a mutation. */
function clean(value: Value): Value {
  return typeof value === 'string' ? value.replace(NUL, '') : value;
}

/** The lowest number that a device may still send, whoever wrote it. Tables: outbox, meta. */
export async function oldestOf(tx: Tx, device: string): Promise<number> {
  const open = [...(await tx.by('outbox', 'state', 'waiting')), ...(await tx.by('outbox', 'state', 'sent'))].filter((entry) => entry.device === device);

  return open.reduce((least, { mutation }) => Math.min(least, mutation.seq), (await getMeta<number>(tx, `next_seq:${device}`)) ?? 1);
}

async function next(tx: Tx, key: string): Promise<number> {
  const value = (await getMeta<number>(tx, key)) ?? 1;
  await setMeta(tx, key, value + 1);
  return value;
}

/** Marks a conflict as dealt with. Tables: outbox. */
export async function settle(tx: Tx, n: number, conflict: string, how: 'accepted' | 'restored'): Promise<void> {
  const entry = await tx.get('outbox', n);
  if (entry) await tx.put('outbox', { ...entry, settled: { ...entry.settled, [conflict]: how } });
}

/** Only what this person wrote is laid over the rows that they see. Tables: outbox. */
export async function overlayOnly(tx: Tx, person_id: string): Promise<void> {
  for (const entry of await tx.all('outbox')) {
    const isOpen = entry.state === 'held' || entry.seen_at === null;
    const overlay = isOpen && entry.mutation.by === person_id ? 1 : 0;
    if (overlay !== entry.overlay) await tx.put('outbox', { ...entry, overlay });
  }
}

/** Keeps a half-filled checklist, so that a flat battery takes nothing. */
export async function saveDraft(store: Store, draft: Draft): Promise<void> {
  await store.write(['drafts', 'meta'], async (tx) => {
    if (await isSealed(tx)) throw new Error('the tablet is locked');
    await tx.put('drafts', draft);
  });
}

export function isFinal(entry: OutboxEntry): boolean {
  return entry.state !== 'waiting' && entry.state !== 'sent';
}
