// QGIS itself as a client: our collections through its OGC API provider and our tiles through its vector tile provider, logged in as its
// dialogues do it. What a user would lose: the layer in the map they work in, or, worse, one whose houses or figures are somewhere else.
// Run by `bin/test qgis`; look.py is what runs inside QGIS.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root, world, type Reply } from '../../integration/harness.ts';

type Point = [number, number];
type Box = [number, number, number, number];
type Feature = { id: string; properties: Record<string, unknown>; geometry: { coordinates: unknown } | null };
type Seen = {
  valid: boolean; crs: string; type: string; extent: Box; fields: Record<string, string>; count: number; read: number;
  spots: Record<string, Point | null>; values?: Record<string, Record<string, number>>; in_box: string[]; where: string[]; subset_taken: boolean; subset: string[];
};
type Drawn = { red_m2: number; errors: string[]; middle: Point | null };
type Answer = {
  collections: Record<string, Seen>;
  tiles: { valid: boolean; crs: string; zooms: [number, number]; layers: Record<string, Drawn> }[];
  /** Warnings and errors in QGIS's log, after one of its own that shows that they are heard. */
  said: string[];
};

/** Collections with one thing to ask each for. */
const WHERE: Record<string, [property: string, value: string | number]> = {
  municipalities: ['name', ''], properties: ['gnr', 0], buildings: ['type_code', 0], storeys: ['plane', 'H'], dwellings: ['h_number', 'H0101'],
  rooms: ['name', ''], outdoor_areas: ['name', ''], components: ['condition_grade', 'TG3'], tasks: ['state', 'open'], cases: ['state', ''],
};
const NAMES = Object.keys(WHERE);

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const admin = await s.login('admin');
const home = mkdtempSync(join(tmpdir(), 'fdvu-qgis-'));
after(() => rmSync(home, { recursive: true, force: true }));

async function qgis(asked: object): Promise<Answer> {
  const child = spawn('/usr/bin/python3', [join(root, 'tests/interop/qgis/look.py')], {
    env: {
      PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: home, XDG_RUNTIME_DIR: home, QGIS_CUSTOM_CONFIG_PATH: home, QGIS_AUTH_DB_DIR_PATH: home, QT_QPA_PLATFORM: 'offscreen',
    },
  });
  let out = '', err = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (err += piece));
  child.stdin.end(JSON.stringify({ url: s.url, user: 'gis', collections: [], tiles: [], ...asked }));
  const code = await new Promise((done) => child.on('close', done));
  assert.equal(code, 0, err);
  return JSON.parse(out) as Answer;
}

/** All features of a collection, in EPSG:25832, as our own API gives them. */
async function all(name: string, more = ''): Promise<Feature[]> {
  const found: Feature[] = [];
  const crs = encodeURIComponent('http://www.opengis.net/def/crs/EPSG/0/25832');
  for (let next: string | undefined = `/ogc/collections/${name}/items?limit=1000&crs=${crs}&bbox-crs=${crs}${more}`; next; ) {
    const { status, body }: Reply = await admin.get(next);
    assert.equal(status, 200, `${next}: ${JSON.stringify(body)}`);
    found.push(...body.features);
    next = body.links.find((l: { rel: string }) => l.rel === 'next')?.href.replace(s.url, '');
  }
  return found;
}

function boxOf(coordinates: unknown): Box {
  if (Array.isArray(coordinates) && typeof coordinates[0] === 'number') return [coordinates[0], coordinates[1], coordinates[0], coordinates[1]] as Box;
  return (coordinates as unknown[]).map(boxOf).reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
}

const middleOf = ([west, south, east, north]: Box): Point => [(west + east) / 2, (south + north) / 2];
const apart = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
const around = ([x, y]: Point, metres: number): Box => [x - metres, y - metres, x + metres, y + metres];
const within = (inner: string[], outer: Iterable<string>): boolean => { const known = new Set(outer); return inner.every((id) => known.has(id)); };

const ours: Record<string, Feature[]> = {};
let token = '';
let house: { id: string; x: number; y: number };
let seen: Answer;

before(async () => {
  // Decimals in rows that a client which guesses types from the first ones does not see.
  await owner.query(`update building set bra_m2 = 412.5 where place_id = (select id from place where kind = 'building' order by id desc limit 1)`);
  await owner.query(`update component set quantity = 2.125 where id = (select id from component order by id desc limit 1)`);
  const made = await admin.post('/api/v1/session/tokens', { name: 'QGIS' });
  assert.equal(made.status, 201);
  token = made.body.token;
  house = (await owner.query(
    `select p.id, st_x(p.point)::float8 as x, st_y(p.point)::float8 as y from place p
      where p.kind = 'building' and p.geom is not null and exists (select from task t where t.site_id = p.id and t.state = 'open')
        and exists (select from cases c where c.site_id = p.id and c.state in ('new', 'in_progress', 'waiting')) order by p.id limit 1`)).rows[0];
  for (const name of NAMES) {
    ours[name] = await all(name);
    const [property] = WHERE[name]!;
    const first = ours[name][0]?.properties[property];
    if (WHERE[name]![1] === 0 || WHERE[name]![1] === '') WHERE[name]![1] = first as string | number;
  }
  const place: Point = [house.x, house.y];
  const literal = (value: string | number): string => (typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`);
  const described = (await admin.get('/api/v1/tiles/WebMercatorQuad')).body;
  const looks = (name: string): object => ({ name, window: around(place, name === 'municipality' ? 3000 : name === 'component' ? 60 : 150), metres_a_pixel: name === 'municipality' ? 20 : name === 'component' ? 0.3 : 0.5 });
  seen = await qgis({
    token,
    collections: NAMES.map((name) => ({
      name, box: around(place, 120), where: `"${WHERE[name]![0]}" = ${literal(WHERE[name]![1])}`,
      values: name === 'buildings' ? ['bra_m2'] : name === 'components' ? ['quantity'] : [],
    })),
    tiles: [{
      template: described.tiles[0], minzoom: described.minzoom, maxzoom: described.maxzoom,
      layers: described.vector_layers.map((l: { id: string }) => looks(l.id)),
    }],
  });
});

describe('collections', () => {
  for (const name of NAMES)
    test(`${name} opens, whole, where it lies, with its fields, and is filtered`, async () => {
      const layer = seen.collections[name]!, mine = ours[name]!;
      assert.ok(layer.valid);
      assert.ok(mine.length > 0);
      assert.deepEqual([layer.count, layer.read], [mine.length, mine.length]);
      const { queryables } = { queryables: Object.keys((await admin.get(`/ogc/collections/${name}/schema`)).body.properties) };
      assert.ok(within(Object.keys(layer.fields), [...queryables, 'id']), JSON.stringify([layer.fields, queryables]));
      for (const field of Object.keys(mine[0]!.properties)) assert.ok(field in layer.fields, field);
      for (const f of mine) {
        const spot = layer.spots[f.id];
        assert.ok(spot !== undefined, f.id);
        assert.equal(spot === null, f.geometry === null);
        // Degrees' boxes are not those of metres: the middles of large shapes lie apart.
        if (spot && f.geometry) assert.ok(apart(spot, middleOf(boxOf(f.geometry.coordinates))) < (name === 'municipalities' ? 500 : 3), `${f.id} ${spot}`);
      }
      const whole = mine.filter((f) => f.geometry).map((f) => boxOf(f.geometry!.coordinates)).reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
      assert.ok(layer.extent[0] <= whole[0] + 1 && layer.extent[1] <= whole[1] + 1 && layer.extent[2] >= whole[2] - 1 && layer.extent[3] >= whole[3] - 1, `${layer.extent} ${whole}`);

      const [near, nearly] = await Promise.all([120, 130].map(async (m) => (await all(name, `&bbox=${around([house.x, house.y], m)}`)).map((f) => f.id)));
      assert.ok(within(near!, layer.in_box) && within(layer.in_box, nearly!), `${name}: ${layer.in_box.length}, we find ${near!.length} to ${nearly!.length}`);
      if (mine.length > 20 && name !== 'properties') assert.ok(layer.in_box.length < mine.length && layer.in_box.length > 0, `${layer.in_box.length} of ${mine.length}`);
      const [property, value] = WHERE[name]!;
      const those = mine.filter((f) => String(f.properties[property]) === String(value)).map((f) => f.id).sort();
      assert.ok(those.length > 0, `${property} = ${value}`);
      assert.deepEqual(layer.where.sort(), those);
      assert.ok(layer.subset_taken);
      assert.deepEqual(layer.subset.sort(), those);
    });

  test('houses lie where PostGIS has them, east and north not exchanged', async () => {
    const { rows } = await owner.query(`select id, st_xmin(geom) + st_xmax(geom) as x2, st_ymin(geom) + st_ymax(geom) as y2 from place where kind = 'building' and geom is not null and removed_at is null`);
    for (const row of rows) {
      const spot = seen.collections['buildings']!.spots[row.id];
      assert.ok(spot && apart(spot, [row.x2 / 2, row.y2 / 2]) < 1, `${row.id}: ${spot}`);
    }
  });

  test('decimals are kept, though the first rows have none', () => {
    const last = ours['buildings']!.find((f) => f.properties['bra_m2'] === 412.5)!;
    assert.equal(seen.collections['buildings']!.values!['bra_m2']![last.id], 412.5);
    const thing = ours['components']!.find((f) => f.properties['quantity'] === 2.125)!;
    assert.equal(seen.collections['components']!.values!['quantity']![thing.id], 2.125);
  });
});

describe('tiles', () => {
  test('open from the template of our TileJSON, and every layer that has something there is decoded and drawn', () => {
    const [layer] = seen.tiles;
    assert.ok(layer?.valid);
    assert.deepEqual([layer.crs, layer.zooms], ['EPSG:3857', [0, 20]]);
    for (const [name, drawn] of Object.entries(layer.layers)) {
      assert.deepEqual(drawn.errors, [], name);
      // The demo's properties and outdoor areas need not lie here.
      if (!['property', 'outdoor_area'].includes(name)) assert.ok(drawn.red_m2 > 0, name);
    }
  });

  test('houses are drawn as large as they are, where they are', async () => {
    const { rows } = await owner.query(
      `select st_area(g)::float8 as area, st_x(st_centroid(g))::float8 as x, st_y(st_centroid(g))::float8 as y
         from (select st_union(st_intersection(geom, st_makeenvelope($1, $2, $3, $4, 25832))) as g from place
                where kind = 'building' and removed_at is null and geom && st_makeenvelope($1, $2, $3, $4, 25832)) u`, around([house.x, house.y], 150));
    const drawn = seen.tiles[0]!.layers['building']!;
    assert.ok(Math.abs(drawn.red_m2 / rows[0].area - 1) < 0.05, `${drawn.red_m2} m² of ${rows[0].area}`);
    assert.ok(apart(drawn.middle!, [rows[0].x, rows[0].y]) < 1, `${drawn.middle} ${rows[0].x} ${rows[0].y}`);
  });
});

test('QGIS has nothing to complain of, and we refused it nothing', async () => {
  assert.deepEqual(seen.said, ['FDVU: heard']);
  const counts = await (await fetch(`${s.url}/metrics`)).text();
  assert.match(counts, /route="\/ogc\/collections\/\{c\}\/items",status="200"/);
  assert.doesNotMatch(counts, /route="\/(ogc|api\/v1\/tiles)[^"]*",status="[45]/);
});

test('a token that has ended opens no layer, not even those for all', async () => {
  const { items } = (await admin.get('/api/v1/session/tokens')).body;
  assert.equal((await admin.del(`/api/v1/session/tokens/${items[0].id}`)).status, 204);
  const { collections } = await qgis({ token, collections: [{ name: 'buildings' }] });
  assert.equal(collections['buildings']!.valid, false);
  const open = await qgis({ collections: [{ name: 'buildings' }, { name: 'tasks' }] });
  assert.deepEqual([open.collections['buildings']!.valid, open.collections['tasks']!.valid], [true, false], 'without one, what is for all');
});
