import { go } from '../shared/useQuery.ts';

/** Opens a row beside the list; the filters stay. From another view it opens in its own list. */
export function openRow(kind: 'case' | 'task', id: string): void {
  const view = new URLSearchParams(location.search).get('view');
  if (view !== null && view !== 'cases' && view !== 'tasks') go({ ...(kind === 'task' && { view: 'tasks' }), [kind]: id }, { fresh: true });
  else go({ case: kind === 'case' ? id : null, task: kind === 'task' ? id : null });
}

export function closeRow(): void {
  go({ case: null, task: null });
}
