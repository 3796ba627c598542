// Keys, their loans, meters and readings on a tablet: of its own buildings, as far as a caretaker
// needs them, and gone when they are no longer the caretaker's business.
import assert from 'node:assert/strict';
import { before, beforeEach, test } from 'node:test';
import { isWhole, Tablet, type Row } from './field_world.ts';
import { world, type Api } from './harness.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
let caretaker: Api;
let held: Tablet;
let inside: string, beside: string, outside: string; // buildings
let tenant: string, colleague: string;

const id = async (sql: string, params: unknown[] = []): Promise<string> => (await owner.query(sql, params)).rows[0].id;

before(async () => {
  caretaker = await s.login('caretaker');
  const { rows } = await owner.query(
    `select id from (select id, area_no, row_number() over (partition by area_no order by id) as n
       from place where kind = 'building' and removed_at is null and area_no in (1, 3)) p where n <= 2 order by area_no, n`,
  );
  [inside, beside, outside] = rows.map((r) => r.id);
  tenant = await id(`select id from person where demo_key = 'tenant'`);
  colleague = await id(`select id from person where demo_key = 'manager'`);
});

beforeEach(async () => {
  held = await Tablet.enrolled(caretaker);
  await held.pull(20000);
});

async function key(place: string, mark: string): Promise<{ system: string; key: string }> {
  const system = await id(`insert into key_system (place_id, name, security_card) values ($1, $2, 'kort 4711') returning id`, [place, `Anlegg ${mark}`]);
  return { system, key: await id(`insert into key (system_id, mark) values ($1, $2) returning id`, [system, mark]) };
}

const loan = (of: string, holder: string): Promise<string> =>
  id(`insert into key_loan (key_id, holder_id, out_name, out_note) values ($1, $2, 'Kari Nordmann', 'ring 99887766') returning id`, [of, holder]);

async function meter(place: string, serial: string): Promise<string> {
  return id(`insert into meter (place_id, kind, unit, serial) values ($1, 'water', 'm3', $2) returning id`, [place, serial]);
}

const reading = (of: string, value: number, ago = '1 day', source = 'manual'): Promise<string> =>
  id(`insert into meter_reading (meter_id, at, value, source) values ($1, now() - $3::interval, $2, $4) returning id`, [of, value, ago, source]);

/** The bucket that a row of the tablet lies in, undefined when it holds none. */
const lies = (t: string, row: string): string | undefined => held.has(t, row)?.b;

test('has what the demo has of them, as the server sums it up', async () => {
  await isWhole(owner, held);
  const kinds = new Set([...held.rows.values()].map((r: Row) => r.t));
  for (const t of ['key', 'meter', 'meter_reading']) assert.ok(kinds.has(t), t);
  const { body } = await held.ask({ digests: true });
  assert.deepEqual(body.digests, held.digests());
});

test('tells keys of the tablet’s own buildings, in a class of their own', async () => {
  const mine = await key(inside, 'M1');
  const other = await key(outside, 'U1');
  await held.pull();
  assert.equal(lies('key', mine.key), `site:${inside}/keys`);
  assert.equal(lies('key', other.key), undefined);
  assert.deepEqual(held.has('key', mine.key)?.d, { id: mine.key, place_id: inside, system: 'Anlegg M1', mark: 'M1', serial: '1', is_master: false, state: 'in' });
});

test('tells of a loan which colleague has the key, of others what they are, and nothing more', async () => {
  const [a, b] = [await key(inside, 'L1'), await key(inside, 'L2')];
  const [toColleague, toTenant] = [await loan(a.key, colleague), await loan(b.key, tenant)];
  await held.pull();
  const name = (await owner.query('select name from person where id = $1', [colleague])).rows[0].name;
  const [one, two] = [held.has('key_loan', toColleague)?.d, held.has('key_loan', toTenant)?.d];
  assert.deepEqual([one?.holder, one?.holder_kind], [name, 'employee']);
  assert.deepEqual([two?.holder, two?.holder_kind], [null, 'tenant']);
  assert.deepEqual(Object.keys(two ?? {}).sort(), ['due_on', 'holder', 'holder_kind', 'id', 'key_id', 'lost_at', 'out_at']);
  const all = JSON.stringify([...held.rows.values()]);
  for (const secret of ['Kari Nordmann', '99887766', 'kort 4711', tenant]) assert.ok(!all.includes(secret), secret);
  assert.equal(held.has('key', b.key)?.d?.state, 'out');
});

test('tells a loan again when its holder gets another name, is protected, or has left', async () => {
  const its = await loan((await key(inside, 'L3')).key, colleague);
  const told = async (): Promise<unknown[]> => {
    await held.pull();
    const d = held.has('key_loan', its)?.d;
    assert.deepEqual((await held.ask({ digests: true })).body.digests, held.digests());
    return [d?.holder, d?.holder_kind];
  };
  const [{ name }] = (await owner.query('select name from person where id = $1', [colleague])).rows;
  assert.deepEqual(await told(), [name, 'employee']);
  await owner.query(`update person set name = 'Siri Ny' where id = $1`, [colleague]);
  assert.deepEqual(await told(), ['Siri Ny', 'employee']);
  await owner.query(`update person set protection = 'confidential' where id = $1`, [colleague]);
  assert.deepEqual(await told(), [null, 'employee']);
  await owner.query(`update person set protection = 'none', name = $2 where id = $1`, [colleague, name]);
  const { rows } = await owner.query('delete from person_role where person_id = $1 returning role, area_no', [colleague]);
  assert.deepEqual(await told(), [null, 'tenant']);
  for (const { role, area_no } of rows) await owner.query('insert into person_role (person_id, role, area_no) values ($1, $2, $3)', [colleague, role, area_no]);
  assert.deepEqual(await told(), [name, 'employee']);
});

test('lets a loan go when the key is in', async () => {
  const { key: of } = await key(inside, 'I1');
  const out = await loan(of, tenant);
  await held.pull();
  assert.ok(held.has('key_loan', out));
  await owner.query('update key_loan set in_at = now() where id = $1', [out]);
  await held.pull();
  assert.equal(held.has('key_loan', out), undefined);
  assert.equal(held.has('key', of)?.d?.state, 'in');
});

test('moves keys and loans with their system, and renames them with it', async () => {
  const { system, key: of } = await key(inside, 'F1');
  const out = await loan(of, colleague);
  await held.pull();
  await owner.query('update key_system set place_id = $2 where id = $1', [system, beside]);
  await held.pull();
  assert.deepEqual([lies('key', of), lies('key_loan', out)], [`site:${beside}/keys`, `site:${beside}/keys`]);
  assert.equal([...held.rows.values()].filter((r) => r.id === of || r.id === out).length, 2, 'and they lie nowhere else');

  await owner.query(`update key_system set name = 'Nytt navn' where id = $1`, [system]);
  await held.pull();
  assert.equal(held.has('key', of)?.d?.system, 'Nytt navn');

  await owner.query('update key_system set place_id = $2 where id = $1', [system, outside]);
  await held.pull();
  assert.deepEqual([lies('key', of), lies('key_loan', out)], [undefined, undefined]);
  await isWhole(owner, held);
});

test('takes keys away with the area of their building', async () => {
  const { key: of } = await key(beside, 'A1');
  await held.pull();
  assert.ok(held.has('key', of));
  await owner.query('update place set area_no = 3 where site_id = $1', [beside]);
  await held.pull();
  assert.equal(held.has('key', of), undefined);
  await owner.query('update place set area_no = 1 where site_id = $1', [beside]);
  await held.pull(20000);
  assert.ok(held.has('key', of));
});

test('tells meters and what people read off them, not what machines send and what is corrected or old', async () => {
  const of = await meter(inside, 'V1');
  const last = await reading(of, 100.5);
  const [machine, old] = [await reading(of, 101, '2 hours', 'automatic'), await reading(of, 10, '500 days')];
  const ofOther = await reading(await meter(outside, 'V2'), 7);
  await held.pull();
  assert.equal(lies('meter', of), `site:${inside}/ops`);
  assert.equal(held.has('meter', of)?.d?.serial, 'V1');
  assert.equal(Number(held.has('meter_reading', last)?.d?.value), 100.5);
  for (const row of [machine, old, ofOther]) assert.equal(held.has('meter_reading', row), undefined);

  await owner.query(`update meter_reading set state = 'superseded' where id = $1`, [last]);
  await held.pull();
  assert.equal(held.has('meter_reading', last), undefined);
});

test('moves readings with their meter, and lets a meter go that is taken down', async () => {
  const of = await meter(inside, 'V3');
  const read = await reading(of, 5);
  await held.pull();
  await owner.query('update meter set place_id = $2 where id = $1', [of, beside]);
  await held.pull();
  assert.deepEqual([lies('meter', of), lies('meter_reading', read)], [`site:${beside}/ops`, `site:${beside}/ops`]);
  assert.equal([...held.rows.values()].filter((r) => r.id === read).length, 1);
  await owner.query(`update meter set removed_on = (now() at time zone 'Europe/Oslo')::date where id = $1`, [of]);
  await held.pull();
  assert.equal(held.has('meter', of), undefined);
});

test('lets readings go after 400 days', async () => {
  const of = await meter(inside, 'V4');
  const read = await reading(of, 5, '399 days');
  await held.pull();
  assert.ok(held.has('meter_reading', read));
  await owner.query(`alter table meter_reading disable trigger user`);
  await owner.query(`update meter_reading set at = at - interval '2 days' where id = $1`, [read]);
  await owner.query(`alter table meter_reading enable trigger user`);
  const job = await w.connect('job');
  const { rows } = await job.query('select sync_retire_readings() as n');
  assert.ok(Number(rows[0].n) >= 1);
  await held.pull();
  assert.equal(held.has('meter_reading', read), undefined);
});

test('tells the lease in what is known beforehand and in a pull after a while', async () => {
  const lease = { warn_s: 72 * 3600, lock_s: 14 * 86400, wipe_s: 90 * 86400 };
  assert.deepEqual((await caretaker.get('/api/v1/sync/info')).body.lease, lease);
  await owner.query(`update sync_device set last_seen = now() - interval '2 minutes' where id = $1`, [held.device]);
  assert.deepEqual(held.take(await held.ask()).lease, lease);
  assert.equal(held.take(await held.ask()).lease, undefined, 'once a minute is enough');
});
