// How GIS programs log in: tokens that people of the office make, which last, only read, and end at
// once; by bearer or by Basic, which is all that QGIS and GDAL can send.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { eventually, world, type Api, type Reply } from './harness.ts';
import { sessionOf } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const manager = await s.login('manager');
const admin = await s.login('admin');
const caretaker = await s.login('caretaker');
const tenant = await s.login('tenant');
const anybody = s.api();

function gdal(program: string, args: string[], token = ''): Promise<string> {
  const env = { ...process.env, GDAL_HTTP_HEADERS: token ? `Authorization: Bearer ${token}` : '' };
  return new Promise((done, failed) => {
    execFile(program, args, { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) =>
      error ? failed(new Error(`${program}: ${error.message}\n${stderr}`)) : done(stdout + stderr),
    );
  });
}

async function good(api: Api, path: string): Promise<Reply['body']> {
  const { status, body } = await api.get(path);
  assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
  return body;
}

/** All features of a question, page by page. */
async function all(api: Api, path: string): Promise<Reply['body'][]> {
  const found = [];
  for (let next: string | undefined = path; next; ) {
    const page: Reply['body'] = await good(api, next);
    assert.equal(page.numberReturned, page.features.length);
    found.push(...page.features);
    next = page.links.find((l: { rel: string }) => l.rel === 'next')?.href.replace(s.url, '');
  }
  return found;
}

async function made(api: Api, name: string, days?: number): Promise<{ token: string; id: string }> {
  const { status, body } = await api.post('/api/v1/session/tokens', { name, days });
  assert.equal(status, 201, JSON.stringify(body));
  return { token: body.token, id: body.made.id };
}

const basic = (token: string): string => `Basic ${Buffer.from(`hvem som helst:${token}`).toString('base64')}`;

test('lets a program in by Basic or bearer with a token that a person made, until it is ended', async () => {
  const { token, id } = await made(manager, 'QGIS på kontoret', 30);
  assert.match(token, /^or_[\w-]{43}$/);
  const listed = (await good(manager, '/api/v1/session/tokens')).items;
  assert.deepEqual(listed.map((t: { name: string }) => t.name), ['QGIS på kontoret']);
  assert.ok(!JSON.stringify(listed).includes(token), 'shown once');
  assert.deepEqual((await good(await s.login('frontdesk'), '/api/v1/session/tokens')).items, [], 'own ones only');
  const days = (Date.parse(listed[0].expires_at) - Date.now()) / 86_400_000;
  assert.ok(days > 29 && days <= 30);
  const path = `${s.url}/ogc/collections/components/items?limit=1`;
  const status = async (authorization: string): Promise<number> => (await fetch(path, { headers: { authorization } })).status;
  assert.equal(await status(basic(token)), 200);
  assert.equal(await status(`Bearer ${token}`), 200);
  const said = await gdal('ogrinfo', ['-so', '--config', 'GDAL_HTTP_USERPWD', `qgis:${token}`, `OAPIF:${s.url}/ogc`, 'tasks']);
  assert.match(said, /Feature Count: [1-9]/);

  const stranger = await s.login('frontdesk');
  assert.equal((await stranger.del(`/api/v1/session/tokens/${id}`)).status, 404, 'not a colleague’s to end');
  assert.equal((await manager.del(`/api/v1/session/tokens/${id}`)).status, 204);
  assert.equal(await status(basic(token)), 401);
  const open = await fetch(`${s.url}/ogc/collections/buildings/items`, { headers: { authorization: basic(token) } });
  assert.equal(open.status, 401, 'not quietly the public’s view');
  assert.match(open.headers.get('www-authenticate') ?? '', /^Basic/);
  for (const path of ['/ogc/collections', '/ogc/collections/buildings'])
    assert.equal((await fetch(s.url + path, { headers: { authorization: basic(token) } })).status, 401, path);
  assert.equal((await manager.del(`/api/v1/session/tokens/${id}`)).status, 404);
});

test('opens the tiles and their description, with what its person sees, until it is ended', async () => {
  const person = (await owner.query(`insert into person (name) values ('Truls Tegner') returning id`)).rows[0].id;
  await owner.query(`insert into person_role (person_id, role, area_no) values ($1, 'manager', 1)`, [person]);
  const truls = await sessionOf(s, owner, person, 'office');
  const { token, id } = await made(truls, 'QGIS');
  const get = (path: string, authorization?: string): Promise<Response> => fetch(s.url + path, { headers: authorization ? { authorization } : {} });
  const described = async (path: string, authorization?: string): Promise<string[]> =>
    ((await (await get(path, authorization)).json()) as { vector_layers: { id: string }[] }).vector_layers.map((l) => l.id);
  const { rows } = await owner.query(
    `select floor((st_x(p.point) + 2000000) / (21664 * 256 / 2.0 ^ 14))::int as x, floor((9045984 - st_y(p.point)) / (21664 * 256 / 2.0 ^ 14))::int as y, p.area_no
       from place p join task k on k.site_id = p.id
      where p.kind = 'building' and k.state = 'open' and p.area_no is not null`);
  const own = rows.find((r) => r.area_no === 1), foreign = rows.find((r) => r.area_no !== 1 && !rows.some((o) => o.area_no === 1 && o.x === r.x && o.y === r.y));
  assert.ok(own && foreign, 'open tasks in the own area and in another');
  const tile = (at: { x: number; y: number }, layers = 'task'): string => `/api/v1/tiles/utm32n/14/${at.x}/${at.y}.pbf?layers=${layers}`;
  const bytes = async (path: string, authorization?: string): Promise<number> => {
    const reply = await get(path, authorization);
    assert.equal(reply.status, 200, path);
    return (await reply.arrayBuffer()).byteLength;
  };
  for (const authorization of [basic(token), `Bearer ${token}`]) {
    for (const path of ['/api/v1/tiles/WebMercatorQuad', '/api/v1/tiles/utm32n.json', '/api/v1/tiles/utm32n/metadata.json'])
      assert.deepEqual(await described(path, authorization), await described(path, `Bearer ${truls.token}`), path);
    assert.ok((await bytes(tile(own), authorization)) > 0);
    assert.equal(await bytes(tile(foreign), authorization), 0, 'another area’s tasks');
    for (const at of [own, foreign])
      assert.deepEqual(
        new Uint8Array(await (await get(tile(at, 'building,task'), authorization)).arrayBuffer()),
        new Uint8Array(await (await get(tile(at, 'building,task'), `Bearer ${truls.token}`)).arrayBuffer()),
      );
  }
  assert.equal((await get(tile(own), `Basic ${Buffer.from('a:b').toString('base64')}`)).status, 401);
  assert.ok(!(await described('/api/v1/tiles/utm32n')).includes('task'), 'without a token, what is for all');
  assert.equal((await truls.del(`/api/v1/session/tokens/${id}`)).status, 204);
  await eventually('it opens no tile', async () => (await get(tile(own), basic(token))).status === 401, 2000);
  const refused = await get(tile(own), basic(token));
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Basic/);
  for (const path of ['/api/v1/tiles/WebMercatorQuad', '/api/v1/tiles/utm32n/metadata.json']) assert.equal((await get(path, basic(token))).status, 401, path);
});

test('notes when a token is used: once an hour, and without waiting for another who holds it', async () => {
  const { token, id } = await made(manager, 'travel');
  const used = async (): Promise<string | null> =>
    (await good(manager, '/api/v1/session/tokens')).items.find((t: { id: string }) => t.id === id).used_at;
  const ask = async (): Promise<void> => void (await good(s.api(token), '/ogc/collections/components/items?limit=1'));
  assert.equal(await used(), null);
  await owner.query('begin');
  await owner.query('select from session where id = $1 for update', [id]);
  await ask();
  assert.equal(await used(), null, 'who would have waited leaves it');
  await owner.query('commit');
  await ask();
  const first = await used();
  assert.ok(first && Math.abs(Date.parse(first) - Date.now()) < 60_000);
  await ask();
  assert.equal(await used(), first, 'within the hour nothing is written');
  await owner.query(`update session set used_at = now() - interval '61 minutes' where id = $1`, [id]);
  await Promise.all([ask(), ask(), ask(), ask()]);
  const later = await used();
  assert.ok(later && Math.abs(Date.parse(later) - Date.now()) < 60_000);
});

test('ends a token with any of the roles it was made under', async () => {
  const person = (await owner.query(`insert into person (name) values ('Karen Kart') returning id`)).rows[0].id;
  await owner.query(`insert into person_role (person_id, role, area_no) values ($1, 'manager', 1)`, [person]);
  const karen = await sessionOf(s, owner, person, 'office');
  const { token } = await made(karen, 'kart');
  const api = s.api(token);
  for (const f of await all(api, '/ogc/collections/buildings/items')) assert.equal(f.properties.area_no, 1);
  await owner.query('delete from person_role where person_id = $1', [person]);
  assert.equal((await api.get('/ogc/collections/buildings/items')).status, 401);
});

test('lets a program’s token read geodata and nothing else, and write nothing at all', async () => {
  const { token } = await made(manager, 'leser');
  const api = s.api(token);
  const task = (await owner.query('select id, row_v from task where area_no = 1 limit 1')).rows[0];
  for (const path of ['/api/v1/cases', '/api/v1/session/tokens', `/api/v1/tasks/${task.id}`, '/api/v1/session'])
    assert.ok([403, 404].includes((await api.get(path)).status), path);
  assert.equal((await api.post('/api/v1/session/tokens', { name: 'barn' })).status, 403, 'no token begets another');
  assert.equal((await api.patch(`/api/v1/tasks/${task.id}`, { row_v: 1, title: 'x' })).status, 403);
  assert.equal((await api.post('/api/v1/export', { collection: 'buildings', format: 'csv' })).status, 403);
  assert.equal((await api.del('/api/v1/session')).status, 403);
  assert.equal((await fetch(`${s.url}/ogc/collections`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })).status, 405);
  // The database itself: past every check of the server.
  const office = await w.connect('office');
  await office.query('begin');
  await office.query(`select identify(sha256(convert_to($1, 'UTF8')))`, [token]);
  await assert.rejects(office.query(`update task set title = 'x' where id = $1`, [task.id]), { code: '25006' });
  await office.query('rollback');
  await office.query('begin');
  await office.query(`select identify(sha256(convert_to($1, 'UTF8')))`, [token]);
  await assert.rejects(office.query(`select set_config('transaction_read_only', 'off', true)`), { code: '25001' });
  await office.query('rollback');
  // Without its r it is nobody's.
  assert.equal((await s.api(token.replace('or_', 'o_')).get('/api/v1/cases')).status, 401);
});

test('makes tokens for the office only, with a name and an end', async () => {
  assert.equal((await caretaker.post('/api/v1/session/tokens', { name: 'x' })).status, 403);
  assert.equal((await tenant.post('/api/v1/session/tokens', { name: 'x' })).status, 403);
  assert.equal((await anybody.post('/api/v1/session/tokens', { name: 'x' })).status, 401);
  for (const body of [{}, { name: '' }, { name: 'x', days: 0 }, { name: 'x', days: 366 }, { name: 'x'.repeat(101) }])
    assert.equal((await manager.post('/api/v1/session/tokens', body)).status, 400, JSON.stringify(body));
  const desk = await s.login('frontdesk');
  for (let i = 0; i < 20; i++) await made(desk, `nr ${i}`);
  assert.equal((await desk.post('/api/v1/session/tokens', { name: 'én til' })).status, 409);
  const [one] = (await good(desk, '/api/v1/session/tokens')).items;
  assert.equal((await admin.del(`/api/v1/session/tokens/${one.id}`)).status, 204, 'an administrator ends anybody’s');
});

test('takes no Basic that is none, and none outside the geodata', async () => {
  const { token } = await made(manager, 'igjen');
  for (const authorization of ['Basic', 'Basic ', 'Basic !!!', `Basic ${Buffer.from(token).toString('base64')}`, `Basic ${Buffer.from('a:b').toString('base64')}`, `Basic ${Buffer.from('a:' + 'x'.repeat(2000)).toString('base64')}`, 'Bearer x'])
    assert.equal((await fetch(`${s.url}/ogc/collections/tasks/items`, { headers: { authorization } })).status, 401, authorization);
  assert.equal((await fetch(`${s.url}/api/v1/cases`, { headers: { authorization: basic(manager.token) } })).status, 401);
});
