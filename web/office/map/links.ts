/* Where things on the map are opened, and how a selection is handed on. */
import type { LayerName } from './layers.ts';
import type { Thing } from './types.ts';

/** The key under which the bulk tool finds what was selected: {tbl, ids}. */
export const BULK_KEY = 'fdvu.bulk';

export function addressOf({ kind, id }: Pick<Thing, 'kind' | 'id'>): string {
  if (kind === 'task') return `/office?view=tasks&task=${id}`;
  if (kind === 'case') return `/office?case=${id}`;
  return kind === 'component' ? `/office?view=register&component=${id}` : `/office?view=register&place=${id}`;
}

/** The storeys of a building with their floor plans. */
export function storeysOf(id: string): string {
  return `/office?view=map&storeys=${id}`;
}

/** Tasks and cases are changed one by one; places and components many at a time. */
export function bulkTable(kind: LayerName): 'place' | 'component' | null {
  if (kind === 'task' || kind === 'case') return null;
  return kind === 'component' ? 'component' : 'place';
}

export function openBulk(kind: LayerName, things: Thing[]): void {
  const tbl = bulkTable(kind);
  if (!tbl) return;
  const ids = things.filter((thing) => thing.kind === kind).map((thing) => thing.id);
  sessionStorage.setItem(BULK_KEY, JSON.stringify({ tbl, ids }));
  location.assign(`/office?view=register&bulk=${tbl}`);
}
