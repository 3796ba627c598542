/* Fetches a file of what is selected and hands it to the browser to keep. */
import { ApiError, NO_ANSWER, problemOf } from '../../shared/problem.ts';
import type { LayerName } from './layers.ts';

export type ExportFormat = 'gpkg' | 'csv';

const FORGET_MS = 60_000;

export async function exportFile(collection: LayerName, ids: string[], format: ExportFormat): Promise<void> {
  const answer = await fetch('/api/v1/export', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ collection, ids, format }),
  }).catch(() => {
    throw new ApiError({ type: NO_ANSWER, title: 'No answer', status: 0 });
  });
  if (!answer.ok) throw new ApiError(problemOf(answer.status, await answer.json().catch(() => undefined)));
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = `${collection}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), FORGET_MS);
}
