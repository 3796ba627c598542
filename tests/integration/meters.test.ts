// Meters (REG-5): readings from everybody who may give them, implausible ones flagged and never
// dropped, consumption through a changed meter, corrected for the weather.
import assert from 'node:assert/strict';
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
let neighbour: { person: string; dwelling: string };
let serials = 0;

async function meter(more: object = {}): Promise<{ id: string; serial: string }> {
  const serial = `PRØVE-${++serials}`;
  const reply = await office.post('/api/v1/meters', {
    place: building,
    kind: 'electricity',
    unit: 'kWh',
    serial,
    installed_on: '2020-01-01',
    ...more,
  });
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  return { id: reply.body.id, serial };
}

async function read(id: string, at: string, value: number, api = office): Promise<{ id: string; flags: string[]; state: string }> {
  const reply = await api.post(`/api/v1/meters/${id}/readings`, { at: at.includes('T') ? at : `${at}T12:00:00Z`, value });
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  return reply.body;
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
  neighbour = await tenantHome(owner, false);
});

describe('a reading', () => {
  test('that goes back is kept and flagged, and counts only when a manager says so', async () => {
    const { id } = await meter();
    await read(id, '2024-01-01', 1000);
    const back = await read(id, '2024-02-01', 900);
    assert.deepEqual([back.flags, back.state], [['negative_step'], 'flagged']);
    assert.deepEqual((await read(id, '2024-03-01', 1100)).flags, [], 'the next one is measured from the last that counts');
    const waiting = await office.get('/api/v1/meter-readings/flagged?limit=500');
    const [mine] = waiting.body.items.filter((r: { id: string }) => r.id === back.id);
    assert.equal(mine.flag_facts.previous, 1000);
    const desk = await s.login('frontdesk');
    assert.equal((await desk.post(`/api/v1/meter-readings/${back.id}/accept`)).status, 403, 'the desk does not decide');
    assert.equal((await office.post(`/api/v1/meter-readings/${back.id}/accept`)).status, 200);
    assert.equal((await office.post(`/api/v1/meter-readings/${back.id}/accept`)).status, 409);
  });

  test('that is corrected stays to be seen beside what superseded it', async () => {
    const { id } = await meter();
    await read(id, '2024-01-01', 1000);
    const wrong = await read(id, '2024-02-01', 110);
    const right = await office.post(`/api/v1/meter-readings/${wrong.id}/correct`, { value: 1100, note: 'et siffer manglet' });
    assert.equal(right.status, 201, JSON.stringify(right.body));
    const { items } = (await office.get(`/api/v1/meters/${id}/readings`)).body;
    assert.equal(items.length, 3);
    const old = items.find((r: { id: string }) => r.id === wrong.id);
    assert.deepEqual([old.state, old.superseded_by, old.value], ['superseded', right.body.id, 110]);
    const used = await office.get(`/api/v1/meters/${id}/consumption?from=2024-01-01&to=2024-01-31`);
    assert.ok(Math.abs(used.body.periods[0].per_day - 100 / 31) < 0.01);
    assert.equal((await office.post(`/api/v1/meter-readings/${wrong.id}/correct`, { value: 1 })).status, 409);
  });

  test('past the counter\'s end is a rollover when the way over the end is short, else a step back', async () => {
    const { id } = await meter({ digits: 5 });
    await read(id, '2024-01-01', 99_950);
    const over = await read(id, '2024-02-01', 50);
    assert.deepEqual([over.flags, over.state], [['rollover'], 'ok']);
    const used = await office.get(`/api/v1/meters/${id}/consumption?from=2024-01-01&to=2024-01-31`);
    assert.equal(Math.round(used.body.periods[0].per_day * 31), 100);
    await read(id, '2024-03-01', 9000);
    assert.deepEqual((await read(id, '2024-04-01', 8000)).flags, ['negative_step']);
  });

  test('of more than three times the normal for the season is flagged, a cold January is not', async () => {
    const { id } = await meter();
    let value = 0;
    // A flat that is heated: 30 a day in winter, 12 in summer, for two years.
    for (let m = 0; m < 24; m++) {
      const at = new Date(Date.UTC(2022, m, 1, 12));
      assert.deepEqual((await read(id, at.toISOString(), value)).flags, [], at.toISOString());
      value += [0, 1, 2, 10, 11].includes(m % 12) ? 900 : 360;
    }
    await read(id, '2024-01-01', value);
    assert.deepEqual((await read(id, '2024-02-01', value + 1500)).flags, [], '48 a day in January');
    await read(id, '2024-07-01', value + 1500 + 3 * 900);
    const summer = await read(id, '2024-08-01', value + 1500 + 3 * 900 + 1500);
    assert.deepEqual(summer.flags, ['too_high'], '48 a day in July');
    const { items } = (await office.get(`/api/v1/meters/${id}/readings?limit=1`)).body;
    assert.equal(items[0].flag_facts.normal_from, 'season');
    assert.ok(Math.abs(items[0].flag_facts.normal_per_day - 360 / 31) < 0.2, JSON.stringify(items[0].flag_facts));
  });

  test('is measured by the meter\'s median while there are no earlier years', async () => {
    const { id } = await meter();
    for (let d = 1; d <= 5; d++) await read(id, `2024-03-0${d}`, d * 10);
    assert.deepEqual((await read(id, '2024-03-06', 50 + 29)).flags, []);
    assert.deepEqual((await read(id, '2024-03-07', 79 + 31)).flags, ['too_high']);
  });

  test('in the future, twice, or outside the meter\'s life is flagged', async () => {
    const { id } = await meter({ installed_on: '2024-01-01' });
    assert.deepEqual((await read(id, '2099-01-01', 1)).flags.includes('future'), true);
    assert.deepEqual((await read(id, '2023-12-01', 1)).flags, ['outside_life']);
    await read(id, '2024-02-01', 10);
    assert.deepEqual((await read(id, '2024-02-01', 10)).flags, ['duplicate']);
  });

  test('that comes late is measured against the one after it too', async () => {
    const { id } = await meter();
    await read(id, '2024-01-01', 100);
    await read(id, '2024-03-01', 200);
    assert.deepEqual((await read(id, '2024-02-01', 250)).flags, ['negative_step']);
    assert.deepEqual((await read(id, '2024-02-02', 150)).flags, []);
  });

  test('says where it came from, whatever the sender says', async () => {
    const { id } = await meter();
    const reply = await field.post(`/api/v1/meters/${id}/readings`, { value: 5 });
    assert.equal(reply.body.source, 'tablet');
    assert.equal((await office.post(`/api/v1/meters/${id}/readings`, { value: 6, source: 'automatic' })).status, 400);
    assert.equal((await office.post(`/api/v1/meters/${id}/readings`, { value: -1 })).status, 400);
  });
});

describe('a file of readings', () => {
  test('is taken line by line, and each line that is not is told with its reason', async () => {
    const a = await meter();
    const b = await meter();
    const text = [
      'måler;tid;stand',
      `${a.serial};01.01.2024;1 000,5`,
      `${a.serial.toLowerCase()};01.02.2024 14:05;1.100,25`,
      `${b.serial};2024-01-01T00:00:00+01:00;17`,
      `${b.serial};31.02.2024;18`,
      `${b.serial};01.03.2024;12.345`,
      `${b.serial};01.03.2024;tolv`,
      `${b.serial};01.03.2024;-4`,
      'FINNES-IKKE;01.03.2024;4',
      `${b.serial};01.03.2024`,
      '',
      `"${b.serial}";01.03.2024;10`,
    ].join('\r\n');
    const reply = await office.post('/api/v1/meter-readings/file', { text });
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    assert.equal(reply.body.taken, 4);
    assert.equal(reply.body.flagged, 1, 'lower than before: kept, flagged');
    assert.deepEqual(
      reply.body.rejects.map((r: { line: number; reason: string }) => [r.line, r.reason]),
      [[5, 'time'], [6, 'ambiguous'], [7, 'number'], [8, 'negative'], [9, 'unknown_meter'], [10, 'columns']],
    );
    assert.equal(reply.body.rejects[0].text, `${b.serial};31.02.2024;18`);
    const { items } = (await office.get(`/api/v1/meters/${a.id}/readings`)).body;
    assert.deepEqual(
      items.map((r: { at: string; value: number; source: string }) => [new Date(r.at).toISOString(), r.value, r.source]),
      [
        ['2024-02-01T13:05:00.000Z', 1100.25, 'file'],
        ['2024-01-01T11:00:00.000Z', 1000.5, 'file'],
      ],
      'Norwegian time; a day alone is its noon',
    );
  });

  test('measures each line against those before it in the same file', async () => {
    const { id, serial } = await meter();
    const lines = [500, 400, 600].map((value, i) => `${serial};0${i + 1}.05.2024;${value}`).reverse();
    const reply = await office.post('/api/v1/meter-readings/file', { text: lines.join('\n') });
    assert.deepEqual([reply.body.taken, reply.body.flagged], [3, 1]);
    const { items } = (await office.get(`/api/v1/meters/${id}/readings`)).body;
    assert.deepEqual(items.map((r: { flags: string[] }) => r.flags), [[], ['negative_step'], []]);
  });

  test('does not reach meters of another area', async () => {
    const { serial } = await meter();
    const { rows } = await owner.query(
      `with p as (insert into person (name) values ('Leder Annetsteds') returning id),
            a as (insert into area (area_no, name) values (991, 'Annet') returning area_no)
       insert into person_role (person_id, role, area_no) select p.id, 'manager', a.area_no from p, a returning person_id`,
    );
    const other = await sessionOf(s, owner, rows[0].person_id, 'office');
    const reply = await other.post('/api/v1/meter-readings/file', { text: `${serial};01.01.2024;5` });
    assert.deepEqual([reply.body.taken, reply.body.rejects[0].reason], [0, 'unknown_meter']);
    assert.deepEqual((await other.get('/api/v1/meters')).body.items, []);
  });
});

describe('consumption', () => {
  test('is spread over the time between readings, by day and by month', async () => {
    const { id } = await meter({ factor: 10 });
    await read(id, '2024-04-10T22:00:00Z', 100);
    await read(id, '2024-04-20T22:00:00Z', 110);
    const day = (await office.get(`/api/v1/meters/${id}/consumption?by=day&from=2024-04-10&to=2024-04-21`)).body;
    assert.equal(day.periods.length, 12);
    assert.deepEqual(day.periods[0], { start: '2024-04-10', used: null, per_day: null, covered: 0, degree_days: null, normal_degree_days: null, corrected: null });
    assert.deepEqual([day.periods[1].start, day.periods[1].used, day.periods[1].covered], ['2024-04-11', 10, 1]);
    const month = (await office.get(`/api/v1/meters/${id}/consumption?from=2024-04-01&to=2024-04-30`)).body;
    assert.deepEqual([month.periods.length, month.periods[0].used, month.periods[0].per_day], [1, 100, 10]);
    assert.equal((await office.get(`/api/v1/meters/${id}/consumption?by=hour`)).status, 400);
  });

  test('goes on through a meter that was replaced', async () => {
    const { id } = await meter({ digits: 6, heat_share: 0.5 });
    await read(id, '2024-05-01', 5000);
    const swap = await office.post(`/api/v1/meters/${id}/replace`, {
      at: '2024-05-11T12:00:00Z', end_value: 5100, serial: 'NY-1', start_value: 3, digits: 7,
    });
    assert.equal(swap.status, 201, JSON.stringify(swap.body));
    await read(swap.body.id, '2024-05-21', 103);
    const made = (await office.get(`/api/v1/meters/${swap.body.id}`)).body;
    assert.deepEqual([made.replaces, made.digits, made.heat_share, made.installed_on], [id, 7, 0.5, '2024-05-11']);
    const used = (await office.get(`/api/v1/meters/${swap.body.id}/consumption?by=month&from=2024-05-01&to=2024-05-31`)).body;
    assert.equal(Math.round(used.periods[0].used), 200);
    const old = (await office.get(`/api/v1/meters/${id}`)).body;
    assert.deepEqual([old.removed_on, old.replaced_by], ['2024-05-11', swap.body.id]);
    assert.equal((await office.post(`/api/v1/meters/${id}/replace`, { end_value: 1, serial: 'X' })).status, 409);
  });

  test('of a cold month is corrected down to a normal one, for the share that is heating', async () => {
    const lines = ['stasjon;dag;middel'];
    const add = (month: string, days: number, mean: string): void => {
      for (let d = 1; d <= days; d++) lines.push(`SN1;${String(d).padStart(2, '0')}.${month};${mean}`);
    };
    add('01.2023', 31, '7,0');
    add('01.2024', 31, '−3,0');
    lines.push('SN1;01.02.2024;kaldt', 'SN1;01.02.2024;-99', 'SN1;02.02.2024;1', 'SN1;2.2.2024;2');
    const reply = await office.post('/api/v1/degree-days', { text: lines.join('\n') });
    assert.deepEqual(
      [reply.body.taken, reply.body.rejects.map((r: { reason: string }) => r.reason)],
      [62, ['number', 'temperature', 'twice', 'twice']],
    );
    assert.equal((await office.post('/api/v1/degree-days', { text: lines.join('\n') })).body.taken, 62, 'again does no harm');
    const months = (await office.get('/api/v1/degree-days?station=SN1&from=2023-01-01')).body.items;
    assert.deepEqual(months.map((m: { degree_days: number }) => m.degree_days), [310, 620]);

    const { id } = await meter({ station: 'SN1', heat_share: 0.6 });
    await read(id, '2023-12-31T23:00:00Z', 0);
    await read(id, '2024-01-31T23:00:00Z', 1000);
    const [january] = (await office.get(`/api/v1/meters/${id}/consumption?from=2024-01-01&to=2024-01-31`)).body.periods;
    // 400 that is not heating, 600 × 465 / 620 that is
    assert.deepEqual([january.used, january.normal_degree_days, january.corrected], [1000, 465, 850]);
    const desk = await s.login('frontdesk');
    assert.equal((await desk.post('/api/v1/degree-days', { text: 'SN1;01.01.2024;5' })).status, 403);
  });
});

describe('a tenant', () => {
  test('reads the meters of their own dwelling and adds readings', async () => {
    const own = await meter({ place: dwelling });
    const { items } = (await tenant.get('/api/v1/meters')).body;
    assert.ok(items.some((m: { id: string }) => m.id === own.id));
    const { rows } = await owner.query(
      `select distinct m.place_id from meter m where m.id = any ($1::uuid[])`, [items.map((m: { id: string }) => m.id)]);
    assert.deepEqual(rows, [{ place_id: dwelling }], 'and no others');
    const reply = await tenant.post(`/api/v1/meters/${own.id}/readings`, { value: 5, note: 'lest av meg' });
    assert.deepEqual([reply.status, reply.body.source], [201, 'tenant']);
    assert.equal((await tenant.get(`/api/v1/meters/${own.id}/readings`)).body.items[0].value, 5);
    assert.equal((await tenant.get(`/api/v1/meters/${own.id}/consumption`)).status, 200);
  });

  test('does not see what was read before they moved in', async () => {
    const own = await meter({ place: dwelling });
    await read(own.id, '2020-06-01', 1);
    const { rows } = await owner.query(
      `select count(*)::int as n from lease l where l.dwelling_id = $1 and l.starts_on <= '2020-06-01' and l.ends_on is null`, [dwelling]);
    assert.equal(rows[0].n, 0, 'the demo tenant moved in later');
    assert.deepEqual((await tenant.get(`/api/v1/meters/${own.id}/readings`)).body.items, []);
    assert.equal((await tenant.post(`/api/v1/meters/${own.id}/readings`, { value: 5, at: '2020-07-01T12:00:00Z' })).status, 403);
  });

  test('gets nowhere near a neighbour\'s meter, nor the building\'s', async () => {
    const theirs = await meter({ place: neighbour.dwelling });
    const common = await meter({ place: building });
    for (const { id } of [theirs, common]) {
      await read(id, '2024-01-01', 1);
      assert.deepEqual((await tenant.get(`/api/v1/meters/${id}/readings`)).body.items, []);
      assert.equal((await tenant.post(`/api/v1/meters/${id}/readings`, { value: 7 })).status, 403);
      assert.equal((await tenant.get(`/api/v1/meters/${id}/consumption`)).status, 404);
      assert.equal((await tenant.get(`/api/v1/meters/${id}`)).status, 403);
    }
    const { rows } = await owner.query(`select count(*)::int as n from meter_reading where meter_id = any ($1::uuid[])`, [[theirs.id, common.id]]);
    assert.equal(rows[0].n, 2);
    const them = await sessionOf(s, owner, neighbour.person, 'tenant');
    assert.ok((await them.get('/api/v1/meters')).body.items.some((m: { id: string }) => m.id === theirs.id));
  });

  test('cannot pass the routes by: not as somebody else, not as accepted, not another source', async () => {
    const own = await meter({ place: dwelling });
    const client = await w.connect('tenant');
    const hash = await owner.query(
      `select session_open($1, 'tenant', sha256(convert_to('t_x', 'UTF8')), 1)`,
      [(await tenantHome(owner, true)).person],
    );
    assert.equal(hash.rowCount, 1);
    const tries: [string, string][] = [
      [`insert into meter_reading (meter_id, at, value, source) values ('${own.id}', now(), 1, 'manual')`, '42501'],
      [`insert into meter_reading (meter_id, at, value, source, state) values ('${own.id}', now(), 1, 'tenant', 'accepted')`, '42501'],
      [`insert into meter_reading (meter_id, at, value, source, by_id) values ('${own.id}', now(), 1, 'tenant', uuidv7())`, '42501'],
      [`update meter_reading set value = 0`, '42501'],
      [`delete from meter_reading`, '42501'],
      [`select flag_facts from meter_reading`, '42501'],
      [`select by_id from meter_reading`, '42501'],
      [`insert into meter (place_id, kind, unit, serial) values ('${dwelling}', 'water', 'm3', 'x')`, '42501'],
    ];
    for (const [sql, code] of tries) {
      await client.query(`begin; select identify(sha256(convert_to('t_x', 'UTF8')))`);
      await assert.rejects(client.query(sql), { code }, sql);
      await client.query('rollback');
    }
  });
});
