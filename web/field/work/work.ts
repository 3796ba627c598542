import type { Change } from '../sync/outbox.ts';
import { uuid7 } from '../sync/uuid.ts';
import type { Row } from '../sync/view.ts';

export const KINDS = ['work', 'travel', 'overtime'] as const;
export type Kind = (typeof KINDS)[number];
export const UNITS = ['stk', 'm', 'm2', 'l', 'kg', 'pk'] as const;

export const QUARTER = 15;
const DAY = 24 * 60;
const FIRST = 30;
const NUMBER = /^\d+([.,]\d+)?$/;
const MAX_QUANTITY = 1_000_000_000;

/** Minutes as they are kept in a form; half an hour until somebody says otherwise. */
export function minutesOf(text: string): number {
  const minutes = Number(text);
  return text === '' || !Number.isInteger(minutes) ? FIRST : inDay(minutes);
}

/** A step up or down in quarters: never less than one, never more than a day. */
export function inDay(minutes: number): number {
  return Math.min(DAY, Math.max(QUARTER, minutes));
}

/** "1,5" as the database takes it; null when it is no amount. */
export function quantityOf(text: string): string | null {
  const plain = text.replace(/\s/g, '');
  if (!NUMBER.test(plain)) return null;
  const value = plain.replace(',', '.');
  return Number(value) > 0 && Number(value) <= MAX_QUANTITY ? value : null;
}

/** What was spent by one person, and by the others. */
export function minutesSpent(entries: Row[], person_id: string): { mine: number; others: number } {
  const sum = (rows: Row[]): number => rows.reduce((total, { d }) => total + Number(d.minutes ?? 0), 0);
  // A row made here has nobody's name yet: it is mine.
  const isMine = ({ d }: Row): boolean => d.person_id === undefined || d.person_id === person_id;

  return { mine: sum(entries.filter(isMine)), others: sum(entries.filter((entry) => !isMine(entry))) };
}

/** What has been used before on this tablet, the most used first: offered while one writes. */
export function namesUsed(rows: Row[]): string[] {
  const times = new Map<string, number>();
  for (const { d } of rows) times.set(String(d.name), (times.get(String(d.name)) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'nb')).map(([name]) => name);
}

export function timeChange(task_id: string, kind: Kind, minutes: number, note: string, label: string, now: Date): Change {
  return {
    op: 'time.add@1',
    t: 'time_entry',
    id: uuid7(now.getTime()),
    isNew: true,
    set: { task_id, kind, minutes, note: note.trim() || null, captured_at: now.toISOString() },
    label,
  };
}

/** `quantity` as `quantityOf` gives it. */
export function materialChange(task_id: string, name: string, quantity: string, unit: string, label: string, now: Date): Change {
  return {
    op: 'material.add@1',
    t: 'material_use',
    id: uuid7(now.getTime()),
    isNew: true,
    set: { task_id, name: name.trim(), quantity, unit, captured_at: now.toISOString() },
    label,
  };
}
