import type { ApiError } from '../../../shared/problem.ts';
import type { UsedBy } from '../types.ts';

/** What stands in the way of a deletion, as a refusal tells; none when it was refused for another reason. */
export function usedByOf(error: ApiError | null): UsedBy[] {
  const told: unknown = error?.problem['used_by'];
  if (!Array.isArray(told)) return [];
  return (told as unknown[]).flatMap((each) => {
    if (typeof each !== 'object' || each === null || !('kind' in each) || typeof each.kind !== 'string') return [];
    const examples = 'examples' in each && Array.isArray(each.examples) ? (each.examples as unknown[]) : [];
    return [{
      kind: each.kind,
      count: 'count' in each && typeof each.count === 'number' ? each.count : examples.length,
      examples: examples.flatMap((example) => (typeof example === 'object' && example !== null && 'id' in example && typeof example.id === 'string' && 'label' in example
        ? [{ id: example.id, label: String(example.label) }] : [])),
    }];
  });
}

/** Where what uses a place is looked at; null when no page shows it. */
export function hrefOfUse(kind: string, id: string): string | null {
  if (kind === 'case' || kind === 'cases') return `/office?state=all&case=${id}`;
  if (kind === 'task') return `/office?view=tasks&state=all&task=${id}`;
  return null;
}
