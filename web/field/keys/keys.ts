import type { Change } from '../sync/outbox.ts';
import type { Tx } from '../sync/store.ts';
import { rowKey, type EntryState, type Fields, type StoredPhoto } from '../sync/types.ts';
import { uuid7 } from '../sync/uuid.ts';
import { children, overlay, type Row } from '../sync/view.ts';
import { signatureChange } from '../sign/strokes.ts';

export type KeyState = 'in' | 'out' | 'lost';

export interface KeyFound {
  key: Row;
  loans: Row[];
  /** Changes of its loans that wait: what is done with the key next must come after them. */
  waiting: string[];
}

const MAX_NAME = 200;
const UNANSWERED: EntryState[] = ['waiting', 'sent', 'held'];

/** Keys of a place with their loans, by mark. Tables: rows, outbox. */
export async function keysOf(tx: Tx, place_id: string): Promise<KeyFound[]> {
  const keys = (await children(tx, 'key', place_id)).sort((a, b) => keyName(a.d).localeCompare(keyName(b.d), 'nb', { numeric: true }));

  return Promise.all(keys.map((key) => keyOf(tx, key)));
}

/** One key with its loans. Tables: rows, outbox. */
export async function keyOf(tx: Tx, key: Row): Promise<KeyFound> {
  const loans = await children(tx, 'key_loan', key.id);
  const over = await overlay(tx);
  const entries = loans.flatMap(({ id }) => over.get(rowKey('key_loan', id)) ?? []);

  return { key, loans, waiting: entries.filter(({ state }) => UNANSWERED.includes(state)).map(({ mid }) => mid) };
}

export function keyName({ mark, serial }: Fields): string {
  return `${String(mark ?? '')}-${String(serial ?? '')}`;
}

/** The loan that the key is out on; of two (somebody has lent it out meanwhile) the newer. */
export function loanOf({ loans }: KeyFound): Row | null {
  const open = loans.filter(({ d }) => !d.in_at).sort((a, b) => (String(a.d.out_at) < String(b.d.out_at) ? 1 : -1));
  return open[0] ?? null;
}

/** Where it is as far as this tablet knows: with what was written here and not sent. */
export function stateOf(found: KeyFound): KeyState {
  const loan = loanOf(found);
  if (loan) return loan.d.lost_at ? 'lost' : 'out';
  const told = found.key.d.state;
  if (told === 'lost') return 'lost';
  return told === 'out' && found.loans.length === 0 ? 'out' : 'in';
}

export interface HandOut {
  /** Whom it is booked on: the tablet knows nobody but its own person. */
  holder_id: string;
  /** Who gets it and signs; another than the holder is named in the note, too. */
  name: string;
  due_on: string | null;
  note: string;
  picture: StoredPhoto | null;
}

/** The key goes out, signed for, as one group. */
export function outChanges(found: KeyFound, out: HandOut, label: string, now: Date): Change[] {
  const id = uuid7(now.getTime());
  const name = out.name.trim().slice(0, MAX_NAME);
  const loan: Change = {
    op: 'key.out@1',
    t: 'key_loan',
    id,
    isNew: true,
    set: { key_id: found.key.id, holder_id: out.holder_id, out_name: name, out_at: now.toISOString(), due_on: out.due_on, out_note: out.note.trim() || null },
    label,
    needs: found.waiting,
  };

  return [loan, signatureChange({ loan_id: id }, { role: 'holder', name, picture: out.picture }, label, now)];
}

/** It has come in; from whom, when that was said. */
export function inChange(loan: Row, name: string, note: string, label: string, now: Date): Change {
  return {
    op: 'key.in@1',
    t: 'key_loan',
    id: loan.id,
    isNew: false,
    set: { in_at: now.toISOString(), in_name: name.trim() || null, in_note: note.trim() || null },
    label,
  };
}

/** A key is lost when the office says so, for somebody pays for it: the tablet asks for that with a task. */
export function lostChange(found: KeyFound, title: string, note: string, today: string): Change {
  return {
    op: 'task.create@1',
    t: 'task',
    id: uuid7(),
    isNew: true,
    set: { place_id: found.key.d.place_id ?? null, title, description: note.trim() || null, priority: 2, state: 'open', planned_on: today },
    label: title,
  };
}
