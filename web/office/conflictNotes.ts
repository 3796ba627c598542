import type { ApiError } from '../shared/problem.ts';

export interface ConflictNote {
  by?: string | undefined;
  at?: string | undefined;
}

/** Who wrote what stands in the way, by field, as a refusal tells. */
export function conflictNotesOf(error: ApiError | null): Record<string, ConflictNote> {
  const told: unknown = error?.problem['conflicts'];
  if (!Array.isArray(told)) return {};
  const notes: Record<string, ConflictNote> = {};
  for (const each of told as unknown[]) {
    if (typeof each !== 'object' || each === null || !('field' in each) || typeof each.field !== 'string') continue;
    notes[each.field] = {
      by: 'by' in each && typeof each.by === 'string' ? each.by : undefined,
      at: 'at' in each && typeof each.at === 'string' ? each.at : undefined,
    };
  }
  return notes;
}
