import type { Row } from '../sync/view.ts';
import type { Fields } from '../sync/types.ts';

/** When a task wants its caretaker, in the order of the list. */
export const GROUPS = ['acute', 'late', 'today', 'coming', 'done'] as const;
export type Group = (typeof GROUPS)[number];

const DAYS = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Oslo' });
const ACUTE = 1;
const CLOSED = ['done', 'done_after_cancel', 'cancelled'];

/** The calendar day of an instant where the municipality is, "2026-11-21". Dates pass through. */
export function dayOf(iso: string): string {
  return iso.length === 10 ? iso : DAYS.format(new Date(iso));
}

/** The day so many days after another. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
}

export function isOpen(task: Fields): boolean {
  return !CLOSED.includes(String(task.state));
}

/** The day a task is for: the planned one, else the deadline's, else none. */
export function dueDay(task: Fields): string | null {
  const due = task.planned_on ?? task.deadline;
  return due ? dayOf(String(due)) : null;
}

/** Null for what is not on the list: closed on another day. */
export function groupOf(task: Fields, now: Date): Group | null {
  const today = dayOf(now.toISOString());
  const due = dueDay(task);

  if (!isOpen(task)) return task.done_at && dayOf(String(task.done_at)) === today ? 'done' : null;
  if (task.priority === ACUTE) return 'acute';
  if (task.deadline && String(task.deadline) < now.toISOString() && dayOf(String(task.deadline)) < today) return 'late';
  if (due && due < today) return 'late';
  return due === today ? 'today' : 'coming';
}

/** Mine, and what nobody has taken. */
export function isFor(person_id: string, task: Fields): boolean {
  return !task.assignee_id || task.assignee_id === person_id;
}

export interface Section {
  group: Group;
  tasks: Row[];
}

/** The list in sections: the most pressing first, then by day, deadline and number. Empty ones are left out. */
export function todaysList(tasks: Row[], now: Date): Section[] {
  const sections = new Map<Group, Row[]>(GROUPS.map((group) => [group, []]));

  for (const task of tasks) {
    const group = groupOf(task.d, now);
    if (group) sections.get(group)!.push(task);
  }
  return [...sections].filter(([, rows]) => rows.length > 0).map(([group, rows]) => ({ group, tasks: rows.sort(byNeed) }));
}

/** What was made here a moment ago comes first: one looks for it. */
function byNeed(a: Row, b: Row): number {
  const key = ({ d, v }: Row): string =>
    [v === 0 ? '0' : '1', dueDay(d) ?? '9999', String(d.priority ?? 9), String(d.deadline ?? '9999'), String(d.number ?? '')].join(' ');
  return key(a) < key(b) ? -1 : 1;
}
