// Keys (REG-4): who has which key, that one key is with one person, that a lost one is charged once,
// and that the lists are for those whose buildings they open.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type pg from 'pg';
import { world, type Api, type Server } from './harness.ts';
import { sessionOf, sha256, tenantHome } from './helpers.ts';

const w = await world({ demo: true });
let s: Server;
let owner: pg.Client;
let office: Api;
let field: Api;
let tenant: Api;
let building: string;
let dwelling: string;
let holder: string;
let system: string;
let front: string;
let own: string;

// A picture that libmagic knows: one white pixel.
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
  'base64',
);

async function make(path: string, body: unknown): Promise<string> {
  const reply = await office.post(path, body);
  assert.equal(reply.status, 201, `${path}: ${JSON.stringify(reply.body)}`);
  return reply.body.id;
}

const newKey = (mark: string, more: object = {}): Promise<string> =>
  make('/api/v1/keys', { system, mark, cylinders: [front], ...more });

before(async () => {
  s = await w.server();
  owner = await w.connect('owner');
  office = await s.login('manager');
  field = await s.login('caretaker');
  tenant = await s.login('tenant');
  const home = await tenantHome(owner, true);
  building = home.site;
  dwelling = home.dwelling;
  holder = home.person;
  system = await make('/api/v1/key-systems', {
    place: building,
    name: 'Prøvesystem',
    maker: 'Trioving',
    security_card: 'K-4711',
    lost_key_ore: 85000,
  });
  front = await make('/api/v1/cylinders', { system, mark: 'Y1', place: building });
  own = await make('/api/v1/cylinders', { system, mark: 'D1', place: dwelling });
});

describe('a key', () => {
  test('goes out with a drawn signature, is seen with its holder, and comes in', async () => {
    const key = await newKey('A1', { cylinders: [front, own] });
    const hash = sha256(png);
    assert.equal((await office.put(`/api/v1/files/${hash}`, png, 'image/png')).status, 201);
    const out = await office.post(`/api/v1/keys/${key}/out`, {
      holder,
      due_on: '2031-01-31',
      signature: hash,
      note: 'to nøkler i ring',
    });
    assert.equal(out.status, 201, JSON.stringify(out.body));
    const seen = await office.get(`/api/v1/keys/${key}`);
    assert.equal(seen.body.state, 'out');
    assert.deepEqual(seen.body.opens.map((c: { mark: string }) => c.mark), ['D1', 'Y1']);
    assert.equal(seen.body.loans[0].out_signature, hash);
    assert.equal(seen.body.loans[0].holder_name, 'Nora Brunsvik');
    assert.equal(seen.body.loans[0].out_by_name, 'Marit Sunde');
    const desk = await s.login('frontdesk');
    assert.equal((await desk.get(`/api/v1/files/${hash}`)).status, 200, 'the desk sees the signature too');
    assert.equal((await tenant.get(`/api/v1/files/${hash}`)).status, 404, 'others do not');

    const back = await office.post(`/api/v1/keys/${key}/in`, { signed_name: 'Nora Brunsvik' });
    assert.equal(back.status, 200, JSON.stringify(back.body));
    assert.equal((await office.get(`/api/v1/keys/${key}`)).body.state, 'in');
    assert.equal((await office.post(`/api/v1/keys/${key}/in`, { signed_name: 'N' })).status, 409);
  });

  test('is not given out without a signature or a name, nor to nobody', async () => {
    const key = await newKey('A2');
    const bare = await office.post(`/api/v1/keys/${key}/out`, {});
    assert.equal(bare.status, 400);
    assert.deepEqual(bare.body.errors.map((e: { pointer: string }) => e.pointer).sort(), ['/holder', '/signature']);
    const past = await office.post(`/api/v1/keys/${key}/out`, { holder, signed_name: 'x', due_on: '2020-01-01' });
    assert.equal(past.status, 400, 'a day that has passed');
    assert.equal((await office.get(`/api/v1/keys/${key}`)).body.state, 'in');
  });

  test('is never out twice, however many ask at once', async () => {
    const key = await newKey('A3');
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        office.post(`/api/v1/keys/${key}/out`, { holder_name: `Låner ${i}`, signed_name: `Låner ${i}` }),
      ),
    );
    assert.deepEqual(replies.map((r) => r.status).sort(), [201, 409, 409, 409, 409, 409, 409, 409]);
    const { rows } = await owner.query(
      `select count(*)::int as loans, (select count(*)::int from person where name like 'Låner _') as people
         from key_loan where key_id = $1`,
      [key],
    );
    assert.deepEqual(rows[0], { loans: 1, people: 1 }, 'nor is anybody made who got nothing');
    await assert.rejects(
      owner.query(`insert into key_loan (key_id, holder_id, out_name) values ($1, $2, 'x')`, [key, holder]),
      'nor by a program',
    );
  });

  test('takes nobody else\'s signature', async () => {
    const key = await newKey('A4');
    const secret = Buffer.concat([png, Buffer.from('other')]);
    const hash = sha256(secret);
    assert.equal((await tenant.put(`/api/v1/files/${hash}`, secret, 'image/png')).status, 201);
    const out = await office.post(`/api/v1/keys/${key}/out`, { holder, signature: hash });
    assert.equal(out.status, 400, 'who only knows a hash must not get the bytes by it');
    assert.equal((await office.get(`/api/v1/files/${hash}`)).status, 404);
  });

  test('is overdue the day after it should have come in, and leads that list', async () => {
    const key = await newKey('A5');
    await office.post(`/api/v1/keys/${key}/out`, { holder_name: 'Rørlegger Hansen AS', is_organisation: true, signed_name: 'P. Hansen' });
    await owner.query(`set session_replication_role = replica`);
    await owner.query(`update key_loan set out_at = now() - interval '9 days', due_on = current_date - 3 where key_id = $1`, [key]);
    await owner.query(`set session_replication_role = origin`);
    const list = await office.get(`/api/v1/keys?state=overdue&system=${system}`);
    assert.deepEqual(list.body.items.map((k: { id: string }) => k.id), [key]);
    assert.equal(list.body.items[0].holder_name, 'Rørlegger Hansen AS');
    const found = await office.get('/api/v1/keys?q=r%C3%B8rlegger%20h&state=out');
    assert.equal(found.body.items[0].is_overdue, true);
  });

  test('is made in numbers that go on from the highest', async () => {
    const first = await office.post('/api/v1/keys', { system, mark: 'B1', count: 3 });
    assert.deepEqual(first.body.serials, ['1', '2', '3']);
    const more = await office.post('/api/v1/keys', { system, mark: 'B1', count: 2, cylinders: [own] });
    assert.deepEqual(more.body.serials, ['4', '5']);
    assert.equal((await office.post('/api/v1/keys', { system, mark: 'B1', serial: '4' })).status, 409);
    const page = await office.get(`/api/v1/keys?system=${system}&q=B1&limit=2`);
    const rest = await office.get(`/api/v1/keys?system=${system}&q=B1&limit=50&after=${page.body.next}`);
    assert.deepEqual([...page.body.items, ...rest.body.items].map((k) => k.serial), ['1', '2', '3', '4', '5']);
  });

  test('opens other doors after a change, which two editors do not overwrite', async () => {
    const key = await newKey('B2');
    const { body } = await office.get(`/api/v1/keys/${key}`);
    const change = await office.patch(`/api/v1/keys/${key}`, { row_v: body.row_v, cylinders: [own], note: 'filt om' });
    assert.equal(change.status, 200, JSON.stringify(change.body));
    assert.deepEqual((await office.get(`/api/v1/keys/${key}`)).body.opens.map((c: { id: string }) => c.id), [own]);
    assert.equal((await office.patch(`/api/v1/keys/${key}`, { row_v: body.row_v, note: 'for sent' })).status, 409);
    const other = await make('/api/v1/key-systems', { place: building, name: 'Annet system' });
    const strange = await make('/api/v1/cylinders', { system: other, mark: 'X', place: building });
    const wrong = await office.patch(`/api/v1/keys/${key}`, { row_v: change.body.row_v, cylinders: [strange] });
    assert.equal(wrong.status, 400, 'a key opens cylinders of its own system');
  });
});

describe('a lost key', () => {
  test('is charged to its holder once, and tells which doors are not safe', async () => {
    const key = await newKey('C1', { cylinders: [front, own] });
    await office.post(`/api/v1/keys/${key}/out`, { holder, signed_name: 'Nora Brunsvik' });
    const lost = await office.post(`/api/v1/keys/${key}/lost`, { note: 'mistet på fjorden' });
    assert.equal(lost.status, 201, JSON.stringify(lost.body));
    assert.deepEqual(lost.body.compromised.map((c: { mark: string }) => c.mark), ['D1', 'Y1']);
    assert.equal((await office.post(`/api/v1/keys/${key}/lost`, {})).status, 409);
    assert.equal((await office.post(`/api/v1/keys/${key}/out`, { holder, signed_name: 'x' })).status, 409);
    const { rows } = await owner.query(
      `select person_id, reason, amount_ore::int, area_no is not null as placed from charge where id = $1`,
      [lost.body.charge_id],
    );
    assert.deepEqual(rows, [{ person_id: holder, reason: 'lost_key', amount_ore: 85000, placed: true }]);
    const cylinders = (await office.get(`/api/v1/key-systems/${system}`)).body.cylinders;
    assert.ok(cylinders.find((c: { id: string }) => c.id === own).lost_keys >= 1);
  });

  test('that turns up is in again, and what was charged is taken back by a new row', async () => {
    const key = await newKey('C2');
    await office.post(`/api/v1/keys/${key}/out`, { holder, signed_name: 'Nora Brunsvik' });
    await office.post(`/api/v1/keys/${key}/lost`, { amount_ore: 12300 });
    const found = await office.post(`/api/v1/keys/${key}/found`, { note: 'lå i jakka' });
    assert.equal(found.status, 201, JSON.stringify(found.body));
    const seen = await office.get(`/api/v1/keys/${key}`);
    assert.equal(seen.body.state, 'in');
    assert.deepEqual(seen.body.charges.map((c: { amount_ore: number }) => c.amount_ore), [12300, -12300]);
    assert.equal((await office.post(`/api/v1/keys/${key}/found`, {})).status, 409);
  });

  test('that nobody had is charged to nobody', async () => {
    const key = await newKey('C3');
    const lost = await office.post(`/api/v1/keys/${key}/lost`, {});
    assert.equal(lost.body.charge_id, null);
    assert.equal((await office.get(`/api/v1/keys/${key}`)).body.state, 'lost');
  });

  test('stays in the ledger: nobody changes or takes away a charge', async () => {
    for (const role of ['office', 'job'] as const) {
      const client = await w.connect(role);
      for (const sql of ['update charge set amount_ore = 1', 'delete from charge'])
        await assert.rejects(client.query(sql), { code: '42501' }, `${role}: ${sql}`);
    }
  });
});

describe('who sees keys', () => {
  test('a place lists the keys that open it, with master keys, and a building what is in it', async () => {
    const master = await newKey('GHN', { is_master: true, cylinders: [] });
    const only = await newKey('D9', { cylinders: [own] });
    const ids = async (api: Api, place: string): Promise<string[]> =>
      (await api.get(`/api/v1/places/${place}/keys?limit=500`)).body.items.map((k: { id: string }) => k.id);
    for (const place of [building, dwelling]) {
      const got = await ids(office, place);
      assert.ok(got.includes(master) && got.includes(only), place);
    }
    assert.ok((await ids(field, building)).includes(only), 'the caretaker sees who to ask');
    const { rows } = await owner.query(`select id from place where kind = 'building' and id <> $1 and area_no = 1 limit 1`, [building]);
    assert.ok(!(await ids(office, rows[0].id)).includes(only));
  });

  test('tenants, suppliers and the public reach no table and no route of keys', async () => {
    for (const path of ['/api/v1/keys', '/api/v1/key-systems', '/api/v1/cylinders', `/api/v1/places/${dwelling}/keys`])
      assert.equal((await tenant.get(path)).status, 403, path);
    for (const role of ['tenant', 'supplier', 'public'] as const) {
      const client = await w.connect(role);
      for (const table of ['key_system', 'cylinder', 'key', 'key_cylinder', 'key_loan', 'charge'])
        await assert.rejects(client.query(`select 1 from ${table}`), { code: '42501' }, `${role} ${table}`);
    }
    const caretaker = await w.connect('field');
    await assert.rejects(caretaker.query('select security_card from key_system'), { code: '42501' }, 'who has the card orders keys');
  });

  test('an office of another area sees and does nothing', async () => {
    const { rows } = await owner.query(
      `with p as (insert into person (name) values ('Leder Annetsteds') returning id),
            a as (insert into area (area_no, name) values (990, 'Annet') returning area_no)
       insert into person_role (person_id, role, area_no) select p.id, 'manager', a.area_no from p, a returning person_id`,
    );
    const other = await sessionOf(s, owner, rows[0].person_id, 'office');
    const key = await newKey('E1');
    assert.equal((await other.get(`/api/v1/keys/${key}`)).status, 404);
    assert.deepEqual((await other.get('/api/v1/keys')).body.items, []);
    assert.equal((await other.post(`/api/v1/keys/${key}/out`, { holder_name: 'Tyv', signed_name: 'Tyv' })).status, 404);
    assert.equal((await owner.query(`select 1 from person where name = 'Tyv'`)).rowCount, 0);
    assert.equal((await other.post(`/api/v1/keys/${key}/lost`, {})).status, 404);
    assert.equal((await other.post('/api/v1/keys', { system, mark: 'F1' })).status, 403);
    assert.equal((await other.post('/api/v1/key-systems', { place: building, name: 'Innbrudd' })).status, 403);
  });

  test('locks go along when their building changes area', async () => {
    const key = await newKey('G1');
    await office.post(`/api/v1/keys/${key}/out`, { holder, signed_name: 'x' });
    const { rows: was } = await owner.query('select area_no from place where id = $1', [building]);
    await owner.query('update place set area_no = 2 where id = $1', [building]);
    const { rows } = await owner.query(
      `select k.area_no as key, s.area_no as system, l.area_no as loan, (select c.area_no from cylinder c where c.id = $2) as cylinder
         from key k join key_system s on s.id = k.system_id join key_loan l on l.key_id = k.id where k.id = $1`,
      [key, own],
    );
    assert.deepEqual(rows, [{ key: 2, system: 2, loan: 2, cylinder: 2 }]);
    await owner.query('update place set area_no = $2 where id = $1', [building, was[0].area_no]);
  });
});
