// What anybody can send to any route: it is answered with a status that says what is wrong, in words
// of RFC 9457, and never with a 500.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { raw, sleep, world } from './harness.ts';
import { answers, filled, routes } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const all = await routes(s);
const manager = await s.login('manager');
const host = 'Host: fdvu.test\r\n';
const place = '01941f29-7c00-78cd-9dd9-000000000000';

type Sent = { status: number; headers: Headers; text: string };

async function send(
  method: string,
  path: string,
  body?: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Sent> {
  const reply = await fetch(s.url + path, {
    method,
    headers: {
      authorization: `Bearer ${manager.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body as BodyInit | undefined,
  });
  const text = new TextDecoder('utf-8', { fatal: true }).decode(await reply.arrayBuffer());
  return { status: reply.status, headers: reply.headers, text };
}

/** The problem (RFC 9457) that an answer is. */
function problem(reply: Sent, status: number): Record<string, unknown> & { errors?: Fault[] } {
  assert.equal(reply.status, status, reply.text);
  assert.equal(reply.headers.get('content-type'), 'application/problem+json');
  const said = JSON.parse(reply.text);
  assert.equal(said.status, status);
  assert.match(said.type, /^\/problems\/[a-z_-]+$/);
  assert.ok(said.title);
  assert.equal(said.request, reply.headers.get('x-request-id'), 'the name it has in the log');
  return said;
}
type Fault = { pointer: string; detail: string };
const pointers = (p: { errors?: Fault[] }): string[] => (p.errors ?? []).map((e) => e.pointer).sort();

test('says 413 to a body that says it is too large, and to one that turns out to be', async () => {
  const big = JSON.stringify({ place, category: 'other', description: 'x'.repeat(70_000) });
  problem(await send('POST', '/api/v1/cases', big), 413);
  const pieces = big.match(/[^]{1,8000}/g)?.map((p) => `${p.length.toString(16)}\r\n${p}\r\n`) ?? [];
  const got = answers(
    await raw(
      s.port,
      `POST /api/v1/cases HTTP/1.1\r\n${host}Authorization: Bearer ${manager.token}\r\n` +
        `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${pieces.join('')}0\r\n\r\n`,
      500,
    ),
  );
  assert.equal(got[0]?.status, 413);
});

test('cuts off who never stops sending what was refused', async () => {
  const socket = net.connect(s.port, '127.0.0.1');
  const piece = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
  let sent = 0;
  let isCut = false;
  socket.on('error', () => (isCut = true));
  socket.on('close', () => (isCut = true));
  socket.write(
    `POST /api/v1/cases HTTP/1.1\r\n${host}Authorization: Bearer ${manager.token}\r\n` +
      `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  );
  for (; !isCut && sent < 200; sent++)
    await new Promise<void>((done) => {
      socket.once('close', () => done());
      if (socket.write(piece)) done();
      else socket.once('drain', done);
    });
  await sleep(50);
  socket.destroy();
  assert.ok(isCut && sent > 32 && sent < 200, `cut after ${sent} MiB`);
});

test('says 405 with Allow for each path by a method it does not have', async () => {
  const methods = new Map<string, string[]>();
  for (const r of all) methods.set(r.path, [...(methods.get(r.path) ?? []), r.method]);
  for (const [path, has] of methods)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'BREW']) {
      if (has.includes(method)) continue;
      const reply = await send(method, filled(path));
      problem(reply, 405);
      const allow = reply.headers.get('allow')?.split(', ') ?? [];
      for (const one of has) assert.ok(allow.includes(one), `${path} allows ${allow.join()}`);
      assert.ok(!allow.includes(method));
    }
});

test('says 404 to a path that is none, and to an id that can be none', async () => {
  for (const path of ['/api/v1/nothing', '/api/v1/cases/', '/api/v1/cases/17', '/api/v2/cases', '/api'])
    problem(await send('GET', path), 404);
  problem(await send('POST', '/office'), 404);
});

test('says 415 to a body that is not JSON: a form of another site can send no other', async () => {
  const body = JSON.stringify({ person: 'manager' });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])
    problem(await send('POST', '/api/v1/session/demo', body, { 'content-type': type }), 415);
  problem(
    await send('PUT', `/api/v1/files/${'0'.repeat(64)}`, 'x', { 'content-type': 'image/png' }),
    422,
  );
});

test('names every fault at once, each at its place', async () => {
  const body = JSON.stringify({ place: 'no', position: [1], photos: ['x'], colour: 'red', title: 7 });
  const said = problem(await send('POST', '/api/v1/cases?draft=1', body), 400);
  assert.deepEqual(pointers(said), [
    '/category',
    '/colour',
    '/description',
    '/photos/0',
    '/place',
    '/position',
    '/title',
    '?draft',
  ]);
});

test('says what is wrong in the language that is asked for', async () => {
  const titles = new Set<string>();
  for (const language of ['nb', 'nn-NO,nb;q=0.5', 'en', 'fr, en;q=0.1'])
    titles.add(
      String(
        problem(await send('GET', '/api/v1/nothing', undefined, { 'accept-language': language }), 404)
          .title,
      ),
    );
  assert.deepEqual([...titles], ['Det finnes ikke', 'Det finst ikkje', 'It does not exist']);
  const { errors } = problem(
    await send('GET', '/api/v1/places?near=x', undefined, { 'accept-language': 'en' }),
    400,
  );
  assert.match(errors?.[0]?.detail ?? '', /must be a point/);
});

const bad: [string, string | Uint8Array][] = [
  ['a member given twice', '{"person":"manager","person":"admin"}'],
  ['a list', '[]'],
  ['nothing', ''],
  ['half of it', '{"person":'],
  ['something after it', '{"person":"manager"} x'],
  ['a byte of nothing after it', '{"person":"manager"}\0'],
  ['JSON nested past all sense', '{"person":'.repeat(30_000 / 10)],
  ['lists nested past all sense', '['.repeat(60_000)],
  ['\\u0000', '{"person":"a\\u0000b"}'],
  ['half a surrogate', '{"person":"\\ud800"}'],
  ['NaN', '{"person":NaN}'],
  ['Infinity', '{"person":Infinity}'],
  ['a number that no double holds', '{"person":1e999}'],
  ['a number that no long holds', '{"person":99999999999999999999}'],
  ['bytes that are not UTF-8', Buffer.from('{"person":"\xff\xfe"}', 'latin1')],
  ['an overlong form', Buffer.from('{"person":"\xc0\xaf"}', 'latin1')],
  ['a byte order mark', Buffer.from('\ufeff{"person":"manager"}')],
];
for (const [what, body] of bad)
  test(`refuses ${what} as a body`, async () => {
    problem(await send('POST', '/api/v1/session/demo', body), 400);
  });

test('refuses numbers that are out of their range, and dates that no calendar has', async () => {
  for (const query of [
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=1e3',
    'limit=99999999999999999999',
    'limit=%201',
    'area=NaN',
    'after=1',
    'limit=1&limit=2',
    'bbox=1,2,3',
    'bbox=NaN,0,1,1',
    'bbox=1e400,0,1,1',
    'bbox=0x10,0,1,1',
    'bbox=1e9,0,1,1',
    'mine=1',
  ])
    problem(await send('GET', `/api/v1/cases?${query}`), 400);
  for (const day of ['2026-02-29', '2026-13-01', '0000-01-01', '26-01-01', '2026-1-1', 'infinity', 'today'])
    problem(
      await send('POST', '/api/v1/tasks', JSON.stringify({ place, title: 'x', planned_on: day })),
      400,
    );
});

test('refuses text that is not UTF-8 in a path and in a question', async () => {
  for (const path of ['/api/v1/codes/%ff', '/api/v1/places?q=%c3%28', '/api/v1/people?role=%ff'])
    problem(await send('GET', path), 400);
  // What it was sent comes back in the answer, which must be UTF-8 all the same.
  for (const name of ['%ff', 'x%c3', `a${'%c3%a6'.repeat(50)}`, '%f0%9f%98%80'.repeat(16)])
    problem(await send('GET', `/api/v1/cases?${name}=1`), 400);
  const long = JSON.stringify({ [`a${'æ'.repeat(50)}`]: 1 });
  problem(await send('POST', '/api/v1/session/demo', long), 400);
});

test('tells browsers not to guess, not to keep, and what a page may load', async () => {
  for (const path of ['/api/v1/categories', '/api/v1/nothing', '/healthz']) {
    const { headers } = await send('GET', path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('referrer-policy'), 'same-origin');
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f]{16}$/);
  }
});
