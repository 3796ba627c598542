import type { Change } from '../sync/outbox.ts';
import type { Draft, Fields } from '../sync/types.ts';
import type { Row } from '../sync/view.ts';
import { uuid7 } from '../sync/uuid.ts';

export interface ItemAnswer {
  value: string | null;
  isOk: boolean | null;
  note: string | null;
}

const NOTHING: ItemAnswer = { value: null, isOk: null, note: null };
const NUMBER = /^-?\d+([.,]\d+)?$/;

/** What stands for an item: the draft here, else the newest fact, else nothing. */
export function answerTo(item: string, draft: Draft | undefined, answers: Row[]): ItemAnswer {
  const written = draft?.answers[item];
  if (written) return { value: written.value, isOk: written.is_ok, note: written.note ?? null };

  const facts = answers.filter(({ d }) => d.item_id === item).sort((a, b) => (captured(a) < captured(b) ? -1 : 1));
  const newest = facts.at(-1)?.d;
  return newest ? { value: (newest.value as string) ?? null, isOk: (newest.is_ok as boolean) ?? null, note: (newest.note as string) ?? null } : NOTHING;
}

function captured({ d, id }: Row): string {
  return `${String(d.captured_at ?? '')} ${id}`;
}

/** The value as the database takes it: a decimal point, no blanks; null for an empty field. */
export function numberValue(text: string): string | null {
  const plain = text.replace(/\s/g, '');
  return plain === '' ? null : plain.replace(',', '.');
}

/** A number that is none, or outside what the item allows. */
export function numberFault(item: Fields, text: string): 'not_a_number' | 'outside' | null {
  const plain = text.replace(/\s/g, '');
  if (plain === '') return null;
  if (!NUMBER.test(plain)) return 'not_a_number';
  const value = Number(plain.replace(',', '.'));
  const isOutside = (item.min != null && value < Number(item.min)) || (item.max != null && value > Number(item.max));
  return isOutside ? 'outside' : null;
}

/** The required items without an answer. A photo item is answered by a photo of the task. */
export function missing(items: Row[], draft: Draft | undefined, answers: Row[], photos: number): Row[] {
  return items.filter(({ id, d }) => {
    if (!d.is_required) return false;
    if (d.kind === 'photo') return photos === 0;
    const { value, isOk } = answerTo(id, draft, answers);
    return value === null && isOk === null;
  });
}

/** Of what is gone through by a checklist: how an answer is told, and what it refers to. */
const ANSWERS = {
  task: { op: 'answer.add@1', t: 'answer', of: 'task_id' },
  inspection: { op: 'inspection.answer@1', t: 'inspection_answer', of: 'inspection_id' },
};

/** The drafted answers as facts, of a task or an inspection: inserts only, and none for an answer that already stands. */
export function answerChanges(about: Row, draft: Draft | undefined, answers: Row[], now: Date, label = labelOf(about)): Change[] {
  const { op, t, of } = about.t === 'inspection' ? ANSWERS.inspection : ANSWERS.task;
  const changes: Change[] = [];

  for (const [item_id, written] of Object.entries(draft?.answers ?? {})) {
    const fact = answerTo(item_id, undefined, answers);
    const note = written.note?.trim() || null;
    if (fact.value === written.value && fact.isOk === written.is_ok && fact.note === note) continue;
    changes.push({
      op,
      t,
      id: uuid7(now.getTime()),
      isNew: true,
      set: { [of]: about.id, item_id, value: written.value, is_ok: written.is_ok, note, captured_at: now.toISOString() },
      label,
    });
  }
  return changes;
}

/** The close itself: state, note and when, on the device's clock. */
export function closeChange(task: Row, note: string, now: Date): Change {
  return {
    op: 'task.close@1',
    t: 'task',
    id: task.id,
    isNew: false,
    set: { state: 'done', done_note: note.trim() || null, done_at: now.toISOString() },
    label: labelOf(task),
  };
}

export function reopenChange(task: Row): Change {
  return { op: 'task.reopen@1', t: 'task', id: task.id, isNew: false, set: { state: 'in_progress' }, label: labelOf(task) };
}

/** How the outbox names a task. */
export function labelOf(task: Row): string {
  return String(task.d.title ?? '');
}
