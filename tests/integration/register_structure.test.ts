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

describe('splitting', () => {
  test('gives parts their children and components, the first keeps the rest', async () => {
    const b = await building({ built_year: 1950, heating: 'olje', bta_m2: 900 });
    const storeys = [];
    for (const n of [1, 2, 3]) storeys.push(await make({ parent: b.id, kind: 'storey', name: `${n}. etasje`, plane: 'H', number: n }));
    const c = await component({ place_id: b.id, name: 'Tak' });
    const done = ok(await me.post(`/api/v1/places/${b.id}/split`, {
      row_v: (await get(b.id)).row_v,
      parts: [{ name: 'Fløy A', bta_m2: 500 }, { name: 'Fløy B', bta_m2: 400, children: [storeys[2].id], components: [c.id] }],
    }));
    assert.equal(done.parts.length, 2);
    assert.equal(done.parts[0].id, b.id);
    const other = await get(done.parts[1].id);
    assert.equal(other.details.heating, 'olje', 'what is not said is as it was');
    assert.equal(other.details.bta_m2, 400);
    assert.deepEqual((await children(other.id)).map((x) => x.id), [storeys[2].id]);
    assert.deepEqual((await children(b.id)).length, 2);
    assert.equal((await get(storeys[2].id)).site_id, other.id);
    assert.deepEqual((await components(other.id)).map((x) => x.id), [c.id]);
    await undo(done.xid);
    const whole = await get(b.id);
    assert.deepEqual([whole.name, whole.details.bta_m2, whole.children], [b.name, 900, 3]);
    assert.deepEqual((await components(b.id)).map((x) => x.id), [c.id]);
    assert.equal((await me.get(`/api/v1/places/${other.id}`)).status, 410);
  });

  test('divides a property: new bnr, and sections by snr', async () => {
    const p = await make({ parent: municipality, kind: 'property', gnr: 900, bnr: 1, area_no: 1 });
    assert.equal(p.name, '1505-900/1');
    const b = await make({ parent: p.id, kind: 'building', name: 'Naust' });
    const done = ok(await me.post(`/api/v1/places/${p.id}/split`, {
      row_v: (await get(p.id)).row_v, valid_from: '2024-05-01', parts: [{}, { bnr: 2, children: [b.id] }, { snr: 1 }],
    }));
    assert.deepEqual(done.parts.map((x: Any) => x.label), ['1505-900/1', '1505-900/2', '1505-900/1/0/1']);
    assert.equal((await get(b.id)).parent_id, done.parts[1].id);
    const taken = await me.post(`/api/v1/places/${p.id}/split`, { row_v: (await get(p.id)).row_v, parts: [{}, { bnr: 2 }] });
    assert.equal(taken.status, 409);
    const foreign = await me.post(`/api/v1/places/${p.id}/split`, { row_v: (await get(p.id)).row_v, parts: [{}, { bnr: 3, children: [b.id] }] });
    assert.equal(foreign.status, 400);
    assert.equal(foreign.body.errors[0].pointer, '/parts/1/children');
  });
});

describe('merging', () => {
  test('moves all that hangs on the others, points to the one that is kept, and is taken back', async () => {
    const kept = await building();
    const other = await building();
    const storey = await make({ parent: other.id, kind: 'storey', name: '1. etasje', plane: 'H', number: 1 });
    const dwelling = await make({ parent: storey.id, kind: 'dwelling', h_number: 'H0101' });
    const system = await component({ place_id: other.id, name: 'Varme' });
    const part = await component({ place_id: dwelling.id, name: 'Radiator', parent_id: system.id });
    const task = ok(await me.post('/api/v1/tasks', { place: other.id, title: 'Sjekk' }), 201);
    const seen = ok(await me.post('/api/v1/cases', { place: other.id, category: 'heating', title: 'Kaldt', description: 'x' }), 201);
    const done = ok(await me.post(`/api/v1/places/${kept.id}/merge`, { others: [other.id], row_v: kept.row_v }));
    assert.equal(done.merged, 1);
    const gone = await me.get(`/api/v1/places/${other.id}`);
    assert.equal(gone.status, 410);
    assert.equal(gone.body.merged_into, kept.id);
    assert.equal((await get(dwelling.id)).site_id, kept.id);
    assert.deepEqual((await components(kept.id)).map((x) => x.id).sort(), [system.id, part.id].sort());
    assert.equal(ok(await me.get(`/api/v1/tasks/${task.id}`)).place_id, kept.id);
    assert.equal(ok(await me.get(`/api/v1/cases/${seen.id}`)).place_id, kept.id);
    await undo(done.xid);
    assert.equal((await get(dwelling.id)).site_id, other.id);
    assert.equal(ok(await me.get(`/api/v1/tasks/${task.id}`)).place_id, other.id);
    assert.equal(ok(await me.get(`/api/v1/cases/${seen.id}`)).place_id, other.id);
    assert.deepEqual((await components(other.id)).map((x) => x.id).sort(), [system.id, part.id].sort());
    assert.equal((await components(kept.id)).length, 0);
  });

  test('refuses places of other kinds and other buildings', async () => {
    const a = await building();
    const b = await building();
    const r1 = await make({ parent: a.id, kind: 'room', name: 'A' });
    const r2 = await make({ parent: b.id, kind: 'room', name: 'B' });
    for (const [id, others] of [[a.id, [r1.id]], [r1.id, [r2.id]], [a.id, [a.id]], [a.id, [randomUUID()]], [a.id, []]] as [string, string[]][]) {
      const { row_v } = await get(id);
      assert.equal((await me.post(`/api/v1/places/${id}/merge`, { others, row_v })).status, 400, JSON.stringify(others));
    }
  });
});

describe('renumbering', () => {
  test('exchanges two numbers from a day, keeps the old ones for the time before, and is taken back', async () => {
    const [a, b] = [
      await make({ parent: municipality, kind: 'property', gnr: 901, bnr: 1, area_no: 1, valid_from: '2010-01-01' }),
      await make({ parent: municipality, kind: 'property', gnr: 901, bnr: 2, area_no: 1, valid_from: '2010-01-01' }),
    ];
    const properties = [{ from: '1505-901/1', to: '1505-901/2' }, { id: b.id, to: '1505-901/1' }];
    const preview = ok(await me.post('/api/v1/renumberings', { properties, dry_run: true, valid_from: '2020-01-01' }));
    assert.deepEqual([preview.count, preview.conflicts, preview.xid], [2, [], null]);
    assert.equal((await get(a.id)).name, '1505-901/1');
    const done = ok(await me.post('/api/v1/renumberings', { properties, valid_from: '2020-01-01' }));
    assert.deepEqual([(await get(a.id)).name, (await get(a.id)).details.bnr], ['1505-901/2', 2]);
    const then = await get(a.id, '?at=2019-06-01');
    assert.deepEqual([then.name, then.details.bnr], ['1505-901/1', 1]);
    assert.equal((await get(a.id, '?at=2020-06-01')).details.bnr, 2);
    await undo(done.xid);
    assert.deepEqual([(await get(a.id)).details.bnr, (await get(b.id)).name], [1, '1505-901/2']);
  });

  test('tells which numbers are taken, by whom, and what is no number', async () => {
    const a = await make({ parent: municipality, kind: 'property', gnr: 902, bnr: 1, area_no: 1 });
    const b = await make({ parent: municipality, kind: 'property', gnr: 902, bnr: 2, area_no: 1 });
    const ask = { properties: [{ id: a.id, to: '1505-902/2' }] };
    const preview = ok(await me.post('/api/v1/renumberings', { ...ask, dry_run: true }));
    assert.equal(preview.conflicts[0].taken_by.id, b.id);
    const refused = await me.post('/api/v1/renumberings', ask);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.conflicts[0].to, '1505-902/2');
    const twice = ok(await me.post('/api/v1/renumberings', { dry_run: true, properties: [{ id: a.id, to: '1505-902/9' }, { id: b.id, to: '1505-902/9' }] }));
    assert.equal(twice.conflicts.length, 2);
    for (const properties of [[{ id: a.id, to: '902/9' }], [{ from: '1505-999/9', to: '1505-999/8' }], [{ to: '1505-902/9' }], [], [{ id: a.id }]])
      assert.equal((await me.post('/api/v1/renumberings', { properties })).status, 400, JSON.stringify(properties));
  });

  test('renumbers a whole municipality, and takes it back', async () => {
    const before1 = await owner.query(`select count(*)::int as n from property where municipality_no = '1505'`);
    const n = before1.rows[0].n;
    const preview = ok(await me.post('/api/v1/renumberings', { municipality: { from: '1505', to: '1599' }, dry_run: true }));
    assert.equal(preview.count, n);
    assert.ok(preview.changes.length <= 50);
    const done = ok(await me.post('/api/v1/renumberings', {
      municipality: { from: '1505', to: '1599', name: 'Nordmøre' }, valid_from: '2026-01-01',
    }));
    assert.equal(done.count, n);
    assert.equal((await get(municipality)).name, 'Nordmøre');
    assert.match((await get(property)).name, /^1599-/);
    const addresses = await owner.query(`select count(*)::int as n from address where municipality_no <> '1599' or key not like '1599-%'`);
    assert.equal(addresses.rows[0].n, 0);
    assert.match((await get(property, '?at=2025-06-01')).name, /^1505-/);
    assert.equal((await get(property, '?at=2025-06-01')).details.municipality_no, '1505');
    await undo(done.xid);
    assert.match((await get(property)).name, /^1505-/);
    const left = await owner.query(
      `select (select count(*) from address where municipality_no = '1599')::int as a, (select count(*) from area where municipality_no = '1599')::int as b,
              (select count(*) from property where municipality_no = '1599')::int as c`,
    );
    assert.deepEqual(left.rows[0], { a: 0, b: 0, c: 0 });
    const manager = await s.login('manager');
    assert.equal((await manager.post('/api/v1/renumberings', { municipality: { from: '1505', to: '1599' }, dry_run: true })).status, 403);
    assert.equal((await me.post('/api/v1/renumberings', { municipality: { from: '1', to: '1599' } })).status, 400);
    assert.equal((await me.post('/api/v1/renumberings', { municipality: { from: '0301', to: '1599' } })).status, 400);
  });
});

describe('templates', () => {
  test('ships some, those that fit the building type first', async () => {
    const { items } = ok(await me.get('/api/v1/templates?type=613'));
    assert.ok(items.length >= 3);
    assert.deepEqual([items[0].name, items[0].fits], ['Skole', true]);
    for (const t of items) for (const i of t.items) assert.ok(i.name && i.element, JSON.stringify(i));
  });

  test('lays out what is not there yet, after a preview', async () => {
    const b = await building({ type_code: 613, bygningsnummer: 300171619 });
    await component({ place_id: b.id, name: 'Vinduer', element: '234' });
    const { items } = ok(await me.get('/api/v1/templates?type=613'));
    const template = items[0].id;
    const preview = ok(await me.post(`/api/v1/places/${b.id}/template`, { template, dry_run: true }));
    assert.equal(preview.count, items[0].items.length - 1);
    assert.equal(preview.items.find((i: Any) => i.name === 'Vinduer').is_there, true);
    assert.equal((await components(b.id)).length, 1);
    const done = ok(await me.post(`/api/v1/places/${b.id}/template`, { template }));
    const now = await components(b.id);
    assert.equal(now.length, items[0].items.length);
    assert.equal(now.find((c) => c.name === 'Ventilasjonsaggregat').tag, '+300171619=360.001-AG001');
    assert.equal(ok(await me.post(`/api/v1/places/${b.id}/template`, { template })).count, 0, 'once');
    await undo(done.xid);
    assert.equal((await components(b.id)).length, 1);
  });

  test('are kept by managers: made, changed by the newest version, removed', async () => {
    const id = randomUUID();
    const body = { name: 'Barnehage', types: '612', items: [{ name: 'Lekeapparat', element: '77', quantity: 3, unit: 'stk' }] };
    ok(await me.put(`/api/v1/templates/${id}`, Buffer.from(JSON.stringify(body)), 'application/json'));
    const put = (more: object): Promise<Reply> =>
      me.put(`/api/v1/templates/${id}`, Buffer.from(JSON.stringify({ ...body, ...more })), 'application/json');
    assert.equal((await put({ name: 'X' })).status, 409, 'not without a version');
    ok(await put({ name: 'Barnehager', row_v: 1 }));
    for (const items of [[], [{}], [{ name: '' }], [{ name: 'X', element: '9999' }], [{ name: 'X', colour: 'red' }], [{ name: 'X', quantity: -1 }], 'x'])
      assert.equal((await put({ items, row_v: 2 })).status, 400, JSON.stringify(items));
    const desk = await s.login('frontdesk');
    assert.ok([403, 409].includes((await desk.put(`/api/v1/templates/${id}`, Buffer.from(JSON.stringify({ ...body, row_v: 2 })), 'application/json')).status));
    assert.equal((await desk.del(`/api/v1/templates/${id}`)).status, 404);
    ok(await me.del(`/api/v1/templates/${id}`));
  });
});
