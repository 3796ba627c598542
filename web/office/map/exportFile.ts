/* Fetches a file of what is selected and hands it to the browser to keep. */
import { ApiError, NO_ANSWER, problemOf } from '../../shared/problem.ts';
import type { LayerName } from './layers.ts';
import type { Xy } from './types.ts';

/** What the open geo interface calls them. */
const COLLECTIONS: Record<LayerName, string> = {
  property: 'properties', building: 'buildings', outdoor_area: 'outdoor_areas', component: 'components', task: 'tasks', case: 'cases',
};

export type ExportFormat = 'gpkg' | 'csv';

const FORGET_MS = 60_000;

/** Of one kind: those named, or all that lie in a ring. */
export async function exportFile(kind: LayerName, what: { ids: string[] } | { ring: Xy[] }, format: ExportFormat): Promise<void> {
  const within = 'ids' in what ? { ids: what.ids } : { polygon: { type: 'Polygon', coordinates: [[...what.ring, what.ring[0]]] } };
  const answer = await fetch('/api/v1/export', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ collection: COLLECTIONS[kind], format, ...within }),
  }).catch(() => {
    throw new ApiError({ type: NO_ANSWER, title: 'No answer', status: 0 });
  });
  if (!answer.ok) throw new ApiError(problemOf(answer.status, await answer.json().catch(() => undefined)));
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = `${COLLECTIONS[kind]}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), FORGET_MS);
}
