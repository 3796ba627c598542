import { go } from '../shared/useQuery.ts';

/** Opens a row beside the list; the filters stay. */
export function openRow(kind: 'case' | 'task', id: string): void {
  go({ case: kind === 'case' ? id : null, task: kind === 'task' ? id : null });
}

export function closeRow(): void {
  go({ case: null, task: null });
}
