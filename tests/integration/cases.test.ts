// The life of a fault: a tenant reports it, neighbours follow it, the office passes it on, a tablet
// closes it and everybody is told; and no tenant meets another's words, home or pictures.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { eventually, sleep, world, type Api, type Reply } from './harness.ts';
import { listen, mutation, photo, sessionOf, sha256, tablet, tenantHome } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const category = 'water_leak'; // one that neighbours may know of
let tenant: Api, other: Api, manager: Api, caretaker: Api;
let home: { person: string; dwelling: string; site: string };
let otherHome: typeof home;

before(async () => {
  tenant = await s.login('tenant');
  manager = await s.login('manager');
  caretaker = await s.login('caretaker');
  home = await tenantHome(owner, true);
  otherHome = await tenantHome(owner, false);
  other = await sessionOf(s, owner, otherHome.person, 'tenant');
});

const good = (reply: Reply, status = 201): Reply => {
  assert.equal(reply.status, status, JSON.stringify(reply.body));
  return reply;
};

async function upload(api: Api, bytes: Buffer): Promise<string> {
  const hash = sha256(bytes);
  const { status } = await api.put(`/api/v1/files/${hash}`, bytes, 'image/png');
  assert.ok(status === 201 || status === 200);
  return hash;
}

async function report(api: Api, more: Record<string, unknown> = {}): Promise<string> {
  const given = { place: home.dwelling, category, description: 'Det drypper fra taket' };
  return good(await api.post('/api/v1/cases', { ...given, ...more })).body.id;
}

test('takes a report with its photo, with a number at once, and once though it is sent twice', async () => {
  const hash = await upload(tenant, photo('leak'));
  const given = {
    ...{ id: randomUUID(), place: home.dwelling, category, title: 'Lekkasje' },
    ...{ description: 'Vann på badegulvet', position: [436_000.5, 7_000_000.25], photos: [hash] },
  };
  const first = good(await tenant.post('/api/v1/cases', given)).body;
  assert.match(first.number, /^2\d{3}-\d{6}$/);
  assert.equal(first.state, 'new');
  const again = good(await tenant.post('/api/v1/cases', given)).body;
  assert.equal(again.number, first.number);

  const mine = (await tenant.get(`/api/v1/cases/${given.id}`)).body;
  assert.equal(mine.title, 'Lekkasje');
  assert.deepEqual(
    mine.photos.map((p: { sha256: string }) => p.sha256),
    [hash],
  );
  const seen = (await manager.get(`/api/v1/cases/${given.id}`)).body;
  assert.deepEqual([seen.x, seen.y], [436000.5, 7000000.25]);
  assert.equal(seen.photos.length, 1);
  const file = await manager.get(`/api/v1/files/${hash}`);
  assert.equal(file.headers.get('content-type'), 'image/png');
  assert.equal(file.headers.get('content-security-policy'), "default-src 'none'; sandbox");
});

test('takes a report ten times at once as one', async () => {
  const given = { id: randomUUID(), place: home.dwelling, category, description: 'Igjen og igjen' };
  const replies = await Promise.all(Array.from({ length: 10 }, () => tenant.post('/api/v1/cases', given)));
  assert.deepEqual(new Set(replies.map((r) => r.status)), new Set([201]));
  assert.equal(new Set(replies.map((r) => r.body.number)).size, 1);
});

test("neither answers with nor falls over an id that somebody else's case has", async () => {
  const id = await report(tenant);
  const hash = await upload(other, photo('other'));
  for (const more of [{}, { photos: [hash] }]) {
    const given = { id, place: otherHome.dwelling, category, description: 'x', ...more };
    const reply = await other.post('/api/v1/cases', given);
    assert.equal(reply.status, 409, JSON.stringify(reply.body));
  }
  assert.equal((await s.api().get('/healthz')).status, 200);
  const { rows } = await owner.query('select count(*)::int as n from document where case_id = $1', [id]);
  assert.equal(rows[0].n, 0);
});

test('shows what is reported already, and lets a neighbour follow it instead', async () => {
  const id = await report(tenant, { description: 'Naboen skal ikke lese dette' });
  const found = good(await other.get(`/api/v1/cases/similar?place=${home.site}&category=${category}`), 200);
  const similar = found.body.items.find((c: { id: string }) => c.id === id);
  assert.ok(similar, 'the open case in the same building is shown');
  assert.equal(similar.is_following, false);
  assert.doesNotMatch(JSON.stringify(found.body), /skal ikke lese/, 'without the words of its reporter');

  assert.equal((await other.get(`/api/v1/cases/${id}`)).status, 404, 'not theirs before they follow');
  good(await other.post(`/api/v1/cases/${id}/follow`));
  good(await other.post(`/api/v1/cases/${id}/follow`)); // twice is once
  const followed = good(await other.get(`/api/v1/cases/${id}`), 200).body;
  assert.equal(followed.is_mine, false);
  assert.equal(followed.description, null);
  assert.notEqual(followed.place_id, home.dwelling, 'not whose home it is');
  const { rows } = await owner.query('select count(*)::int as n from case_follower where case_id = $1', [id]);
  assert.equal(rows[0].n, 1);
});

test('keeps the office’s own words in the office, and the reporter’s from followers', async () => {
  const id = await report(tenant);
  good(await other.post(`/api/v1/cases/${id}/follow`));
  const say = (api: Api, text: string, is_internal?: boolean): Promise<Reply> =>
    api.post(`/api/v1/cases/${id}/messages`, { text, is_internal });
  good(await say(tenant, 'Jeg er hjemme etter fire'));
  good(await say(manager, 'Vi kommer i morgen'));
  good(await say(manager, 'Skylder tre måneder', true));
  good(await say(other, 'Hos meg også'));
  assert.ok([400, 403].includes((await say(tenant, 'hemmelig', true)).status), 'a tenant has no office');

  const texts = async (api: Api): Promise<string[]> =>
    (await api.get(`/api/v1/cases/${id}`)).body.messages.map((m: { text: string }) => m.text);
  assert.deepEqual(await texts(tenant), ['Jeg er hjemme etter fire', 'Vi kommer i morgen', 'Hos meg også']);
  assert.deepEqual(await texts(other), ['Vi kommer i morgen', 'Hos meg også']);
  assert.equal((await texts(manager)).length, 4);
});

test('never writes over what somebody else has changed since', async () => {
  const id = await report(tenant);
  const { row_v } = (await manager.get(`/api/v1/cases/${id}`)).body;
  const change = (priority: number): Promise<Reply> =>
    manager.patch(`/api/v1/cases/${id}`, { priority, row_v });
  const statuses = (await Promise.all([1, 2, 3, 4].map(change))).map((r) => r.status).sort();
  assert.deepEqual(statuses, [200, 409, 409, 409]);
  const late = await manager.patch(`/api/v1/cases/${id}`, { state: 'closed', row_v });
  assert.equal(late.status, 409);
  assert.equal((await manager.get(`/api/v1/cases/${id}`)).body.state, 'new');
  assert.equal((await tenant.patch(`/api/v1/cases/${id}`, { state: 'closed', row_v: 2 })).status, 403);
});

test('makes the case done and tells everybody when a tablet closes its last task', async () => {
  const device = await tablet(caretaker);
  const id = await report(tenant);
  good(await other.post(`/api/v1/cases/${id}/follow`));
  const tasks = [];
  for (const title of ['Tette', 'Tørke'])
    tasks.push(good(await manager.post(`/api/v1/cases/${id}/tasks`, { title })).body);
  assert.match(tasks[0].number, /^2\d{3}-\d{6}$/);

  const { rows } = await owner.query(
    `select p.id from person p join person_role r on r.person_id = p.id
      where r.role = 'tenant' and r.area_no = 1 and p.id <> all ($1) and p.protection = 'none' limit 1`,
    [[home.person, otherHome.person]],
  );
  const stranger = await sessionOf(s, owner, rows[0].id, 'tenant');
  const streams = await Promise.all([manager, tenant, other, stranger].map((api) => listen(s, api)));
  const [office, reporter, follower, outside] = streams;
  assert.ok(office && reporter && follower && outside);
  // What the tests before this one changed is still on its way to who may see it.
  await sleep(500);
  for (const stream of streams) stream.changes.length = 0;

  const close = async (task: string, seq: number): Promise<void> => {
    const set = { state: { o: 'open', n: 'done' }, done_note: { o: null, n: 'Ny pakning' } };
    const given = { device, mutations: [mutation(seq, 'task.close@1', 'task', task, set)] };
    const { body } = good(await caretaker.post('/api/v1/sync/push', given), 200);
    assert.equal(body.results[0].state, 'applied', JSON.stringify(body));
  };
  await close(tasks[0].id, 1);
  assert.notEqual((await tenant.get(`/api/v1/cases/${id}`)).body.state, 'done', 'one task is left');
  const at = Date.now();
  await close(tasks[1].id, 2);
  const hears = (stream: typeof office, t: string, row: string): Promise<{ at: number }> =>
    eventually(`a hint of ${t}`, async () => stream.changes.find((c) => c.t === t && c.id === row), 2500);
  await hears(office, 'task', tasks[1].id);
  for (const stream of [office, reporter, follower]) {
    const hint = await hears(stream, 'cases', id);
    assert.ok(hint.at - at < 2000, `after ${hint.at - at} ms`);
  }
  const seen = (await tenant.get(`/api/v1/cases/${id}`)).body;
  assert.equal(seen.state, 'done');
  assert.equal(seen.tasks[0].done_note, 'Ny pakning');
  for (const api of [tenant, other]) {
    const { items } = (await api.get('/api/v1/notifications')).body;
    const told = items.filter((n: { case_id: string }) => n.case_id === id);
    assert.ok(
      told.some((n: { text_key: string }) => n.text_key === 'case_state_done'),
      JSON.stringify(told),
    );
  }
  await sleep(600);
  assert.deepEqual(outside.changes, [], 'a tenant hears nothing of what is not theirs');
  assert.ok(
    [...reporter.changes, ...follower.changes].every((c) => c.t === 'cases' && c.id === id),
    JSON.stringify(reporter.changes),
  );
  for (const stream of streams) stream.close();
  assert.equal((await tenant.post('/api/v1/notifications/read')).status, 204);
  const { items } = (await tenant.get('/api/v1/notifications')).body;
  assert.ok(items.every((n: { read_at: string | null }) => n.read_at));
});

test('tells all who follow, however many they are', async () => {
  const id = await report(tenant);
  const { rows } = await owner.query(
    `with made as (insert into person (name) select 'Nabo ' || n from generate_series(1, 25) n returning id),
          role as (insert into person_role (person_id, role, area_no) select id, 'tenant', 1 from made)
     insert into case_follower (case_id, person_id) select $1, id from made returning person_id as id`,
    [id],
  );
  const apis = await Promise.all(rows.map((r) => sessionOf(s, owner, r.id, 'tenant')));
  const streams = await Promise.all(apis.map((api) => listen(s, api)));
  good(await manager.patch(`/api/v1/cases/${id}`, { state: 'waiting', row_v: 1 }), 200);
  await eventually('all have heard', async () =>
    streams.every((stream) => stream.changes.some((c) => c.id === id)),
  );
  for (const stream of streams) stream.close();
});

test('tells every listener to look again when more has changed than it can name', async () => {
  const stream = await listen(s, manager);
  const { rowCount } = await owner.query(
    `insert into task (place_id, title) select $1, 'Runde ' || n from generate_series(1, 3000) n`,
    [home.site],
  );
  assert.equal(rowCount, 3000);
  await eventually('told of all, or to look again', async () => {
    const tasks = stream.changes.filter((c) => c.t === 'task');
    return stream.names.includes('reload') || tasks.length >= 3000;
  });
  stream.close();
  await owner.query(`delete from task where title like 'Runde %'`);
});

test("never lets a tenant meet another's case, home or picture", async () => {
  const hash = await upload(tenant, photo('mine'));
  const id = await report(tenant, { photos: [hash], category: 'bathroom' });
  const hidden = [`/cases/${id}`, `/files/${hash}`, `/places/${home.dwelling}`, `/places/${home.dwelling}/children`];
  for (const path of hidden) {
    const reply = await other.get(`/api/v1${path}`);
    const nothing = reply.status === 404 || (reply.status === 200 && reply.body.items?.length === 0);
    assert.ok(nothing, `${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  }
  for (const [path, body] of [
    [`/cases/${id}/messages`, { text: 'hei' }],
    [`/cases/${id}/follow`, {}],
    ['/cases', { place: home.dwelling, category, description: 'x' }],
    ['/documents', { case: id, sha256: hash, title: 'x' }],
  ] as [string, object][]) {
    const { status } = await other.post(`/api/v1${path}`, body);
    assert.ok([403, 404, 409].includes(status), `${path}: ${status}`);
  }
  const { items } = (await other.get('/api/v1/cases?limit=200')).body;
  assert.ok(!items.some((c: { id: string }) => c.id === id));
  const homes = (await other.get('/api/v1/my/home')).body.items;
  assert.ok(homes.length > 0);
  assert.ok(!homes.some((h: { dwelling_id: string }) => h.dwelling_id === home.dwelling));
});

test('does not give the bytes of a picture to somebody who only knows its name', async () => {
  const hash = await upload(tenant, photo('secret'));
  await report(tenant, { photos: [hash], category: 'bathroom' });
  // The other ties the name to a case of their own, without having the bytes.
  const given = { place: otherHome.dwelling, category, description: 'x', photos: [hash] };
  good(await other.post('/api/v1/cases', given));
  assert.equal((await other.get(`/api/v1/files/${hash}`)).status, 404);
});

test('opens a QR label to anybody, with nothing about anybody', async () => {
  await report(tenant, { description: 'Nora er på ferie' });
  const { rows } = await owner.query(
    `select p.code, p.kind::text as kind, p.name from place p
      where p.code is not null and p.id in ($1, $2) order by p.kind`,
    [home.dwelling, home.site],
  );
  assert.ok(rows.length > 0, 'the demo has labels there');
  const { rows: names } = await owner.query('select name from person where id = $1', [home.person]);
  for (const api of [s.api(), tenant, other, manager, caretaker, await s.login('supplier')])
    for (const { code, kind, name } of rows) {
      const { body } = good(await api.get(`/api/v1/codes/${code.toLowerCase()}`), 200);
      const text = JSON.stringify(body);
      assert.doesNotMatch(text, /ferie|reporter|phone|owner|description|warning/);
      assert.ok(!text.includes(names[0].name));
      if (kind === 'dwelling') assert.ok(!text.includes(`"${name}"`), 'not which dwelling');
      assert.ok(Array.isArray(body.cases));
    }
  assert.equal((await s.api().get('/api/v1/codes/ZZZZZZZZ')).status, 404);
});
