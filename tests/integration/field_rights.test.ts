// What a tablet sends is allowed when its author may write it now and might when they wrote it. Nothing that is refused is lost: the office sees
// why, and may apply it. What a user would lose if one failed: work that they were entitled to, or a building's records to who was not.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, test } from 'node:test';
import { Tablet, type Result } from './field_tablet.ts';
import { world, type Api } from './harness.ts';
import { sessionOf, tablet, type Mutation } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const HOUR = 3_600_000;
let manager: Api, site: string, far: string, person: string, t: Tablet;

const ago = (hours: number): string => new Date(Date.now() - hours * HOUR).toISOString();
const grant = (area: number | null, role = 'caretaker'): Promise<unknown> =>
  owner.query('insert into person_role (person_id, role, area_no) values ($1, $2, $3)', [person, role, area]);
const take = (area: number): Promise<unknown> => owner.query('delete from person_role where person_id = $1 and area_no = $2', [person, area]);

/** What has happened to the person's rights so far happened so much earlier. */
const past = (hours: number): Promise<unknown> =>
  owner.query(`update role_period set since = since - make_interval(hours => $2), until = until - make_interval(hours => $2) where person_id = $1`, [person, hours]);

async function logIn(): Promise<void> {
  const api = await sessionOf(s, owner, person, 'field');
  t = new Tablet(api, owner, await tablet(api), site);
}

async function building(area: number): Promise<string> {
  const { rows } = await owner.query(
    `insert into place (parent_id, kind, name, area_no) select p.parent_id, 'building', 'Bygg', $1 from place p where p.id = $2 returning id`, [area, site]);
  return rows[0].id;
}

const note = (task: string, hours: number, more: Partial<Mutation> = {}): Mutation =>
  t.update(task, { done_note: { o: null, n: 'Sett' } }, { captured_at: ago(hours), ...more });
const said = ({ state, reason }: Result): string => (reason ? `${state}: ${reason}` : state);

async function push(...mutations: Mutation[]): Promise<string[]> {
  return (await t.push(...mutations)).map(said);
}

before(async () => {
  manager = await s.login('manager');
  site = (await owner.query(`select id from place where kind = 'building' and area_no = 1 order by id limit 1`)).rows[0].id;
  far = (await owner.query(`select id from place where kind = 'building' and area_no = 4 order by id limit 1`)).rows[0].id;
});

/** A caretaker who has had the first area for a year. */
beforeEach(async () => {
  person = (await owner.query(`insert into person (name) values ('Vikar Vik') returning id`)).rows[0].id;
  await grant(1);
  await past(24 * 365);
  await logIn();
});

test('refuses what was written before its author had the right, though they have it now; the office sees why and may apply it', async () => {
  const [mine, theirs] = [await t.task(), await t.task({ place_id: far })];
  await grant(4);
  await logIn();
  const early = note(theirs, 1);
  const found = t.make('task.create@1', 'task', randomUUID(), { place_id: { n: far }, title: { n: 'Funnet' } }, { captured_at: ago(1) });
  assert.deepEqual(await push(note(mine, 1), early, found, note(theirs, 0)),
    ['applied', 'quarantined: not_allowed_then', 'quarantined: not_allowed_then', 'applied']);
  const { body } = await manager.get('/api/v1/sync/quarantine');
  const item = body.items.find((each: { id: string }) => each.id === early.mid);
  assert.deepEqual([item.reason, item.person, item.task_id], ['not_allowed_then', 'Vikar Vik', theirs]);
  const again = await manager.post(`/api/v1/sync/quarantine/${found.mid}/apply`, {});
  assert.equal(again.body.results[0].state, 'applied', JSON.stringify(again.body));
});

test('takes what was written while the right was held though it was taken since and given back; not what was written between', async () => {
  const task = await t.task({ place_id: far });
  await grant(4);
  await past(24);
  await take(4);
  await past(24);
  await grant(4);
  await past(1);
  await logIn();
  assert.deepEqual(await push(note(task, 30), note(task, 12), note(task, 0.5)), ['applied', 'quarantined: not_allowed_then', 'applied']);
});

test('keeps what was written while the right was held and is held no more', async () => {
  const task = await t.task({ place_id: far });
  await grant(4);
  await past(24);
  await take(4);
  await logIn();
  const hours = t.make('time.add@1', 'time_entry', randomUUID(), { task_id: { n: task }, minutes: { n: 30 } }, { captured_at: ago(2) });
  const m = note(task, 2);
  assert.deepEqual(await push(m, hours, note(await t.task(), 2)), ['quarantined: not_allowed_now', 'quarantined: not_allowed_now', 'applied']);
  for (const { mid } of [m, hours]) {
    const { body } = await manager.post(`/api/v1/sync/quarantine/${mid}/apply`, {});
    assert.equal(body.results[0].state, 'applied', JSON.stringify(body));
  }
  assert.equal(await t.value('select done_note from task where id = $1', [task]), 'Sett');
});

test('says no more of what was never its author’s than that it is not there', async () => {
  const task = await t.task({ place_id: far });
  await grant(3);
  await logIn();
  assert.deepEqual(await push(note(task, 1)), ['quarantined: not_found']);
});

test('goes by the tablet’s clock as it is corrected, give or take five minutes', async () => {
  const task = await t.task({ place_id: far });
  await grant(4);
  await past(1);
  await logIn();
  for (const skew of [-2, 0, 2]) {
    const at = (hours: number): string => new Date(Date.now() + (skew - hours) * HOUR).toISOString();
    const batch = [note(task, 0, { captured_at: at(1.2) }), note(task, 0, { captured_at: at(1.05) }), note(task, 0, { captured_at: at(0.5) })];
    const { results } = await t.batch(batch, { sent_at: at(0) });
    assert.deepEqual(results.map(said).map((each) => each.replace('merged', 'applied')), ['quarantined: not_allowed_then', 'applied', 'applied'], `${skew} hours wrong`);
  }
  assert.deepEqual((await t.batch([note(task, 2)], { sent_at: undefined })).results.map(said), ['quarantined: not_allowed_then'], 'a tablet that does not say what its clock shows');
});

test('is not talked into anything by a clock: what is not allowed now is not, whenever it was written', async () => {
  const task = await t.task({ place_id: far });
  await grant(4);
  await past(24);
  await take(4);
  await past(12);
  await logIn();
  const written = [note(task, 20), note(task, 6), note(task, -24), note(task, 24 * 400)];
  assert.deepEqual(await push(...written), ['not_allowed_now', 'not_found', 'not_found', 'not_found'].map((reason) => `quarantined: ${reason}`));
});

test('knows where a building lay: work in it goes on when it and its caretaker came to another area', async () => {
  const here = await building(1);
  const task = await t.task({ place_id: here });
  await owner.query('update place set area_no = 4 where id = $1', [here]);
  await grant(4);
  await logIn();
  assert.deepEqual(await push(note(task, 1), t.make('task.create@1', 'task', randomUUID(), { place_id: { n: here }, title: { n: 'Funnet' } }, { captured_at: ago(1) })), ['applied', 'applied']);
});

test('refuses what was written of a building before it came to its author’s area, and keeps what was of one that has left it', async () => {
  const [come, gone] = [await building(4), await building(1)];
  const [a, b] = [await t.task({ place_id: come }), await t.task({ place_id: gone })];
  await owner.query('update place set area_no = 5 - area_no where id = any ($1)', [[come, gone]]);
  await logIn();
  assert.deepEqual(await push(note(a, 1), note(a, 0), note(b, 1)), ['quarantined: not_allowed_then', 'applied', 'quarantined: not_allowed_now']);
});

test('refuses a group whole, and looks again at what was held when it is let go', async () => {
  const [mine, theirs] = [await t.task(), await t.task({ place_id: far })];
  await grant(4);
  await past(24);
  await take(4);
  await past(24);
  await grant(4);
  await past(1);
  await logIn();
  const grp = randomUUID();
  assert.deepEqual(await push(note(mine, 12, { grp }), note(theirs, 12, { grp })), ['quarantined: group', 'quarantined: not_allowed_then']);
  const id = randomUUID();
  const create = t.make('task.create@1', 'task', id, { place_id: { n: far }, title: { n: 'Funnet' } }, { captured_at: ago(30) });
  const between = note(id, 12, { needs: [create.mid] });
  assert.deepEqual(await push(between), ['held']);
  assert.deepEqual(await push(create), ['applied']);
  const { state, result } = await t.stored(between);
  assert.deepEqual([state, result.reason], ['quarantined', 'not_allowed_then']);
});

test('all areas are any area, and what a manager may an hour ago a caretaker may who was one', async () => {
  const task = await t.task({ place_id: far });
  await grant(null, 'manager');
  await past(24);
  await owner.query(`update person_role set role = 'caretaker', area_no = 4 where person_id = $1 and role = 'manager'`, [person]);
  await logIn();
  assert.deepEqual(await push(note(task, 12)), ['applied']);
});
