// How fast vector tiles are: made anew against the same statements in pgbench, out of the cache, and
// not sent at all (304); how large the largest is and what memory they take. On the small demo; with
// FDVU_BENCH=city on 20 000 buildings with 1 000 000 components, where it takes minutes to fill.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, world, type Server } from '../integration/harness.ts';
import { bound, here, median, namedQuery, pgbench, roundsOf, rssMb, wrk, type Load } from './tools.ts';

const isCity = process.env.FDVU_BENCH === 'city';
const connections = 16;
const rounds = roundsOf(isCity ? 5 : 3);
const roundSeconds = isCity ? 10 : 4;
const mostBytes = 500_000;
// What fdvu sets for its own connections (server/db/pool.c), and the plans that those have after their
// fifth run: pgbench's are new each round and would spend it on planning.
const settings =
  '-c plan_cache_mode=force_generic_plan ' +
  '-c statement_timeout=5000 -c lock_timeout=4000 -c idle_in_transaction_session_timeout=10000 ' +
  '-c search_path=fdvu,public -c TimeZone=UTC -c DateStyle=ISO -c client_min_messages=warning';
const left = -2000000;
const top = 9045984;
const zoom = 14;
const layers = ['municipality', 'property', 'outdoor_area', 'building', 'component_far', 'task', 'case'];

const w = await world({ demo: true, env: { FDVU_POOL_SIZE: String(connections) } });
const socket = /host='([^']+)'/.exec(w.conninfo)?.[1] ?? '';
const owner = await w.connect('owner');
if (isCity)
  await owner.query(readFileSync(join(here, 'geo_city.sql'), 'utf8').replaceAll(':buildings', '20000'));
await owner.query('vacuum analyze'); // or autovacuum does it while the clock runs
const cached = await w.server();
const anew = await w.server({ env: { FDVU_TILE_CACHE_MIB: '0' } });
const manager = await cached.login('manager');

type Tile = { z: number; x: number; y: number };
const side = (z: number): number => (21664 * 256) / 2 ** z;
const at = (z: number, x: number, y: number): Tile => ({
  z,
  x: Math.floor((x - left) / side(z)),
  y: Math.floor((top - y) / side(z)),
});
const path = (t: Tile): string => `/api/v1/tiles/utm32n/${t.z}/${t.x}/${t.y}`;

const points: { x: number; y: number }[] = (
  await owner.query(
    `select st_x(point) as x, st_y(point) as y from place where kind = 'building' and removed_at is null
      order by md5(id::text) limit 200`,
  )
).rows;
const tiles = [...new Map(points.map((p) => at(zoom, p.x, p.y)).map((t) => [path(t), t])).values()].slice(0, connections);

const figure = (n: number, digits = 0): string => n.toFixed(digits).padStart(8);

function requests(name: string, lines: string[][]): string {
  const file = join(w.var, '..', name);
  writeFileSync(file, lines.map((parts) => parts.join('\t')).join('\n') + '\n');
  return file;
}

/** The statements that fdvu sends for a tile of the office, in one pipeline as it does. */
function script(): string {
  const file = join(root, 'geo/tiles.sql');
  const filled = (name: string): string =>
    namedQuery(file, name)
      .replaceAll('$1::', ':box::')
      .replaceAll('$2::', ':edges::')
      .replaceAll('$3::', ':srid::')
      .replaceAll('$4::', ':pixel::') + ';';
  const out = join(w.var, '..', 'tile.sql');
  writeFileSync(
    out,
    ['\\startpipeline', 'select identify(:hash::bytea);', filled('tile_who')]
      .concat(layers.map((l) => filled(`tile_${l}`)), '\\endpipeline', '')
      .join('\n'),
  );
  return out;
}

function parameters(t: Tile): Record<string, string> {
  const s = side(t.z);
  const edges = [left + s * t.x, top - s * (t.y + 1), left + s * (t.x + 1), top - s * t.y];
  const rim = (s * 64) / 4096;
  const box = [edges[0]! - rim, edges[1]! - rim, edges[2]! + rim, edges[3]! + rim];
  return {
    hash: '\\x' + createHash('sha256').update(manager.token).digest('hex'),
    box: `{${box.join()}}`,
    edges: `{${edges.join()}}`,
    srid: '25832',
    pixel: String(21664 / 2 ** t.z),
  };
}

async function load(s: Server, lines: string[][], seconds: number): Promise<Load> {
  const file = requests(`tiles-${s.port}`, lines);
  return wrk({ url: s.url, token: manager.token, requests: file, connections, seconds });
}

test('makes a tile at 0.9 of the rate of the same statements in PostgreSQL', async () => {
  const reads = tiles.map((t) => ['GET', path(t)]);
  const clients = tiles.map(parameters);
  const direct = { socket, user: 'fdvu_office', settings, script: script(), clients };
  while (clients.length < connections) clients.push(clients[clients.length % tiles.length]!);
  const http: Load[] = [];
  const database: number[] = [];
  await load(anew, reads, 1);
  for (let i = 0; i < rounds; i++) {
    if (i % 2) database.push(await pgbench({ ...direct, seconds: roundSeconds }));
    http.push(await load(anew, reads, roundSeconds));
    if (!(i % 2)) database.push(await pgbench({ ...direct, seconds: roundSeconds }));
  }
  const ratio = median(http.map((h, i) => h.rps / database[i]!));
  console.log(
    `a vector tile of all layers (zoom ${zoom} of utm32n), made anew, ${connections} connections, medians of ${rounds}\n` +
      `  pgbench          ${figure(median(database))} /s\n` +
      `  fdvu             ${figure(median(http.map((h) => h.rps)))} /s   p99 ${median(http.map((h) => h.p99Ms)).toFixed(1)} ms\n` +
      `  fdvu : pgbench       ${ratio.toFixed(2)}   (${http.map((h, i) => (h.rps / database[i]!).toFixed(2)).join(' ')})`,
  );
  bound(ratio >= 0.9, `${ratio.toFixed(2)} of pgbench's rate, not 0.9`);
});

test('gives a tile that it has at more than 10 000 a second, and says that nothing changed', async () => {
  const reads = tiles.map((t) => ['GET', path(t)]);
  const tags = await Promise.all(
    tiles.map(async (t) => {
      const reply = await fetch(cached.url + path(t), { headers: { authorization: `Bearer ${manager.token}` } });
      await reply.arrayBuffer();
      return reply.headers.get('etag') ?? '';
    }),
  );
  const known = tiles.map((t, i) => ['GET', path(t), '', tags[i]!]);
  await load(cached, reads, 1);
  const whole: Load[] = [];
  const nothing: Load[] = [];
  for (let i = 0; i < rounds; i++) {
    whole.push(await load(cached, reads, roundSeconds));
    nothing.push(await load(cached, known, roundSeconds));
  }
  const rate = median(whole.map((h) => h.rps));
  console.log(
    `a vector tile out of the cache\n` +
      `  fdvu             ${figure(rate)} /s   p99 ${median(whole.map((h) => h.p99Ms)).toFixed(1)} ms\n` +
      `  fdvu, 304        ${figure(median(nothing.map((h) => h.rps)))} /s`,
  );
  bound(rate >= 10_000, `${rate.toFixed(0)} tiles a second, not 10 000`);
});

/** The tiles that hold the most at each zoom: those about the buildings, all of them at low zooms. */
test('has no tile over 500 kB, from the world to the yard', async () => {
  const most = new Map<number, number>();
  let slowest = 0;
  for (let z = 0; z <= 18; z++)
    for (const p of new Map(points.slice(0, 40).map((q) => [path(at(z, q.x, q.y)), at(z, q.x, q.y)])).values()) {
      const from = performance.now();
      const reply = await fetch(anew.url + path(p), { headers: { authorization: `Bearer ${manager.token}` } });
      assert.equal(reply.status, 200, path(p));
      most.set(z, Math.max(most.get(z) ?? 0, (await reply.arrayBuffer()).byteLength));
      slowest = Math.max(slowest, performance.now() - from);
    }
  console.log(
    `largest tile at each zoom of utm32n, bytes (slowest ${slowest.toFixed(0)} ms)\n  ` +
      [...most].map(([z, n]) => `${z}:${n}`).join(' '),
  );
  assert.ok(Math.max(...most.values()) < mostBytes);
});

test('keeps its memory within what it was given', () => {
  console.log(`memory after all that\n  with a cache ${rssMb(cached.pid).toFixed(1)} MB, without ${rssMb(anew.pid).toFixed(1)} MB`);
  assert.ok(rssMb(cached.pid) < 64 * 1.05 + 80);
});
