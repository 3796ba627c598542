// The tree is rebuilt over HTTP: moved, copied, changed in bulk, split, merged and renumbered, each as one change that can be taken back.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type pg from 'pg';
import { world, type Api, type Reply } from './harness.ts';

const w = await world({ demo: true });
const s = await w.server();
let me: Api;
let owner: pg.Client;
let property: string;
let municipality: string;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Any = any;

function ok(reply: Reply, status = 200): Any {
  assert.equal(reply.status, status, JSON.stringify(reply.body));
  return reply.body;
}

const make = async (body: object): Promise<Any> => ok(await me.post('/api/v1/places', body), 201);
const get = async (id: string, more = ''): Promise<Any> => ok(await me.get(`/api/v1/places/${id}${more}`));
const component = async (body: object): Promise<Any> => ok(await me.post('/api/v1/components', body), 201);
const history = async (row: string): Promise<Any[]> => ok(await me.get(`/api/v1/changes?row=${row}`)).items;
const undo = async (xid: string): Promise<Any> => ok(await me.post(`/api/v1/changes/${xid}/undo`, {}));
const building = (more: object = {}): Promise<Any> =>
  make({ parent: property, kind: 'building', name: `Bygg ${randomUUID().slice(0, 8)}`, ...more });
const children = async (id: string): Promise<Any[]> => ok(await me.get(`/api/v1/places/${id}/children?limit=500`)).items;
const components = async (id: string): Promise<Any[]> => ok(await me.get(`/api/v1/places/${id}/components?limit=500`)).items;

before(async () => {
  owner = await w.connect('owner');
  me = await s.login('admin');
  const { rows } = await owner.query(
    `select p.id, p.parent_id from place p where p.kind = 'property' and p.area_no = 1 order by p.id limit 1`,
  );
  property = rows[0].id;
  municipality = rows[0].parent_id;
});

describe('moving', () => {
  test('takes along what lies below, and is taken back whole', async () => {
    const a = await building();
    const b = await building();
    const storey = await make({ parent: a.id, kind: 'storey', name: '1. etasje', plane: 'H', number: 1 });
    const room = await make({ parent: storey.id, kind: 'room', name: 'Rom' });
    const c = await component({ place_id: room.id, name: 'Ovn' });
    const moved = ok(await me.post(`/api/v1/places/${storey.id}/move`, { parent: b.id, row_v: storey.row_v }));
    assert.equal(moved.parent_id, b.id);
    assert.equal((await get(room.id)).site_id, b.id);
    assert.equal((await get(room.id)).label, `${b.label}, 1. etasje, Rom`);
    assert.deepEqual((await components(b.id)).map((x) => x.id), [c.id]);
    const [last] = await history(b.id);
    assert.equal(last.op, 'move');
    const field = last.rows[0].fields.find((f: Any) => f.field === 'parent_id');
    assert.deepEqual([field.old_label, field.new_label], [a.label, b.label]);
    await undo(last.xid);
    assert.equal((await get(room.id)).site_id, a.id);
    assert.deepEqual((await components(a.id)).map((x) => x.id), [c.id]);
  });

  test('lets kinds go down the tree alone, and by the newest version', async () => {
    const b = await building();
    const room = await make({ parent: b.id, kind: 'room', name: 'Rom' });
    assert.equal((await me.post(`/api/v1/places/${b.id}/move`, { parent: room.id, row_v: b.row_v })).status, 400);
    assert.equal((await me.post(`/api/v1/places/${room.id}/move`, { parent: property, row_v: room.row_v })).status, 400);
    assert.equal((await me.post(`/api/v1/places/${room.id}/move`, { parent: b.id, row_v: room.row_v + 5 })).status, 409);
  });

  test('moves a component with the parts that lie beside it', async () => {
    const a = await building();
    const b = await building();
    const system = await component({ place_id: a.id, name: 'System' });
    const part = await component({ place_id: a.id, name: 'Del', parent_id: system.id });
    const moved = ok(await me.post(`/api/v1/components/${system.id}/move`, { place_id: b.id, row_v: system.row_v }));
    assert.equal(moved.site_id, b.id);
    const shown = ok(await me.get(`/api/v1/components/${part.id}`));
    assert.deepEqual([shown.place_id, shown.parent_id], [b.id, system.id]);
    const out = ok(await me.post(`/api/v1/components/${part.id}/move`, { place_id: a.id, row_v: shown.row_v }));
    assert.equal(out.parent_id, null, 'in another building it is no part of the system');
    await undo(out.xid);
    await undo(moved.xid);
    assert.deepEqual((await components(a.id)).map((x) => x.name).sort(), ['Del', 'System']);
  });
});

describe('copying a storey', () => {
  test('copies dwellings by their numbers, rooms by theirs, components without what is each one’s own', async () => {
    const b = await building();
    const storey = await make({ parent: b.id, kind: 'storey', name: '2. etasje', plane: 'H', number: 2 });
    const d1 = await make({ parent: storey.id, kind: 'dwelling', h_number: 'H0201', rooms: 3 });
    await make({ parent: storey.id, kind: 'dwelling', h_number: 'H0202' });
    await make({ parent: d1.id, kind: 'room', name: 'Bad', area_m2: 5 });
    const room = await make({ parent: storey.id, kind: 'room', name: 'Klasserom 204' });
    const system = await component({ place_id: room.id, name: 'Ventilasjon', maker: 'Flexit', serial: '17', tag: '+A=360.001-SR001', installed_on: '2001-01-01' });
    await component({ place_id: room.id, name: 'Ventil', parent_id: system.id });
    const made = ok(await me.post(`/api/v1/storeys/${storey.id}/copy`, { plane: 'H', number: 3, with_components: true }), 201);
    assert.equal(made.name, '3. etasje');
    const below = await children(made.id);
    assert.deepEqual(below.map((x) => x.name), ['H0301', 'H0302', 'Klasserom 304']);
    const dwelling = await get(below[0].id);
    assert.equal(dwelling.details.h_number, 'H0301');
    assert.equal(dwelling.details.rooms, 3);
    assert.deepEqual((await children(below[0].id)).map((x) => x.name), ['Bad']);
    const copies = await components(below[2].id);
    assert.deepEqual(copies.map((x) => [x.name, x.maker, x.serial, x.tag]).sort(), [['Ventil', null, null, null], ['Ventilasjon', 'Flexit', null, null]]);
    const part = copies.find((x) => x.name === 'Ventil');
    assert.equal(part.parent_id, copies.find((x) => x.name === 'Ventilasjon').id, 'a part is a part of the copy');
    assert.equal((await me.post(`/api/v1/storeys/${storey.id}/copy`, { plane: 'H', number: 3 })).status, 409);
    assert.equal((await me.post(`/api/v1/storeys/${room.id}/copy`, { plane: 'H', number: 9 })).status, 400);
    await undo(made.xid);
    assert.deepEqual((await children(b.id)).map((x) => x.name), ['2. etasje']);
  });
});

describe('bulk', () => {
  test('previews, changes and takes back a selection as one', async () => {
    const b = await building();
    const made = [];
    for (const [name, maker] of [['A', 'Flexit'], ['B', null], ['C', 'Systemair']])
      made.push(await component({ place_id: b.id, name, maker, element: '365' }));
    await component({ place_id: b.id, name: 'D', element: '325' });
    const ask = { tbl: 'component', filter: { place: b.id, element: '36' }, set: { maker: 'Systemair', service_life_years: 20 } };
    const preview = ok(await me.post('/api/v1/bulk', { ...ask, dry_run: true }));
    assert.deepEqual([preview.matched, preview.count, preview.xid], [3, 3, null]);
    assert.deepEqual(
      preview.changes.find((c: Any) => c.id === made[0].id),
      { id: made[0].id, label: 'A', fields: [{ field: 'maker', old: 'Flexit', new: 'Systemair' }, { field: 'service_life_years', old: null, new: 20 }] },
    );
    assert.equal((await components(b.id)).find((c) => c.name === 'A').maker, 'Flexit', 'a preview changes nothing');
    await component({ place_id: b.id, name: 'E', element: '36' });
    const stale = await me.post('/api/v1/bulk', { ...ask, count: 3 });
    assert.equal(stale.status, 409);
    assert.equal(stale.body.count, 4);
    const done = ok(await me.post('/api/v1/bulk', { ...ask, count: 4 }));
    assert.equal(done.count, 4);
    const now = await components(b.id);
    assert.deepEqual(now.map((c) => [c.name, c.maker]).sort(), [['A', 'Systemair'], ['B', 'Systemair'], ['C', 'Systemair'], ['D', null], ['E', 'Systemair']]);
    const [last] = await history(b.id);
    assert.deepEqual([last.op, last.count], ['bulk', 4]);
    await undo(done.xid);
    assert.deepEqual((await components(b.id)).map((c) => [c.name, c.maker]).sort(), [['A', 'Flexit'], ['B', null], ['C', 'Systemair'], ['D', null], ['E', null]]);
  });

  test('changes places and buildings by ids', async () => {
    const two = [await building({ heating: 'olje' }), await building()];
    const done = ok(await me.post('/api/v1/bulk', { tbl: 'place', ids: two.map((b) => b.id), set: { heating: 'fjernvarme', is_public: true } }));
    assert.equal(done.count, 2);
    assert.equal(done.changes[0].fields.length, 2);
    for (const b of two) {
      const shown = await get(b.id);
      assert.deepEqual([shown.details.heating, shown.is_public], ['fjernvarme', true]);
    }
    await undo(done.xid);
    assert.equal((await get(two[0].id)).details.heating, 'olje');
    const none = await me.post('/api/v1/bulk', { tbl: 'place', ids: [two[0].id], set: { rooms: 2 } });
    assert.equal(none.status, 400);
  });

  test('finds by words, kind, building type and polygon', async () => {
    const b = await building({ type_code: 613 });
    const room = await make({ parent: b.id, kind: 'room', name: 'Sløydsal' });
    const { x, y } = await get(b.id);
    const square = { type: 'Polygon', coordinates: [[[x - 1, y - 1], [x + 1, y - 1], [x + 1, y + 1], [x - 1, y + 1], [x - 1, y - 1]]] };
    const preview = (filter: object): Promise<Any> =>
      me.post('/api/v1/bulk', { tbl: 'place', filter, set: { warning: 'Støv' }, dry_run: true }).then((r) => ok(r));
    assert.deepEqual((await preview({ q: 'sløyds' })).changes.map((c: Any) => c.id), [room.id]);
    assert.ok((await preview({ place: b.id, type_code: 61 })).changes.length === 2);
    assert.deepEqual((await preview({ place: b.id, kind: 'room', polygon: square })).changes.map((c: Any) => c.id), [room.id]);
    assert.equal((await preview({ q: 'finnes%ikke' })).count, 0);
  });

  test('refuses what is not for bulk', async () => {
    const b = await building();
    const cases: object[] = [
      { tbl: 'component', ids: [b.id], set: { serial: '1' } },
      { tbl: 'component', ids: [b.id], set: { site_id: b.id } },
      { tbl: 'component', ids: [b.id], set: {} },
      { tbl: 'component', set: { maker: 'X' } },
      { tbl: 'person', ids: [b.id], set: { name: 'X' } },
      { tbl: 'place', ids: [b.id], set: { built_year: 'gammel' } },
      { tbl: 'place', filter: { polygon: { type: 'Point' } }, set: { is_public: true } },
      { tbl: 'place', filter: { place: 'x' }, set: { is_public: true } },
      { tbl: 'place', filter: { kind: "x' or true" }, set: { is_public: true } },
    ];
    for (const body of cases) assert.equal((await me.post('/api/v1/bulk', body)).status, 400, JSON.stringify(body));
  });
});
