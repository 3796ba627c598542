import type { Change } from '../sync/outbox.ts';
import type { Fields } from '../sync/types.ts';
import { uuid7 } from '../sync/uuid.ts';
import type { Row } from '../sync/view.ts';

/** NS 3424, from sound to failed, and not examined. */
export const GRADES = ['TG0', 'TG1', 'TG2', 'TG3', 'TGIU'] as const;
export type Grade = (typeof GRADES)[number];
export const CONSEQUENCES = ['0', '1', '2', '3'] as const;

const MIN_YEAR = 1950;
const MAX_YEAR = 2200;

export interface Grading {
  grade: Grade | null;
  consequence: string;
  cause: string;
  measure: string;
  due_year: string;
}

export type GradingFault = 'no_grade' | 'no_cause' | 'no_year';

/** NS 3424 wants the reason of a grade that costs money, and of what could not be seen. */
export function needsCause(grade: Grade | null): boolean {
  return grade === 'TG2' || grade === 'TG3' || grade === 'TGIU';
}

/** What is missing or wrong before it may be saved. */
export function faultsOf({ grade, cause, due_year }: Grading): GradingFault[] {
  const faults: GradingFault[] = [];
  const year = Number(due_year);

  if (!grade) faults.push('no_grade');
  if (needsCause(grade) && !cause.trim()) faults.push('no_cause');
  if (due_year.trim() && !(Number.isInteger(year) && year >= MIN_YEAR && year <= MAX_YEAR)) faults.push('no_year');
  return faults;
}

/** The grade as somebody saw it now; `grading` is without faults. */
export function gradeChange(component: Row, grading: Grading, now: Date): Change {
  const set: Fields = {
    component_id: component.id,
    grade: grading.grade,
    consequence: grading.consequence === '' ? null : Number(grading.consequence),
    cause: grading.cause.trim() || null,
    measure: grading.measure.trim() || null,
    due_year: grading.due_year.trim() ? Number(grading.due_year) : null,
    noted_at: now.toISOString(),
  };
  return { op: 'condition.set@1', t: 'condition', id: uuid7(now.getTime()), isNew: true, set, label: String(component.d.name ?? '') };
}

/** The component's grade as this tablet knows it: the newest one written here and not back yet, else what was told. */
export function gradeOf(component: Row, written: Row[]): { grade: string | null; isPending: boolean } {
  const newest = written.toSorted((a, b) => (String(a.d.noted_at) < String(b.d.noted_at) ? 1 : -1))[0];
  return { grade: ((newest?.d.grade ?? component.d.condition_grade) as string | null | undefined) ?? null, isPending: newest !== undefined };
}
