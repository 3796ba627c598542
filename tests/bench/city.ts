// A made-up city, for what is measured at full size:
//
//   const w = await world();
//   await city(w);              // 20 000 buildings, 114 000 dwellings, 1 000 000 components
//   await city(w, 400);         // the same, fifty times smaller
//
// It has streets, addresses, tags, serial numbers, people, cases, tasks and geometry, all of it counted
// up and not drawn, so that two runs measure the same. The areas are 901 to 912; whoever has a role in
// all areas sees it. Not what the tablets' feed and the audit hold.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../integration/harness.ts';
import { here } from './tools.ts';

export const cityBuildings = 20_000;

/** Fills a world with so many buildings. Sessions opened before do not know its areas. */
export async function city(w: World, buildings = cityBuildings): Promise<void> {
  const owner = await w.connect('owner');
  const sql = readFileSync(join(here, 'city.sql'), 'utf8').replaceAll(':buildings', String(buildings));
  await owner.query(`begin; ${sql} commit;`);
  await owner.query('vacuum analyze');
}
