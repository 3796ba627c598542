// What the office does about tablets' matters: conflicts are decided, what was refused is applied
// again or closed, what waits is let go on – each for their own areas, with a trail.
// What a user would lose if one failed: what a caretaker wrote, or what a colleague wrote since.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { tabletOf, type Conflict, type Tablet } from './field_tablet.ts';
import { world, type Api, type Reply } from './harness.ts';
import { sessionOf, type Mutation } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
let t: Tablet, manager: Api, elsewhere: Api, here: Api;

/** A manager of one area alone. */
async function managerOf(name: string, area: number): Promise<Api> {
  const id = await t.value('insert into person (name) values ($1) returning id', [name]);
  await t.rows(`insert into person_role (person_id, role, area_no) values ($1, 'manager', $2)`, [id, area]);
  return sessionOf(s, t.owner, id, 'office');
}

before(async () => {
  t = await tabletOf(w, s);
  manager = await s.login('manager');
  here = await managerOf('Her Heredal', 1);
  elsewhere = await managerOf('Der Derdal', 3);
});

async function ok(reply: Promise<Reply>, status = 200): Promise<Reply['body']> {
  const { status: was, body } = await reply;
  assert.equal(was, status, JSON.stringify(body));
  return body;
}

/** Two writers meet in a field: the office's stands, and a person must look. */
async function meeting(field: string, base: unknown, office: unknown, mine: unknown): Promise<{ task: string; c: Conflict; m: Mutation }> {
  const task = await t.task({ [field]: base });
  await t.rows(`update task set ${field} = $2 where id = $1`, [task, office]);
  const m = t.update(task, { [field]: { o: base, n: mine } });
  const [result] = await t.push(m);
  assert.equal(result?.state, 'merged', JSON.stringify(result));
  return { task, m, c: result!.conflicts![0]! };
}

const resolve = (id: string, body: Record<string, unknown>, by = manager): Promise<Reply> => by.post(`/api/v1/sync/conflicts/${id}/resolve`, body);
const field = (task: string, name: string): Promise<unknown> => t.value(`select ${name} from task where id = $1`, [task]);
const trail = (id: string, tbl: string): Promise<Record<string, unknown>[]> =>
  t.rows(`select actor, new from audit where row_id = $1 and tbl = $2 and op = 'U' order by at`, [id, tbl]);

test('shows base, mine and theirs with who and when, by filters and pages', async () => {
  const { task, c } = await meeting('title', 'Oppdrag', 'Kontorets', 'Nettbrettets');
  const told = await ok(manager.get(`/api/v1/sync/conflicts/${c.id}`));
  assert.deepEqual([told.base, told.mine, told.theirs, told.now_is, told.chosen], ['Oppdrag', 'Nettbrettets', 'Kontorets', 'Kontorets', 'theirs']);
  assert.deepEqual([told.kind, told.severity, told.state, told.field, told.task_id, told.task_title], ['field', 'hard', 'open', 'title', task, 'Kontorets']);
  assert.equal(told.mine_by, 'Kåre Honnstad');
  assert.ok(told.mine_at && told.device_name && told.place_label);
  await meeting('done_note', 'Sett', 'Fra kontoret', 'Fra brettet'); // settled by its rule
  const ids = async (q: string): Promise<string[]> => (await ok(manager.get(`/api/v1/sync/conflicts${q}`))).items.map((each: Conflict) => each.id);
  assert.ok((await ids('?state=open')).includes(c.id));
  assert.ok(!(await ids('?state=resolved')).includes(c.id));
  assert.ok(!(await ids('?severity=soft')).includes(c.id));
  assert.equal((await ids('?severity=soft')).length, 1);
  assert.ok((await ids(`?place=${t.site}`)).includes(c.id));
  assert.deepEqual(await ids(`?place=${randomUUID()}`), []);
  const first = await ok(manager.get('/api/v1/sync/conflicts?limit=1'));
  const second = await ok(manager.get(`/api/v1/sync/conflicts?limit=1&after=${first.next}`));
  assert.deepEqual([...first.items, ...second.items].map((each) => each.id), (await ids('')).slice(0, 2));
});

const choices: [choice: string, body: Record<string, unknown>, becomes: unknown][] = [
  ['mine', {}, 'Nettbrettets'],
  ['theirs', {}, 'Kontorets'],
  ['value', { value: 'Et tredje' }, 'Et tredje'],
];
for (const [choice, more, becomes] of choices)
  test(`resolves with ${choice}, and the tablet hears of it`, async () => {
    const { task, c } = await meeting('title', 'Oppdrag', 'Kontorets', 'Nettbrettets');
    const from = (await ok(t.api.post('/api/v1/sync/pull', { device: t.id, limit: 20000 }))) as { cursor: string; scope: { h: string } };
    const told = await ok(resolve(c.id, { choice, seen: 'Kontorets', note: 'Avklart på telefon', ...more }));
    assert.deepEqual([told.state, told.chosen, told.severity, told.resolved_value, told.note], ['resolved', choice, 'hard', becomes, 'Avklart på telefon']);
    assert.equal(await field(task, 'title'), becomes);
    const { rows } = await ok(t.api.post('/api/v1/sync/pull', { device: t.id, cursor: from.cursor, scope: from.scope.h }));
    const row = rows.find((each: { t: string; id: string }) => each.t === 'conflict' && each.id === c.id);
    assert.deepEqual([row.b, row.d.state, row.d.chosen], [`dev:${t.id}`, 'resolved', choice]);
    assert.equal(rows.some((each: { t: string; id: string }) => each.t === 'task' && each.id === task), choice !== 'theirs');
    const [noted] = await trail(c.id, 'sync_conflict');
    assert.equal((noted?.new as Record<string, unknown>).state, 'resolved');
    assert.equal(noted?.actor, await t.value(`select id from person where demo_key = 'manager'`));
    assert.equal((await resolve(c.id, { choice: 'mine', seen: 'Kontorets' })).body.type, '/problems/already_resolved');
  });

test('keeps both texts when both are chosen, and refuses what cannot both stand', async () => {
  const title = await meeting('title', 'Oppdrag', 'Kontorets', 'Nettbrettets');
  await ok(resolve(title.c.id, { choice: 'both', seen: 'Kontorets' }));
  assert.match(String(await field(title.task, 'title')), /^Kontorets\n— Kåre Honnstad, .*: Nettbrettets$/);
  const priority = await meeting('priority', 3, 1, 4);
  assert.equal((await resolve(priority.c.id, { choice: 'both', seen: '1' })).status, 400);
  assert.equal((await resolve(priority.c.id, { choice: 'value', value: '9', seen: '1' })).status, 400);
  assert.equal((await resolve(priority.c.id, { choice: 'all', seen: '1' })).status, 400);
  await ok(resolve(priority.c.id, { choice: 'value', value: '2', seen: '1' }));
  assert.equal(await field(priority.task, 'priority'), 2);
});

test('does not overwrite what was written since it was looked at: the conflict is told anew', async () => {
  const { task, c } = await meeting('priority', 3, 1, 4);
  await t.rows('update task set priority = 2 where id = $1', [task]);
  const stale = await resolve(c.id, { choice: 'mine', seen: '1' });
  assert.equal(stale.status, 409);
  assert.deepEqual([stale.body.type, stale.body.now_is], ['/problems/changed_since', '2']);
  assert.equal(await field(task, 'priority'), 2);
  await t.rows(`update task set title = 'Noe annet' where id = $1`, [task]);
  await ok(resolve(c.id, { choice: 'mine', seen: '2' }));
  assert.equal(await field(task, 'priority'), 4);
});

test('of two who resolve at once one does, and the other hears of it', async () => {
  const { c, task } = await meeting('priority', 3, 1, 4);
  const both = await Promise.all([resolve(c.id, { choice: 'mine', seen: '1' }), resolve(c.id, { choice: 'value', value: '2', seen: '1' }, here)]);
  assert.deepEqual(both.map((each) => each.status).sort(), [200, 409]);
  assert.equal(await field(task, 'priority'), both[0]?.status === 200 ? 4 : 2);
});

async function deleted(): Promise<{ task: string; number: string; m: Mutation; c: Conflict }> {
  const task = await t.task({ title: 'Slettet' });
  const number = await t.value('select number from task where id = $1', [task]);
  await t.rows('delete from task where id = $1', [task]);
  const m = t.make('task.close@1', 'task', task, { state: { o: 'open', n: 'done' }, done_note: { o: null, n: 'Gjort likevel' } });
  const [result] = await t.push(m);
  assert.equal(result?.reason, 'edit_after_delete', JSON.stringify(result));
  return { task, number, m, c: result!.conflicts![0]! };
}

test('raises a deleted row from the dead with what the tablet wrote of it', async () => {
  const { task, number, m, c } = await deleted();
  const told = await ok(manager.get(`/api/v1/sync/conflicts/${c.id}`));
  assert.deepEqual([told.kind, told.task_id, told.task_title, told.task_number], ['edit_after_delete', null, 'Slettet', number]);
  await ok(resolve(c.id, { choice: 'mine' }));
  const [row] = await t.rows(`select k.*, p.name from task k join person p on p.id = k.done_by where k.id = $1`, [task]);
  assert.deepEqual([row.number, row.title, row.state, row.done_note, row.name], [number, 'Slettet', 'done', 'Gjort likevel', 'Kåre Honnstad']);
  const stored = await t.stored(m);
  assert.equal(stored.state, 'applied');
  assert.equal((await t.push(m))[0]?.replay, true);
});

test('leaves a deleted row dead when that is chosen', async () => {
  const { task, m, c } = await deleted();
  const told = await ok(resolve(c.id, { choice: 'theirs' }));
  assert.deepEqual([told.state, told.chosen], ['resolved', 'theirs']);
  assert.deepEqual(await t.rows('select id from task where id = $1', [task]), []);
  assert.equal(await t.value('select handled_as from sync_mutation where mid = $1', [m.mid]), 'closed');
});

test('applies again what was refused, in its author’s name and with their time, when the reason is gone', async () => {
  const id = randomUUID();
  const m = t.update(id, { done_note: { o: null, n: 'Skrevet på taket' } }, { captured_at: '2026-11-20T10:00:00Z' });
  assert.equal((await t.push(m))[0]?.reason, 'not_found');
  const list = await ok(manager.get('/api/v1/sync/quarantine'));
  const item = list.items.find((each: { id: string }) => each.id === m.mid);
  assert.deepEqual([item.op, item.reason, item.person, item.is_opaque], ['task.update@1', 'not_found', 'Kåre Honnstad', false]);
  assert.deepEqual(item.fields, m.set);
  const again = await ok(manager.post(`/api/v1/sync/quarantine/${m.mid}/apply`, {}));
  assert.deepEqual([again.results[0].state, again.results[0].reason], ['quarantined', 'not_found'], 'its reason is still there');
  assert.equal(await t.value('select handled_as from sync_mutation where mid = $1', [m.mid]), 'refused');
  await t.task({ id });
  const now = await ok(manager.post(`/api/v1/sync/quarantine/${m.mid}/apply`, { note: 'Oppgaven finnes nå' }));
  assert.equal(now.results[0].state, 'applied');
  assert.equal(await field(id, 'done_note'), 'Skrevet på taket');
  const caretaker = await t.value(`select id from person where demo_key = 'caretaker'`);
  const [written] = await trail(id, 'task');
  assert.equal(written?.actor, caretaker, 'it is what the caretaker wrote');
  const looked = await trail(m.mid, 'sync_mutation');
  assert.deepEqual(looked.map((each) => (each.new as Record<string, unknown>).handled_as), ['refused', 'applied']);
  assert.equal(looked[1]?.actor, await t.value(`select id from person where demo_key = 'manager'`), 'and the manager let it in');
  assert.equal((await manager.post(`/api/v1/sync/quarantine/${m.mid}/apply`, {})).status, 404, 'once');
});

test('writes as the one whom the tablet recorded, and shows them, though the tablet has been revoked since', async () => {
  const task = await t.task();
  const other = await t.value(`insert into person (name) values ('Vikar Vik') returning id`);
  await t.rows(`insert into person_role (person_id, role, area_no) values ($1, 'caretaker', 1)`, [other]);
  const theirs = t.update(task, { done_note: { o: null, n: 'Fra vikaren' } }, { by: other });
  const nobody = t.update(task, { access_note: { o: null, n: 'Fra ingen' } }, { by: randomUUID() });
  assert.deepEqual((await t.push(theirs, nobody)).map((each) => each.reason), ['another_author', 'another_author']);
  const { items } = await ok(manager.get('/api/v1/sync/quarantine'));
  const person = (m: Mutation): string => items.find((each: { id: string }) => each.id === m.mid).person;
  assert.deepEqual([person(theirs), person(nobody)], ['Vikar Vik', 'Kåre Honnstad'], 'who is no employee is nobody’s author');
  await t.rows(`update sync_device set state = 'revoked' where id = $1`, [t.id]);
  const { results } = await ok(manager.post(`/api/v1/sync/quarantine/${theirs.mid}/apply`, {}));
  await t.rows(`update sync_device set state = 'active' where id = $1`, [t.id]);
  assert.equal(results[0].state, 'applied', JSON.stringify(results));
  assert.equal((await trail(task, 'task')).at(-1)?.actor, other);
});

test('applies again what is a fact of its own: hours on a task that came later', async () => {
  const task = randomUUID(), entry = randomUUID();
  const m = t.make('time.add@1', 'time_entry', entry, { task_id: { n: task }, minutes: { n: 45 } });
  assert.equal((await t.push(m))[0]?.state, 'quarantined');
  await t.task({ id: task });
  const { results } = await ok(manager.post(`/api/v1/sync/quarantine/${m.mid}/apply`, {}));
  assert.equal(results[0].state, 'applied', JSON.stringify(results));
  const [row] = await t.rows('select e.minutes, p.name from time_entry e join person p on p.id = e.person_id where e.id = $1', [entry]);
  assert.deepEqual(row, { minutes: 45, name: 'Kåre Honnstad' });
});

test('says why the database refuses it again, and harms nothing', async () => {
  const grp = randomUUID(), task = await t.task();
  const answer = t.make('answer.add@1', 'answer', randomUUID(), { task_id: { n: task }, item_id: { n: randomUUID() }, is_ok: { n: true } }, { grp });
  const note = t.update(task, { done_note: { o: null, n: 'Med svaret' } }, { grp });
  assert.deepEqual((await t.push(note, answer)).map((each) => each.state), ['quarantined', 'quarantined']);
  const { results } = await ok(manager.post(`/api/v1/sync/quarantine/${note.mid}/apply`, {}));
  assert.match(results[0].reason, /answer|item|foreign|fkey/);
  assert.equal(await field(task, 'done_note'), null, 'nothing of its group stands');
});

test('closes what is of no use, with a reason', async () => {
  const m = t.update(randomUUID(), { title: { n: 'x' } });
  await t.push(m);
  assert.equal((await manager.post(`/api/v1/sync/quarantine/${m.mid}/close`, {})).status, 400);
  const before = (await ok(manager.get('/api/v1/sync/matters'))).quarantined;
  await ok(manager.post(`/api/v1/sync/quarantine/${m.mid}/close`, { note: 'Prøve' }), 204);
  assert.equal((await ok(manager.get('/api/v1/sync/matters'))).quarantined, before - 1);
  const closed = await ok(manager.get('/api/v1/sync/quarantine?closed=true'));
  const item = closed.items.find((each: { id: string }) => each.id === m.mid);
  assert.deepEqual([item.handled_as, item.handled_note], ['closed', 'Prøve']);
  assert.equal((await manager.post(`/api/v1/sync/quarantine/${m.mid}/apply`, {})).status, 404);
});

test('lets go on at once what waits', async () => {
  const task = await t.task();
  const lost = randomUUID();
  const m = t.update(task, { done_note: { o: null, n: 'Etter' } }, { needs: [lost] } as Partial<Mutation>);
  assert.equal((await t.push(m))[0]?.state, 'held');
  const { items } = await ok(manager.get('/api/v1/sync/held'));
  const item = items.find((each: { id: string }) => each.id === m.mid);
  assert.deepEqual([item.held_for, item.held_for_state, item.task_id], [lost, null, task]);
  assert.ok(new Date(item.held_until) > new Date());
  const { results } = await ok(manager.post(`/api/v1/sync/held/${m.mid}/release`, {}));
  assert.equal(results[0].state, 'applied');
  assert.equal(await field(task, 'done_note'), 'Etter');
});

test('shows bytes that nobody could read, and makes mutations of those that can be', async () => {
  const task = await t.task();
  const m = t.update(task, { done_note: { o: null, n: 'Reddet' } });
  const reply = await t.api.post('/api/v1/sync/quarantine', { device: t.id, reason: 'device_revoked', raw: JSON.stringify([m]) });
  const { items } = await ok(manager.get('/api/v1/sync/quarantine'));
  const item = items.find((each: { is_opaque: boolean }) => each.is_opaque);
  assert.ok(item, `${reply.status} ${JSON.stringify(reply.body)}`);
  const whole = await ok(manager.get(`/api/v1/sync/quarantine/${item.id}`));
  assert.deepEqual([JSON.parse(whole.raw), whole.is_base64], [[m], false]);
  const { results } = await ok(manager.post(`/api/v1/sync/quarantine/${item.id}/apply`, {}));
  assert.deepEqual([results[0].mid, results[0].state], [m.mid, 'applied']);
  assert.equal(await field(task, 'done_note'), 'Reddet');
  await t.rows(`insert into sync_quarantine (device_id, person_id, reason, raw) select $1, person_id, 'malformed', '\\xff00' from sync_device where id = $1`, [t.id]);
  const [junk] = (await ok(manager.get('/api/v1/sync/quarantine'))).items;
  assert.equal((await ok(manager.get(`/api/v1/sync/quarantine/${junk.id}`))).is_base64, true);
  assert.equal((await manager.post(`/api/v1/sync/quarantine/${junk.id}/apply`, {})).body.type, '/problems/unreadable');
  await ok(manager.post(`/api/v1/sync/quarantine/${junk.id}/close`, { note: 'Ikke lesbart' }), 204);
});

test('shows each manager the matters of their areas, and nobody else any', async () => {
  const { c } = await meeting('priority', 3, 1, 4);
  const task = await t.task();
  const refused = t.update(task, { priority: { o: 3, n: 9 } });
  const unknown = t.update(randomUUID(), { title: { n: 'Ukjent' } });
  await t.push(refused, unknown);
  const has = async (api: Api, path: string, id: string): Promise<boolean> =>
    (await ok(api.get(path))).items.some((each: { id: string }) => each.id === id);
  assert.equal(await has(here, '/api/v1/sync/conflicts', c.id), true);
  assert.equal(await has(elsewhere, '/api/v1/sync/conflicts', c.id), false);
  assert.equal((await elsewhere.get(`/api/v1/sync/conflicts/${c.id}`)).status, 404);
  assert.equal((await resolve(c.id, { choice: 'mine', seen: '1' }, elsewhere)).status, 404);
  assert.equal(await has(here, '/api/v1/sync/quarantine', refused.mid), true);
  assert.equal(await has(elsewhere, '/api/v1/sync/quarantine', refused.mid), false);
  assert.equal(await has(elsewhere, '/api/v1/sync/quarantine', unknown.mid), false, 'it may be about what they do not see');
  assert.equal((await elsewhere.get(`/api/v1/sync/quarantine/${refused.mid}`)).status, 404);
  assert.equal((await elsewhere.post(`/api/v1/sync/quarantine/${refused.mid}/apply`, {})).status, 404);
  assert.equal((await elsewhere.post(`/api/v1/sync/quarantine/${refused.mid}/close`, { note: 'x' })).status, 404);
  assert.equal(await has(here, '/api/v1/sync/devices', t.id), true);
  assert.equal(await has(elsewhere, '/api/v1/sync/devices', t.id), false);
  assert.deepEqual(await ok(elsewhere.get('/api/v1/sync/matters')), { conflicts: 0, held: 0, quarantined: 0 });
  const desk = await s.login('frontdesk');
  for (const path of ['matters', 'devices', 'conflicts', 'held', 'quarantine', `conflicts/${c.id}`])
    assert.equal((await desk.get(`/api/v1/sync/${path}`)).status, 403, path);
  assert.equal((await resolve(c.id, { choice: 'mine', seen: '1' }, desk)).status, 403);
  assert.equal(await t.value('select state from sync_conflict where id = $1', [c.id]), 'open');
});

test('counts what waits of each tablet', async () => {
  const { items } = await ok(manager.get('/api/v1/sync/devices'));
  const row = items.find((each: { id: string }) => each.id === t.id);
  const [is] = await t.rows(
    `select (select count(*)::int from sync_conflict where device_id = $1 and state = 'open') as conflicts,
            (select count(*)::int from sync_mutation where device_id = $1 and state = 'quarantined' and handled_as is distinct from 'closed') as quarantined`,
    [t.id],
  );
  assert.deepEqual([row.conflicts, row.quarantined, row.held, row.person], [is.conflicts, is.quarantined, 0, 'Kåre Honnstad']);
  assert.deepEqual([row.queue_count, row.queue_oldest], [null, null], 'it has not said');
  assert.ok(is.conflicts > 0 && is.quarantined > 0 && row.last_seen);
});
