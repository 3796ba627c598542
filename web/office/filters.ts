/* What the office's list shows: read from and kept in the address, so that a list can be shared and comes back. */
import { query } from '../shared/api.ts';
import type { CaseItem, CaseState, Session, TaskItem, TaskState } from '../shared/types.ts';

export type ViewName = 'cases' | 'tasks';

export const CASE_STATES: CaseState[] = ['new', 'in_progress', 'waiting', 'done', 'closed', 'cancelled'];
export const TASK_STATES: TaskState[] = ['open', 'in_progress', 'waiting', 'done', 'done_after_cancel', 'cancelled'];
const ENDED: string[] = ['done', 'closed', 'cancelled', 'done_after_cancel'];

/** Everything that is not ended, in one word. */
export const UNENDED = 'unended';
export const ALL = 'all';

export interface Filters {
  view: ViewName;
  state: string;
  category: string;
  area: string;
  q: string;
  mine: boolean;
  late: boolean;
}

export function filtersOf(address: URLSearchParams): Filters {
  const view: ViewName = address.get('view') === 'tasks' ? 'tasks' : 'cases';
  return {
    view,
    state: address.get('state') ?? UNENDED,
    category: address.get('category') ?? '',
    area: address.get('area') ?? '',
    q: address.get('q') ?? '',
    mine: address.get('mine') === '1',
    late: address.get('late') === '1',
  };
}

/** The state to ask the server for: «open» is all that is not ended. */
export function stateOf(filters: Filters): string {
  const all: string[] = filters.view === 'cases' ? CASE_STATES : TASK_STATES;
  if (filters.state === ALL) return 'all';
  return filters.state !== UNENDED && all.includes(filters.state) ? filters.state : 'open';
}

export function pathOf(filters: Filters, session: Session): string {
  const mine = filters.mine
    ? filters.view === 'cases' ? { mine: 'true' } : { assignee: session.person_id }
    : {};
  return `/api/v1/${filters.view}${query({
    state: stateOf(filters),
    category: filters.category,
    area: filters.area,
    q: filters.q,
    late: filters.late ? 'true' : undefined,
    ...mine,
  })}`;
}

export function isLate(row: { state: string; deadline: string | null }, now = Date.now()): boolean {
  return !ENDED.includes(row.state) && row.deadline !== null && Date.parse(row.deadline) < now;
}

export function isEnded(row: { state: string }): boolean {
  return ENDED.includes(row.state);
}

export type Row = (CaseItem & { kind: 'case' }) | (TaskItem & { kind: 'task' });

export function responsibleOf(row: Row): string | null {
  return row.kind === 'case' ? row.owner_name : row.assignee_name;
}
