// Coordinates from one system to another over HTTP: each authority's axis order, how accurate it is,
// and words for what cannot be done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { world } from './harness.ts';

const w = await world();
const s = await w.server();
const api = s.api();
const one = (from: string, to: string, at: string) =>
  api.get(`/api/v1/coordinates?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}&at=${at}`);
const near = (a: number, b: number, within: number): void =>
  assert.ok(Math.abs(a - b) <= within, `${a}, not ${b}`);

test('gives degrees north first, as EPSG:4258 has them, and takes them so', async () => {
  const { status, body } = await one('EPSG:25832', 'EPSG:4258', '435816.72,6998536.36');
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(body.axis, ['north', 'east']);
  assert.deepEqual(body.unit, ['degree', 'degree']);
  near(body.at[0], 63.1105, 1e-7);
  near(body.at[1], 7.728, 1e-7);
  assert.equal(body.east, body.at[1]);
  assert.equal(body.is_outside, false);
  const back = (await one('urn:ogc:def:crs:EPSG::4258', '25833', '63.1105,7.7280')).body;
  assert.deepEqual(back.axis, ['east', 'north']);
  near(back.at[0], 133631.13, 0.01);
  near(back.at[1], 7018676.31, 0.01);
});

test('takes an old NGO map’s x north and y east, and says that three metres is what it is worth', async () => {
  const { body } = await one('EPSG:27392', 'EPSG:25832', '569486.661,-33141.042');
  near(body.at[0], 435816.72, 0.02);
  near(body.at[1], 6998536.36, 0.02);
  assert.equal(body.accuracy_m, 3);
  assert.match(body.operation, /NGO 1948/);
});

test('flags a point outside where the systems are meant for', async () => {
  const { status, body } = await one('EPSG:4258', 'EPSG:27391', '41.9,12.5');
  assert.equal(status, 200);
  assert.equal(body.is_outside, true);
});

test('takes a thousand points at once and not one more', async () => {
  const points = Array.from({ length: 1000 }, (_, i) => [430000 + i, 7000000]);
  const ask = (list: unknown) => api.post('/api/v1/coordinates', { from: 'EPSG:25832', to: 'EPSG:5108', points: list });
  const { status, body } = await ask(points);
  assert.equal(status, 200, JSON.stringify(body).slice(0, 300));
  assert.equal(body.items.length, 1000);
  assert.deepEqual(body.axis, ['north', 'east']);
  near(body.items[999].east - body.items[0].east, 999, 1);
  assert.equal((await ask([...points, [1, 2]])).status, 400);
  const faults = (await ask([[1, 2], [1], 'x', [1, 2, 3, 4], [null, 2]])).body.errors;
  assert.deepEqual(
    faults.map((f: { pointer: string }) => f.pointer),
    ['/points/1', '/points/2', '/points/3', '/points/4'],
  );
  const mixed = (await ask([[1e300, 1e300], [430000, 7000000]])).body.items;
  assert.deepEqual([mixed[0].east, mixed[0].is_outside], [null, true]);
  assert.ok(mixed[1].east);
});

test('says which system it does not know, and which grids it lacks', async () => {
  const unknown = await one('EPSG:32632', 'EPSG:4258', '1,2');
  assert.equal(unknown.status, 400);
  assert.equal(unknown.body.errors[0].pointer, '?from');
  assert.equal((await one('EPSG:25832', 'EPSG:4258', '1,2,3,4')).body.errors[0].pointer, '?at');
  assert.equal((await one('EPSG:25832', 'EPSG:4258', '1e300,1e300')).status, 422);
  const heights = await one('EPSG:5972', 'EPSG:6172', '435816.72,6998536.36,10');
  if (heights.status === 422) assert.match(heights.body.detail, /not installed: .*\.(tif|bin|gtx)/);
  else near(heights.body.at[2], 10, 0.6);
});
