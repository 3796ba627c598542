import { labelOf } from '../logic/checklist.ts';
import type { Change } from '../sync/outbox.ts';
import type { Fields, Value } from '../sync/types.ts';
import { uuid7 } from '../sync/uuid.ts';
import type { Row } from '../sync/view.ts';

/** What of a task may be changed on the tablet; its deadline is the office's. */
export const EDITABLE = ['title', 'description', 'planned_on', 'priority', 'state', 'access_note'] as const;
export type Editable = (typeof EDITABLE)[number];

/** The text that a form shows for a field. */
export function textOf(task: Row, field: Editable): string {
  return String(task.d[field] ?? '');
}

/** One change with the fields that are others than they were; null when none is. `written` holds texts, as forms do. */
export function editChange(task: Row, written: Partial<Record<Editable, string>>): Change | null {
  const set: Fields = {};

  for (const field of EDITABLE) {
    const text = written[field];
    if (text !== undefined && text.trim() !== textOf(task, field)) set[field] = valueOf(field, text.trim());
  }
  if (Object.keys(set).length === 0) return null;
  return { op: 'task.update@1', t: 'task', id: task.id, isNew: false, set, label: String(set.title ?? labelOf(task)) };
}

function valueOf(field: Editable, text: string): Value {
  if (text === '') return null;
  return field === 'priority' ? Number(text) : text;
}

/** A remark for the office on the case that the task came of. */
export function commentChange(task: Row, text: string): Change {
  return { op: 'comment.add@1', t: 'case_message', id: uuid7(), isNew: true, set: { case_id: task.d.case_id ?? null, text: text.trim() }, label: labelOf(task) };
}
