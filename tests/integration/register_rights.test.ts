// Who may edit the register, and read what became of it: a caseworker of one area reaches nothing of another, by no door; others reach
// none of it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type pg from 'pg';
import { world, type Api, type Reply } from './harness.ts';
import { filled, routes, sessionOf, token } from './helpers.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Any = any;

const w = await world({ demo: true });
const s = await w.server();
let owner: pg.Client;
let admin: Api;
let mine: Api; // of area 1
const person = randomUUID();
const theirs = {} as { property: string; building: string; room: string; component: string; change: string; gone: string; goneChange: string };
const ours = {} as { property: string; building: string; component: string };

function ok(reply: Reply, status = 200): Any {
  assert.equal(reply.status, status, JSON.stringify(reply.body));
  return reply.body;
}

const version = async (id: string): Promise<number> =>
  (await owner.query('select row_v::int as v from place where id = $1 union all select row_v::int from component where id = $1', [id])).rows[0].v;

before(async () => {
  owner = await w.connect('owner');
  admin = await s.login('admin');
  await owner.query(`insert into person (id, name) values ($1, 'Bare her')`, [person]);
  await owner.query(`insert into person_role (person_id, role, area_no) values ($1, 'manager', 1)`, [person]);
  mine = await sessionOf(s, owner, person, 'office');
  const make = async (body: object): Promise<Any> => ok(await admin.post('/api/v1/places', body), 201);
  for (const [area, of] of [[2, theirs], [1, ours]] as [number, Any][]) {
    const { rows } = await owner.query(`select id from place where kind = 'property' and area_no = $1 order by id limit 1`, [area]);
    of.property = rows[0].id;
    of.building = (await make({ parent: of.property, kind: 'building', name: `Bygg i ${area}` })).id;
    of.room = (await make({ parent: of.building, kind: 'room', name: 'Rom' })).id;
    of.component = ok(await admin.post('/api/v1/components', { place_id: of.room, name: 'Ting' }), 201).id;
  }
  theirs.change = ok(await admin.patch(`/api/v1/places/${theirs.building}`, { row_v: await version(theirs.building), warning: 'hemmelig' })).xid;
  theirs.gone = (await make({ parent: theirs.building, kind: 'room', name: 'Borte' })).id;
  theirs.goneChange = ok(await admin.del(`/api/v1/places/${theirs.gone}?row_v=${await version(theirs.gone)}`)).xid;
});

describe('a caseworker of another area', () => {
  test('reads nothing of it, neither now nor then', async () => {
    for (const path of [
      `/places/${theirs.building}`, `/places/${theirs.building}?at=${new Date().toISOString()}`, `/places/${theirs.gone}`,
      `/components/${theirs.component}`, `/components/${theirs.component}?at=${new Date().toISOString()}`,
    ])
      assert.equal((await mine.get(`/api/v1${path}`)).status, 404, path);
    for (const path of [
      `/places/${theirs.building}/children`, `/places/${theirs.building}/children?at=${new Date().toISOString()}`,
      `/places/${theirs.building}/components`, `/places/${theirs.building}/components?at=${new Date().toISOString()}`,
      `/changes?row=${theirs.building}`, `/changes?row=${theirs.component}`, `/changes?row=${theirs.gone}`,
    ])
      assert.deepEqual(ok(await mine.get(`/api/v1${path}`)).items, [], path);
  });

  test('changes, moves, removes and restores nothing of it', async () => {
    const row_v = await version(theirs.building);
    const c_v = await version(theirs.component);
    const attempts: [string, string, object | undefined][] = [
      ['patch', `/places/${theirs.building}`, { row_v, name: 'Vårt' }],
      ['del', `/places/${theirs.building}?row_v=${row_v}`, undefined],
      ['post', `/places/${theirs.building}/move`, { row_v, parent: ours.property }],
      ['post', `/places/${theirs.building}/split`, { row_v, parts: [{}, { name: 'Del' }] }],
      ['post', `/places/${theirs.building}/merge`, { row_v, others: [ours.building] }],
      ['post', `/places/${theirs.gone}/restore`, {}],
      ['patch', `/components/${theirs.component}`, { row_v: c_v, name: 'Vår' }],
      ['del', `/components/${theirs.component}?row_v=${c_v}`, undefined],
      ['post', `/components/${theirs.component}/move`, { row_v: c_v, place_id: ours.building }],
      ['post', `/changes/${theirs.change}/undo`, {}],
      ['post', `/changes/${theirs.goneChange}/undo`, {}],
    ];
    for (const [method, path, body] of attempts) {
      const reply = await (mine as Any)[method](`/api/v1${path}`, body);
      assert.equal(reply.status, 404, `${method} ${path}: ${JSON.stringify(reply.body)}`);
    }
    const { rows } = await owner.query('select name, warning from place where id = $1', [theirs.building]);
    assert.deepEqual(rows[0], { name: 'Bygg i 2', warning: 'hemmelig' });
  });

  test('puts nothing into it and takes nothing out of it', async () => {
    const attempts: [string, object][] = [
      ['/places', { parent: theirs.building, kind: 'room', name: 'X' }],
      ['/places', { parent: theirs.property, kind: 'building', name: 'X', area_no: 1 }],
      ['/components', { place_id: theirs.room, name: 'X' }],
      [`/places/${ours.building}/move`, { row_v: await version(ours.building), parent: theirs.property }],
      [`/places/${ours.building}/merge`, { row_v: await version(ours.building), others: [theirs.building] }],
      [`/components/${ours.component}/move`, { row_v: await version(ours.component), place_id: theirs.room }],
      ['/renumberings', { properties: [{ id: theirs.property, to: '1505-999/1' }] }],
    ];
    for (const [path, body] of attempts) {
      const reply = await mine.post(`/api/v1${path}`, body);
      assert.equal(reply.status, 400, `${path}: ${JSON.stringify(reply.body)}`);
    }
    const away = await mine.patch(`/api/v1/places/${ours.building}`, { row_v: await version(ours.building), area_no: 2 });
    assert.equal(away.status, 403);
    const bulk = ok(await mine.post('/api/v1/bulk', { tbl: 'component', ids: [theirs.component], set: { note: 'X' } }));
    assert.deepEqual([bulk.matched, bulk.count], [0, 0]);
    const found = ok(await mine.post('/api/v1/bulk', { tbl: 'place', filter: { q: 'bygg i 2' }, set: { warning: 'X' }, dry_run: true }));
    assert.equal(found.count, 0);
    const system = await mine.patch(`/api/v1/components/${ours.component}`, { row_v: await version(ours.component), parent_id: theirs.component });
    assert.equal(system.status, 400);
  });

  test('undoes no change that reaches beyond it, not even by half', async () => {
    const both = ok(await admin.post('/api/v1/bulk', { tbl: 'component', ids: [ours.component, theirs.component], set: { maker: 'Begge' } }));
    assert.equal(both.count, 2);
    const shown = ok(await mine.get(`/api/v1/changes?row=${ours.component}`)).items[0];
    assert.equal(shown.xid, both.xid);
    assert.deepEqual(shown.rows.map((r: Any) => r.id), [ours.component], 'and sees the half that is theirs');
    assert.equal((await mine.post(`/api/v1/changes/${both.xid}/undo`, {})).status, 403);
    const { rows } = await owner.query('select maker from component where id = any ($1)', [[ours.component, theirs.component]]);
    assert.deepEqual(rows.map((r) => r.maker), ['Begge', 'Begge']);
    ok(await admin.post(`/api/v1/changes/${both.xid}/undo`, {}));
  });

  test('removes nothing that holds a part of another area', async () => {
    const b = ok(await admin.post('/api/v1/places', { parent: ours.property, kind: 'building', name: 'Delt' }), 201);
    ok(await admin.post('/api/v1/places', { parent: b.id, kind: 'outdoor_area', name: 'Uteområde', area_no: 2 }), 201);
    const refused = await mine.del(`/api/v1/places/${b.id}?row_v=${await version(b.id)}`);
    assert.equal(refused.status, 403, JSON.stringify(refused.body));
  });
});

describe('past the API, as the role itself', () => {
  const ever = ['place', 'property', 'building', 'storey', 'dwelling', 'component'];

  const clients = new Map<string, pg.Client>();

  async function as(role: 'office' | 'field' | 'tenant' | 'supplier' | 'public', sql: string, params: unknown[] = []): Promise<Any[]> {
    const client = clients.get(role) ?? (await w.connect(role));
    clients.set(role, client);
    await client.query('begin');
    try {
      if (role === 'office') {
        const made = token('office');
        await owner.query(`select session_open($1, 'office', sha256(convert_to($2, 'UTF8')), 1)`, [person, made]);
        await client.query(`select identify(sha256(convert_to($1, 'UTF8')))`, [made]);
      }
      return (await client.query(sql, params)).rows;
    } finally {
      await client.query('rollback');
    }
  }

  test('old versions have the same walls as new ones', async () => {
    await owner.query(`insert into building (place_id) values ($1) on conflict do nothing`, [theirs.building]);
    for (const t of ever) {
      const rows = await as('office', `select area_no, count(*)::int as n from ${t}_ever where area_no is distinct from 1 and area_no is not null group by 1`);
      assert.deepEqual(rows, [], t);
    }
    assert.ok((await as('office', 'select 1 from place_ever where area_no = 1 limit 1')).length);
    assert.deepEqual(await as('office', 'select * from place_was where id = $1', [theirs.building]), []);
    assert.ok((await owner.query('select from place_was where id = $1', [theirs.building])).rowCount, 'though there is one');
  });

  test('nobody else reads versions or changes', async () => {
    for (const role of ['field', 'tenant', 'supplier', 'public'] as const)
      for (const t of [...ever.map((e) => `${e}_ever`), ...ever.map((e) => `${e}_was`), 'register_change', 'audit', 'component_template', 'place_use', 'place_ref'])
        await assert.rejects(as(role, `select 1 from ${t} limit 1`), { code: '42501' }, `${role} ${t}`);
  });

  test('nobody else calls what writes', async () => {
    for (const role of ['field', 'tenant', 'supplier', 'public'] as const)
      for (const call of [`place_add('{}')`, `place_change(null, '{}')`, `place_remove(null, 1)`, `register_undo('1')`, `register_bulk('{}')`,
        `register_restore('place', null)`, `register_renumber('{}')`, `register_rows('1')`, `register_moves('1')`, `place_below(null)`])
        await assert.rejects(as(role, `select ${call}`), { code: '42501' }, `${role} ${call}`);
  });

  test('a plain statement hangs nothing below what is not seen, and writes no change’s record', async () => {
    await assert.rejects(as('office', `insert into place (parent_id, kind, name, area_no) values ($1, 'building', 'X', 1)`, [theirs.property]), { code: '42501' });
    await assert.rejects(as('office', `update place set parent_id = $1, area_no = 1 where id = $2`, [theirs.property, ours.building]), { code: '42501' });
    for (const sql of [`insert into register_change (xid, op, valid_from) values ('1', 'change', now())`, `delete from register_change`,
      `update place_was set name = 'X'`, `delete from component_was`, `update place set since = now()`, `update component set since = now()`])
      await assert.rejects(as('office', sql), { code: '42501' }, sql);
    await assert.rejects(as('office', `select register_undone('1')`), { code: '42501' });
  });
});

test('tenants, caretakers, suppliers and strangers reach no door that writes', async () => {
  const others: [string, Api][] = [['nobody', s.api()], ['tenant', await s.login('tenant')], ['caretaker', await s.login('caretaker')]];
  const doors = (await routes(s)).filter((r) =>
    /^\/api\/v1\/(places|components|changes|bulk|renumberings|templates|storeys)\b/.test(r.path) && (r.method !== 'GET' || /changes|templates/.test(r.path)));
  assert.ok(doors.length >= 18, `only ${doors.length}`);
  for (const [who, api] of others)
    for (const d of doors) {
      const path = filled(d.path, theirs.building).replace('{xid}', '1');
      const reply = d.method === 'GET' ? await api.get(path) : d.method === 'DELETE' ? await api.del(path)
        : d.method === 'PATCH' ? await api.patch(path, {}) : d.method === 'PUT' ? await api.put(path, Buffer.from('{}'), 'application/json') : await api.post(path, {});
      assert.ok([401, 403].includes(reply.status), `${who} ${d.method} ${path}: ${reply.status}`);
    }
  const tenant = others[1]?.[1] as Api;
  assert.equal((await tenant.get(`/api/v1/places/${ours.building}?at=2020-01-01`)).status, 403);
  assert.equal(ok(await tenant.get(`/api/v1/places/${ours.building}`)).details, undefined);
});
