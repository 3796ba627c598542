import { record, type Change } from '../sync/outbox.ts';
import type { Store, Tx } from '../sync/store.ts';
import type { Draft } from '../sync/types.ts';
import { children, placePath, row } from '../sync/view.ts';
import { answerChanges } from './checklist.ts';

/**
 * Makes the drafted answers of a task or an inspection into facts. What is typed as the closing note stays a draft
 * until it is closed.
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
  const inspection = await row(tx, 'inspection', id);
  const about = inspection ?? (await row(tx, 'task', id));
  const draft = about ? await tx.get('drafts', id) : undefined; // what is not here keeps its draft
  const answers = await children(tx, inspection ? 'inspection_answer' : 'answer', id);
  const label = inspection ? String((await placePath(tx, inspection.d.place_id ?? null)).at(-1)?.d.name ?? '') : undefined;

  return { changes: about ? answerChanges(about, draft, answers, now, label) : [], draft };
}
