import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status, serverWithTask, TestServer } from './testing/server.ts';
import { close, outbox, tablet, tasks } from './testing/tablet.ts';
import { syncState } from './state.ts';
import { rowKey } from './types.ts';

const DAY_MS = 24 * 3600 * 1000;
const count = (server: TestServer, path: string): number => server.requests.filter((request) => request.path === path).length;

test('a new epoch: what is kept is sent again, the rows are compared and only the differences come', async () => {
  const server = serverWithTask();
  for (let i = 0; i < 50; i++) server.put('site:1/ops', 'task', `same${i}`, { title: 'Lik' });
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  const before = server.clock;
  await close(store, 't1', 'Nytt filter');
  await syncer.sync();
  server.put('site:1/ops', 'task', 'phantom', { title: 'Gjenferd' });
  await syncer.sync();
  assert.ok((await tasks(store)).phantom);

  server.rows.set('task:t1', { t: 'task', id: 't1', v: 1, d: { id: 't1', title: 'Bytt filter', state: 'open', done_note: null, place_id: 'p1' } });
  server.loseSince(before, 'epoch-2');
  server.put('site:1/ops', 'task', 't1', { state: 'open' });
  server.requests = [];
  await syncer.sync();

  const rows = await tasks(store);
  assert.equal(rows.phantom, undefined);
  assert.equal(rows.t1!.state, 'done');
  assert.equal(server.rows.get(rowKey('task', 't1'))!.d.done_note, 'Nytt filter');
  assert.equal((await outbox(store))[0]!.state, 'applied');
  const steps = server.requests.map(({ path }) => path);
  assert.ok(steps.lastIndexOf('push') < steps.indexOf('reconcile'), steps.join());
  assert.ok(Object.keys(rows).length > 50);
});

test('once a day the tablet’s digests are compared with the server’s, and what has gone astray is mended', async () => {
  const server = serverWithTask();
  const { store, syncer, clock } = await tablet(server.api());
  await syncer.sync();
  await store.write(['rows'], async (tx) => {
    const row = (await tx.get('rows', 'task:t1'))!;
    await tx.put('rows', { ...row, d: { ...row.d, title: 'Feil' } });
  });
  await syncer.sync();
  assert.equal((await tasks(store)).t1!.title, 'Feil', 'nobody has looked yet');
  assert.equal(count(server, 'reconcile'), 0);

  clock.now = new Date(clock.now.getTime() + DAY_MS);
  await syncer.sync();
  assert.equal((await tasks(store)).t1!.title, 'Bytt filter');
  const asked = count(server, 'reconcile');
  await syncer.sync();
  assert.equal(count(server, 'reconcile'), asked, 'and not again the same day');
});

test('a comparison that is broken off changes nothing and is made anew', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  server.loseSince(server.clock, 'epoch-2');
  server.put('site:1/ops', 'task', 't2', { title: 'Ny' });
  server.intercept = (path, body) => (path === 'reconcile' && (body as { rows?: unknown }).rows ? status(503) : null);
  assert.equal((await syncer.sync()).why, 'busy');
  assert.equal((await tasks(store)).t2, undefined);
  server.intercept = () => null;
  assert.equal((await syncer.sync()).why, 'done');
  assert.equal((await tasks(store)).t2!.title, 'Ny');
  assert.equal((await store.read(['meta'], syncState)).isToCompare, false);
});

test('where the server cannot compare, the rows are fetched anew', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  server.loseSince(server.clock, 'epoch-2');
  server.intercept = (path) => (path === 'reconcile' ? status(404) : null);
  assert.equal((await syncer.sync()).why, 'done');
  assert.deepEqual(Object.keys(await tasks(store)), ['t1']);
});
