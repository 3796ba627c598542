// Machines fail: whatever is killed or stopped in the midst of work, what was acknowledged is there
// afterwards, and everybody else was told to try again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { before, test } from 'node:test';
import { eventually, sleep, world, type Api } from './harness.ts';
import { answers, mutation, tablet, tenantHome } from './helpers.ts';

const w = await world({ demo: true });
let home: { dwelling: string; site: string };

before(async () => {
  home = await tenantHome(await w.connect('owner'), true);
});

test('loses nothing that it acknowledged when PostgreSQL is killed under load', async () => {
  const s = await w.server();
  const [tenant, manager, caretaker] = [await s.login('tenant'), await s.login('manager'), await s.login('caretaker')];
  const device = await tablet(caretaker);
  const acknowledged: string[] = [];
  const pushed: string[] = [];
  const seen = new Map<string, number>();
  let isDone = false;
  const note = (kind: string, status: number): void => {
    seen.set(`${kind} ${status}`, (seen.get(`${kind} ${status}`) ?? 0) + 1);
  };
  const read = async (path: string): Promise<void> => {
    while (!isDone) note('read', (await manager.get(path)).status);
  };
  const write = async (): Promise<void> => {
    while (!isDone) {
      const id = randomUUID();
      const given = { id, place: home.dwelling, category: 'other', description: 'Under last' };
      const { status } = await tenant.post('/api/v1/cases', given);
      note('write', status);
      if (status === 201) acknowledged.push(id);
      else await sleep(20);
    }
  };
  // Sends each until it has a final answer, as a tablet does.
  const push = async (): Promise<void> => {
    for (let seq = 1; !isDone; seq++) {
      const id = randomUUID();
      const m = mutation(seq, 'task.create@1', 'task', id, { place_id: { n: home.site }, title: { n: `Nr ${seq}` } });
      for (let state = ''; state !== 'applied'; ) {
        const { status, body } = await caretaker.post('/api/v1/sync/push', { device, mutations: [m] });
        note('push', status);
        state = status === 200 ? body.results[0].state : 'retry';
        assert.ok(['applied', 'retry'].includes(state), JSON.stringify(body));
        if (state === 'retry') await sleep(30);
      }
      pushed.push(id);
    }
  };
  const load = Promise.all([
    ...['/api/v1/cases', '/api/v1/buildings', '/api/v1/tasks?state=all'].map(read),
    ...[write(), write(), write(), push()],
  ]);
  await eventually('some is acknowledged', async () => acknowledged.length > 10 && pushed.length > 3);
  w.postgres.kill();
  await eventually('refusals', async () => seen.has('read 503') && seen.has('write 503'));
  w.postgres.start();
  const before = acknowledged.length;
  await eventually('work again', async () => acknowledged.length > before + 10 && pushed.length > 6, 15_000);
  isDone = true;
  await load;
  assert.deepEqual(
    [...seen.keys()].sort().filter((k) => !/^(read 200|write 201|push 200|\w+ 503)$/.test(k)),
    [],
    'nothing but answers and «try again»',
  );
  const owner = await w.connect('owner');
  const count = async (sql: string, ids: string[]): Promise<number> => (await owner.query(sql, [ids])).rows[0].n;
  assert.equal(await count('select count(*)::int as n from cases where id = any ($1)', acknowledged), acknowledged.length);
  assert.equal(await count('select count(*)::int as n from task where id = any ($1)', pushed), pushed.length);
  const { rows } = await owner.query(`select count(*)::int as n from sync_mutation where device_id = $1`, [device]);
  assert.equal(rows[0].n, pushed.length, 'each once');
  await s.stop();
});

/** Keeps one connection and asks again and again, until it is told that the connection closes. */
function ask(port: number, token: string): Promise<{ asked: number; answered: number }> {
  const request = `GET /api/v1/cases?limit=5 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1');
    let [asked, answered, heard] = [0, 0, ''];
    const next = (): void => {
      heard = '';
      asked++;
      socket.write(request);
    };
    socket.on('connect', next);
    socket.on('error', () => undefined);
    socket.on('close', () => done({ asked, answered }));
    socket.on('data', (piece) => {
      heard += piece.toString('latin1');
      const end = heard.indexOf('\r\n\r\n');
      const length = Number(/^content-length: (\d+)/im.exec(heard)?.[1] ?? -1);
      if (end < 0 || heard.length < end + 4 + length) return;
      const [answer] = answers(heard);
      assert.equal(answer?.status, 200);
      JSON.parse(Buffer.from(answer.body, 'latin1').toString());
      answered++;
      if (answer.headers.get('connection')?.toLowerCase() === 'close') socket.end();
      else setTimeout(next, 2);
    });
  });
}

test('answers whole every request it was sent before it stops', async () => {
  for (let round = 0; round < 2; round++) {
    const s = await w.server();
    const { token } = await s.login('manager');
    const asking = Array.from({ length: 12 }, () => ask(s.port, token));
    const stream = fetch(`${s.url}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    await sleep(1500); // each connection of a new server plans its first statement
    const reply = await stream;
    const from = Date.now();
    await s.stop(); // fails unless the status is 0
    assert.ok(Date.now() - from < 5000, 'an open event stream does not hold it up');
    assert.match(await reply.text(), /^event: hello/);
    for (const { asked, answered } of await Promise.all(asking)) {
      assert.ok(asked > 3);
      assert.equal(answered, asked);
    }
  }
});

test('finishes the writes that are under way when it is told to stop', async () => {
  const s = await w.server();
  const owner = await w.connect('owner');
  const tenant = await s.login('tenant');
  await owner.query('begin; lock table cases in share mode');
  const ids = Array.from({ length: 4 }, () => randomUUID());
  const writing = ids.map((id) =>
    tenant.post('/api/v1/cases', { id, place: home.dwelling, category: 'other', description: 'x' }),
  );
  await sleep(400);
  const stopped = s.stop();
  await sleep(200);
  await owner.query('commit');
  for (const { status } of await Promise.all(writing)) assert.equal(status, 201);
  await stopped;
  const { rows } = await owner.query('select count(*)::int as n from cases where id = any ($1)', [ids]);
  assert.equal(rows[0].n, ids.length);
});

/** Runs `work` while nobody can read the categories. */
async function locked(work: () => Promise<void>): Promise<void> {
  const owner = await w.connect('owner');
  await owner.query('begin; lock table category in access exclusive mode');
  try {
    await work();
  } finally {
    await owner.query('rollback');
  }
}

test('says when to come back if every database connection is taken', async () => {
  const s = await w.server({ env: { FDVU_POOL_SIZE: '2', FDVU_POOL_WAIT_MS: '100' } });
  const taken: Promise<{ status: number }>[] = [];
  await locked(async () => {
    taken.push(s.api().get('/api/v1/categories'), s.api().get('/api/v1/categories'));
    await sleep(200);
    const from = Date.now();
    const reply = await s.api().get('/api/v1/categories');
    assert.equal(reply.status, 503);
    assert.equal(reply.headers.get('retry-after'), '1');
    assert.equal(reply.body.type, '/problems/busy');
    assert.ok(Date.now() - from < 2000, 'it does not wait for long');
    // Other people's connections are their own.
    assert.equal((await s.login('manager')).token[0], 'o');
  });
  for (const { status } of await Promise.all(taken)) assert.equal(status, 200);
  assert.match((await s.api().get('/metrics')).body, /fdvu_pool_timeouts_total\{role="fdvu_public"\} [1-9]/);
  await s.stop();
});

test('ends a question that takes too long, and answers the next one', async () => {
  const s = await w.server({ env: { FDVU_STATEMENT_TIMEOUT_MS: '200', FDVU_POOL_SIZE: '1' } });
  await locked(async () => {
    const from = Date.now();
    const reply = await s.api().get('/api/v1/categories');
    assert.equal(reply.status, 503);
    assert.ok(Date.now() - from < 2000);
  });
  assert.equal((await s.api().get('/api/v1/categories')).status, 200);
  await s.stop();
});

test('takes no more event streams than it is set to, and gives back those that end', async () => {
  const s = await w.server({ env: { FDVU_EVENT_STREAMS: '2' } });
  const manager: Api = await s.login('manager');
  const listen = async (stop: AbortController): Promise<number> =>
    (await fetch(`${s.url}/api/v1/events`, { headers: { authorization: `Bearer ${manager.token}` }, signal: stop.signal })).status;
  const stops = [new AbortController(), new AbortController(), new AbortController()];
  assert.deepEqual(await Promise.all(stops.slice(0, 2).map(listen)), [200, 200]);
  assert.equal(await listen(stops[2] as AbortController), 503);
  stops[0]?.abort();
  // It is noticed at the next word on the stream.
  await manager.post('/api/v1/cases', { place: home.site, category: 'other', description: 'x' });
  await eventually('a free place', async () => {
    await manager.post('/api/v1/cases', { place: home.site, category: 'other', description: 'x' });
    return (await listen(new AbortController())) === 200;
  });
  stops[1]?.abort();
  await s.stop();
});
