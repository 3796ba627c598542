// Hints: a tablet that waits hears within a moment that something of its own has changed, of nothing
// else, and no longer than it may; and a thousand that wait cost the server no thread.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, test } from 'node:test';
import { Offline, type Reply as Answer } from '../../web/field/sync/api.ts';
import { Hints as Client, readEvents } from '../../web/field/sync/events.ts';
import { Tablet } from './field_world.ts';
import { eventually, sleep, world, type Api, type Reply } from './harness.ts';
import { tablet, sessionOf } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
let caretaker: Api;
let person: string;
let inside: string, outside: string; // buildings in the caretaker's areas and not
const LATE_MS = 3000; // a look a second, and the machine's load

before(async () => {
  caretaker = await s.login('caretaker');
  const { rows } = await owner.query(
    `select distinct on (area_no) id from place where kind = 'building' and removed_at is null and area_no in (1, 3) order by area_no, id`,
  );
  [inside, outside] = rows.map((r) => r.id);
  person = (await owner.query(`select id from person where demo_key = 'caretaker'`)).rows[0].id;
});

type Hints = { names: string[]; buckets: string[]; headers: Headers; close(): void; ended: Promise<void>; hasEnded: boolean };

/** Listens as a tablet; returns when the server has greeted. */
async function listen(api: Api, device: string, url = s.url): Promise<Hints> {
  const stop = new AbortController();
  const reply = await fetch(`${url}/api/v1/sync/events?device=${device}`, {
    headers: { authorization: `Bearer ${api.token}` },
    signal: stop.signal,
  });
  assert.equal(reply.status, 200);
  const hints: Hints = { names: [], buckets: [], headers: reply.headers, close: () => stop.abort(), ended: Promise.resolve(), hasEnded: false };
  const read = async (): Promise<void> => {
    let text = '';
    assert.ok(reply.body);
    for await (const piece of reply.body) {
      text += Buffer.from(piece as Uint8Array).toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? assert.fail(text);
        text = text.slice(end + 2);
        hints.names.push(name!);
        hints.buckets.push(...(JSON.parse(data!).buckets ?? []));
      }
    }
  };
  hints.ended = read()
    .catch(() => undefined)
    .finally(() => (hints.hasEnded = true));
  await eventually('the server greets', async () => hints.names[0] === 'hello');
  return hints;
}

const wait = (held: Tablet, t: number): Promise<Reply> =>
  held.api.get(`/api/v1/sync/wait?device=${held.device}&c=${encodeURIComponent(held.cursor!)}&t=${t}`);

const task = (place: string): Promise<unknown> => owner.query(`insert into task (place_id, title) values ($1, 'Hint')`, [place]);

const heard = (hints: Hints, bucket: string): Promise<unknown> =>
  eventually(`a hint of ${bucket}`, async () => hints.buckets.includes(bucket), LATE_MS);

const threads = async (pid: number): Promise<number> => (await readdir(`/proc/${pid}/task`)).length;

test('tells which bucket an edit at the office has changed, and nothing of what it is', async () => {
  const hints = await listen(caretaker, await tablet(caretaker));
  assert.match(hints.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert.equal(hints.headers.get('cache-control'), 'no-store');
  const manager = await s.login('manager');
  const { status } = await manager.post('/api/v1/tasks', { place: inside, title: 'Fra kontoret' });
  assert.equal(status, 201);
  await heard(hints, `site:${inside}/ops`);
  assert.ok(hints.names.every((name) => ['hello', 'change', 'ping'].includes(name)));
  hints.close();
});

test('tells a tablet nothing of buildings that it does not hold', async () => {
  const hints = await listen(caretaker, await tablet(caretaker));
  await task(outside);
  await sleep(1500);
  await task(inside); // what was told before this has been told
  await heard(hints, `site:${inside}/ops`);
  assert.ok(!hints.buckets.some((b) => b.includes(outside)), hints.buckets.join());
  hints.close();
});

test('tells a tablet of its own bucket and of no other tablet’s', async () => {
  const [mine, other] = [await tablet(caretaker), await tablet(caretaker)];
  const hints = await listen(caretaker, mine);
  for (const device of [other, mine])
    await owner.query(`insert into sync_conflict (device_id, mid, tbl, row_id, field, chosen, policy, severity) values ($1, uuidv7(), 3, uuidv7(), 'title', 'theirs', 'office_wins', 'soft')`, [device]);
  await heard(hints, `dev:${mine}`);
  assert.ok(!hints.buckets.includes(`dev:${other}`));
  hints.close();
});

test('tells what a transaction changed that was under way when the tablet came', async () => {
  const slow = await w.connect('owner');
  await slow.query('begin');
  await slow.query(`insert into task (place_id, title) values ($1, 'Sen')`, [inside]);
  const hints = await listen(caretaker, await tablet(caretaker));
  await task(inside);
  await heard(hints, `site:${inside}/ops`);
  hints.buckets.length = 0;
  await slow.query('commit');
  await heard(hints, `site:${inside}/ops`);
  hints.close();
  await slow.end();
});

test('ends the stream of a tablet that is revoked', async () => {
  const device = await tablet(caretaker);
  const hints = await listen(caretaker, device);
  await owner.query(`update sync_device set state = 'revoked' where id = $1`, [device]);
  await eventually('the stream ends', async () => hints.hasEnded, LATE_MS);
  const reply = await caretaker.get(`/api/v1/sync/events?device=${device}`);
  assert.equal(reply.status, 403);
  assert.match(reply.body.type, /device_(revoked|unknown)$/);
});

test('ends the stream when the session runs out, and when it is closed', async () => {
  for (const end of [`update session set expires_at = now() where token_hash = sha256(convert_to($1, 'UTF8'))`, `delete from session where token_hash = sha256(convert_to($1, 'UTF8'))`]) {
    const api = await sessionOf(s, owner, person, 'field');
    const hints = await listen(api, await tablet(api));
    await owner.query(end, [api.token]);
    await eventually('the stream ends', async () => hints.hasEnded, LATE_MS);
  }
});

test('refuses who has no session, another’s tablet, and no tablet', async () => {
  const device = await tablet(caretaker);
  const path = `/api/v1/sync/events?device=${device}`;
  assert.equal((await s.api().get(path)).status, 401);
  assert.equal((await (await s.login('manager')).get(path)).status, 403);
  const other = (await owner.query(`select r.person_id from person_role r where r.role = 'caretaker' and r.person_id <> $1 limit 1`, [person])).rows[0].person_id;
  assert.equal((await (await sessionOf(s, owner, other, 'field')).get(path)).status, 403);
  assert.equal((await caretaker.get('/api/v1/sync/events')).status, 400);
  assert.equal((await caretaker.get(`/api/v1/sync/wait?device=${device}&c=v1.x.y`)).status, 400);
});

test('answers a long poll when something changes, with what was missed, and after its time', async () => {
  const held = await Tablet.enrolled(caretaker);
  await held.pull(20000);
  await held.pull(20000);
  const before_ms = Date.now();
  const none = await wait(held, 2);
  assert.deepEqual([none.status, none.body], [200, { buckets: [] }]);
  assert.ok(Date.now() - before_ms >= 1900, 'it waited');

  const waits = wait(held, 20);
  await sleep(300);
  await task(inside);
  const told = await waits;
  assert.deepEqual(told.body, { buckets: [`site:${inside}/ops`] });
  assert.ok(Date.now() - before_ms < 2000 + 300 + 2 * LATE_MS);

  const at_once = Date.now();
  assert.deepEqual((await wait(held, 20)).body, { buckets: [`site:${inside}/ops`] }, 'what is newer than the cursor');
  assert.ok(Date.now() - at_once < LATE_MS);
  await held.pull();
  assert.deepEqual((await wait(held, 1)).body, { buckets: [] });
});

/** A proxy that passes an answer on when all of it has come, as some do who look for viruses in it. Returns its address. */
async function gathering(to: string): Promise<{ url: string; stop(): void }> {
  const proxy = http.createServer((request, reply) => {
    const asked = http.request(`${to}${request.url}`, { method: request.method, headers: request.headers }, async (answer) => {
      const all = await answer.toArray().catch(() => []);
      reply.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(all));
    });
    request.pipe(asked).on('error', () => reply.destroy());
    reply.on('close', () => asked.destroy());
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const stop = (): void => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, stop };
}

test('reaches a tablet behind a proxy that lets no stream through', async () => {
  const held = await Tablet.enrolled(caretaker);
  await held.pull(20000);
  await held.pull(20000);
  const proxy = await gathering(s.url);
  const paths: string[] = [];
  const get = async (path: string, signal: AbortSignal, read: (answer: Response) => Promise<unknown>): Promise<Answer> => {
    paths.push(path.split('?')[0]!);
    try {
      const answer = await fetch(`${proxy.url}${path}`, { headers: { authorization: `Bearer ${caretaker.token}` }, signal });
      return { status: answer.status, body: await read(answer), retry_after_s: null };
    } catch {
      throw new Offline();
    }
  };
  let hints_count = 0;
  const hints = new Client({
    greeting_ms: 1000,
    open: (onEvent, signal) => get(`/api/v1/sync/events?device=${held.device}`, signal, (answer) => readEvents(answer.body!, onEvent)),
    wait: (signal) => get(`/api/v1/sync/wait?device=${held.device}&c=${encodeURIComponent(held.cursor!)}&t=40`, signal, (answer) => answer.json()),
    onHint: async () => {
      await held.pull();
      hints_count++;
      return true;
    },
  });
  hints.start();
  await eventually('it asks', async () => paths.includes('/api/v1/sync/wait'), 10_000);
  for (const count of [1, 2]) {
    await task(inside);
    await eventually('a hint', async () => hints_count === count, 2 * LATE_MS);
  }
  assert.equal(hints.isAlive, true);
  assert.equal(paths.filter((path) => path.endsWith('/events')).length, 1, 'and does not try again what came to nothing');
  hints.stop();
  proxy.stop();
});

test('lets two hundred wait with no thread for each, tells all, and takes no more than it may', async () => {
  const few = await w.server({ env: { FDVU_WAITING_TABLETS: '200', FDVU_CONNECTIONS: '500' } });
  const device = await tablet(caretaker);
  const before_count = await threads(few.pid);
  const all: Hints[] = [];
  for (let i = 0; i < 200; i++) all.push(await listen(caretaker, device, few.url));
  const after_count = await threads(few.pid);
  assert.ok(after_count - before_count < 10, `${after_count - before_count} more threads`);
  const { rows } = await owner.query(`select count(*)::int as n from pg_stat_activity where usename = 'fdvu_field' and state <> 'idle'`);
  assert.equal(rows[0].n, 0);

  const refused = await few.api(caretaker.token).get(`/api/v1/sync/events?device=${device}`);
  assert.equal(refused.status, 503);
  assert.ok(refused.headers.get('retry-after'));
  assert.match((await few.api().get('/metrics')).body, /^fdvu_waiting_tablets 200$/m);

  await task(inside);
  await Promise.all(all.map((hints) => heard(hints, `site:${inside}/ops`)));
  for (const hints of all.slice(1)) hints.close();
  await eventually('those who left are forgotten', async () => (await few.api().get('/metrics')).body.includes('fdvu_waiting_tablets 1\n'), LATE_MS);
  await few.stop();
  await eventually('a server that stops lets them go', async () => all[0]!.hasEnded, LATE_MS);
});

test('sends a sign of life, so that no proxy ends the stream', async () => {
  const hints = await listen(caretaker, await tablet(caretaker));
  await eventually('a ping', async () => hints.names.includes('ping'), 25_000);
  assert.ok(!hints.hasEnded);
  hints.close();
});
