import type { Tx } from '../sync/store.ts';
import { children } from '../sync/view.ts';
import type { MeterFound } from './MeterList.tsx';

/** The meters of a place with their readings, by number. Tables: rows, outbox. */
export async function metersOf(tx: Tx, place_id: string): Promise<MeterFound[]> {
  const meters = (await children(tx, 'meter', place_id)).sort((a, b) => String(a.d.serial).localeCompare(String(b.d.serial), 'nb', { numeric: true }));

  return Promise.all(meters.map(async (meter) => ({ meter, readings: await children(tx, 'meter_reading', meter.id) })));
}
