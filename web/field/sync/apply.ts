// What was told becomes the tablet's rows: in one transaction, and each row is written once.

import { keepParts } from './parts.ts';
import { packed, packedOf, union } from './rows.ts';
import type { Tx } from './store.ts';
import { rowKey, type Key, type MutationResult, type OutboxEntry, type PackedRow, type PullAnswer, type PulledRow, type StagedFile } from './types.ts';

const SETTLED_STATES = ['applied', 'merged', 'quarantined'];

/** An answer, or a file; before some, the rows so far are forgotten. */
export type Page = { reset: boolean } & ({ answer: PullAnswer } | { file: StagedFile });

/** Whole pages, in their order. Tables: rows, outbox. */
export async function apply(tx: Tx, pages: Page[], now: Date): Promise<void> {
  const rows = await Draft.of(tx);

  for (const page of pages) {
    if (page.reset) await rows.clear();
    if ('file' in page) {
      await rows.keep(page.file);
      continue;
    }
    const { answer } = page;
    for (const bucket of answer.scope?.drop ?? []) await rows.drop(bucket);
    await rows.take(answer.rows.filter((row) => row.t !== 'mutation'));
    for (const row of answer.rows) {
      if (row.t === 'mutation' && row.d) await see(tx, row, answer.epoch, now);
      if (row.t === 'conflict' && row.d && row.d.state !== 'open') await settleThere(tx, row);
    }
  }
  await rows.write();
}

/** The rows as they will be, where that is not as they are. */
class Draft {
  readonly #tx: Tx;
  /** Nothing is kept: nothing need be looked for. */
  #isBare: boolean;
  #rows = new Map<Key, PackedRow | null>();
  /** Those of them that are kept now. */
  #kept = new Set<Key>();

  private constructor(tx: Tx, isBare: boolean) {
    this.#tx = tx;
    this.#isBare = isBare;
  }

  static async of(tx: Tx): Promise<Draft> {
    return new Draft(tx, await tx.isEmpty('rows'));
  }

  async clear(): Promise<void> {
    await this.#tx.clear('rows');
    this.#rows.clear();
    this.#kept.clear();
    this.#isBare = true;
  }

  /** Takes a bucket from this tablet; a row goes when no other bucket holds it. */
  async drop(bucket: string): Promise<void> {
    if (!this.#isBare) await this.#read((await this.#tx.by('rows', 'buckets', bucket)).map(({ key }) => key));
    for (const [key, row] of this.#rows) if (row?.buckets.includes(bucket)) this.#rows.set(key, without(row, bucket));
  }

  async take(rows: PulledRow[]): Promise<void> {
    await this.#read(rows.map(({ t, id }) => rowKey(t, id)));
    for (const row of rows) {
      const key = rowKey(row.t, row.id);
      const before = this.#rows.get(key);
      this.#rows.set(key, row.x ? without(before, row.b) : joined(before, packedOf(row)));
    }
  }

  /** A file goes below what is kept: its rows are older than the pull that told of it. */
  async keep(file: StagedFile): Promise<void> {
    await this.write();
    await keepParts(this.#tx, file);
    this.#rows.clear();
    this.#kept.clear();
    this.#isBare = false;
  }

  async write(): Promise<void> {
    const full: PackedRow[] = [];

    for (const [key, row] of this.#rows) {
      if (row) full.push(row);
      else if (this.#kept.has(key)) await this.#tx.remove('rows', key);
    }
    await this.#tx.load(full);
  }

  async #read(keys: Key[]): Promise<void> {
    if (this.#isBare) return;
    const unread = [...new Set(keys)].filter((key) => !this.#rows.has(key));
    const found = await this.#tx.many('rows', unread);

    for (const [i, key] of unread.entries()) {
      const row = found[i];
      if (!row) continue;
      this.#rows.set(key, packed(row));
      this.#kept.add(key);
    }
  }
}

function without(row: PackedRow | null | undefined, bucket: string): PackedRow | null {
  const buckets = row?.buckets.filter((held) => held !== bucket) ?? [];
  return row && buckets.length ? { ...row, buckets } : null;
}

function joined(before: PackedRow | null | undefined, row: PackedRow): PackedRow {
  return before ? { ...row, buckets: union(before.buckets, row.buckets) } : row;
}

/** The office has dealt with a conflict: it no longer asks for the caretaker. */
async function settleThere(tx: Tx, row: PulledRow): Promise<void> {
  const [entry] = await tx.by('outbox', 'mid', String(row.d!.mid));
  if (entry && !(row.id in entry.settled)) await tx.put('outbox', { ...entry, settled: { ...entry.settled, [row.id]: 'office' } });
}

/** A mutation's row has come back: the rows of this page hold its effect, so its overlay ends. */
async function see(tx: Tx, row: PulledRow, epoch: string, now: Date): Promise<void> {
  const state = row.d!.state as OutboxEntry['state'];
  const [entry] = await tx.by('outbox', 'mid', String(row.d!.mid ?? row.id));
  if (!entry || !(state === 'held' || SETTLED_STATES.includes(state))) return;

  const told = (row.d!.result ?? {}) as Partial<MutationResult>;
  const result = { ...entry.result, ...told, seq: entry.mutation.seq, mid: entry.mid, state } as MutationResult;
  await tx.put('outbox', {
    ...entry,
    state,
    result,
    stuck: null,
    final_at: entry.final_at ?? now.toISOString(),
    seen_at: now.toISOString(),
    seen_epoch: epoch,
    overlay: state === 'held' ? entry.overlay : 0,
  });
}
