// PostGraphile 4, which gives the same rows over HTTP from the same database: what a general
// gateway costs. Installed for the bench only; no part of the product.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installed } from './tools.ts';

const startWaitMs = 30_000;

/** The building query in GraphQL: the same columns as building_get, in PostGraphile's names. */
export const buildingQuery = `query($id: UUID!) {
  building: buildingByPlaceId(placeId: $id) {
    placeId bygningsnummer typeCode status builtYear storeys btaM2 braM2 heating energyGrade
    isProtected ownership use responsibleUnit rowV
    buildingTypeByTypeCode { name }
    placeByPlaceId {
      label name code areaNo warning x y
      residents(condition: {kind: DWELLING, removedAt: null}) {
        label dwellingByPlaceId { placeId hNumber rooms areaM2 }
      }
    }
  }
}`.replace(/\s+/g, ' ');

/** What PostGraphile needs to find the dwellings and to write x and y: a smart comment instead of
 * a foreign key, and computed columns. For the bench's copy of the database only. */
export const peerSql = `
  comment on table fdvu.place is
    E'@foreignKey (site_id) references fdvu.place (id)|@fieldName site|@foreignSimpleFieldName residents';
  create function fdvu.place_x(p fdvu.place) returns numeric stable language sql
    as 'select st_x(p.point)::numeric(12,3)' set search_path = fdvu, public;
  create function fdvu.place_y(p fdvu.place) returns numeric stable language sql
    as 'select st_y(p.point)::numeric(12,3)' set search_path = fdvu, public;`;

export type Peer = { url: string; pid: number; stop(): void };

/** Starts it with a pool of `connections`, as whoever `settings` say. */
export async function peer(
  socket: string,
  settings: Record<string, string>,
  connections: number,
): Promise<Peer> {
  const folder = installed('peer');
  const child = spawn(process.execPath, [join(folder, 'server.mjs')], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PEER_SOCKET: socket,
      PEER_SETTINGS: JSON.stringify(settings),
      PEER_POOL: String(connections),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((done, failed) => {
    const timer = setTimeout(() => failed(new Error('PostGraphile did not start')), startWaitMs);
    child.once('exit', (code) => failed(new Error(`PostGraphile ended with ${code}`)));
    child.stdout.once('data', (text: Buffer) => {
      clearTimeout(timer);
      done(text.toString().trim());
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: () => void child.kill('SIGTERM'),
  };
}
