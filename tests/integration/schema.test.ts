// What the database itself keeps true: deadlines, leases, the place tree, the change feed, notifications, audit and search.
import assert from 'node:assert/strict';
import { randomInt, randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type pg from 'pg';
import { world } from './harness.ts';

// Rows of ad hoc queries; the tests look into them freely.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Row = Record<string, any>;

const w = await world();
const client: pg.Client = await w.connect('job');
const other: pg.Client = await w.connect('job');
const areaA = randomInt(4_000_000, 5_000_000) * 2;
const areaB = areaA + 1;
const f = {} as Record<'building' | 'dwelling' | 'elsewhere' | 'follower' | 'muni' | 'property' | 'storey' | 'tenant', string>;

function first(rows: Row[]): Row {
  const [row] = rows;
  assert.ok(row, 'there is no row');
  return row;
}

async function sql(text: string, params: unknown[] = []): Promise<Row[]> {
  return (await client.query(text, params)).rows;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function one(text: string, params: unknown[] = []): Promise<any> {
  const rows = await sql(text, params);
  assert.equal(rows.length, 1, text);
  return Object.values(first(rows))[0];
}

async function fails(constraint: string, text: string, params: unknown[] = []): Promise<void> {
  await assert.rejects(sql(text, params), (e: pg.DatabaseError) => {
    assert.equal(e.constraint, constraint, e.message);
    return true;
  });
}

async function place(kind: string, parent: string | null, name: string, area: number | null = null, geom = false): Promise<string> {
  const id = randomUUID();
  await sql(`insert into place (id, kind, parent_id, name, area_no, geom)
             values ($1, $2, $3, $4, $5, case when $6 then st_setsrid(st_makepoint(435000, 6998000), 25832) end)`, [id, kind, parent, name, area, geom]);
  return id;
}

async function person(name: string): Promise<string> {
  return one('insert into person (name) values ($1) returning id', [name]);
}

/** Entry of the change feed: operation of a row in a site's bucket. */
async function entry(site: string, row: string, kind = 'ops'): Promise<string | undefined> {
  return (await sql(`select e.op from sync_entry e join sync_bucket b using (bucket_no) where b.bucket = $1 and e.row_id = $2`,
    [`site:${site}/${kind}`, row]))[0]?.op;
}

before(async () => {
  await sql(`insert into area (area_no, name) values ($1, 'A'), ($2, 'B')`, [areaA, areaB]);
  f.muni = await place('municipality', null, 'Prøve');
  f.property = await place('property', f.muni, '1/1', areaA);
  f.building = await place('building', f.property, 'Rådhuset', areaA, true);
  f.elsewhere = await place('building', f.property, 'Skolen', areaB, true);
  f.storey = await place('storey', f.building, '1. etasje');
  f.dwelling = await place('dwelling', f.storey, 'H0101');
  f.tenant = await person('Leietaker');
  f.follower = await person('Nabo');
});

describe('working time', () => {
  const cases: [string, string, number, string][] = [
    ['inside a day', '2026-11-23 09:00', 4, '2026-11-23 13:00'],
    ['to the last minute of the day', '2026-11-23 09:00', 7, '2026-11-23 16:00'],
    ['over a night', '2026-11-23 15:00', 2, '2026-11-24 09:00'],
    ['reported in the evening', '2026-11-23 22:30', 1, '2026-11-24 09:00'],
    ['reported before work', '2026-11-23 05:00', 8, '2026-11-23 16:00'],
    ['over a weekend', '2026-11-20 15:00', 2, '2026-11-23 09:00'],
    ['reported on a Saturday', '2026-11-21 12:00', 4, '2026-11-23 12:00'],
    ['over Easter 2026', '2026-04-01 15:00', 2, '2026-04-07 09:00'],
    ['over 1 May on a Friday', '2026-04-30 15:00', 2, '2026-05-04 09:00'],
    ['Ascension 2026, 14 May', '2026-05-13 15:00', 2, '2026-05-15 09:00'],
    ['Whit Monday 2026, 25 May', '2026-05-22 15:00', 2, '2026-05-26 09:00'],
    ['17 May on a Tuesday', '2022-05-16 15:00', 2, '2022-05-18 09:00'],
    ['Christmas and new year', '2026-12-24 15:00', 2, '2026-12-28 09:00'],
    ['new year\'s day', '2026-12-31 15:00', 2, '2027-01-04 09:00'],
    ['over the spring change of clocks', '2026-03-27 15:00', 2, '2026-03-30 09:00'],
    ['two weeks', '2026-11-23 08:00', 80, '2026-12-04 16:00'],
    ['no time at all, at night', '2026-11-22 03:00', 0, '2026-11-23 08:00'],
  ];
  for (const [name, from, hours, expected] of cases) {
    test(`counts ${name}`, async () => {
      const got = await one(`select to_char(working_deadline($1::timestamp at time zone 'Europe/Oslo', $2) at time zone 'Europe/Oslo', 'YYYY-MM-DD HH24:MI')`,
        [from, hours]);
      assert.equal(got, expected);
    });
  }

  test('knows Easter', async () => {
    for (const [year, day] of [[1818, '1818-03-22'], [1943, '1943-04-25'], [2000, '2000-04-23'], [2008, '2008-03-23'], [2024, '2024-03-31'], [2026, '2026-04-05'], [2038, '2038-04-25']]) {
      assert.equal(await one('select easter($1)::text', [year]), day);
    }
  });

  test('has the twelve public holidays of the law', async () => {
    assert.equal(await one(`select count(*)::int from generate_series(date '2026-01-01', '2026-12-31', '1 day') d where is_holiday(d::date)`), 12);
  });

  test('gives a case the deadline of its category, and another when the category changes', async () => {
    const id = randomUUID();
    await sql(`insert into cases (id, place_id, category, created_at) values ($1, $2, 'water_leak', '2026-11-20 15:00+01')`, [id, f.dwelling]);
    assert.equal(await one('select deadline::text from cases where id = $1', [id]).then((d) => new Date(d).toISOString()), '2026-11-23T10:00:00.000Z');
    await sql(`update cases set category = 'heating' where id = $1`, [id]);
    assert.equal(await one('select deadline::text from cases where id = $1', [id]).then((d) => new Date(d).toISOString()), '2026-11-23T14:00:00.000Z');
  });
});

describe('places', () => {
  test('know their label, site, area and point', async () => {
    const p = first(await sql('select label, site_id, area_no, st_x(point) as x, code from place where id = $1', [f.dwelling]));
    assert.equal(p.label, 'Rådhuset, H0101');
    assert.equal(p.site_id, f.building);
    assert.equal(p.area_no, areaA);
    assert.equal(p.x, 435000);
    assert.match(p.code, /^[0-9A-HJKMNP-TV-Z]{8}$/);
  });

  test('a new address and a new area reach everything below', async () => {
    const building = await place('building', f.property, 'Barnehagen', areaA, true);
    const room = await place('room', building, 'Kjøkken');
    const component = await one(`insert into component (place_id, name) values ($1, 'Ovn') returning id`, [room]);
    const task = await one(`insert into task (component_id, title) values ($1, 'Rens') returning id`, [component]);
    await sql(`insert into address (municipality_no, street_name, number, letter, building_id, key) values ('1505', 'Storgata', 5, 'B', $1, $2)`, [building, randomUUID()]);
    assert.equal(await one('select label from place where id = $1', [room]), 'Storgata 5B, Barnehagen, Kjøkken');
    await sql('update place set area_no = $1 where id = $2', [areaB, building]);
    for (const [table, id] of [['place', room], ['component', component], ['task', task]]) {
      assert.equal(await one(`select area_no from ${table} where id = $1`, [id]), areaB, table);
    }
    assert.equal(await one(`select area_no from sync_bucket where bucket = $1`, [`site:${building}/ops`]), areaB);
    assert.equal(await one(`select area_no from search where row_id = $1`, [component]), areaB);
  });

  test('cannot lie where they do not belong', async () => {
    await fails('place_parent_fits', `insert into place (kind, parent_id, name) values ('building', $1, 'x')`, [f.dwelling]);
    await fails('place_parent_fits', `update place set parent_id = $1 where id = $2`, [f.dwelling, f.storey]);
    await fails('place_only_a_municipality_has_no_parent', `insert into place (kind, name, site_id, label) values ('building', 'x', $1, 'x')`, [f.building]);
    await fails('dwelling_h_number_is_letter_and_four_digits', `insert into dwelling (place_id, h_number) values ($1, 'H101')`, [f.dwelling]);
    await fails('property_gnr_is_1_to_99999', `insert into property (place_id, municipality_no, gnr, bnr) values ($1, '1505', 0, 1)`, [f.property]);
    await fails('component_replacement_cost_is_positive', `insert into component (place_id, name, replacement_cost_ore) values ($1, 'x', -1)`, [f.building]);
  });

  test('the newest condition is the component\'s, whatever order they arrive in', async () => {
    const component = await one(`insert into component (place_id, name) values ($1, 'Tak') returning id`, [f.building]);
    const note = (grade: string, at: string) => sql('insert into condition (component_id, grade, noted_at) values ($1, $2, $3)', [component, grade, at]);
    await note('TG1', '2024-05-01');
    await note('TG3', '2026-05-01');
    await note('TG2', '2025-05-01');
    assert.equal(await one('select condition_grade from component where id = $1', [component]), 'TG3');
  });
});

describe('leases', () => {
  const add = 'insert into lease (dwelling_id, starts_on, ends_on, rent_ore, state) values ($1, $2, $3, $4, $5)';

  test('of one dwelling do not overlap, not even by a day; drafts may', async () => {
    await sql(add, [f.dwelling, '2024-01-01', '2024-12-31', 100, 'active']);
    await fails('lease_does_not_overlap', add, [f.dwelling, '2024-12-31', null, 100, 'active']);
    await fails('lease_does_not_overlap', add, [f.dwelling, '2023-01-01', '2024-01-01', 100, 'ended']);
    await sql(add, [f.dwelling, '2024-06-01', null, 100, 'draft']);
    await sql(add, [f.dwelling, '2025-01-01', null, 100, 'active']);
    await fails('lease_does_not_overlap', add, [f.dwelling, '2030-01-01', null, 100, 'active']);
    await fails('lease_does_not_overlap', `update lease set ends_on = '2025-01-01' where dwelling_id = $1 and ends_on = '2024-12-31'`, [f.dwelling]);
  });

  test('are on dwellings, end after they start and cost no less than nothing', async () => {
    await fails('lease_is_on_a_dwelling', add, [f.building, '2024-01-01', null, 100, 'active']);
    await fails('lease_ends_after_it_starts', add, [f.dwelling, '2001-01-02', '2001-01-01', 100, 'active']);
    await fails('lease_rent_is_positive', add, [f.dwelling, '2001-01-01', '2001-01-02', -1, 'active']);
  });
});

describe('the change feed', () => {
  test('a row that moves is gone from the old bucket and in the new one, in one transaction', async () => {
    const component = await one(`insert into component (place_id, name) values ($1, 'Pumpe') returning id`, [f.building]);
    const task = await one(`insert into task (component_id, title) values ($1, 'Smør') returning id`, [component]);
    assert.equal(await entry(f.building, component), 'P');
    await sql('update component set place_id = $1 where id = $2', [f.elsewhere, component]);
    for (const row of [component, task]) {
      assert.equal(await entry(f.building, row), 'D');
      assert.equal(await entry(f.elsewhere, row), 'P');
      assert.equal(await one('select count(distinct xid)::int from sync_entry where row_id = $1', [row]), 1);
    }
    await sql('update component set place_id = $1 where id = $2', [f.building, component]);
    assert.equal(await entry(f.building, component), 'P');
    assert.equal(await entry(f.elsewhere, component), 'D');
  });

  test('what is removed or long done leaves, and every change moves the entry to its transaction', async () => {
    const component = await one(`insert into component (place_id, name) values ($1, 'Vifte') returning id`, [f.building]);
    const before = first(await sql('select xid::text, row_v from sync_entry where row_id = $1', [component]));
    await sql(`update component set name = 'Vifte 2' where id = $1`, [component]);
    const now = first(await sql('select xid::text, row_v from sync_entry where row_id = $1', [component]));
    assert.ok(BigInt(now.xid) > BigInt(before.xid));
    assert.equal(Number(now.row_v), 2);
    await sql('update component set removed_at = now() where id = $1', [component]);
    assert.equal(await entry(f.building, component), 'D');
    await sql('update component set removed_at = null where id = $1', [component]);
    assert.equal(await entry(f.building, component), 'P');

    const old = await one(`insert into task (place_id, title, state, done_at) values ($1, 'x', 'done', now() - interval '1 year') returning id`, [f.building]);
    assert.equal(await entry(f.building, old), undefined);
    const item = await one('select id from checklist_item limit 1');
    const recent = await one(`insert into task (place_id, title) values ($1, 'x') returning id`, [f.building]);
    const answer = await one('insert into answer (task_id, item_id) values ($1, $2) returning id', [recent, item]);
    assert.equal(await entry(f.building, answer), 'P');
    await sql(`update task set state = 'done', done_at = now() - interval '91 days' where id = $1`, [recent]);
    assert.equal(await entry(f.building, recent), 'D');
    assert.equal(await entry(f.building, answer), 'D');
  });

  test('a deleted row is a tombstone', async () => {
    const doc = await one(`insert into document (title, place_id) values ('x', $1) returning id`, [f.building]);
    assert.equal(await entry(f.building, doc), 'P');
    await sql('delete from document where id = $1', [doc]);
    assert.equal(await entry(f.building, doc), 'D');
  });

  test('cases are the office\'s; a case\'s photo reaches tablets with the case\'s first task', async () => {
    const id = await one(`insert into cases (place_id, category) values ($1, 'heating') returning id`, [f.dwelling]);
    const photo = await one(`insert into document (title, case_id, kind) values ('x', $1, 'photo') returning id`, [id]);
    assert.equal(await entry(f.building, id, 'desk'), 'P');
    assert.equal(await entry(f.building, id), undefined);
    assert.equal(await entry(f.building, photo), undefined);
    await sql(`insert into task (case_id, title) values ($1, 'x')`, [id]);
    assert.equal(await entry(f.building, photo), 'P');
  });

  test('its window gives exactly what a cursor has not seen, also what commits late', async () => {
    const window = `select e.row_id from sync_entry e where e.bucket_no = (select bucket_no from sync_bucket where bucket = $1)
      and (e.xid >= pg_snapshot_xmax($2::pg_snapshot) or e.xid in (select pg_snapshot_xip($2::pg_snapshot)))`;
    await other.query('begin');
    const late = (await other.query(`insert into task (place_id, title) values ($1, 'sent') returning id`, [f.building])).rows[0].id;
    const early = await one(`insert into task (place_id, title) values ($1, 'først') returning id`, [f.building]);
    const cursor = await one('select pg_current_snapshot()::text');
    await other.query('commit');
    const rows = (await sql(window, [`site:${f.building}/ops`, cursor])).map((r) => r.row_id);
    assert.ok(rows.includes(late));
    assert.ok(!rows.includes(early));
  });

  test('has an epoch of system, timeline and restore', async () => {
    assert.match(await one('select sync_epoch_now()'), /^\d+-\d+-\d+$/);
    assert.equal(await one('select sync_epoch_note()'), await one('select sync_epoch_now()'));
  });
});

describe('cases and tasks', () => {
  async function reported(): Promise<string> {
    const id = await one(`insert into cases (place_id, category, reporter_id) values ($1, 'heating', $2) returning id`, [f.dwelling, f.tenant]);
    await sql('insert into case_follower (case_id, person_id) values ($1, $2)', [id, f.follower]);
    return id;
  }
  const told = (id: string) => sql(`select person_id, kind, text_key, params from notification where case_id = $1 order by created_at, person_id`, [id]);

  test('are numbered by year', async () => {
    const a = await one(`insert into cases (place_id, category, created_at) values ($1, 'heating', '2025-06-01') returning number`, [f.dwelling]);
    const b = await one(`insert into cases (place_id, category, created_at) values ($1, 'heating', '2025-06-01') returning number`, [f.dwelling]);
    assert.match(a, /^2025-\d{6}$/);
    assert.equal(Number(b.slice(5)), Number(a.slice(5)) + 1);
  });

  test('closing the last open task makes the case done and tells reporter and follower', async () => {
    const id = await reported();
    const t1 = await one(`insert into task (case_id, title) values ($1, 'a') returning id`, [id]);
    const t2 = await one(`insert into task (case_id, title) values ($1, 'b') returning id`, [id]);
    await sql(`update task set state = 'done' where id = $1`, [t1]);
    assert.equal(await one('select state from cases where id = $1', [id]), 'in_progress');
    assert.ok((await told(id)).every((n) => n.text_key === 'case_state_in_progress'));
    await sql(`update task set state = 'done' where id = $1`, [t2]);
    const c = first(await sql('select state, done_at, number from cases where id = $1', [id]));
    assert.equal(c.state, 'done');
    assert.ok(c.done_at);
    const notes = (await told(id)).filter((n) => n.text_key === 'case_state_done');
    assert.deepEqual(notes.map((n) => n.person_id).sort(), [f.tenant, f.follower].sort());
    for (const n of notes) {
      assert.deepEqual(n.params, { number: c.number, category: 'heating', state: 'done' });
    }
  });

  test('two who close the last two tasks at once still close the case', async () => {
    const id = await reported();
    const t1 = await one(`insert into task (case_id, title) values ($1, 'a') returning id`, [id]);
    const t2 = await one(`insert into task (case_id, title) values ($1, 'b') returning id`, [id]);
    await client.query('begin');
    await other.query('begin');
    await client.query(`update task set state = 'done' where id = $1`, [t1]);
    const waiting = other.query(`update task set state = 'done' where id = $1`, [t2]);
    await client.query('commit');
    await waiting;
    await other.query('commit');
    assert.equal(await one('select state from cases where id = $1', [id]), 'done');
  });

  test('a case whose tasks are all cancelled waits for a person', async () => {
    const id = await reported();
    await sql(`insert into task (case_id, title) values ($1, 'a')`, [id]);
    await sql(`update task set state = 'cancelled' where case_id = $1`, [id]);
    assert.equal(await one('select state from cases where id = $1', [id]), 'in_progress');
  });

  test('public messages tell all but their author; internal ones nobody', async () => {
    const id = await reported();
    await sql(`insert into case_message (case_id, author_id, text, is_internal) values ($1, $2, 'ring 900', true)`, [id, f.follower]);
    assert.deepEqual(await told(id), []);
    await sql(`insert into case_message (case_id, author_id, text) values ($1, $2, 'ring 900')`, [id, f.tenant]);
    const notes = await told(id);
    assert.deepEqual(notes.map((n) => n.person_id), [f.follower]);
    assert.ok(!JSON.stringify(notes[0]?.params).includes('900'));
  });

  test('a task of a rule is made once, on however many servers', async () => {
    const rule = await one('select id from rule limit 1');
    const make = `insert into task (rule_id, occurrence, place_id, title) values ($1, '2026-05-01', $2, 'x')
      on conflict (rule_id, place_id, component_id, occurrence) where rule_id is not null do nothing returning id`;
    assert.equal((await sql(make, [rule, f.building])).length, 1);
    assert.equal((await sql(make, [rule, f.building])).length, 0);
  });
});

describe('audit', () => {
  test('keeps key on insert, changed columns on update and the row on delete, with who did it', async () => {
    await client.query('begin');
    await sql(`select set_config('fdvu.person', $1, true)`, [f.tenant]);
    const id = await one(`insert into document (title, place_id) values ('før', $1) returning id`, [f.building]);
    await sql(`update document set title = 'etter' where id = $1`, [id]);
    await sql(`update document set title = 'etter' where id = $1`, [id]);
    await sql('delete from document where id = $1', [id]);
    await client.query('commit');
    const trail = await sql(`select tbl, op, actor, old, new from audit where row_id = $1 order by op = 'D', op`, [id]);
    assert.deepEqual(trail.map((r) => r.op), ['I', 'U', 'D']);
    assert.ok(trail.every((r) => r.actor === f.tenant && r.tbl === 'document'));
    assert.deepEqual([trail[0]?.old, trail[0]?.new], [null, null]);
    assert.deepEqual([trail[1]?.old, trail[1]?.new], [{ title: 'før' }, { title: 'etter' }]);
    assert.equal(trail[2]?.old.title, 'etter');
  });

  test('shows a value that was set from nothing and one that was taken away', async () => {
    const id = await one(`insert into component (place_id, name) values ($1, 'x') returning id`, [f.building]);
    await sql(`update component set maker = 'Aco' where id = $1`, [id]);
    await sql(`update component set maker = null where id = $1`, [id]);
    const trail = await sql(`select old, new from audit where row_id = $1 and op = 'U' order by at`, [id]);
    assert.deepEqual(trail, [{ old: { maker: null }, new: { maker: 'Aco' } }, { old: { maker: 'Aco' }, new: { maker: null } }]);
  });

  test('never holds a national identity number or a link\'s secret', async () => {
    const who = await person('Hemmelig');
    const numbers = [0, 1].map(() => String(randomInt(10_000_000_000, 99_999_999_999)));
    await sql(`insert into person_secret (person_id, national_id) values ($1, $2)`, [who, numbers[0]]);
    await sql(`update person_secret set national_id = $2 where person_id = $1`, [who, numbers[1]]);
    await sql('delete from person_secret where person_id = $1', [who]);
    const trail = await sql(`select op, old, new from audit where row_id = $1 and tbl = 'person_secret'`, [who]);
    assert.ok(trail.length >= 2);
    // Not any eleven digits: one uuid of two hundred ends in as many.
    for (const number of numbers) assert.ok(!JSON.stringify(trail).includes(number));
  });

  test('has a partition for this month and the next ones, and nothing in the default one', async () => {
    assert.equal(await one('select audit_partitions(3)'), 0);
    assert.ok((await one(`select count(*)::int from pg_inherits where inhparent = 'fdvu.audit'::regclass`)) >= 5);
  });
});

describe('search', () => {
  test('finds parts of words as they are typed, without accents, and whole words in longer texts', async () => {
    const id = await one(`insert into component (place_id, name, serial) values ($1, 'Varmtvannsbereder Ørsta', $2) returning id`, [f.building, `SN${randomUUID()}`]);
    const found = await sql(`select row_id from search where text like '%' || search_form($1) || '%' and row_id = $2`, ['tvannsberEDER ør', id]);
    assert.equal(found.length, 1);
    const task = await one(`insert into task (place_id, title, description) values ($1, 'Rens', 'Takrennene må renses') returning id`, [f.building]);
    assert.equal((await sql(`select 1 from search where tsv @@ plainto_tsquery('norwegian', 'takrenne rens') and row_id = $1`, [task])).length, 1);
    await sql('update component set removed_at = now() where id = $1', [id]);
    assert.equal((await sql('select 1 from search where row_id = $1', [id])).length, 0);
  });
});

describe('updates of many rows', () => {
  test('are compared with what the rows were in one pass (a full join), not row by row', async () => {
    const quadratic = await sql(
      String.raw`select proname from pg_proc where pronamespace = 'fdvu'::regnamespace
        and prosrc ~ '(new_rows|old_rows)\s+\w+\s+(inner\s+|left\s+)?join\s+(new_rows|old_rows)'`,
    );
    assert.deepEqual(quadratic, []);
  });
});
