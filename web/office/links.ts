import { type QueryPatch, go } from '../shared/useQuery.ts';
import type { Found } from './searchTypes.ts';

/** Opens a row beside the list; the filters stay. From another view it opens in its own list. */
export function openRow(kind: 'case' | 'task', id: string): void {
  const view = new URLSearchParams(location.search).get('view');
  if (view !== null && view !== 'cases' && view !== 'tasks') go({ ...(kind === 'task' && { view: 'tasks' }), [kind]: id }, { fresh: true });
  else go({ case: kind === 'case' ? id : null, task: kind === 'task' ? id : null });
}

export function closeRow(): void {
  go({ case: null, task: null });
}

/** Where what the command box found is looked at; null for what has no page. */
export function addressOf(hit: Found): QueryPatch | null {
  switch (hit.kind) {
    case 'person':
      return null;
    case 'case':
      return { case: hit.id };
    case 'task':
      return { view: 'tasks', task: hit.id };
    case 'component':
      return { view: 'register', component: hit.id };
    case 'document':
      if (hit.case_id) return { case: hit.case_id };
      if (hit.task_id) return { view: 'tasks', task: hit.task_id };
      if (hit.component_id) return { view: 'register', component: hit.component_id, tab: 'documents' };
      return hit.place_id ? { view: 'register', place: hit.place_id, tab: 'documents' } : null;
    case 'archive_case':
      return hit.place_id ? { view: 'register', place: hit.place_id, tab: 'cases' } : null;
    case 'key':
      return hit.tbl === 'key' ? { view: 'keys', key: hit.id } : { view: 'keys', shows: 'systems', system: hit.system_id ?? hit.id };
    default:
      return { view: 'register', place: hit.id };
  }
}
