// Warnings (REG-6): what is said of a building is met in its rooms, by those who go there and by
// nobody else, from the day it begins to the day it ends.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type pg from 'pg';
import { world, type Api, type Server } from './harness.ts';
import { sessionOf, tenantHome } from './helpers.ts';

const w = await world({ demo: true });
let s: Server;
let owner: pg.Client;
let office: Api;
let field: Api;
let tenant: Api;
let building: string;
let dwelling: string;
let tenantPerson: string;

async function warn(body: object): Promise<{ id: string; row_v: number }> {
  const reply = await office.post('/api/v1/warnings', body);
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  return reply.body;
}

const told = async (place: string): Promise<string | null> =>
  (await owner.query('select warning from place where id = $1', [place])).rows[0].warning;

async function end(id: string): Promise<void> {
  const { rows } = await owner.query('select row_v::int from warning where id = $1', [id]);
  assert.equal((await office.patch(`/api/v1/warnings/${id}`, { row_v: rows[0].row_v, ended: true })).status, 200);
}

before(async () => {
  s = await w.server();
  owner = await w.connect('owner');
  office = await s.login('manager');
  field = await s.login('caretaker');
  tenant = await s.login('tenant');
  const home = await tenantHome(owner, true);
  building = home.site;
  dwelling = home.dwelling;
  tenantPerson = home.person;
  await owner.query(`update warning set ended_at = now() where place_id in
    (select id from place where site_id = $1 or id in (select parent_id from place where id = $1))`, [building]);
});

describe('a warning', () => {
  test('on a building is met in its dwellings and rooms, nearest first, until it is ended', async () => {
    const asbestos = await warn({ place: building, kind: 'asbestos', text: 'Asbest i rørisolasjon' });
    const dog = await warn({ place: dwelling, kind: 'dog', text: 'Stor hund' });
    assert.equal(await told(dwelling), 'Stor hund\nAsbest i rørisolasjon');
    assert.equal(await told(building), 'Asbest i rørisolasjon');
    const list = (await field.get(`/api/v1/places/${dwelling}/warnings`)).body.items;
    assert.deepEqual(
      list.map((x: { kind: string; is_inherited: boolean }) => [x.kind, x.is_inherited]),
      [['dog', false], ['asbestos', true]],
    );
    assert.equal((await office.get(`/api/v1/places/${dwelling}`)).body.warning, 'Stor hund\nAsbest i rørisolasjon');
    await end(asbestos.id);
    assert.equal(await told(dwelling), 'Stor hund');
    await end(dog.id);
    assert.equal(await told(dwelling), null);
    assert.deepEqual((await office.get(`/api/v1/places/${dwelling}/warnings`)).body.items, []);
    const ended = (await office.get(`/api/v1/places/${dwelling}/warnings?ended=true`)).body.items;
    assert.ok(ended.some((x: { id: string; ended_by_name: string }) => x.id === dog.id && x.ended_by_name === 'Marit Sunde'));
  });

  test('on a component is met where the component is', async () => {
    const { rows } = await owner.query('select id, place_id from component where site_id = $1 limit 1', [building]);
    const one = await warn({ component: rows[0].id, kind: 'electric', text: 'Spenning bak dekselet' });
    assert.equal(await told(rows[0].place_id), 'Spenning bak dekselet');
    await end(one.id);
  });

  test('begins and ends with its days', async () => {
    const later = await warn({ place: building, kind: 'fall', text: 'Stillas', valid_from: '2090-01-01', valid_to: '2090-02-01' });
    assert.equal(await told(dwelling), null, 'not yet');
    await owner.query(`update warning set valid_from = current_date - 2, valid_to = current_date + 2 where id = $1`, [later.id]);
    assert.equal(await told(dwelling), 'Stillas');
    // As if the day had turned: nobody touched the row.
    await owner.query('set session_replication_role = replica');
    await owner.query(`update warning set valid_from = current_date - 9, valid_to = current_date - 2 where id = $1`, [later.id]);
    await owner.query('set session_replication_role = origin');
    assert.equal(await told(dwelling), 'Stillas');
    const job = await w.connect('job');
    await job.query('select warning_turn()');
    assert.equal(await told(dwelling), null);
  });

  test('written in the old way becomes one, and emptied there is ended', async () => {
    await owner.query(`update place set warning = 'Bratt trapp' where id = $1`, [building]);
    const list = (await office.get(`/api/v1/places/${building}/warnings`)).body.items;
    assert.deepEqual(list.map((x: { kind: string; text: string }) => [x.kind, x.text]), [['other', 'Bratt trapp']]);
    assert.equal(await told(dwelling), 'Bratt trapp');
    await owner.query(`update place set warning = null where id = $1`, [building]);
    assert.equal(await told(dwelling), null);
    assert.deepEqual((await office.get(`/api/v1/places/${building}/warnings`)).body.items, []);
  });

  test('is met in a place that is made or moved into what it is on', async () => {
    const one = await warn({ place: building, kind: 'confined_space', text: 'Krypkjeller' });
    const room = randomUUID();
    await owner.query(`insert into place (id, parent_id, kind, name) values ($1, $2, 'room', 'Bod 9')`, [room, building]);
    assert.equal(await told(room), 'Krypkjeller');
    const { rows } = await owner.query(
      `select id, warning from place where kind = 'building' and id <> $1 and warning is null limit 1`, [building]);
    await owner.query('update place set parent_id = $2 where id = $1', [room, rows[0].id]);
    assert.equal(await told(room), null);
    await end(one.id);
  });

  test('is not for a whole municipality, which nobody would read', async () => {
    const { rows } = await owner.query(`select id from place where kind = 'municipality'`);
    assert.equal((await office.post('/api/v1/warnings', { place: rows[0].id, kind: 'other', text: 'Pass på' })).status, 400);
  });

  test('keeps its words: what was known of a place when somebody went there', async () => {
    const one = await warn({ place: building, kind: 'other', text: 'Glatt' });
    const client = await w.connect('office');
    await assert.rejects(client.query(`update warning set text = 'x'`), { code: '42501' });
    await assert.rejects(client.query('delete from warning'), { code: '42501' });
    await end(one.id);
    assert.equal((await office.patch(`/api/v1/warnings/${one.id}`, { row_v: one.row_v, ended: true })).status, 409);
  });
});

describe('how to get past an alarm', () => {
  const code = 'Kode 4711, meld fra til vekter';
  let alarm: { id: string };

  before(async () => {
    alarm = await warn({ place: building, kind: 'alarm', text: code });
  });

  test('reaches the caretaker and the office', async () => {
    assert.equal((await field.get(`/api/v1/places/${dwelling}/warnings`)).body.items[0].text, code);
    assert.equal((await field.get(`/api/v1/places/${dwelling}`)).body.warning, code);
  });

  test('never reaches a tenant, not even of the dwelling', async () => {
    for (const path of [`/api/v1/places/${dwelling}`, `/api/v1/places/${building}`, `/api/v1/places/${building}/children`])
      assert.ok(!JSON.stringify((await tenant.get(path)).body).includes('4711'), path);
    assert.equal((await tenant.get(`/api/v1/places/${dwelling}/warnings`)).status, 403);
    assert.equal((await tenant.post('/api/v1/warnings', { place: dwelling, kind: 'dog', text: 'x' })).status, 403);
    const client = await w.connect('tenant');
    await owner.query(`select session_open($1, 'tenant', sha256(convert_to('t_w', 'UTF8')), 1)`, [tenantPerson]);
    for (const sql of ['select * from warning', 'select warning from place', `select place_warnings('${dwelling}')`,
      `select place_warning_kinds('${dwelling}')`, `select warning_text('${dwelling}')`, `select warning_places('${dwelling}')`]) {
      await client.query(`begin; select identify(sha256(convert_to('t_w', 'UTF8')))`);
      await assert.rejects(client.query(sql), { code: '42501' }, sql);
      await client.query('rollback');
    }
    await client.query(`begin; select identify(sha256(convert_to('t_w', 'UTF8')))`);
    assert.equal((await client.query('select place_warning($1) as w', [dwelling])).rows[0].w, null);
    await client.query('rollback');
  });

  test('never reaches the public', async () => {
    const nobody = s.api();
    assert.ok(!JSON.stringify((await nobody.get(`/api/v1/places/${building}`)).body).includes('4711'));
    const client = await w.connect('public');
    await assert.rejects(client.query('select * from warning'), { code: '42501' });
  });

  test('reaches a supplier with a task there, and ends with the task\'s link', async () => {
    const supplier = (await owner.query(`select id from person where demo_key = 'supplier'`)).rows[0].id;
    await owner.query(`select session_open($1, 'supplier', sha256(convert_to('s_w', 'UTF8')), 1)`, [supplier]);
    const client = await w.connect('supplier');
    const seen = async (): Promise<{ warnings: string[]; place: string | null; list: string }> => {
      await client.query(`begin; select identify(sha256(convert_to('s_w', 'UTF8')))`);
      const warnings = (await client.query('select text from warning')).rows.map((r) => r.text);
      const place = (await client.query('select place_warning($1) as w', [dwelling])).rows[0].w;
      const list = JSON.stringify((await client.query('select place_warnings($1) as w', [dwelling])).rows[0].w);
      await client.query('rollback');
      return { warnings, place, list };
    };
    await owner.query(`delete from supplier_link where person_id = $1`, [supplier]);
    assert.deepEqual(await seen(), { warnings: [], place: null, list: '[]' });

    const task = randomUUID();
    await owner.query(`insert into task (id, place_id, title) values ($1, $2, 'Bytt lås')`, [task, dwelling]);
    await owner.query(
      `insert into supplier_link (token_hash, task_id, person_id, expires_at) values (sha256('x'::bytea), $1, $2, now() + interval '1 day')`,
      [task, supplier]);
    await owner.query(`select session_open($1, 'supplier', sha256(convert_to('s_w', 'UTF8')), 1) where not exists
      (select from session where token_hash = sha256(convert_to('s_w', 'UTF8')))`, [supplier]);
    const with_task = await seen();
    assert.ok(with_task.warnings.includes(code) && with_task.place?.includes(code) && with_task.list.includes('4711'));

    await owner.query(`update supplier_link set expires_at = now() where person_id = $1`, [supplier]);
    await owner.query(`select session_open($1, 'supplier', sha256(convert_to('s_w', 'UTF8')), 1) where not exists
      (select from session where token_hash = sha256(convert_to('s_w', 'UTF8')))`, [supplier]);
    assert.deepEqual(await seen(), { warnings: [], place: null, list: '[]' });
  });

  test('does not reach an office or a caretaker of another area', async () => {
    const { rows } = await owner.query(
      `with p as (insert into person (name) values ('Leder Annetsteds') returning id),
            a as (insert into area (area_no, name) values (992, 'Annet') returning area_no)
       insert into person_role (person_id, role, area_no)
       select p.id, r, a.area_no from p, a, unnest(array['manager', 'caretaker']) r returning person_id`,
    );
    for (const audience of ['office', 'field'] as const) {
      const other = await sessionOf(s, owner, rows[0].person_id, audience);
      assert.ok(!JSON.stringify((await other.get(`/api/v1/places/${dwelling}/warnings`)).body).includes('4711'), audience);
      if (audience === 'office') {
        const { rows: own } = await owner.query('select row_v::int from warning where id = $1', [alarm.id]);
        assert.equal((await other.patch(`/api/v1/warnings/${alarm.id}`, { row_v: own[0].row_v, ended: true })).status, 404);
        assert.equal((await other.post('/api/v1/warnings', { place: building, kind: 'dog', text: 'x' })).status, 403);
      }
    }
  });
});
