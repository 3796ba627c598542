/* Which states have a text. */
import type { CaseState, TaskState } from '../../shared/types.ts';
import { CASE_STATES, TASK_STATES } from '../filters.ts';

export const isTaskState = (state: string): state is TaskState => TASK_STATES.some((known) => known === state);
export const isCaseState = (state: string): state is CaseState => CASE_STATES.some((known) => known === state);
