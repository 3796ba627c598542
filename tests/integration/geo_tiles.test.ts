// Vector tiles over HTTP: what each audience finds in them when they are taken apart, by the map's
// own decoder (OpenLayers) and by GDAL; that low zooms are counts; that changes and rights show.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import Feature from 'ol/Feature.js';
import MVT from 'ol/format/MVT.js';
import { eventually, world, type Api, type Server } from './harness.ts';
import { sessionOf, tenantHome } from './helpers.ts';

type Decoded = { layer: string; type: string; [name: string]: unknown };

const grids = {
  utm32n: { left: -2000000, top: 9045984, resolution: 21664 },
  WebMercatorQuad: { left: -20037508.342789244, top: 20037508.342789244, resolution: 156543.03392804097 },
};
type Grid = keyof typeof grids;

const w = await world({ demo: true });
const owner = await w.connect('owner');
const s: Server = await w.server();

async function fetchTile(api: Api, path: string, headers: Record<string, string> = {}): Promise<Response> {
  const given: Record<string, string> = { ...headers };
  if (api.token) given.authorization = `Bearer ${api.token}`;
  return fetch(`${s.url}/api/v1/tiles/${path}`, { headers: given });
}

function decode(bytes: ArrayBuffer): Decoded[] {
  const format = new MVT<Feature>({ featureClass: Feature, layerName: '_layer' });
  return format.readFeatures(bytes).map((f) => {
    const { _layer, geometry, ...rest } = f.getProperties();
    return { ...rest, layer: _layer, type: geometry.getType() };
  });
}

/** The address of the tile that holds a point. */
async function tileAt(grid: Grid, z: number, x: number, y: number): Promise<string> {
  const g = grids[grid];
  const side = (g.resolution * 256) / 2 ** z;
  const srid = grid === 'utm32n' ? 25832 : 3857;
  const { rows } = await owner.query(
    `select st_x(g) as x, st_y(g) as y from st_transform(st_setsrid(st_makepoint($1, $2), 25832), $3::int) g`,
    [x, y, srid],
  );
  return `${grid}/${z}/${Math.floor((rows[0].x - g.left) / side)}/${Math.floor((g.top - rows[0].y) / side)}`;
}

async function tile(api: Api, path: string): Promise<Decoded[]> {
  const reply = await fetchTile(api, path);
  assert.equal(reply.status, 200, `${path}: ${reply.status}`);
  assert.equal(reply.headers.get('content-type'), 'application/vnd.mapbox-vector-tile');
  return decode(await reply.arrayBuffer());
}

const manager = await s.login('manager');
const { rows: buildings } = await owner.query(
  `select id, label, st_x(point) as x, st_y(point) as y from place where kind = 'building' and area_no = 1 order by label`,
);
const house = buildings[0];

test('holds a building as an outline in both grids', async () => {
  for (const [grid, z] of [['utm32n', 14], ['WebMercatorQuad', 16]] as [Grid, number][]) {
    const found = await tile(manager, await tileAt(grid, z, house.x, house.y));
    const same = found.find((f) => f.layer === 'building' && f.id === house.id);
    assert.ok(same, `${grid}: ${JSON.stringify(found.slice(0, 5))}`);
    assert.equal(same.label, house.label);
    assert.equal(typeof same.type_code, 'number');
    assert.equal(same.type, 'Polygon');
  }
});

const sum = (found: Decoded[], layer: string): number =>
  found.filter((f) => f.layer === layer).reduce((n, f) => n + Number(f.count ?? 1), 0);

test('counts every building once at low zooms, and in each of the four tiles below', async () => {
  const { rows } = await owner.query(
    `select count(*)::int as n from place where kind = 'building' and removed_at is null`,
  );
  for (const grid of ['utm32n', 'WebMercatorQuad'] as Grid[])
    for (const z of [0, 5, 8]) {
      const path = await tileAt(grid, z, house.x, house.y);
      const whole = await tile(manager, path);
      if (z < 8) assert.equal(sum(whole, 'building'), rows[0].n, path);
      assert.ok(whole.every((f) => f.layer !== 'component'), 'components are for close by');
      const [, , x = 0, y = 0] = path.split('/').map(Number);
      let below = 0;
      for (const dx of [0, 1])
        for (const dy of [0, 1])
          below += sum(await tile(manager, `${grid}/${z + 1}/${2 * x + dx}/${2 * y + dy}`), 'building');
      assert.equal(below, sum(whole, 'building'), `below ${path}`);
    }
});

test('gives only the layers that are asked for, and says which there are', async () => {
  const path = await tileAt('utm32n', 14, house.x, house.y);
  const layers = (found: Decoded[]): string[] => [...new Set(found.map((f) => f.layer))].sort();
  assert.deepEqual(layers(await tile(manager, `${path}?layers=building,task`)), ['building', 'task']);
  const wrong = await manager.get(`/api/v1/tiles/${path}?layers=building,dwelling`);
  assert.equal(wrong.status, 400);
  assert.equal(wrong.body.errors[0].pointer, '?layers');
  assert.deepEqual(layers(await tile(s.api(), `${path}?layers=task,case,component`)), []);
});

test('knows no other tiles than those of its grids', async () => {
  for (const path of [
    'utm33n/3/1/1', 'utm32n/19/0/0', 'utm32n/-1/0/0', 'utm32n/3/8/0', 'utm32n/3/0/8', 'utm32n/3/0/01',
    'utm32n/3/0/0.png', 'utm32n/3/0x1/0', 'utm32n/3/1e0/0', 'WebMercatorQuad/21/0/0', 'utm32n/3/99999999999/0',
  ])
    assert.equal((await manager.get(`/api/v1/tiles/${path}`)).status, 404, path);
  assert.equal((await fetchTile(s.api(), 'utm32n/3/0/0.mvt')).status, 200);
  assert.equal((await fetchTile(s.api(), 'webmercatorquad/3/0/0.pbf')).status, 200, 'an empty place');
});

/** A GDAL program; fails when it says anything of errors or warnings. */
function gdal(program: string, ...args: string[]): string {
  const done = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, CPL_TMPDIR: '/tmp' } });
  assert.equal(done.status, 0, done.stderr);
  assert.doesNotMatch(done.stderr, /error|warning/i, `${program} ${args.join(' ')}`);
  return done.stdout;
}

test('is read by GDAL without complaint, where it lies, in both grids', async () => {
  for (const [grid, z, epsg] of [['utm32n', 14, 25832], ['WebMercatorQuad', 16, 3857]] as [Grid, number, number][]) {
    const path = await tileAt(grid, z, house.x, house.y);
    const one = gdal('ogrinfo', '-ro', '-al', '-so', `/vsicurl/${s.url}/api/v1/tiles/${path}.pbf`);
    assert.match(one, /using driver `MVT' successful/);
    assert.match(one, new RegExp(`ID\\["EPSG",${epsg}\\]`));
    const json = gdal(
      'ogr2ogr', '-f', 'GeoJSON', '-t_srs', 'EPSG:25832', '-where', `id = '${house.id}'`, '-lco', 'RFC7946=NO',
      '/vsistdout/', `/vsicurl/${s.url}/api/v1/tiles/${path}.pbf`, 'building',
    );
    const [feature] = JSON.parse(json).features;
    assert.equal(feature.properties.label, house.label);
    const { rows } = await owner.query(
      `select st_distance(st_setsrid(st_centroid(st_geomfromgeojson($1)), 25832), st_centroid(geom)) as off
         from place where id = $2`,
      [JSON.stringify(feature.geometry), house.id],
    );
    assert.ok(rows[0].off < 1, `${grid}: ${rows[0].off} m off`);
    const all = gdal('ogrinfo', '-ro', '-al', '-so', `MVT:${s.url}/api/v1/tiles/${grid}/${grid === 'utm32n' ? 11 : 13}`);
    assert.match(all, /Layer name: building/);
    assert.match(all, new RegExp(`ID\\["EPSG",${epsg}\\]`));
  }
});

test('describes each grid as TileJSON 3.0, with the layers of the audience', async () => {
  for (const [name, layers] of [['WebMercatorQuad', 3], ['utm32n.json', 3]] as [string, number][]) {
    const { status, body } = await s.api().get(`/api/v1/tiles/${name}`);
    assert.equal(status, 200);
    assert.equal(body.tilejson, '3.0.0');
    assert.equal(body.vector_layers.length, layers);
    assert.equal(body.bounds.length, 4);
    assert.ok(body.bounds[0] < 7.73 && body.bounds[2] > 7.73, 'Kristiansund');
    const one = body.tiles[0].replace('{z}', '0').replace('{x}', '0').replace('{y}', '0');
    assert.equal((await fetch(one)).status, 200);
  }
  const office = (await manager.get('/api/v1/tiles/utm32n')).body;
  assert.deepEqual(
    office.vector_layers.map((l: { id: string }) => l.id),
    ['municipality', 'property', 'outdoor_area', 'building', 'component', 'task', 'case'],
  );
  assert.equal((await s.api().get('/api/v1/tiles/utm35n')).status, 404);
});

test('shows a change in another process within a second, and nothing else is made anew', async () => {
  const path = await tileAt('utm32n', 15, house.x, house.y);
  const far = await tileAt('utm32n', 15, house.x + 5000, house.y);
  const tagOf = async (p: string): Promise<string> => (await fetchTile(manager, p)).headers.get('etag') ?? '';
  const [before, farBefore] = [await tagOf(path), await tagOf(far)];
  assert.match(before, /^"[0-9a-f]{32}"$/);
  const same = await fetchTile(manager, path, { 'if-none-match': before });
  assert.equal(same.status, 304);
  assert.equal((await same.arrayBuffer()).byteLength, 0);
  assert.equal(same.headers.get('cache-control'), 'private, no-cache');

  const { rows } = await owner.query(
    `insert into component (place_id, name, element, geom)
     values ($1, 'Varmepumpe', '32', st_setsrid(st_makepoint($2, $3), 25832)) returning id`,
    [house.id, house.x, house.y],
  );
  const holds = async (p: string): Promise<Decoded | undefined> =>
    (await tile(manager, p)).find((f) => f.id === rows[0].id);
  const close = await tileAt('utm32n', 17, house.x, house.y);
  await eventually('the component is there', async () => holds(close), 1500);
  assert.equal(await tagOf(far), farBefore);

  await owner.query(`update component set geom = st_translate(geom, 5000, 0) where id = $1`, [rows[0].id]);
  const closeFar = await tileAt('utm32n', 17, house.x + 5000, house.y);
  await eventually('it has come', async () => holds(closeFar), 1500);
  await eventually('it has gone', async () => !(await holds(close)), 1500);
  await owner.query(`delete from component where id = $1`, [rows[0].id]);
  await eventually('it is no more', async () => !(await holds(closeFar)), 1500);
});

test('shows what happens to buildings, tasks and cases', async () => {
  const path = await tileAt('utm32n', 14, house.x, house.y);
  const building = async (): Promise<Decoded> => {
    const found = (await tile(manager, path)).find((f) => f.id === house.id);
    assert.ok(found);
    return found;
  };
  const was = await building();
  const { rows } = await owner.query(
    `insert into task (place_id, title, deadline) values ($1, 'Skift filter', now() + interval '2 seconds') returning id`,
    [house.id],
  );
  await eventually('one task more', async () => (await building()).open_tasks === Number(was.open_tasks) + 1, 1500);
  const task = async (): Promise<Decoded | undefined> => (await tile(manager, path)).find((f) => f.id === rows[0].id);
  assert.equal((await task())?.is_late, false);
  await eventually('late without anybody doing anything', async () => (await task())?.is_late, 5000);
  await owner.query(`update task set state = 'done' where id = $1`, [rows[0].id]);
  await eventually('done', async () => !(await task()), 1500);
  await owner.query(`update building set type_code = (select max(code) from building_type) where place_id = $1`, [house.id]);
  await eventually('another type', async () => (await building()).type_code !== was.type_code, 1500);
  await owner.query(`update place set removed_at = now() where id = $1`, [house.id]);
  await eventually('the building is gone', async () => !(await tile(manager, path)).some((f) => f.id === house.id), 1500);
  await owner.query(`update place set removed_at = null where id = $1`, [house.id]);
  await eventually('and back', async () => (await tile(manager, path)).some((f) => f.id === house.id), 1500);
});

test('tells of each building the worst grade of what is in it, for those who work there, in both grids', async () => {
  const [home] = (await owner.query(
    `insert into place (parent_id, kind, name, geom)
     select parent_id, 'building', 'Tilstandshuset', st_translate(geom, 40, 0) from place where id = $1
     returning id, st_x(point) as x, st_y(point) as y`, [house.id])).rows;
  const paths = [await tileAt('utm32n', 14, home.x, home.y), await tileAt('WebMercatorQuad', 16, home.x, home.y)];
  const building = async (api: Api, path: string): Promise<Decoded | undefined> => (await tile(api, path)).find((f) => f.id === home.id);
  const grades = async (api: Api): Promise<unknown[]> => Promise.all(paths.map(async (path) => (await building(api, path))?.condition));
  const become = (what: string, grade: string | undefined): Promise<unknown> =>
    eventually(what, async () => (await grades(manager)).every((g) => g === grade) && Boolean(await building(manager, paths[0]!)), 1500);
  await become('nothing is in it', undefined);
  const add = async (name: string, grade: string, geom: string): Promise<string> =>
    (await owner.query(`insert into component (place_id, name, condition_grade, geom) values ($1, $2, $3, ${geom}) returning id`, [home.id, name, grade])).rows[0].id;
  await add('Dør', 'TG1', 'null');
  await add('Ikke sett', 'TGIU', 'null');
  await become('one grade', 'TG1');
  // On the map it stands in another tile: its building hears of it all the same.
  const roof = await add('Tak', 'TG3', 'st_setsrid(st_makepoint(100000, 6600000), 25832)');
  await become('the worst', 'TG3');
  await owner.query(`insert into condition (component_id, grade) values ($1, 'TG0')`, [roof]);
  await become('mended', 'TG1');
  await owner.query(`update component set condition_grade = 'TG2' where id = $1`, [roof]);
  await become('worse again', 'TG2');
  await owner.query(`update component set removed_at = now() where id = $1`, [roof]);
  await become('taken away', 'TG1');
  const caretaker = await s.login('caretaker');
  assert.deepEqual(await grades(caretaker), ['TG1', 'TG1']);
  for (const api of [await s.login('tenant'), s.api()]) {
    assert.ok((await building(api, paths[0]!)) && !('condition' in (await building(api, paths[0]!))!), 'not for everybody');
    const { vector_layers: layers } = (await api.get('/api/v1/tiles/utm32n')).body;
    assert.ok(!('condition' in layers.find((l: { id: string }) => l.id === 'building').fields));
  }
  assert.equal((await manager.get('/api/v1/tiles/utm32n')).body.vector_layers.find((l: { id: string }) => l.id === 'building').fields.condition, 'String');
  await owner.query(`delete from condition where component_id = $1`, [roof]);
  await owner.query(`delete from component where place_id = $1`, [home.id]);
  await become('emptied', undefined);
  await owner.query(`update place set removed_at = now() where id = $1`, [home.id]);
});

test('holds nothing of a dwelling for a tenant, nor a case of a neighbour', async () => {
  const tenant = await s.login('tenant');
  const me = await tenantHome(owner, true);
  const other = await tenantHome(owner, false);
  const made = await owner.query(
    `insert into cases (place_id, category, title, reporter_id)
     select d, (select code from category order by is_public desc, code limit 1), t, p
       from (values ($1::uuid, 'Min sak', $2::uuid), ($3::uuid, 'Naboens sak', $4::uuid)) as v (d, t, p) returning id`,
    [me.dwelling, me.person, other.dwelling, other.person],
  );
  const inside = new Set(
    (await owner.query(`select id from place where kind in ('storey', 'dwelling', 'room')`)).rows.map((r) => r.id),
  );
  const { rows: sites } = await owner.query(
    `select st_x(point) as x, st_y(point) as y from place where id = any ($1)`,
    [[me.site, other.site]],
  );
  const all: Decoded[] = [];
  for (const site of sites)
    for (const z of [2, 10, 12, 14, 16, 18]) {
      const path = await tileAt('utm32n', z, site.x, site.y);
      const found = await tile(tenant, path);
      for (const f of found) {
        assert.ok(['municipality', 'property', 'outdoor_area', 'building', 'case'].includes(f.layer), f.layer);
        assert.ok(!inside.has(String(f.id)) && !inside.has(String(f.place_id)), JSON.stringify(f));
        assert.doesNotMatch(JSON.stringify(f), /[HKUL]0\d{3}\b|Naboens/);
        if (f.layer === 'building') assert.deepEqual(Object.keys(f).filter((k) => /open|type_code|status/.test(k)), []);
      }
      all.push(...found);
      const anybody = await tile(s.api(), path);
      assert.ok(anybody.every((f) => ['municipality', 'outdoor_area', 'building'].includes(f.layer)));
    }
  const mine = all.filter((f) => f.layer === 'case').map((f) => f.id);
  assert.ok(mine.includes(made.rows[0].id), 'my own case is there');
  assert.ok(!mine.includes(made.rows[1].id), 'the neighbour’s is not');
});

test('keeps what one area’s caretaker gets from another’s, though both ask for the same tile', async () => {
  const area = 77;
  await owner.query(`insert into area (area_no, name) values ($1, 'Øst')`, [area]);
  const person = async (area_no: number): Promise<Api> => {
    const { rows } = await owner.query(`insert into person (name) values ('Vaktmester') returning id`);
    await owner.query(`insert into person_role (person_id, role, area_no) values ($1, 'caretaker', $2)`, [rows[0].id, area_no]);
    return sessionOf(s, owner, rows[0].id, 'field');
  };
  const [west, east] = [await person(1), await person(area)];
  const path = await tileAt('utm32n', 14, house.x, house.y);
  const sees = async (api: Api): Promise<boolean> => (await tile(api, path)).some((f) => f.id === house.id);
  assert.ok(await sees(west));
  assert.ok(!(await sees(east)), 'not after the other has filled the cache');
  await owner.query(`update place set area_no = $1 where id = $2`, [area, house.id]);
  await eventually('it has changed hands', async () => !(await sees(west)) && (await sees(east)), 1500);
  await owner.query(`update place set area_no = 1 where id = $1`, [house.id]);
});

test('ends with the session, within a second', async () => {
  const { rows } = await owner.query(`insert into person (name) values ('Sluttet') returning id`);
  await owner.query(`insert into person_role (person_id, role, area_no) values ($1, 'manager', 1)`, [rows[0].id]);
  const api = await sessionOf(s, owner, rows[0].id, 'office');
  const path = await tileAt('utm32n', 14, house.x, house.y);
  // A page sends the cookie, and goes on with what is for all; a program shows its token, and hears that it is no good.
  const tasks = async (): Promise<number> => {
    const reply = await fetchTile(s.api(), path, { cookie: `fdvu_session=${api.token}` });
    assert.equal(reply.status, 200);
    return decode(await reply.arrayBuffer()).filter((f) => f.layer === 'task' || f.open_tasks !== undefined).length;
  };
  assert.ok((await tasks()) > 0);
  assert.ok((await tile(api, path)).some((f) => f.layer === 'task'));
  await owner.query(`delete from person_role where person_id = $1`, [rows[0].id]);
  await eventually('what anybody sees', async () => (await tasks()) === 0, 1000);
  assert.equal((await fetchTile(api, path)).status, 401);
});

test('counts where houses, components and tasks stand too close to be told apart', async () => {
  const [x, y] = [house.x + 20000, house.y];
  await owner.query(`set session_replication_role = replica`);
  await owner.query(
    `with houses as (
          insert into place (parent_id, kind, name, label, area_no, site_id, geom, point)
          select (select parent_id from place where id = $3), 'building', n::text, 'Tettveien ' || n || repeat(' og så videre', 9), 1, uuidv7(),
                 st_setsrid(st_makeenvelope(b.x, b.y, b.x + 2, b.y + 2), 25832), st_setsrid(st_makepoint(b.x + 1, b.y + 1), 25832)
            from (select n, $1::float8 + n % 60 * 3 as x, $2::float8 + n / 60 * 3 as y from generate_series(0, 3599) n) b
          returning id, point)
     insert into component (place_id, site_id, area_no, name, geom, condition_grade)
     select id, id, 1, 'Ventil', point, 'TG2' from houses`,
    [x, y, house.id],
  );
  await owner.query(
    `insert into task (number, place_id, site_id, area_no, title, state, deadline)
     select 'T-' || p.name, p.id, p.id, 1, 'Kontroll', 'open', now() from place p where p.label like 'Tettveien%'`,
  );
  await owner.query(`reset session_replication_role`);
  for (const z of [12, 13, 14, 15, 16, 17, 18]) {
    const path = await tileAt('utm32n', z, x + 90, y + 90);
    const reply = await fetchTile(manager, `${path}?layers=building,component,task`);
    const bytes = await reply.arrayBuffer();
    assert.ok(bytes.byteLength < 500_000, `${path}: ${bytes.byteLength}`);
    const found = decode(bytes);
    if (z === 14) {
      assert.ok(found.some((f) => f.layer === 'building' && Number(f.count) > 1), 'counts of buildings');
      assert.ok(found.some((f) => f.layer === 'task' && Number(f.count) > 1 && Number(f.late) > 1), 'of tasks');
      assert.ok(found.some((f) => f.layer === 'component' && Number(f.count) > 1), 'of components');
    }
    if (z === 18) assert.ok(found.some((f) => f.layer === 'component' && f.label === 'Ventil'), 'one by one');
  }
});

test('forgets nothing wrong when PostgreSQL starts again under it', async () => {
  const path = await tileAt('utm32n', 14, house.x, house.y);
  await tile(manager, path);
  w.postgres.kill();
  w.postgres.start();
  const again = await w.connect('owner');
  await again.query(`update place set name = name || ' B' where id = $1`, [house.id]);
  const { rows } = await again.query(`select label from place where id = $1`, [house.id]);
  await eventually(
    'the new name',
    async () => {
      const reply = await fetchTile(manager, path);
      return reply.status === 200 && decode(await reply.arrayBuffer()).some((f) => f.label === rows[0].label);
    },
    5000,
  );
});
