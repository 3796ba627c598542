import { useStored } from '../app/useStored.ts';
import { keysOf as keysAt, type KeyFound } from '../keys/keys.ts';
import type { MeterFound } from '../meters/MeterList.tsx';
import { metersOf } from '../meters/metersOf.ts';
import type { StoredRow } from '../sync/types.ts';
import { children, placePath, row, type Row } from '../sync/view.ts';

export interface InspectionFound {
  inspection: Row | null;
  path: StoredRow[];
  items: Row[];
  answers: Row[];
  documents: Row[];
  marks: Row[];
  meters: MeterFound[];
  keys: KeyFound[];
  signatures: Row[];
}

/** The inspection with all that its screen shows, from the tablet's store. */
export function useInspection(id: string): InspectionFound | undefined {
  return useStored(
    ['rows', 'outbox'],
    async (tx) => {
      const inspection = await row(tx, 'inspection', id);
      const at = String(inspection?.d.place_id ?? '');
      const items = inspection?.d.checklist_id ? await children(tx, 'checklist_item', String(inspection.d.checklist_id)) : [];
      const documents = inspection ? await children(tx, 'document', at) : [];
      return {
        inspection,
        path: await placePath(tx, inspection?.d.place_id ?? null),
        items: items.sort((a, b) => Number(a.d.seq) - Number(b.d.seq)),
        answers: await children(tx, 'inspection_answer', id),
        documents,
        marks: (await Promise.all(documents.map((document) => children(tx, 'photo_mark', document.id)))).flat(),
        meters: inspection ? await metersOf(tx, at) : [],
        keys: inspection ? await keysAt(tx, at) : [],
        signatures: await children(tx, 'signature', id),
      };
    },
    id,
  );
}
