// OGC API – Features as GIS programs meet it: GDAL's client reads every layer, and the requirements
// of Part 1 (OGC 17-069r4), Part 2 (18-058r1) and JSON-FG are asked one by one.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { world, type Api, type Reply } from './harness.ts';
import { sessionOf, tenantHome } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const manager = await s.login('manager');
const admin = await s.login('admin');
const caretaker = await s.login('caretaker');
const tenant = await s.login('tenant');
const anybody = s.api();

const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';
const epsg = (code: number): string => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
const outside = { officeOnly: ['properties', 'cases'], all: ['municipalities', 'buildings', 'outdoor_areas'] };

function gdal(program: string, args: string[], token = ''): Promise<string> {
  const env = { ...process.env, GDAL_HTTP_HEADERS: token ? `Authorization: Bearer ${token}` : '' };
  return new Promise((done, failed) => {
    execFile(program, args, { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      error ? failed(new Error(`${program}: ${error.message}\n${stderr}`)) : done(stdout + stderr),
    );
  });
}

async function good(api: Api, path: string): Promise<Reply['body']> {
  const { status, body } = await api.get(path);
  assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  return body;
}

/** All features of a question, page by page. */
async function all(api: Api, path: string): Promise<Reply['body'][]> {
  const found = [];
  for (let next: string | undefined = path; next; ) {
    const page: Reply['body'] = await good(api, next);
    assert.equal(page.numberReturned, page.features.length);
    found.push(...page.features);
    next = page.links.find((l: { rel: string }) => l.rel === 'next')?.href.replace(s.url, '');
  }
  return found;
}

const ids = (features: { id: string }[]): string[] => features.map((f) => f.id).sort();

const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  Number((await owner.query(`select count(*) as n from ${sql}`, params)).rows[0].n);

before(async () => {
  await owner.query('analyze');
});

test('is read by GDAL, layer by layer and row by row', async () => {
  const rows: Record<string, string> = {
    municipalities: `place where kind = 'municipality'`,
    properties: `place where kind = 'property'`,
    buildings: `place where kind = 'building'`,
    outdoor_areas: `place where kind = 'outdoor_area'`,
    storeys: `place where kind = 'storey'`,
    dwellings: `place where kind = 'dwelling'`,
    rooms: `place where kind = 'room'`,
    components: 'component where true',
    cases: 'cases c where c.place_id is not null and $1::int is null',
    tasks: 'task c where c.place_id is not null and $1::int is null',
  };
  const list = await good(admin, '/ogc/collections');
  assert.deepEqual(list.collections.map((c: { id: string }) => c.id).sort(), Object.keys(rows).sort());
  const said = await gdal('ogrinfo', ['-so', '-al', `OAPIF:${s.url}/ogc`], admin.token);
  assert.doesNotMatch(said, /^(ERROR|Warning) \d/m);
  for (const [name, from] of Object.entries(rows)) {
    const want = from.includes('$1')
      ? await count(from, [null])
      : await count(`${from} and removed_at is null`);
    const part = said.split('Layer name: ').find((p) => p.startsWith(name)) ?? '';
    assert.equal(Number(/Feature Count: (\d+)/.exec(part)?.[1]), want, name);
  }
});

test('gives GDAL what lies in a box, with its coordinates and columns', async () => {
  const { rows } = await owner.query(
    `select id, label, st_x(st_transform(point, 4326)) as x, st_y(st_transform(point, 4326)) as y
       from place where kind = 'building' and geom is not null order by id limit 1`,
  );
  const { id, label, x, y } = rows[0];
  const box = [x - 1e-5, y - 1e-5, x + 1e-5, y + 1e-5].map(String);
  const said = await gdal('ogrinfo', ['-al', '-spat', ...box, `OAPIF:${s.url}/ogc`, 'buildings'], admin.token);
  assert.match(said, new RegExp(`id \\(String\\) = ${id}`));
  assert.match(said, new RegExp(`label \\(String\\) = ${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
  assert.match(said, /POLYGON \(\(7\.\d+ 63\.\d+,/);
});

test('pages through all rows once, whatever comes and goes meanwhile', async () => {
  const first = await good(manager, '/ogc/collections/rooms/items?limit=37');
  const next = first.links.find((l: { rel: string }) => l.rel === 'next').href.replace(s.url, '');
  const before = await all(manager, '/ogc/collections/rooms/items?limit=10000');
  const late = before.at(-1);
  await owner.query('update place set removed_at = now() where id = $1', [late.id]);
  await owner.query('update place set removed_at = now() where id = $1', [first.features[36].id]);
  const { rows } = await owner.query(
    `insert into place (parent_id, kind, name) select parent_id, 'room', 'Nytt rom' from place where id = $1 returning id`,
    [late.id],
  );
  const rest = await all(manager, next);
  const seen = [...first.features, ...rest];
  assert.equal(new Set(ids(seen)).size, seen.length, 'nothing twice');
  const want = [...before.filter((f) => f.id !== late.id).map((f) => f.id), rows[0].id].sort();
  assert.deepEqual(ids(seen), want);
  await owner.query('delete from place where id = $1', [rows[0].id]);
  await owner.query('update place set removed_at = null where id = any ($1)', [[late.id, first.features[36].id]]);
});

test('finds the same in a box of any coordinate system, as PostGIS does', async () => {
  const { rows } = await owner.query(
    `select st_x(point) as x, st_y(point) as y from place where kind = 'building' and area_no = 1 order by id limit 1`,
  );
  const { x, y } = rows[0];
  for (const layer of ['buildings', 'components', 'tasks', 'cases', 'rooms', 'municipalities']) {
    const half = 400;
    const box = `${x - half},${y - half},${x + half},${y + half}`;
    const path = `/ogc/collections/${layer}/items?limit=10000`;
    const there = ids(await all(manager, `${path}&bbox=${box}&bbox-crs=${epsg(25832)}`));
    assert.ok(there.length > 0, layer);
    const { rows: want } = await owner.query(
      {
        buildings: `select id from place where kind = 'building' and removed_at is null and st_intersects(coalesce(geom, point), $1)`,
        rooms: `select id from place where kind = 'room' and removed_at is null and st_intersects(coalesce(geom, point), $1)`,
        municipalities: `select id from place where kind = 'municipality' and st_intersects(coalesce(geom, point), $1)`,
        components: `select c.id from component c join place p on p.id = c.place_id where c.removed_at is null and st_intersects(coalesce(c.geom, p.point), $1)`,
        tasks: `select t.id from task t join place p on p.id = t.place_id where st_intersects(p.point, $1)`,
        cases: `select c.id from cases c join place p on p.id = c.place_id where st_intersects(coalesce(c.position, p.point), $1)`,
      }[layer]! + ' and (area_no = any ($2) or area_no is null)'.replace(/area_no/g, /^(components|cases)$/.test(layer) ? 'c.area_no' : layer === 'tasks' ? 't.area_no' : 'area_no'),
      [`SRID=25832;POLYGON((${x - half} ${y - half},${x + half} ${y - half},${x + half} ${y + half},${x - half} ${y + half},${x - half} ${y - half}))`,
       (await good(manager, '/api/v1/session')).areas],
    );
    assert.deepEqual(there, want.map((r) => r.id).sort(), layer);
    // A box of another system is another box: it must hold what surely lies in both.
    for (const code of [4326, 4258, 25833, 25831, 3857, 0]) {
      const { rows: b } = await owner.query(
        `select st_xmin(g) x1, st_ymin(g) y1, st_xmax(g) x2, st_ymax(g) y2
           from st_transform(st_makeenvelope($1, $2, $3, $4, 25832), $5::int) g`,
        [x - half, y - half, x + half, y + half, code || 4326],
      );
      const { x1, y1, x2, y2 } = b[0];
      const north = code === 4326 || code === 4258;
      const other = north ? [y1, x1, y2, x2] : [x1, y1, x2, y2];
      const uri = code ? epsg(code) : crs84;
      const found = new Set(ids(await all(manager, `${path}&bbox=${other.join()}&bbox-crs=${uri}`)));
      for (const id of there) assert.ok(found.has(id), `${layer} in ${uri}`);
      if (north && layer === 'buildings') {
        const wrong = await all(manager, `${path}&bbox=${x1},${y1},${x2},${y2}&bbox-crs=${uri}`);
        assert.equal(wrong.length, 0, 'longitude first is another place');
      }
    }
  }
});

test('takes the whole world, heights and the antimeridian for a box', async () => {
  const path = '/ogc/collections/buildings/items?limit=10000';
  const everything = (await all(manager, path)).length;
  assert.equal((await all(manager, `${path}&bbox=-180,-90,180,90`)).length, everything);
  assert.equal((await all(manager, `${path}&bbox=-180,-90,-100,180,90,9000`)).length, everything);
  assert.equal((await all(manager, `${path}&bbox=5,-90,-5,90`)).length, everything, 'the long way round');
  assert.equal((await all(manager, `${path}&bbox=170,-90,-170,90`)).length, 0);
  assert.equal((await all(manager, `${path}&bbox=-20037508,-20037508,20037508,20037508&bbox-crs=${epsg(3857)}`)).length, everything);
  assert.equal((await all(manager, `${path}&bbox=-100000000,-100000000,100000000,100000000&bbox-crs=${epsg(25833)}`)).length, everything);
});

test('gives coordinates in the system asked for, in its own axis order, and says which', async () => {
  const { rows } = await owner.query(`select id from place where kind = 'room' and point is not null and area_no = 1 order by id limit 1`);
  for (const code of [0, 25832, 25833, 25831, 4326, 4258, 3857]) {
    const uri = code ? epsg(code) : crs84;
    const reply = await manager.get(`/ogc/collections/rooms/items/${rows[0].id}?crs=${encodeURIComponent(uri)}`);
    assert.equal(reply.headers.get('content-crs'), `<${uri}>`);
    const { rows: want } = await owner.query(
      `select st_x(g) as x, st_y(g) as y from place p, st_transform(p.point, $2::int) g where id = $1`,
      [rows[0].id, code || 4326],
    );
    const [a, b] = reply.body.geometry.coordinates;
    const [x, y] = code === 4326 || code === 4258 ? [b, a] : [a, b];
    const close = !code || code < 5000 && code !== 3857 ? 1e-6 : 2e-3;
    assert.ok(Math.abs(x - want[0].x) < close && Math.abs(y - want[0].y) < close, `${uri}: ${a} ${b}`);
  }
  const plain = await manager.get('/ogc/collections/rooms/items?limit=1');
  assert.equal(plain.headers.get('content-crs'), `<${crs84}>`);
  const collection = await good(manager, '/ogc/collections/rooms');
  assert.equal(collection.storageCrs, epsg(25832));
  assert.ok(collection.crs.includes(collection.storageCrs) && collection.crs[0] === crs84);
});

test('refuses what is no box, system, number, time, format or name, and says which', async () => {
  const items = '/ogc/collections/buildings/items';
  const faults: [string, string][] = [
    ['bbox=1,2,3', '?bbox'], ['bbox=1,2,3,x', '?bbox'], ['bbox=1,2,3,4,5', '?bbox'], ['bbox=', '?bbox'],
    ['bbox=1,60,2,50', '?bbox'], ['bbox=nan,1,2,3', '?bbox'], ['bbox=1,2,3,1e999', '?bbox'], ['bbox=1,2,3,4,', '?bbox'],
    [`bbox=2,2,1,3&bbox-crs=${epsg(25832)}`, '?bbox'], [`bbox=1,2,3,4&bbox-crs=${epsg(2154)}`, '?bbox'],
    ['crs=EPSG:1', '?crs'], ['limit=0', '?limit'], ['limit=-1', '?limit'], ['limit=ti', '?limit'], ['limit=', '?limit'],
    ['limit=1.5', '?limit'], ['datetime=igår', '?datetime'], ['datetime=..', '?datetime'], ['datetime=../..', '?datetime'],
    ['datetime=2026-13-01', '?datetime'], ['f=xml', '?f'], ['cursor=abc', '?cursor'], ['limit=1&limit=2', '?limit'],
    ['nonsense=1', '?nonsense'], ['built_year=1990', '?built_year'], ['type_code=tre', '?type_code'],
    ['type_code=99999', '?type_code'], ['is_protected=ja', '?is_protected'], ['parent_id=x', '?parent_id'],
    [`%3Cscript%3E=1`, '?<script>'],
  ];
  for (const [query, pointer] of faults) {
    const { status, headers, body } = await manager.get(`${items}?${query}`);
    assert.equal(status, 400, query);
    assert.equal(headers.get('content-type'), 'application/problem+json');
    assert.deepEqual(body.errors.map((e: { pointer: string }) => e.pointer), [pointer], query);
  }
  for (const path of ['/ogc?x=1', '/ogc/conformance?x=1', '/ogc/collections?x=1', '/ogc/collections/buildings?x=1', '/ogc/collections/buildings/queryables?f=csv'])
    assert.equal((await manager.get(path)).status, 400, path);
  assert.equal((await manager.get('/ogc/collections/nothing/items')).status, 404);
  assert.equal((await manager.get(`${items}/${randomUUID()}`)).status, 404);
  assert.equal((await manager.get(`${items}/1`)).status, 404);
  assert.equal((await manager.get(`${items}?limit=50000`)).body.numberReturned, 60, 'too many is as many as may be');
});

test('filters by what the queryables name', async () => {
  const layer = '/ogc/collections/buildings';
  const { properties } = await good(manager, `${layer}/queryables`);
  assert.deepEqual(Object.keys(properties).sort(), ['area_no', 'bygningsnummer', 'energy_grade', 'geometry', 'is_protected', 'parent_id', 'status', 'type_code']);
  const everything = await all(manager, `${layer}/items`);
  for (const [name, schema] of Object.entries<{ type: string }>(properties)) {
    if (name === 'geometry') continue;
    const value = everything.find((f) => f.properties[name] !== null).properties[name];
    const found = await all(manager, `${layer}/items?${name}=${value}`);
    assert.ok(found.length > 0);
    assert.deepEqual(ids(found), ids(everything.filter((f) => f.properties[name] === value)), `${name} (${schema.type})`);
  }
  const both = everything[0].properties;
  const found = await all(manager, `${layer}/items?type_code=${both.type_code}&area_no=${both.area_no}&bbox=5,60,11,65`);
  assert.deepEqual(ids(found), ids(everything.filter((f) => f.properties.type_code === both.type_code && f.properties.area_no === both.area_no)));
  const schema = await good(manager, `${layer}/schema`);
  assert.deepEqual(Object.keys(schema.properties).filter((n) => n !== 'geometry' && n !== 'id').sort(), Object.keys(both).sort());
});

test('describes each layer as it is: columns, filters and what the query gives agree', async () => {
  for (const api of [admin, caretaker, tenant, anybody])
    for (const { id } of (await good(api, '/ogc/collections')).collections) {
      const schema = await good(api, `/ogc/collections/${id}/schema`);
      const page = await good(api, `/ogc/collections/${id}/items?limit=1`);
      if (page.features.length)
        assert.deepEqual(Object.keys(page.features[0].properties), Object.keys(schema.properties).filter((n) => n !== 'geometry' && n !== 'id'), id);
      for (const name of Object.keys((await good(api, `/ogc/collections/${id}/queryables`)).properties)) {
        if (name === 'geometry') continue;
        const value = { integer: 1, boolean: true, string: schema.properties[name].format ? randomUUID() : 'A' }[schema.properties[name].type as string];
        for (const box of ['', '&bbox=5,60,11,65', '&datetime=2020-01-01/..'])
          await good(api, `/ogc/collections/${id}/items?${name}=${value}${box}`);
      }
    }
});

test('finds cases and tasks by when they were made', async () => {
  for (const layer of ['cases', 'tasks']) {
    const path = `/ogc/collections/${layer}/items?limit=10000`;
    const everything = await all(manager, path);
    const times = everything.map((f) => f.properties.created_at).sort();
    const middle = times[times.length >> 1];
    const at = (t: string): string => encodeURIComponent(t);
    const since = await all(manager, `${path}&datetime=${at(middle)}/..`);
    assert.deepEqual(ids(since), ids(everything.filter((f) => f.properties.created_at >= middle)));
    const until = await all(manager, `${path}&datetime=../${at(middle)}`);
    assert.deepEqual(ids(until), ids(everything.filter((f) => f.properties.created_at <= middle)));
    const exact = await all(manager, `${path}&datetime=${at(middle)}`);
    assert.deepEqual(ids(exact), ids(everything.filter((f) => f.properties.created_at === middle)));
    const day = middle.slice(0, 10);
    const thatDay = await all(manager, `${path}&datetime=${day}`);
    assert.deepEqual(ids(thatDay), ids(everything.filter((f) => f.properties.created_at.startsWith(day))));
  }
});

test('answers the office as it was then, by datetime', async () => {
  const { rows } = await owner.query(
    `select p.id, p.name, b.built_year, st_x(p.point) as x, st_y(p.point) as y from place p join building b on b.place_id = p.id
      where p.kind = 'building' and p.area_no = 1 order by p.id offset 3 limit 2`,
  );
  const [changed, gone] = rows;
  await owner.query('begin');
  await owner.query(`select set_config('fdvu.valid_from', '2020-01-01T00:00:00Z', true)`);
  await owner.query(`update place set name = 'Nytt navn' where id = $1`, [changed.id]);
  await owner.query('commit');
  await owner.query('begin');
  await owner.query(`select set_config('fdvu.valid_from', '2022-01-01T00:00:00Z', true)`);
  await owner.query('update building set built_year = 1901 where place_id = $1', [changed.id]);
  await owner.query('update place set removed_at = now() where id = $1', [gone.id]);
  await owner.query('commit');
  const path = '/ogc/collections/buildings/items?limit=10000';
  const at = async (time: string, id: string, more = ''): Promise<Reply['body']> =>
    (await all(manager, `${path}&datetime=${time}${more}`)).find((f) => f.id === id);
  const facts = async (time: string): Promise<unknown[]> => {
    const { name, built_year } = (await at(time, changed.id)).properties;
    return [name, built_year];
  };
  assert.deepEqual(await facts('2019-06-01'), [changed.name, changed.built_year]);
  assert.deepEqual(await facts('2019-12-31T23:59:59Z'), [changed.name, changed.built_year]);
  assert.deepEqual(await facts('2020-01-01T00:00:00Z'), ['Nytt navn', changed.built_year]);
  assert.deepEqual(await facts('2021-06-01'), ['Nytt navn', changed.built_year]);
  assert.deepEqual(await facts('2023-06-01'), ['Nytt navn', 1901]);
  assert.deepEqual(await facts('../2019-01-01'), [changed.name, changed.built_year]);
  assert.deepEqual(await facts('2019-01-01/..'), ['Nytt navn', 1901], 'the last that held in the time');
  assert.ok(await at('2021-12-31', gone.id));
  assert.equal(await at('2022-06-01', gone.id), undefined);
  assert.ok(await at('2021-01-01/..', gone.id), 'it was there for a part of the time');
  const near = `&bbox-crs=${epsg(25832)}&bbox=${changed.x - 1},${changed.y - 1},${changed.x + 1},${changed.y + 1}`;
  assert.ok(await at('2019-06-01', changed.id, near));
  const then = await good(manager, `${path}&f=jsonfg&datetime=2020-06-01`);
  assert.deepEqual(then.features.find((f: { id: string }) => f.id === changed.id).time, { interval: ['2020-01-01T00:00:00Z', '2022-01-01T00:00:00Z'] });
  const whole = await all(manager, `${path}&datetime=2019-06-01`);
  assert.deepEqual(ids(await all(manager, '/ogc/collections/buildings/items?limit=7&datetime=2019-06-01')), ids(whole), 'page by page');
  const component = (await owner.query(`select id, name from component where area_no = 1 limit 1`)).rows[0];
  await owner.query('begin');
  await owner.query(`select set_config('fdvu.valid_from', '2020-01-01T00:00:00Z', true)`);
  await owner.query(`update component set name = 'Byttet' where id = $1`, [component.id]);
  await owner.query('commit');
  const old = await all(manager, `/ogc/collections/components/items?limit=10000&datetime=2019-01-01&bbox=5,60,11,65`);
  assert.equal(old.find((f) => f.id === component.id).properties.name, component.name);
  await owner.query('update place set removed_at = null where id = $1', [gone.id]);
});

test('gives JSON-FG: type, time, place and system', async () => {
  const page = await good(manager, `/ogc/collections/cases/items?limit=2&f=jsonfg&crs=${epsg(25832)}`);
  assert.equal(page.coordRefSys, epsg(25832));
  assert.match(page.conformsTo[0], /json-fg-1/);
  const [one] = page.features;
  assert.equal(one.featureType, 'case');
  assert.deepEqual(one.time, { timestamp: one.properties.created_at });
  assert.equal(one.geometry, null);
  assert.ok(one.place.coordinates[0] > 100_000);
  const plain = await fetch(`${s.url}/ogc/collections/buildings/items?limit=1`, {
    headers: { accept: 'application/vnd.ogc.fg+json' },
  });
  assert.equal(plain.headers.get('content-type'), 'application/vnd.ogc.fg+json');
  const [building] = (await plain.json()).features;
  assert.equal(building.place, null);
  assert.ok(building.geometry.coordinates);
});

test('links to itself and onwards from the landing page, by absolute addresses', async () => {
  const seen = new Set<string>();
  const visit = async (href: string): Promise<void> => {
    if (seen.has(href) || /cursor=|f=(csv|gpkg)/.test(href)) return;
    seen.add(href);
    assert.ok(href.startsWith(s.url), href);
    const { status, headers, body } = await anybody.get(href.replace(s.url, ''));
    assert.equal(status, 200, href);
    if (/html/.test(headers.get('content-type') ?? '')) {
      assert.match(body, /<html lang="nb">/);
      assert.doesNotMatch(body, /<script|style="|onclick/);
      for (const [, to] of body.matchAll(/href="([^"#]+)"/g)) await visit(s.url + to.replaceAll('&amp;', '&'));
      return;
    }
    for (const { href: to } of [...(body.links ?? []), ...(body.collections ?? []).flatMap((c: { links: object[] }) => c.links)]) await visit(to);
  };
  await visit(`${s.url}/ogc?f=json`);
  assert.ok(seen.size > 40, `${seen.size} pages`);
  const landing = await good(anybody, '/ogc');
  const rels = landing.links.map((l: { rel: string }) => l.rel);
  for (const rel of ['self', 'service-desc', 'conformance', 'data']) assert.ok(rels.includes(rel), rel);
  const api = await anybody.get('/ogc/api?f=json');
  assert.equal(api.headers.get('content-type'), 'application/vnd.oai.openapi+json;version=3.0');
  assert.match(api.body.openapi, /^3\.0/);
  assert.ok(api.body.paths['/collections/buildings/items'].get.parameters.length > 6);
});

test('writes addresses as a proxy says they are, and never what cannot be one', async () => {
  const ask = async (headers: Record<string, string>): Promise<string> =>
    (await (await fetch(`${s.url}/ogc`, { headers })).json()).links[0].href;
  assert.equal(await ask({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'fdvu.example.no' }), 'https://fdvu.example.no/ogc?f=json');
  assert.equal(await ask({ 'x-forwarded-proto': 'javascript', 'x-forwarded-host': '"><script>' }), `${s.url}/ogc?f=json`);
  const set = await w.server({ env: { FDVU_ORIGIN: 'https://kart.example.no' } });
  const reply = await fetch(`${set.url}/ogc/collections`, { headers: { 'x-forwarded-host': 'evil.example' } });
  assert.match((await reply.json()).links[0].href, /^https:\/\/kart\.example\.no\//);
  await set.stop();
});

test('shows pages in three languages with what people wrote as text', async () => {
  const { rows } = await owner.query(`update place set name = '<script>alert(1)</script>&"' where id = (select id from place where kind = 'outdoor_area' order by id limit 1) returning id`);
  const page = await fetch(`${s.url}/ogc/collections/outdoor_areas/items?f=html`, { headers: { 'accept-language': 'nn' } });
  const text = await page.text();
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/);
  assert.match(text, /<html lang="nn">.*<h1>Uteområde<\/h1>/s);
  assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&amp;&quot;/);
  assert.doesNotMatch(text, /<script/);
  const en = await (await fetch(`${s.url}/ogc/collections/outdoor_areas/items/${rows[0].id}?f=html`, { headers: { 'accept-language': 'en' } })).text();
  assert.match(en, /<dt>Name<\/dt>/);
});

// -- rights ---------------------------------------------------------------------------------------

test('shows each role its layers only, and asks who does not say who they are', async () => {
  const names = async (api: Api): Promise<string[]> =>
    (await good(api, '/ogc/collections')).collections.map((c: { id: string }) => c.id).sort();
  assert.deepEqual(await names(anybody), [...outside.all].sort());
  assert.deepEqual(await names(tenant), [...outside.all, 'dwellings', 'rooms', 'storeys'].sort());
  assert.deepEqual(await names(caretaker), [...outside.all, 'components', 'dwellings', 'rooms', 'storeys', 'tasks'].sort());
  assert.deepEqual(await names(await s.login('supplier')), [...outside.all].sort());
  for (const layer of ['components', 'cases', 'dwellings']) {
    const reply = await anybody.get(`/ogc/collections/${layer}/items`);
    assert.equal(reply.status, 401);
    assert.match(reply.headers.get('www-authenticate') ?? '', /^Basic realm=/);
  }
  for (const layer of ['components', 'cases', 'tasks', 'properties'])
    for (const path of ['', '/items', '/queryables', '/schema', `/items/${randomUUID()}`])
      assert.equal((await tenant.get(`/ogc/collections/${layer}${path}`)).status, 404, layer + path);
});

test('gives a tenant the own dwelling and no neighbour, however asked', async () => {
  const mine = await tenantHome(owner, true);
  const other = await tenantHome(owner, false);
  const path = '/ogc/collections/dwellings/items';
  for (const query of ['', '?bbox=-180,-90,180,90', `?building_id=${other.site}`, '?f=jsonfg', '?datetime=2020-01-01/..']) {
    const found = ids(await all(tenant, path + query));
    assert.ok(!found.includes(other.dwelling), query);
    assert.ok(found.length <= 1 && found.every((id) => id === mine.dwelling), query);
  }
  assert.deepEqual(ids(await all(tenant, path)), [mine.dwelling]);
  assert.equal((await tenant.get(`${path}/${other.dwelling}`)).status, 404);
  assert.equal((await tenant.get(`${path}/${mine.dwelling}`)).status, 200);
  for (const format of ['csv', 'html', 'gpkg'])
    assert.ok(!String((await tenant.get(`${path}?f=${format}`)).body).includes(other.dwelling), format);
  const neighbour = await sessionOf(s, owner, other.person, 'tenant');
  assert.ok(!ids(await all(neighbour, path)).includes(mine.dwelling));
  const rooms = await all(tenant, '/ogc/collections/rooms/items?limit=10000');
  const { rows } = await owner.query(`select id from place where id = any ($1) and not is_public and parent_id <> $2`, [ids(rooms), mine.dwelling]);
  assert.deepEqual(rows, [], 'rooms that are shared, and those of the own dwelling');
});

test('gives a caretaker the own areas only', async () => {
  const { areas } = await good(caretaker, '/api/v1/session');
  assert.ok((await count('area')) > areas.length, 'there are other areas');
  for (const layer of ['buildings', 'components', 'tasks', 'dwellings', 'rooms', 'storeys', 'outdoor_areas'])
    for (const query of ['', '&bbox=-180,-90,180,90']) {
      const found = await all(caretaker, `/ogc/collections/${layer}/items?limit=10000${query}`);
      assert.ok(found.length > 0, layer);
      for (const f of found) assert.ok(areas.includes(f.properties.area_no), `${layer} ${f.id}`);
    }
  const elsewhere = (await owner.query(`select id from component where area_no <> all ($1) limit 1`, [areas])).rows[0].id;
  assert.equal((await caretaker.get(`/ogc/collections/components/items/${elsewhere}`)).status, 404);
});
