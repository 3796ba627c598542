// Vector tiles over HTTP: what each audience finds in them when they are taken apart, by the map's
// own decoder (OpenLayers) and by GDAL; that low zooms are counts; that changes and rights show.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Feature from 'ol/Feature.js';
import MVT from 'ol/format/MVT.js';
import { world, type Api, type Server } from './harness.ts';

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
    console.log(grid, found.length, [...new Set(found.map((f) => f.layer + ' ' + f.type))].join());
  }
});
