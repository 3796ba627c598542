// The server under load with ThreadSanitizer in it (bin/test tsan): no data race, and a stop in the
// midst of it ends with status 0.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { sleep, world } from '../integration/harness.ts';
import { listen, mutation, tablet, tenantHome } from '../integration/helpers.ts';

const seconds = Number(process.env.FDVU_LOAD_SECONDS ?? 10);
const run = promisify(execFile);
const w = await world({ demo: true });

// Both kinds of reading at once, each with its own rights, and someone who looks at the figures.
test('has no data race under load', async () => {
  const s = await w.server({ env: { FDVU_POOL_SIZE: '4', FDVU_JOBS: 'true' } });
  const manager = await s.login('manager');
  const paths: [string, string][] = [
    ['/api/v1/categories', ''],
    ['/api/v1/buildings?limit=20', manager.token],
    ['/api/v1/cases?limit=20', manager.token],
    ['/metrics', ''],
  ];
  const said = await Promise.all(
    paths.map(([path, token]) =>
      run('wrk', [
        ...['-t1', '-c4', `-d${seconds}s`],
        ...(token ? ['-H', `Authorization: Bearer ${token}`] : []),
        s.url + path,
      ]),
    ),
  );
  for (const { stdout } of said) {
    assert.match(stdout, /Requests\/sec: +[1-9]/);
    assert.doesNotMatch(stdout, /Socket errors: .*(connect|read) [1-9]/);
  }
  await s.stop();
  assert.doesNotMatch(s.log(), /ThreadSanitizer/);
});

test('has no data race when it stops under load', async () => {
  const s = await w.server();
  const load = run('wrk', ['-t1', '-c8', '-d4s', `${s.url}/api/v1/categories`]);
  await sleep(1500);
  await s.stop();
  await load;
  assert.doesNotMatch(s.log(), /ThreadSanitizer/);
});

// Everything that has state of its own: the streams' ring, the cursor's key, the pools that lose
// their connections, and connections that come and go in the midst of it.
test('has no data race while it writes, streams and loses its database', async () => {
  const s = await w.server({ env: { FDVU_POOL_SIZE: '3' } });
  const owner = await w.connect('owner');
  const [tenant, manager] = [await s.login('tenant'), await s.login('manager')];
  const caretakers = await Promise.all([1, 2, 3].map(() => s.login('caretaker')));
  const { dwelling, site } = await tenantHome(owner, true);
  let isDone = false;
  const seen = new Set<number>();
  const repeat = async (work: (i: number) => Promise<{ status: number }>): Promise<void> => {
    for (let i = 1; !isDone; i++) seen.add((await work(i)).status);
  };
  const streams = async (): Promise<void> => {
    while (!isDone) {
      const open = await Promise.all([listen(s, manager), listen(s, tenant)]).catch(() => []);
      await sleep(300);
      for (const stream of open) stream.close();
    }
  };
  const field = async (api: (typeof caretakers)[number]): Promise<void> => {
    const device = await tablet(api);
    await repeat(async (seq) => {
      const set = { place_id: { n: site }, title: { n: 'Last' } };
      const mutations = [mutation(seq, 'task.create@1', 'task', randomUUID(), set)];
      await api.post('/api/v1/sync/push', { device, mutations });
      return api.post('/api/v1/sync/pull', { device, limit: 50 });
    });
  };
  const report = { place: dwelling, category: 'other', description: 'Under last' };
  const load = Promise.all([
    repeat(() => tenant.post('/api/v1/cases', report)),
    repeat(() => manager.get('/api/v1/tasks?q=rom')),
    repeat(() => s.api().get('/metrics')),
    repeat(() => s.login('tenant').then(() => ({ status: 200 }), () => ({ status: 503 }))),
    streams(),
    ...caretakers.map(field),
  ]);
  await sleep(seconds * 300);
  w.postgres.kill();
  await sleep(500);
  w.postgres.start();
  await sleep(seconds * 300);
  isDone = true;
  await load;
  for (const status of seen) assert.ok([200, 201, 503].includes(status), String(status));
  await s.stop();
  assert.doesNotMatch(s.log(), /ThreadSanitizer/);
});
