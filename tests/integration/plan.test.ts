// Rules become tasks, and the queue of jobs does what the night is for.
// What a user would lose if one failed: a statutory round nobody is told of, or the same round twice on the caretaker's list.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { eventually, world, type Finished } from './harness.ts';

type Row = Record<string, string | number | boolean | null>;

const today = '2026-11-22';
const w = await world();
const db = await w.connect('job');

async function rows(sql: string, params: unknown[] = []): Promise<Row[]> {
  return (await db.query(sql, params)).rows;
}

async function count(sql: string, params: unknown[] = []): Promise<number> {
  return Number((await rows(`select count(*) as n from ${sql}`, params))[0].n);
}

async function addPlace(kind: string, name: string, parent: string | null, areaNo: number | null = null): Promise<string> {
  const id = randomUUID();
  await rows('insert into place (id, parent_id, kind, name, area_no) values ($1, $2, $3, $4, $5)', [id, parent, kind, name, areaNo]);
  return id;
}

async function addBuilding(name: string, municipality: string, typeCode: number, status = 'TB'): Promise<string> {
  const id = await addPlace('building', name, municipality, 1);
  await rows('insert into building (place_id, type_code, status) values ($1, $2, $3)', [id, typeCode, status]);
  return id;
}

async function addComponent(place: string, element: string, name: string, more: Row = {}): Promise<string> {
  const id = randomUUID();
  await rows(
    'insert into component (id, place_id, element, name, installed_on, removed_at) values ($1, $2, $3, $4, $5, $6)',
    [id, place, element, name, more.installed_on ?? null, more.removed_at ?? null],
  );
  return id;
}

/** A rule of this test's own, the only active one. */
async function onlyRule(code: string, more: Row & { building_types?: string }): Promise<string> {
  const id = randomUUID();
  const rule = {
    id, code, name_nb: code, name_nn: code, name_en: code, title: `Runde ${code}`, starts_on: '2026-01-01', lead_days: 14,
    category: null, legal_basis: null, ...more,
  };
  const names = Object.keys(rule);
  await rows('update rule set is_active = false where is_active');
  await rows(
    `insert into rule (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(rule),
  );
  return id;
}

/** The numbers of a rule's line: targets, dates, made, existing. */
function line(run: Finished, code: string): number[] {
  const found = run.stdout.split('\n').find((l) => l.startsWith(`${code} `));
  assert.ok(found, `no line for ${code} in\n${run.stdout}${run.stderr}`);
  return found.slice(code.length).trim().split(/ +/).slice(0, 4).map(Number);
}

async function plan(...args: string[]): Promise<Finished> {
  const run = await w.fdvu(['plan', '--today', today, ...args]);
  assert.equal(run.code, 0, run.stdout + run.stderr);
  return run;
}

const f: Record<string, string> = {};

before(async () => {
  await rows(`insert into area (area_no, name) values (1, 'Nord')`);
  f.town = await addPlace('municipality', 'Byen', null);
  f.school = await addBuilding('Skolen', f.town, 613);
  f.house = await addBuilding('Huset', f.town, 111);
  f.gone = await addBuilding('Revet', f.town, 613, 'BR');
  f.yard = await addPlace('outdoor_area', 'Tunet', f.school);
  f.lift1 = await addComponent(f.school, '621', 'Heis 1', { installed_on: '2010-01-01' });
  f.lift2 = await addComponent(f.house, '621', 'Heis 2');
  f.oldLift = await addComponent(f.house, '621', 'Heis 0', { removed_at: '2025-01-01' });
  f.newLift = await addComponent(f.house, '621', 'Heis 3', { installed_on: '2026-12-20' });
  f.fan = await addComponent(f.school, '362', 'Vifte');
});

describe('tasks from rules', () => {
  test('makes_a_task_for_each_component_and_date', async () => {
    const rule = await onlyRule('lifts', { applies: 'component', element: '62', rrule: 'FREQ=MONTHLY;BYMONTHDAY=10',
      legal_basis: 'PBL § 29-9', category: 'lift', priority: 2 });

    assert.deepEqual(line(await plan(), 'lifts'), [3, 2, 5, 0]);
    const made = await rows(
      `select component_id, place_id, occurrence::text, planned_on::text, deadline, title, description, category, priority, state, site_id, area_no
         from task where rule_id = $1 order by occurrence, title`, [rule]);
    assert.deepEqual(made.map((t) => `${t.occurrence} ${t.title}`), [
      '2026-12-10 Runde lifts – Heis 1', '2026-12-10 Runde lifts – Heis 2',
      '2027-01-10 Runde lifts – Heis 1', '2027-01-10 Runde lifts – Heis 2', '2027-01-10 Runde lifts – Heis 3']);
    const { deadline, ...first } = made[0];
    assert.deepEqual(first, {
      component_id: f.lift1, place_id: f.school, occurrence: '2026-12-10', planned_on: '2026-11-26', title: 'Runde lifts – Heis 1',
      description: 'Hjemmel: PBL § 29-9', category: 'lift', priority: 2, state: 'open', site_id: f.school, area_no: 1 });
    // 16:00 in Norway in December
    assert.equal(new Date(String(deadline)).toISOString(), '2026-12-10T15:00:00.000Z');
  });

  test('makes_nothing_twice_and_only_what_is_missing', async () => {
    assert.deepEqual(line(await plan(), 'lifts'), [3, 2, 0, 5]);
    const id = await addComponent(f.school, '621', 'Heis 4');
    // The day after the first date: the new one's is not made for a day that is gone.
    const run = await w.fdvu(['plan', '--today', '2026-12-11', '--days', '40']);
    assert.deepEqual(line(run, 'lifts'), [4, 1, 1, 3]);
    assert.equal(await count('task where component_id = $1', [id]), 1);
    assert.equal(await count('task where component_id = $1 and occurrence < $2', [id, '2026-12-11']), 0);
  });

  test('a_component_that_has_moved_keeps_its_task', async () => {
    const before = await count('task');
    await rows(`update task set state = 'done' where component_id = $1 and occurrence = '2026-12-10'`, [f.lift2]);
    await rows('update component set place_id = $2 where id = $1', [f.lift2, f.school]);
    await plan('--days', '30');
    assert.equal(await count('task where component_id = $1', [f.lift2]), 2);
    assert.equal(await count('task'), before + 1); // that of «Heis 4» on 10 December
  });

  test('two_runs_at_once_make_nothing_twice', async () => {
    const rule = await onlyRule('many', { applies: 'component', element: '432', rrule: 'FREQ=DAILY' });
    await rows(`insert into component (place_id, element, name) select $1, '432', 'Tavle ' || g from generate_series(1, 400) g`, [f.school]);
    const runs = await Promise.all([plan('--days', '9'), plan('--days', '9'), plan('--days', '9')]);
    const made = runs.map((run) => line(run, 'many')[2]);
    assert.equal(made.reduce((a, b) => a + b), 4000);
    for (const run of runs) assert.equal(line(run, 'many')[2] + line(run, 'many')[3], 4000);
    assert.equal(await count('task where rule_id = $1', [rule]), 4000);
    assert.equal(await count('(select distinct component_id, occurrence from task where rule_id = $1) x', [rule]), 4000);
  });

  test('a_dry_run_counts_and_makes_nothing', async () => {
    const rule = await onlyRule('dry', { applies: 'component', element: '62', rrule: 'FREQ=DAILY' });
    assert.deepEqual(line(await plan('--days', '2', '--dry-run'), 'dry'), [4, 3, 9, 0]);
    assert.equal(await count('task where rule_id = $1', [rule]), 0);
  });

  test('a_rule_for_buildings_takes_their_type_and_leaves_those_that_are_gone', async () => {
    const rule = await onlyRule('schools', { applies: 'building', building_types: '{613}', rrule: 'FREQ=DAILY' });
    assert.deepEqual(line(await plan('--days', '0'), 'schools'), [1, 1, 1, 0]);
    assert.deepEqual(await rows('select place_id, component_id, title, description from task where rule_id = $1', [rule]),
      [{ place_id: f.school, component_id: null, title: 'Runde schools – Skolen', description: '' }]);
    assert.deepEqual(line(await plan('--days', '0'), 'schools'), [1, 1, 0, 1]);
  });

  test('a_rule_for_a_place_takes_that_place', async () => {
    const rule = await onlyRule('yard', { applies: 'place', place_id: f.yard, rrule: 'FREQ=WEEKLY;BYDAY=MO' });
    assert.deepEqual(line(await plan('--days', '7'), 'yard'), [1, 1, 1, 0]);
    assert.deepEqual(await rows('select place_id, occurrence::text, planned_on::text from task where rule_id = $1', [rule]),
      [{ place_id: f.yard, occurrence: '2026-11-23', planned_on: today }]);
  });

  test('a_rule_for_components_may_be_kept_to_a_place_and_to_types_of_building', async () => {
    await onlyRule('inside', { applies: 'component', element: '62', place_id: f.house, rrule: 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31' });
    assert.deepEqual(line(await plan('--dry-run'), 'inside'), [1, 1, 1, 0]);
    await onlyRule('in_schools', { applies: 'component', element: '62', building_types: '{613}', rrule: 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31' });
    assert.deepEqual(line(await plan('--dry-run'), 'in_schools'), [3, 1, 3, 0]);
  });

  test('looks_as_far_ahead_as_a_rule_wants_its_tasks', async () => {
    await onlyRule('early', { applies: 'place', place_id: f.yard, lead_days: 90, rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=1' });
    assert.deepEqual(line(await plan('--dry-run'), 'early'), [1, 1, 1, 0]);
    assert.deepEqual(line(await plan('--dry-run', '--days', '60'), 'early'), [1, 0, 0, 0]);
  });

  test('a_bad_rule_is_named_and_stops_no_other', async () => {
    await onlyRule('a_bad', { applies: 'place', place_id: f.yard, rrule: 'FREQ=YEARLY;BYMONTH=13' });
    await rows(`update rule set is_active = true where code = 'yard'`);
    const run = await w.fdvu(['plan', '--today', today, '--days', '14']);
    assert.equal(run.code, 1);
    assert.match(run.stdout, /^a_bad +.*RFC 5545/m);
    assert.deepEqual(line(run, 'yard'), [1, 2, 1, 1]);
    assert.match(run.stdout, /1 rules with faults/);
  });

  test('refuses_words_and_dates_it_does_not_know', async () => {
    assert.equal((await w.fdvu(['plan', '--dryrun'])).code, 2);
    assert.equal((await w.fdvu(['plan', '--days', '367'])).code, 2);
    const run = await w.fdvu(['plan', '--today', '2026-02-30']);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /«2026-02-30» is no date/);
  });
});

describe('rules over HTTP', () => {
  test('the_office_sees_the_rules_and_their_next_dates_and_managers_run_them', async () => {
    await rows(`insert into person (name, demo_key) values ('Maren Moe', 'manager'), ('Siri Sand', 'frontdesk')`);
    await rows(`insert into person_role (person_id, role) select id, demo_key from person where demo_key is not null`);
    const rule = await onlyRule('web', { applies: 'place', place_id: f.yard, rrule: 'FREQ=DAILY', legal_basis: 'Forskrift § 1' });
    const s = await w.server();
    const manager = await s.login('manager'), desk = await s.login('frontdesk');

    const list = await desk.get('/api/v1/rules');
    assert.equal(list.status, 200);
    const bad = list.body.items.find((r: Row) => r.code === 'a_bad');
    assert.match(bad.fault, /RFC 5545/);
    assert.deepEqual(bad.next_dates, []);
    const web = list.body.items.find((r: Row) => r.code === 'web');
    assert.equal(web.fault, null);
    assert.equal(web.next_dates.length, 3);
    assert.equal(web.legal_basis, 'Forskrift § 1');
    assert.equal(web.place_label, 'Tunet');
    assert.equal(web.is_active, true);

    assert.equal((await s.api().get('/api/v1/rules')).status, 401);
    assert.equal((await desk.post('/api/v1/plan')).status, 403);
    assert.equal((await manager.post('/api/v1/plan?days=1000')).status, 400);
    assert.equal(await count('task where rule_id = $1', [rule]), 0);

    const dry = await manager.post('/api/v1/plan?days=4&dry_run=true');
    assert.equal(dry.status, 200, JSON.stringify(dry.body));
    assert.equal(dry.body.made, 5);
    const run = await manager.post('/api/v1/plan?days=4');
    assert.deepEqual(run.body, { rules: 1, made: 5, existing: 0, left: 0, faults: 0,
      items: [{ code: 'web', targets: 1, dates: 5, made: 5, existing: 0, left: 0, fault: null }] });
    assert.equal((await manager.post('/api/v1/plan?days=4')).body.existing, 5);
    assert.equal(await count(
      `audit a join task t on t.id = a.row_id join person p on p.id = a.actor where t.rule_id = $1 and p.demo_key = 'manager'`, [rule]), 5);
    await s.stop();
  });
});

describe('jobs', () => {
  const env = { FDVU_JOBS: 'true' };
  const state = async (id: string) => (await rows('select state, attempts, last_error, taken_by from job where id = $1', [id]))[0];
  const add = async (kind: string, more = '', params: unknown[] = []): Promise<string> =>
    String((await rows(`insert into job (kind${more ? ', state, taken_by, taken_at, attempts' : ''})
      values ($1${more && `, ${more}`}) returning id`, [kind, ...params]))[0].id);

  test('each_job_is_run_once_and_the_night_is_queued_once_with_two_servers', async () => {
    const rule = await onlyRule('night', { applies: 'place', place_id: f.yard, rrule: 'FREQ=DAILY' });
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) ids.push(await add('session_sweep'));
    const stranger = await add('of_a_newer_server');
    // Its taker died two minutes ago; another's lives, which the lock tells.
    const lost = await add('session_sweep', `'running', 'gone:1', now() - interval '2 minutes', 1`);
    const held = await add('session_sweep', `'running', 'alive:1', now() - interval '2 minutes', 1`);
    const holder = await w.connect('job');
    await holder.query('begin');
    await holder.query(`select pg_advisory_xact_lock(hashtextextended('job:' || $1::text, 0))`, [held]);

    const servers = await Promise.all([w.server({ env }), w.server({ env })]);
    await eventually('all jobs done', async () => (await count(`job where state = 'done' and id = any ($1)`, [[...ids, lost]])) === 61, 20_000);
    assert.equal(await count('job where id = any ($1) and attempts = 1', [ids]), 60);
    assert.equal((await state(lost)).attempts, 2);
    assert.deepEqual(await state(held), { state: 'running', attempts: 1, last_error: null, taken_by: 'alive:1' });
    assert.equal((await state(stranger)).state, 'waiting');
    await holder.query('rollback');

    const night = await rows('select kind, count(*)::int as n from job where key is not null group by kind order by kind');
    assert.deepEqual(night.map((r) => `${r.kind} ${r.n}`),
      ['audit_partitions 1', 'documents_outstanding 1', 'job_sweep 1', 'plan 1', 'session_sweep 1', 'snapshots 1', 'sync_held 1', 'sync_purge 1', 'sync_retire 1', 'uploads 1', 'warnings 1']);
    const [planned] = await rows(`select run_at, (run_at at time zone 'Europe/Oslo')::time::text as at, key from job where kind = 'plan'`);
    assert.equal(planned.at, '02:00:00');
    assert.match(String(planned.key), /^plan:\d{4}-\d\d-\d\d$/);
    // Before two at night it is not yet time: then the test brings the time on.
    await rows(`update job set run_at = now() where kind = 'plan' and state = 'waiting'`);
    await eventually('the night plan', async () => (await count(`job where kind = 'plan' and state = 'done' and attempts = 1`)) === 1, 20_000);
    assert.equal(await count('task where rule_id = $1', [rule]), 61);
    await Promise.all(servers.map((s) => s.stop()));
  });

  test('a_job_that_fails_says_why_and_is_tried_again_later_and_a_stop_waits_for_the_job', async () => {
    const s = await w.server({ env });
    const blocker = await w.connect('job');
    await blocker.query('begin');
    await blocker.query('lock table sync_entry in access exclusive mode');
    const failing = await add('sync_retire');
    await eventually('the failure', async () => (await state(failing)).last_error, 15_000);
    const [after] = await rows(
      `select state, attempts, last_error, run_at > now() + interval '30 seconds' as is_later from job where id = $1`, [failing]);
    assert.deepEqual({ ...after, last_error: '' }, { state: 'waiting', attempts: 1, last_error: '', is_later: true });
    assert.match(String(after.last_error), /lock timeout/);

    const slow = await add('sync_retire');
    await eventually('the slow job', async () => (await state(slow)).state === 'running', 10_000);
    const stopped = s.stop();
    await new Promise((done) => setTimeout(done, 700));
    assert.equal((await state(slow)).state, 'running');
    await blocker.query('rollback');
    await stopped;
    assert.equal((await state(slow)).state, 'done');
  });

  test('a_job_of_a_killed_server_is_done_by_another', async () => {
    const s = await w.server({ env });
    const blocker = await w.connect('job');
    await blocker.query('begin');
    await blocker.query('lock table sync_entry in access exclusive mode');
    const id = await add('sync_retire');
    await eventually('the job', async () => (await state(id)).state === 'running', 10_000);
    await s.kill();
    await blocker.query('rollback');
    assert.equal((await state(id)).state, 'running');
    await rows(`update job set taken_at = now() - interval '2 minutes' where id = $1`, [id]);
    await w.server({ env });
    await eventually('the other server', async () => (await state(id)).state === 'done', 10_000);
    assert.equal((await state(id)).attempts, 2);
  });
});
