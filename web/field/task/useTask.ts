import { useStored } from '../app/useStored.ts';
import { syncState } from '../sync/state.ts';
import type { StoredRow } from '../sync/types.ts';
import { children, placePath, row, type Row } from '../sync/view.ts';

export interface TaskFound {
  task: Row | null;
  path: StoredRow[];
  component: Row | null;
  items: Row[];
  answers: Row[];
  photos: Row[];
  marks: Row[];
  isFirstLoad: boolean;
}

/** The task with all that its screen shows, from the tablet's store. */
export function useTask(id: string): TaskFound | undefined {
  return useStored(
    ['rows', 'outbox', 'meta'],
    async (tx) => {
      const task = await row(tx, 'task', id);
      const items = task?.d.checklist_id ? await children(tx, 'checklist_item', String(task.d.checklist_id)) : [];
      const documents = await children(tx, 'document', id);
      const photos = documents.filter(({ d }) => d.sha256 && String(d.mime ?? 'image/').startsWith('image/'));
      return {
        task,
        path: task ? await placePath(tx, task.d.place_id ?? null) : [],
        component: task?.d.component_id ? await row(tx, 'component', String(task.d.component_id)) : null,
        items: items.sort((a, b) => Number(a.d.seq) - Number(b.d.seq)),
        answers: await children(tx, 'answer', id),
        photos,
        marks: (await Promise.all(photos.map((photo) => children(tx, 'photo_mark', photo.id)))).flat(),
        isFirstLoad: (await syncState(tx)).pulled_at === null,
      };
    },
    id,
  );
}
