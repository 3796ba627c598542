// Who may do what: sessions, the letters of their tokens, where a write comes from, and that each
// route answers those it says it is for and nobody else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raw, world, type Api } from './harness.ts';
import { answers, filled, routes, sessionOf, tenantHome, type Audience } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const people: Record<Audience, string> = {
  office: 'manager',
  field: 'caretaker',
  tenant: 'tenant',
  supplier: 'supplier',
};

async function demo(audience: Audience): Promise<Api> {
  const { rows } = await owner.query('select id from person where demo_key = $1', [people[audience]]);
  return sessionOf(s, owner, rows[0].id, audience);
}

// Whoever opens a door to everybody must write it here as well.
const open = [
  'GET /api/v1/categories',
  'GET /api/v1/codes/{code}',
  'GET /api/v1/coordinates',
  'GET /api/v1/map/land',
  'GET /api/v1/openapi.json',
  'GET /api/v1/places',
  'GET /api/v1/places/{id}',
  'GET /api/v1/places/{id}/children',
  'GET /api/v1/search',
  'GET /api/v1/session',
  'GET /api/v1/tiles/{grid}',
  'GET /api/v1/tiles/{grid}/metadata.json',
  'GET /api/v1/tiles/{grid}/{z}/{x}/{y}',
  'GET /healthz',
  'GET /metrics',
  'GET /ogc',
  'GET /ogc/',
  'GET /ogc/api',
  'GET /ogc/collections',
  'GET /ogc/collections/{c}',
  'GET /ogc/collections/{c}/items',
  'GET /ogc/collections/{c}/items/{id}',
  'GET /ogc/collections/{c}/queryables',
  'GET /ogc/collections/{c}/schema',
  'GET /ogc/conformance',
  'GET /ogc/style.css',
  'GET /readyz',
  'OPTIONS /api/v1/uploads',
  'OPTIONS /api/v1/uploads/{id}',
  'POST /api/v1/coordinates',
  'POST /api/v1/devices',
  'POST /api/v1/devices/self/queue',
  'POST /api/v1/devices/self/sign-out',
  'POST /api/v1/devices/self/token',
  'POST /api/v1/devices/self/unseal',
  'POST /api/v1/devices/self/wiped',
  'POST /api/v1/session/demo',
  'POST /api/v1/session/supplier',
  'POST /api/v1/sync/quarantine',
];

test('has no open door but those that are written here', async () => {
  const found = (await routes(s)).filter((r) => r.roles.includes('public'));
  assert.deepEqual(found.map((r) => `${r.method} ${r.path}`).sort(), open);
});

const bare = (method: string, path: string, token: string): Promise<Response> =>
  fetch(s.url + path, { method, headers: token ? { authorization: `Bearer ${token}` } : {} });

test('answers on each route those it is for, and nobody else', async () => {
  const wrong: string[] = [];
  for (const r of await routes(s))
    for (const who of ['nobody', 'office', 'field', 'tenant', 'supplier'] as const) {
      if (r.path === '/api/v1/events' && r.roles.includes(who)) continue; // it would not end
      const api = who === 'nobody' ? s.api() : await demo(who);
      const path = filled(r.path);
      const { status } =
        r.method === 'GET'
          ? await api.get(path)
          : r.method === 'PUT'
            ? await api.put(path, Buffer.from('{}'), r.members ? 'application/json' : 'image/png')
            : r.method === 'DELETE'
              ? await api.del(path)
              : r.method === 'PATCH'
                ? await api.patch(path, {})
                : r.method === 'POST'
                  ? await api.post(path, {})
                  : await bare(r.method, path, api.token);
      const is_for = r.roles.includes('public') || r.roles.includes(who);
      const wanted = who === 'nobody' ? 401 : 403;
      // A row that is not theirs is refused on a route that is: only to somebody, only by a write.
      const may_refuse = who !== 'nobody' && r.method === 'POST' && r.path.includes('{id}');
      if (is_for ? status === 401 || (status === 403 && !may_refuse) : status !== wanted)
        wrong.push(`${who}: ${r.method} ${r.path} -> ${status}`);
    }
  assert.deepEqual(wrong, []);
});

test('has no log-in without password unless it is a demo', async () => {
  const real = await w.server({ env: { FDVU_DEMO: 'false' } });
  const reply = await real.api().post('/api/v1/session/demo', { person: 'admin' });
  assert.equal(reply.status, 404);
  assert.equal(reply.headers.get('set-cookie'), null);
  const described = (await routes(real)).map((r) => r.path);
  assert.ok(!described.includes('/api/v1/session/demo'));
  assert.equal((await real.api().get('/api/v1/session')).body.demo, false);
  await real.stop();
});

test('hands out a cookie that no script reads and no other site sends', async () => {
  const set = async (url: string): Promise<string> => {
    const reply = await fetch(`${url}/api/v1/session/demo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"person":"tenant"}',
    });
    assert.equal(reply.status, 201);
    return reply.headers.get('set-cookie') ?? '';
  };
  assert.match(
    await set(s.url),
    /^fdvu_session=t_[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/,
  );
  const https = await w.server({ env: { FDVU_ORIGIN: 'https://fdvu.example.no' } });
  assert.match(await set(https.url), /; HttpOnly; SameSite=Lax; Secure$/);
  await https.stop();
});

test('says who is logged in, and that nobody is', async () => {
  const { body } = await (await s.login('caretaker')).get('/api/v1/session');
  assert.equal(body.audience, 'field');
  assert.deepEqual(body.areas, [1, 2, 4]);
  assert.deepEqual(body.roles, ['caretaker']);
  assert.equal(body.demo, true);
  assert.deepEqual((await s.api().get('/api/v1/session')).body, { person_id: null, demo: true });
});

/** A write with the headers given and nothing else: fetch would add its own. */
async function write(port: number, headers: string[]): Promise<number> {
  const text = ['POST /api/v1/notifications/read HTTP/1.1', ...headers, 'Connection: close', '', ''];
  return answers(await raw(port, text.join('\r\n')))[0]?.status ?? 0;
}

test('takes no write with the cookie from another site', async () => {
  const cookie = `Cookie: fdvu_session=${(await s.login('tenant')).token}`;
  const host = `Host: 127.0.0.1:${s.port}`;
  const own = `Origin: http://127.0.0.1:${s.port}`;
  assert.equal(await write(s.port, [host, cookie, own]), 204);
  assert.equal(await write(s.port, [host, cookie, 'Sec-Fetch-Site: same-origin']), 204);
  for (const headers of [
    [],
    ['Origin: https://evil.test'],
    ['Origin: null'],
    [`Origin: http://127.0.0.1:${s.port}.evil.test`],
    [`Origin: https://127.0.0.1:${s.port}`],
    ['Sec-Fetch-Site: cross-site'],
    ['Sec-Fetch-Site: same-site'],
    ['Sec-Fetch-Site: none'],
    ['Origin: https://evil.test', 'Sec-Fetch-Site: same-origin'],
  ])
    assert.equal(await write(s.port, [host, cookie, ...headers]), 403, headers.join());
});

test('knows its own origin when a proxy stands before it', async () => {
  const proxied = await w.server({ env: { FDVU_ORIGIN: 'https://fdvu.example.no' } });
  const cookie = `Cookie: fdvu_session=${(await s.login('tenant')).token}`;
  const headers = ['Host: 10.0.0.1:8080', cookie];
  assert.equal(await write(proxied.port, [...headers, 'Origin: https://fdvu.example.no']), 204);
  assert.equal(await write(proxied.port, [...headers, 'Origin: http://10.0.0.1:8080']), 403);
  await proxied.stop();
});

test('takes a write with a token from any program: no browser sends that by itself', async () => {
  const { token } = await s.login('tenant');
  const host = 'Host: a';
  assert.equal(await write(s.port, [host, `Authorization: Bearer ${token}`]), 204);
  const evil = ['Origin: https://evil.test', `Authorization: Bearer ${token}`];
  assert.equal(await write(s.port, [host, ...evil]), 204);
  // A token that is none does not fall back to the cookie.
  const both = ['Authorization: Bearer x', `Cookie: fdvu_session=${token}`];
  assert.equal(await write(s.port, [host, ...both]), 401);
});

test('opens nothing to a token whose letter was changed', async () => {
  const paths: Record<string, string> = {
    o: '/api/v1/cases',
    f: '/api/v1/sync/info',
    t: '/api/v1/my/home',
    s: '/api/v1/supplier/job',
  };
  for (const audience of Object.keys(people) as Audience[]) {
    const { token } = await demo(audience);
    for (const [letter, path] of Object.entries(paths)) {
      if (letter === audience[0]) continue;
      const forged = s.api(letter + token.slice(1));
      assert.equal((await forged.get(path)).status, 401, `${audience} as ${letter}`);
    }
    for (const bad of [token.slice(0, -1), `${token}A`, token.toUpperCase(), `x${token.slice(1)}`, ''])
      assert.equal((await s.api(bad).get('/api/v1/notifications')).status, 401, bad);
  }
});

test('ends a session when its time is up, and when its owner says so', async () => {
  const late = await s.login('manager');
  await owner.query(
    `update session set expires_at = now() - interval '1 second'
      where token_hash = sha256(convert_to($1, 'UTF8'))`,
    [late.token],
  );
  assert.equal((await late.get('/api/v1/cases')).status, 401);
  // An open door stays open to somebody whose session has ended.
  assert.equal((await late.get('/api/v1/categories')).status, 200);
  const nobody = await late.get('/api/v1/session');
  assert.deepEqual([nobody.status, nobody.body], [200, { person_id: null, demo: true }]);

  const gone = await s.login('manager');
  assert.equal((await gone.get('/api/v1/cases')).status, 200);
  const reply = await gone.del('/api/v1/session');
  assert.equal(reply.status, 204);
  assert.match(reply.headers.get('set-cookie') ?? '', /^fdvu_session=; Path=\/; Max-Age=0;/);
  assert.equal((await gone.get('/api/v1/cases')).status, 401);
});

test('keeps a session of one browser when another is closed', async () => {
  const one = await s.login('manager');
  const other = await s.login('manager');
  await one.del('/api/v1/session');
  assert.equal((await other.get('/api/v1/cases')).status, 200);
});

test('ends the sessions of a person at once when a role is taken away', async () => {
  const { person } = await tenantHome(owner, false);
  await owner.query(`insert into person_role (person_id, role) values ($1, 'frontdesk')`, [person]);
  const office = await sessionOf(s, owner, person, 'office');
  assert.equal((await office.get('/api/v1/cases')).status, 200);
  await owner.query(`delete from person_role where person_id = $1 and role = 'frontdesk'`, [person]);
  assert.equal((await office.get('/api/v1/cases')).status, 401);
  assert.equal((await office.post('/api/v1/notifications/read')).status, 401);
});

async function link(hours: number): Promise<{ token: string; task: string; id: string }> {
  const token = `link-${Math.random()}`;
  const { rows } = await owner.query(
    `insert into supplier_link (token_hash, task_id, person_id, expires_at)
     select sha256(convert_to($1, 'UTF8')), t.id, p.id, now() + make_interval(hours => $2)
       from (select id from task where state = 'open' order by random() limit 1) t, person p
      where p.demo_key = 'supplier'
     returning id, task_id as task`,
    [token, hours],
  );
  return { token, ...rows[0] };
}

test("opens by a supplier's link that job alone, and nothing when it has run out", async () => {
  const mine = await link(1);
  const other = await link(1);
  const opened = await s.api().post('/api/v1/session/supplier', { token: mine.token });
  assert.equal(opened.status, 201);
  assert.match(opened.body.token, /^s_[\w-]{43}$/);
  const supplier = s.api(opened.body.token);
  assert.equal((await supplier.get('/api/v1/supplier/job')).body.id, mine.task);
  const file = await supplier.put(`/api/v1/files/${'0'.repeat(64)}`, Buffer.from('x'), 'image/png');
  assert.equal(file.status, 422);
  const paper = await supplier.post('/api/v1/documents', {
    ...{ task: other.task, title: 'Sertifikat', sha256: '0'.repeat(64) },
  });
  assert.ok([403, 404].includes(paper.status), `a paper on another's job: ${paper.status}`);

  const late = await link(-1);
  for (const token of [late.token, 'nonsense', opened.body.token])
    assert.equal((await s.api().post('/api/v1/session/supplier', { token })).status, 401);

  await owner.query('delete from supplier_link where id = $1', [mine.id]);
  assert.equal((await supplier.get('/api/v1/supplier/job')).status, 401, 'the link was taken back');
});
