import { record, type Change } from '../sync/outbox.ts';
import type { Store, Tx } from '../sync/store.ts';
import type { Draft } from '../sync/types.ts';
import { children, row } from '../sync/view.ts';
import { answerChanges } from './checklist.ts';

/**
 * Makes the drafted answers of a task into facts. What is typed as the closing note stays a draft
 * until the task is closed.
 */
export async function recordDraft(store: Store, task: string, now: Date): Promise<void> {
  const { changes, draft } = await store.read(['rows', 'outbox', 'drafts'], (tx) => changesOf(tx, task, now));
  if (!draft || Object.keys(draft.answers).length === 0) return;

  const left = draft.note ? { ...draft, answers: {} } : null;
  await record(store, changes, { draft: { task, left } }, now);
}

/** The same for all tasks: at the start, for what a flat battery left behind. */
export async function recordDrafts(store: Store, now: Date): Promise<void> {
  const drafts = await store.read(['drafts'], (tx) => tx.all('drafts'));
  for (const { task } of drafts) await recordDraft(store, task, now);
}

async function changesOf(tx: Tx, id: string, now: Date): Promise<{ changes: Change[]; draft: Draft | undefined }> {
  const task = await row(tx, 'task', id);
  const draft = task ? await tx.get('drafts', id) : undefined; // a task that is not here keeps its draft
  const answers = await children(tx, 'answer', id);

  return { changes: task ? answerChanges(task, draft, answers, now) : [], draft };
}
