// Exports: the same rows under the same rights, as a spreadsheet in Norwegian and GDAL read them, in
// memory that does not grow with what is asked for.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { world, type Api } from './harness.ts';
import { tenantHome } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const manager = await s.login('manager');
const dir = mkdtempSync(join(tmpdir(), 'fdvu-export-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const growthMb = 16;
const manyRows = 100_000;

function run(program: string, args: string[]): Promise<string> {
  return new Promise((done, failed) => {
    execFile(program, args, { maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      error ? failed(new Error(`${program}: ${error.message}\n${stderr}`)) : done(stdout + stderr),
    );
  });
}

async function bytes(api: Api, path: string, body?: unknown): Promise<{ status: number; headers: Headers; data: Buffer }> {
  const headers: Record<string, string> = { authorization: `Bearer ${api.token}` };
  if (body) headers['content-type'] = 'application/json';
  const reply = await fetch(s.url + path, { method: body ? 'POST' : 'GET', headers, body: body ? JSON.stringify(body) : undefined });
  return { status: reply.status, headers: reply.headers, data: Buffer.from(await reply.arrayBuffer()) };
}

async function gpkg(name: string, data: Buffer): Promise<string> {
  const path = join(dir, `${name}.gpkg`);
  writeFileSync(path, data);
  return path;
}

/** Rows of a CSV file with semicolons, as cells; quotes undone. */
function cells(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^;\r\n]*))(;|\r\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  rows.pop();
  return rows;
}

test('writes CSV as a Norwegian spreadsheet reads it: mark, semicolons, comma, the clock here', async () => {
  const { headers, data } = await bytes(manager, '/ogc/collections/buildings/items?f=csv&crs=EPSG:25832');
  assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
  assert.equal(headers.get('content-disposition'), 'attachment; filename="buildings.csv"');
  assert.equal(headers.get('content-crs'), '<http://www.opengis.net/def/crs/EPSG/0/25832>');
  assert.deepEqual([...data.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const [head, ...rows] = cells(data.toString().replace('\ufeff', ''));
  assert.deepEqual(head?.slice(0, 4), ['id', 'label', 'name', 'bygningsnummer']);
  assert.deepEqual(head?.slice(-3), ['x', 'y', 'wkt']);
  assert.equal(rows.length, (await manager.get('/ogc/collections/buildings/items?limit=10000')).body.numberReturned);
  assert.ok(rows.every((r) => r.length === head?.length));
  const { rows: want } = await owner.query(`select p.id, p.label, st_x(st_pointonsurface(p.geom)) as x from place p where p.kind = 'building'`);
  for (const row of rows) {
    const one = want.find((r) => r.id === row[0]);
    assert.equal(row[1], one.label);
    assert.match(row.at(-3) ?? '', /^\d{6},\d{3}$/);
    assert.ok(Math.abs(Number(row.at(-3)?.replace(',', '.')) - one.x) < 0.01);
    assert.match(row.at(-1) ?? '', /^POLYGON\(\(\d{6}(\.\d+)? \d{7}/);
  }
  const cases = cells((await bytes(manager, '/ogc/collections/cases/items?f=csv')).data.toString());
  const at = cases[0]!.indexOf('created_at');
  const { rows: times } = await owner.query(`select id, to_char(created_at at time zone 'Europe/Oslo', 'YYYY-MM-DD HH24:MI:SS') as t from cases`);
  for (const row of cases.slice(1)) assert.equal(row[at], times.find((r) => r.id === row[0]).t);
});

test('lets no cell become a formula, and keeps quotes, semicolons and line ends in their cell', async () => {
  const { rows: some } = await owner.query(`select id from component where area_no = 1 order by id limit 7`);
  const names = ['=cmd|calc', '+1', '-1', '@sum', '\tx', 'a;"b"\r\nc', 'Ærlig – «ja»'];
  for (const [i, { id }] of some.entries()) await owner.query('update component set name = $1, quantity = -1.5 + 3 where id = $2', [names[i], id]);
  const { data } = await bytes(manager, '/ogc/collections/components/items?f=csv&limit=10000');
  const [head, ...rows] = cells(data.toString().replace('\ufeff', ''));
  const written = some.map(({ id }) => rows.find((r) => r[0] === id)!);
  assert.deepEqual(written.map((r) => r[1]), ["'=cmd|calc", "'+1", "'-1", "'@sum", "'\tx", 'a;"b"\r\nc', 'Ærlig – «ja»']);
  assert.equal(written[0]![head!.indexOf('quantity')], '1,5');
});

test('writes every layer as a GeoPackage that GDAL reads whole, types and shapes and all', async () => {
  for (const { id } of (await manager.get('/ogc/collections')).body.collections) {
    const { status, headers, data } = await bytes(manager, `/ogc/collections/${id}/items?f=gpkg`);
    assert.equal(status, 200, id);
    assert.equal(headers.get('content-type'), 'application/geopackage+sqlite3');
    assert.equal(data.subarray(0, 15).toString(), 'SQLite format 3');
    const path = await gpkg(id, data);
    const said = await run('ogrinfo', ['-so', '-al', path]);
    assert.doesNotMatch(said, /^(ERROR|Warning) /m, id);
    let count = 0;
    for (let next: string | undefined = `/ogc/collections/${id}/items?limit=10000`; next; ) {
      const { body }: { body: { numberReturned: number; links: { rel: string; href: string }[] } } = await manager.get(next);
      count += body.numberReturned;
      next = body.links.find((l) => l.rel === 'next')?.href.replace(s.url, '');
    }
    assert.match(said, new RegExp(`Feature Count: ${count}\\b`), id);
  }
  const { data } = await bytes(manager, `/ogc/collections/buildings/items?f=gpkg&crs=EPSG:25832`);
  const path = await gpkg('utm', data);
  const said = await run('ogrinfo', ['-so', path, 'buildings']);
  assert.match(said, /ID\["EPSG",25832\]/);
  assert.match(said, /bta_m2: Real/);
  assert.match(said, /is_protected: Integer\(Boolean\)/);
  assert.match(said, /built_year: Integer64/);
  const again = join(dir, 'utm.geojson');
  await run('ogr2ogr', ['-f', 'GeoJSON', '-lco', 'RFC7946=NO', again, path]);
  const { features } = JSON.parse(readFileSync(again, 'utf8'));
  const { rows } = await owner.query(`select id, st_astext(geom, 3) as shape, st_xmin(geom) as x from place where kind = 'building' order by id`);
  for (const f of features) {
    const one = rows.find((r) => r.id === f.properties.id);
    const x = Math.min(...f.geometry.coordinates[0].map((c: number[]) => c[0]));
    assert.ok(Math.abs(x - one.x) < 1e-6, f.properties.id);
  }
  const tasks = await gpkg('tasks', (await bytes(manager, '/ogc/collections/tasks/items?f=gpkg')).data);
  assert.match(await run('ogrinfo', ['-so', tasks, 'tasks']), /Geometry: Point[\s\S]*planned_on: Date[\s\S]*created_at: DateTime/);
  // Latitude never comes first in a GeoPackage, whatever the authority says.
  const degrees = await gpkg('degrees', (await bytes(manager, `/ogc/collections/tasks/items?f=gpkg&crs=EPSG:4326`)).data);
  assert.match(await run('ogrinfo', ['-so', degrees, 'tasks']), /Extent: \(7\.\d+, 63\.\d+\)/);
});

test('exports what the filters, the box and the limit say', async () => {
  const lines = async (query: string): Promise<number> => cells((await bytes(manager, `/ogc/collections/buildings/items?f=csv&${query}`)).data.toString()).length - 1;
  const count = async (query: string): Promise<number> => (await manager.get(`/ogc/collections/buildings/items?limit=10000&${query}`)).body.numberReturned;
  for (const query of ['area_no=1', 'is_protected=false', 'bbox=7.7,63.1,7.75,63.12', 'area_no=999']) assert.equal(await lines(query), await count(query), query);
  assert.equal(await lines('limit=3'), 3);
  assert.equal((await manager.get('/ogc/collections/buildings/items?f=csv&bbox=1')).status, 400);
});

test('exports a selection made on the map', async () => {
  const { rows } = await owner.query(`select id, st_x(point) as x, st_y(point) as y from place where kind = 'building' and area_no = 1 order by id limit 3`);
  const ids = rows.map((r) => r.id);
  const ask = async (body: object): Promise<string[]> => {
    const { status, data } = await bytes(manager, '/api/v1/export', { collection: 'buildings', format: 'csv', ...body });
    assert.equal(status, 200, data.toString());
    return cells(data.toString().replace('\ufeff', '')).slice(1).map((r) => r[0]!).sort();
  };
  assert.deepEqual(await ask({ ids }), ids);
  const { x, y } = rows[0];
  const ring = [[x - 30, y - 30], [x + 30, y - 30], [x + 30, y + 30], [x - 30, y + 30], [x - 30, y - 30]];
  const polygon = { type: 'Polygon', coordinates: [ring] };
  const inside = await ask({ polygon });
  assert.ok(inside.includes(ids[0]) && inside.length < 10);
  const all = (await manager.get('/ogc/collections/buildings/items?limit=10000')).body.features;
  const far = all.find((f: { id: string }) => !inside.includes(f.id)).id;
  assert.deepEqual(await ask({ polygon, ids: [far] }), []);
  assert.deepEqual(await ask({ ids, filter: { area_no: 2 } }), []);
  assert.ok((await ask({ filter: { is_protected: false, area_no: 1 } })).length > 3);
  assert.deepEqual(await ask({ ids: [] }), []);
  const file = await bytes(manager, '/api/v1/export', { collection: 'components', format: 'gpkg', polygon });
  assert.match(await run('ogrinfo', ['-so', '-al', await gpkg('selection', file.data)]), /25832/);
  for (const body of [{ format: 'xlsx' }, { collection: 'secrets' }, { crs: 'EPSG:1' }, { filter: { nonsense: 1 } }, { filter: [] }, { ids: ['x'] },
    { polygon: { type: 'Point', coordinates: [1, 2] } }, { polygon: { type: 'Polygon', coordinates: [[[1, 2], [3, 4]]] } },
    { polygon: { type: 'Polygon', coordinates: [[[1, 'a'], [3, 4], [5, 6], [1, 'a']]] } }, { polygon: { type: 'Polygon', coordinates: [] } }]) {
    const { status } = await bytes(manager, '/api/v1/export', { collection: 'buildings', format: 'csv', ...body });
    assert.equal(status, 400, JSON.stringify(body));
  }
});

test('exports nothing that whoever asks may not see', async () => {
  const mine = await tenantHome(owner, true);
  const other = await tenantHome(owner, false);
  const tenant = await s.login('tenant');
  const { data } = await bytes(tenant, '/api/v1/export', { collection: 'dwellings', format: 'csv', ids: [mine.dwelling, other.dwelling] });
  assert.deepEqual(cells(data.toString().replace('\ufeff', '')).slice(1).map((r) => r[0]), [mine.dwelling]);
  assert.equal((await bytes(tenant, '/api/v1/export', { collection: 'components', format: 'csv' })).status, 400);
  assert.equal((await bytes(s.api(), '/api/v1/export', { collection: 'buildings', format: 'csv' })).status, 401);
  const caretaker = await s.login('caretaker');
  const { areas } = (await caretaker.get('/api/v1/session')).body;
  const rows = cells((await bytes(caretaker, '/ogc/collections/components/items?f=csv')).data.toString());
  const at = rows[0]!.indexOf('area_no');
  assert.ok(rows.length > 100);
  for (const row of rows.slice(1)) assert.ok(areas.includes(Number(row[at])));
});

test('holds no database connection for a slow client, and lets only so many export at once', async () => {
  const replies = await Promise.all(Array.from({ length: 12 }, () => bytes(manager, '/ogc/collections/components/items?f=csv')));
  const said = replies.map((r) => r.status);
  assert.ok(said.includes(200));
  assert.ok(said.every((status) => status === 200 || status === 503), said.join());
  for (const r of replies) if (r.status === 503) assert.equal(r.headers.get('retry-after'), '1');
  // Replies whose bodies nobody reads.
  const slow = [];
  for (let i = 0; i < 10; i++) slow.push(await fetch(`${s.url}/ogc/collections/components/items?f=csv`, { headers: { authorization: `Bearer ${manager.token}` } }));
  assert.deepEqual([...new Set(slow.map((r) => r.status))], [200]);
  const metrics = String((await s.api().get('/metrics')).body);
  assert.match(metrics, /fdvu_pool_connections\{role="fdvu_office",state="taken"\} 0/);
  for (const r of slow) await r.arrayBuffer();
});

test('takes no more memory for many rows than for few', async () => {
  await owner.query(`set session_replication_role = replica;
    insert into component (place_id, site_id, area_no, name, element, since)
    select p.id, p.id, p.area_no, 'Komponent ' || n, '315', '-infinity' from (select * from place where kind = 'building' order by id limit 1) p, generate_series(1, ${manyRows}) n;
    reset session_replication_role`);
  const rss = (): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${s.pid}/status`, 'utf8'))?.[1]) / 1024;
  for (const format of ['csv', 'gpkg']) {
    const before = rss();
    let most = before;
    const timer = setInterval(() => (most = Math.max(most, rss())), 10);
    const { status, data } = await bytes(await s.login('admin'), `/ogc/collections/components/items?f=${format}`);
    clearInterval(timer);
    assert.equal(status, 200);
    assert.ok(data.length > manyRows * 100);
    // AddressSanitizer keeps what is freed for a while.
    if (!process.env.FDVU_BINARY?.includes('asan')) assert.ok(most - before < growthMb, `${format}: ${(most - before).toFixed(1)} MB more`);
  }
});
