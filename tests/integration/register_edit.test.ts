// The register is edited over HTTP: places with what extends them, components, history, merge by field, removal, restoring and undo.
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
let area: number;

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function one(sql: string, params: unknown[] = []): Promise<any> {
  const { rows } = await owner.query(sql, params);
  assert.equal(rows.length, 1, sql);
  return Object.values(rows[0])[0];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
function ok(reply: Reply, status = 200): any {
  assert.equal(reply.status, status, JSON.stringify(reply.body));
  return reply.body;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const make = async (body: object): Promise<any> => ok(await me.post('/api/v1/places', body), 201);
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const get = async (id: string, more = ''): Promise<any> => ok(await me.get(`/api/v1/places/${id}${more}`));
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const component = async (body: object): Promise<any> => ok(await me.post('/api/v1/components', body), 201);
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const history = async (row: string): Promise<any[]> => ok(await me.get(`/api/v1/changes?row=${row}`)).items;
const building = (more: object = {}): Promise<{ id: string; row_v: number }> =>
  make({ parent: property, kind: 'building', name: `Bygg ${randomUUID().slice(0, 8)}`, ...more });

before(async () => {
  owner = await w.connect('owner');
  me = await s.login('manager');
  const { rows } = await owner.query(
    `select p.id, p.area_no from place p where p.kind = 'property' and p.area_no = 1 order by p.id limit 1`,
  );
  property = rows[0].id;
  area = rows[0].area_no;
});

describe('making places', () => {
  test('makes a building with everything it carries, and shows it again', async () => {
    const made = await make({
      parent: property, kind: 'building', name: 'Prøvehallen', type_code: 651, status: 'TB', built_year: 1987, storeys: 2,
      bta_m2: 1250.5, bra_m2: 1100, heating: 'fjernvarme', energy_grade: 'C', is_protected: true, ownership: 'kommunal', use: 'idrett',
      responsible_unit: 'Eiendom', is_public: true,
    });
    const shown = await get(made.id);
    assert.equal(shown.name, 'Prøvehallen');
    assert.equal(shown.area_no, area);
    assert.deepEqual(
      { ...shown.details, type_name: undefined },
      {
        bygningsnummer: null, type_code: 651, status: 'TB', built_year: 1987, storeys: 2, bta_m2: 1250.5, bra_m2: 1100,
        heating: 'fjernvarme', energy_grade: 'C', is_protected: true, ownership: 'kommunal', use: 'idrett',
        responsible_unit: 'Eiendom', type_name: undefined,
      },
    );
    assert.match(shown.code, /^[0-9A-HJKMNP-TV-Z]{8}$/);
    assert.equal(shown.path.at(-1).id, property);
    assert.ok(shown.since, 'it is known from when it holds');
    assert.deepEqual({ ...made, xid: null }, shown);
    assert.match(made.xid, /^[0-9]+$/);
  });

  test('makes storey, dwelling and room, and holds the H-number to the storey', async () => {
    const b = await building();
    const storey = await make({ parent: b.id, kind: 'storey', name: '2. etasje', plane: 'H', number: 2 });
    const dwelling = await make({ parent: storey.id, kind: 'dwelling', h_number: 'H0201', rooms: 3, area_m2: 71.5, dwelling_kind: 'B' });
    assert.equal(dwelling.name, 'H0201');
    assert.equal(dwelling.details.area_m2, 71.5);
    assert.equal(dwelling.details.dwelling_kind, 'B');
    const room = await make({ parent: storey.id, kind: 'room', name: 'Møterom', area_m2: 20, is_bookable: true, is_universal: true });
    assert.equal(room.is_bookable, true);
    assert.equal(room.is_universal, true);
    assert.equal(room.area_m2, 20);
    const wrong = await me.post('/api/v1/places', { parent: storey.id, kind: 'dwelling', h_number: 'H0301' });
    assert.equal(wrong.status, 400);
    assert.equal(wrong.body.errors[0].pointer, '/h_number');
    const taken = await me.post('/api/v1/places', { parent: storey.id, kind: 'dwelling', h_number: 'H0201' });
    assert.equal(taken.status, 409);
    const form = await me.post('/api/v1/places', { parent: storey.id, kind: 'dwelling', name: 'X', h_number: 'X0201' });
    assert.equal(form.status, 400);
    assert.equal((await get(b.id)).children, 1);
    const { items } = ok(await me.get(`/api/v1/places/${storey.id}/children`));
    assert.deepEqual(items.map((i: { name: string; children: number }) => [i.name, i.children]), [['H0201', 0], ['Møterom', 0]]);
  });

  test('refuses what does not fit, and says where', async () => {
    const cases: [object, string][] = [
      [{ parent: property, kind: 'building' }, '/name'],
      [{ parent: property, kind: 'building', name: 'X', plane: 'H' }, '/plane'],
      [{ parent: randomUUID(), kind: 'building', name: 'X' }, '/parent'],
      [{ parent: property, kind: 'outdoor_area', name: 'X', geometry: 'her' }, '/geometry'],
      [{ parent: property, kind: 'outdoor_area', name: 'X', geometry: { type: 'Polygon', coordinates: [] } }, '/geometry'],
      [{ parent: property, kind: 'outdoor_area', name: 'X', geometry: { type: 'Point', coordinates: ['a', 'b'] } }, '/geometry'],
      [{ parent: property, kind: 'outdoor_area', name: 'X', geometry: { type: 'Polygon',
        coordinates: [[[435000, 6998000], [435010, 6998010], [435010, 6998000], [435000, 6998010], [435000, 6998000]]] } }, '/geometry'],
      [{ parent: property, kind: 'outdoor_area', name: 'X', geometry: { type: 'Point', coordinates: [7.7, 63.1] } }, '/geometry'],
    ];
    for (const [body, pointer] of cases) {
      const reply = await me.post('/api/v1/places', body);
      assert.equal(reply.status, 400, JSON.stringify([body, reply.body]));
      assert.equal(reply.body.errors?.[0].pointer, pointer, JSON.stringify([body, reply.body]));
    }
    const outside = await make({
      parent: property, kind: 'outdoor_area', name: 'Utenfor', outside_ok: true, geometry: { type: 'Point', coordinates: [500000, 6600000] },
    });
    assert.deepEqual(outside.geometry, { type: 'Point', coordinates: [500000, 6600000] });
    assert.equal((await me.post('/api/v1/places', { parent: property, kind: 'storey', name: 'X', plane: 'H', number: 1 })).status, 400);
    assert.equal((await me.post('/api/v1/places', { parent: property, kind: 'castle', name: 'X' })).status, 400);
  });
});

describe('changing places', () => {
  test('changes place and building at once, as one version and one change', async () => {
    const b = await building({ built_year: 1950 });
    const after = ok(await me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, name: 'Nytt navn', built_year: 1951, warning: 'Asbest' }));
    assert.equal(after.name, 'Nytt navn');
    assert.equal(after.details.built_year, 1951);
    assert.ok(after.row_v > b.row_v);
    const [last] = await history(b.id);
    assert.equal(last.op, 'change');
    const fields = last.rows.flatMap((r: { fields: { field: string; old: unknown; new: unknown }[] }) => r.fields);
    assert.deepEqual(
      fields.map((f: { field: string; old: unknown; new: unknown }) => [f.field, f.old, f.new]).sort(),
      [['built_year', 1950, 1951], ['name', (b as unknown as { name: string }).name, 'Nytt navn'], ['warning', null, 'Asbest']],
    );
  });

  test('merges what two people changed in different fields', async () => {
    const b = await building({ heating: 'olje', built_year: 1950 });
    ok(await me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, heating: 'fjernvarme' }));
    const merged = ok(await me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, base: { built_year: 1950 }, built_year: 1960 }));
    assert.equal(merged.details.heating, 'fjernvarme');
    assert.equal(merged.details.built_year, 1960);
  });

  test('shows a conflict when two changed the same field, and writes nothing', async () => {
    const other = await s.login('admin');
    const b = await building({ heating: 'olje', built_year: 1950 });
    ok(await other.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, heating: 'fjernvarme' }));
    const refused = await me.patch(`/api/v1/places/${b.id}`, {
      row_v: b.row_v, base: { heating: 'olje', built_year: 1950 }, heating: 'strøm', built_year: 1960,
    });
    assert.equal(refused.status, 409);
    assert.equal(refused.body.conflicts.length, 1);
    const [c] = refused.body.conflicts;
    assert.deepEqual([c.field, c.base, c.mine, c.theirs], ['heating', 'olje', 'strøm', 'fjernvarme']);
    assert.ok(c.by && c.at, 'it says who and when');
    const now = await get(b.id);
    assert.equal(now.details.built_year, 1950);
    assert.equal(refused.body.row_v, now.row_v);
    const blind = await me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, heating: 'strøm' });
    assert.equal(blind.status, 409, 'without base nothing is merged silently');
  });

  test('loses none of twenty changes that come at once', async () => {
    const b = await building({ built_year: 1900 });
    const fields = ['heating', 'ownership', 'use', 'responsible_unit', 'warning'];
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const field = fields[n % fields.length] as string;
        return me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, base: { [field]: null }, [field]: `verdi ${n}` });
      }),
    );
    const done = replies.filter((r) => r.status === 200);
    assert.equal(done.length, fields.length, 'one of each field wins');
    for (const r of replies.filter((x) => x.status !== 200)) {
      assert.equal(r.status, 409);
      assert.equal(r.body.conflicts.length, 1);
    }
    const now = await get(b.id);
    for (const field of fields) assert.match(String(now[field] ?? now.details[field]), /^verdi \d+$/);
    assert.equal((await history(b.id)).filter((c) => c.op === 'change').length, fields.length);
  });

  test('takes geometry as GeoJSON and gives it back, and null inherits', async () => {
    const b = await building();
    const [x, y] = await owner.query('select st_x(point) as x, st_y(point) as y from place where id = $1', [property])
      .then(({ rows }) => [Math.round(rows[0].x), Math.round(rows[0].y)] as [number, number]);
    const square = { type: 'Polygon', coordinates: [[[x, y], [x + 10, y], [x + 10, y + 10], [x, y + 10], [x, y]]] };
    const drawn = ok(await me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, geometry: square }));
    assert.deepEqual(drawn.geometry, square);
    assert.ok(drawn.x > x && drawn.x < x + 10, 'its point lies inside');
    const stale = await me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, base: { geometry: null }, geometry: { type: 'Point', coordinates: [x, y] } });
    assert.equal(stale.status, 409);
    assert.equal(stale.body.conflicts[0].field, 'geometry');
    const merged = ok(await me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, base: { geometry: square }, geometry: null }));
    assert.equal(merged.geometry, null);
    const [last] = await history(b.id);
    ok(await me.post(`/api/v1/changes/${last.xid}/undo`, {}));
    assert.deepEqual((await get(b.id)).geometry, square);
  });

  test('lets a name that is the number follow the number', async () => {
    const b = await building();
    const d = await make({ parent: b.id, kind: 'dwelling', h_number: 'H0101' });
    const after = ok(await me.patch(`/api/v1/places/${d.id}`, { row_v: d.row_v, h_number: 'H0102' }));
    assert.equal(after.name, 'H0102');
    assert.equal(after.details.h_number, 'H0102');
  });
});

describe('the past', () => {
  test('answers as it was then', async () => {
    const b = await building({ heating: 'olje' });
    const past = new Date(Date.now() - 86400_000 * 1000).toISOString();
    const between = new Date(Date.now() - 86400_000 * 500).toISOString();
    await owner.query(
      `set session_replication_role = replica; update fdvu.place set since = '-infinity' where id = '${b.id}';
       update fdvu.building set since = '-infinity' where place_id = '${b.id}'; reset session_replication_role`,
    );
    const { row_v, name } = await get(b.id);
    ok(await me.patch(`/api/v1/places/${b.id}`, { row_v, name: 'Siden', heating: 'varmepumpe', valid_from: between }));
    const then = await get(b.id, `?at=${past}`);
    assert.equal(then.name, name);
    assert.equal(then.details.heating, 'olje');
    assert.ok(then.until);
    const now = await get(b.id, `?at=${new Date().toISOString()}`);
    assert.equal(now.name, 'Siden');
    assert.equal(now.details.heating, 'varmepumpe');
    const future = await me.patch(`/api/v1/places/${b.id}`, { row_v: now.row_v, name: 'X', valid_from: '2099-01-01T00:00:00Z' });
    assert.equal(future.status, 400);
  });

  test('knows what was not there yet, and what is there no more', async () => {
    const b = await building();
    const before1 = new Date(Date.now() - 3600_000).toISOString();
    assert.equal((await me.get(`/api/v1/places/${b.id}?at=${before1}`)).status, 404);
    const alive = new Date().toISOString();
    const gone = ok(await me.del(`/api/v1/places/${b.id}?row_v=${b.row_v}`));
    assert.ok(gone.xid);
    assert.equal((await me.get(`/api/v1/places/${b.id}`)).status, 410);
    assert.equal((await get(b.id, `?at=${alive}`)).id, b.id);
    assert.equal((await me.get(`/api/v1/places/${b.id}?at=${new Date().toISOString()}`)).status, 404);
  });
});

describe('components', () => {
  test('carries everything, and says what its mark says', async () => {
    const b = await building();
    const made = await component({
      place_id: b.id, name: 'Aggregat', element: '365', tag: '+A=360.001-SR001', maker: 'Flexit', model: 'X', serial: '17',
      installed_on: '2015-06-01', service_life_years: 20, quantity: 2, unit: 'stk', replacement_cost_ore: 12_000_000_00,
      warranty_until: '2020-06-01', note: 'På taket', geometry: null,
    });
    assert.equal(made.tag_hint.variant, 'tfm');
    assert.equal(made.tag_hint.system, '360.001');
    assert.equal(made.tag_hint.hint, null);
    assert.equal(made.replacement_cost_ore, 1_200_000_000);
    assert.match(made.code, /^[0-9A-Z]{8}$/);
    const odd = ok(await me.patch(`/api/v1/components/${made.id}`, { row_v: made.row_v, tag: '36-1' }));
    assert.equal(odd.tag, '36-1', 'never refused');
    assert.equal(odd.tag_hint.hint, 'tfm_unknown');
    assert.deepEqual(ok(await me.get(`/api/v1/components/${made.id}`)), { ...odd, xid: null });
  });

  test('is part of a system of its own building, and holds no ring', async () => {
    const b = await building();
    const elsewhere = await building();
    const system = await component({ place_id: b.id, name: 'Ventilasjon' });
    const part = await component({ place_id: b.id, name: 'Vifte', parent_id: system.id });
    assert.equal(part.parent_name, 'Ventilasjon');
    const ring = await me.patch(`/api/v1/components/${system.id}`, { row_v: system.row_v, parent_id: part.id });
    assert.equal(ring.status, 400);
    assert.equal(ring.body.errors[0].pointer, '/parent_id');
    const foreign = await me.post('/api/v1/components', { place_id: elsewhere.id, name: 'X', parent_id: system.id });
    assert.equal(foreign.status, 400);
    const gone = ok(await me.del(`/api/v1/components/${system.id}?row_v=${system.row_v}`));
    assert.equal(gone.components, 2, 'the parts go along');
    assert.equal((await me.get(`/api/v1/components/${part.id}`)).status, 404);
    ok(await me.post(`/api/v1/components/${system.id}/restore`, {}));
    ok(await me.get(`/api/v1/components/${part.id}`));
  });
});

describe('removing', () => {
  test('refuses to remove a place whose key somebody has, or where a meter runs', async () => {
    const hall = await building();
    const system = ok(await me.post('/api/v1/key-systems', { place: hall.id, name: 'Låssystem' }), 201);
    const door = ok(await me.post('/api/v1/cylinders', { system: system.id, place: hall.id, mark: 'D1' }), 201);
    const key = ok(await me.post('/api/v1/keys', { system: system.id, mark: 'K1', cylinders: [door.id] }), 201);
    const holder = await one(`select id from person where demo_key = 'caretaker'`);
    const out = await me.post(`/api/v1/keys/${key.id ?? key.items[0].id}/out`, { holder, signed_name: 'Ola Vik' });
    assert.ok(out.status < 300, JSON.stringify(out.body));
    ok(await me.post('/api/v1/meters', { place: hall.id, kind: 'water', unit: 'm3', serial: 'V-77' }), 201);
    const refused = await me.del(`/api/v1/places/${hall.id}?row_v=${(await get(hall.id)).row_v}`);
    assert.equal(refused.status, 409);
    assert.deepEqual(refused.body.used_by.map((u: { kind: string; count: number }) => [u.kind, u.count]), [['key', 1], ['meter', 1]]);
  });

  test('refuses what is in use, and says by what', async () => {
    const { rows } = await owner.query(
      `select p.site_id as id, b.row_v from lease l join place p on p.id = l.dwelling_id join place b on b.id = p.site_id
        where l.state = 'active' and p.area_no = 1 and b.kind = 'building' limit 1`,
    );
    const refused = await me.del(`/api/v1/places/${rows[0].id}?row_v=${rows[0].row_v}`);
    assert.equal(refused.status, 409);
    const lease = refused.body.used_by.find((u: { kind: string }) => u.kind === 'lease');
    assert.ok(lease.count >= 1 && lease.examples[0].id && lease.examples[0].label);
    assert.ok(lease.examples.length <= 5);
    ok(await me.get(`/api/v1/places/${rows[0].id}`));
  });

  test('refuses a component with an open task', async () => {
    const b = await building();
    const c = await component({ place_id: b.id, name: 'Pumpe' });
    ok(await me.post('/api/v1/tasks', { place: b.id, component: c.id, title: 'Bytt' }), 201);
    const refused = await me.del(`/api/v1/components/${c.id}?row_v=${c.row_v}`);
    assert.equal(refused.status, 409);
    assert.deepEqual(refused.body.used_by.map((u: { kind: string; count: number }) => [u.kind, u.count]), [['task', 1]]);
  });

  test('brings back what that removal removed and nothing else', async () => {
    const b = await building();
    const storey = await make({ parent: b.id, kind: 'storey', name: '1. etasje', plane: 'H', number: 1 });
    const room = await make({ parent: storey.id, kind: 'room', name: 'Rom' });
    const early = await make({ parent: storey.id, kind: 'room', name: 'Fjernet før' });
    const c = await component({ place_id: room.id, name: 'Ovn' });
    ok(await me.del(`/api/v1/places/${early.id}?row_v=${early.row_v}`));
    assert.equal((await me.del(`/api/v1/places/${b.id}?row_v=999`)).status, 409, 'not by an old version');
    const gone = ok(await me.del(`/api/v1/places/${b.id}?row_v=${(await get(b.id)).row_v}`));
    assert.deepEqual([gone.places, gone.components], [3, 1]);
    const along = await me.post(`/api/v1/places/${room.id}/restore`, {});
    assert.equal(along.status, 409);
    assert.equal(along.body.restore.id, storey.id);
    ok(await me.post(`/api/v1/places/${b.id}/restore`, {}));
    ok(await me.get(`/api/v1/components/${c.id}`));
    await get(room.id);
    assert.equal((await me.get(`/api/v1/places/${early.id}`)).status, 410);
    assert.equal((await me.post(`/api/v1/places/${b.id}/restore`, {})).status, 404, 'it is there');
    const ops = (await history(b.id)).map((x) => x.op);
    assert.deepEqual(ops.slice(0, 2), ['restore', 'delete']);
  });
});

describe('undo', () => {
  test('takes a change back, once, and an undo can be undone', async () => {
    const b = await building({ heating: 'olje' });
    ok(await me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, heating: 'strøm', name: 'Feil' }));
    const [change] = await history(b.id);
    assert.equal(change.can_undo, true);
    const { xid } = ok(await me.post(`/api/v1/changes/${change.xid}/undo`, {}));
    const back = await get(b.id);
    assert.equal(back.details.heating, 'olje');
    assert.equal(back.name, (b as unknown as { name: string }).name);
    assert.equal((await me.post(`/api/v1/changes/${change.xid}/undo`, {})).status, 409);
    const list = await history(b.id);
    assert.equal(list[1].undone_by, xid);
    assert.equal(list[0].undoes, change.xid);
    ok(await me.post(`/api/v1/changes/${xid}/undo`, {}));
    assert.equal((await get(b.id)).details.heating, 'strøm');
    assert.equal((await history(b.id)).find((c) => c.xid === change.xid).can_undo, true);
  });

  test('refuses when the field has been changed again, and says by whom', async () => {
    const b = await building({ heating: 'olje', use: 'skole' });
    ok(await me.patch(`/api/v1/places/${b.id}`, { row_v: b.row_v, heating: 'strøm', use: 'lager' }));
    const [change] = await history(b.id);
    const { row_v } = await get(b.id);
    ok(await me.patch(`/api/v1/places/${b.id}`, { row_v, heating: 'sol' }));
    const refused = await me.post(`/api/v1/changes/${change.xid}/undo`, {});
    assert.equal(refused.status, 409);
    const [c] = refused.body.conflicts;
    assert.deepEqual([c.field, c.base, c.mine, c.theirs], ['heating', 'strøm', 'olje', 'sol']);
    assert.ok(c.by);
    assert.equal((await get(b.id)).details.use, 'lager', 'and does none of it');
  });

  test('removes what was made, unless something lies in it now', async () => {
    const b = await building();
    const [made] = await history(b.id);
    assert.equal(made.op, 'create');
    const room = await make({ parent: b.id, kind: 'room', name: 'Rom' });
    const refused = await me.post(`/api/v1/changes/${made.xid}/undo`, {});
    assert.equal(refused.status, 409);
    assert.equal(refused.body.conflicts[0].field, 'children');
    ok(await me.del(`/api/v1/places/${room.id}?row_v=${room.row_v}`));
    ok(await me.post(`/api/v1/changes/${made.xid}/undo`, {}));
    assert.equal((await me.get(`/api/v1/places/${b.id}`)).status, 410);
  });

  test('answers what is no change with 404', async () => {
    for (const xid of ['1', '999999999', 'abc', '-1', '99999999999999999999'])
      assert.equal((await me.post(`/api/v1/changes/${xid}/undo`, {})).status, 404, xid);
  });
});

test('tells building types, statuses and elements', async () => {
  for (const [path, least] of [['building-types', 100], ['building-statuses', 13], ['elements', 100]] as const)
    assert.ok(ok(await me.get(`/api/v1/${path}`)).items.length >= least, path);
});
