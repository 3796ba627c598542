import type { ApiError } from '../../shared/problem.ts';
import type { ChangedRow } from './types.ts';

export interface Conflict {
  row: ChangedRow;
  field: string;
  theirs: unknown;
  by: string | null;
  at: string | null;
}

/** The conflicts a refusal tells of; none when it tells otherwise. */
export function conflictsIn(error: ApiError): Conflict[] {
  const told: unknown = error.problem['conflicts'];
  if (!Array.isArray(told)) return [];
  return (told as unknown[]).flatMap((each) => {
    if (typeof each !== 'object' || each === null) return [];
    const more: Record<string, unknown> = { ...each };
    const text = (name: string): string | null => (typeof more[name] === 'string' ? more[name] : null);
    const field = text('field');
    if (!field) return [];
    const row: ChangedRow = { tbl: text('tbl') ?? 'place', id: text('id') ?? '', label: text('label'), op: 'U', fields: [] };
    return [{ row, field, theirs: 'theirs' in more ? more['theirs'] : more['now'], by: text('by'), at: text('at') }];
  });
}
