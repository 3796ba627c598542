// What the server asks of a tablet's patience is kept to: nothing is asked for, or sent, before its time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushBody, SyncApi } from './api.ts';
import { leaseOf } from './lease.ts';
import { record } from './outbox.ts';
import { TestServer } from './testing/server.ts';
import { outbox, tablet, update } from './testing/tablet.ts';

/** The fake server, which cannot take `mid`s of `refuses` just now. */
function impatient(server: TestServer, after_s: number): { api: SyncApi; sent: string[][]; refuses: Set<string> } {
  const sent: string[][] = [];
  const refuses = new Set<string>();
  const inner = server.api();
  const push = async (body: PushBody): ReturnType<SyncApi['push']> => {
    sent.push(body.mutations.map(({ row }) => row.id));
    const taken = body.mutations.filter(({ row }) => !refuses.has(row.id));
    const reply = await inner.push({ ...body, mutations: taken });
    const results = (reply.body as { results: object[] }).results;
    for (const { seq, mid, row } of body.mutations) if (refuses.has(row.id)) results.push({ seq, mid, state: 'retry', after_s });
    return reply;
  };
  return { api: { ...inner, push }, sent, refuses };
}

test('what the server could not take just then is sent again after as long as it said, and not before', async () => {
  const server = new TestServer();
  for (const id of ['t1', 't2']) server.put('site:1/ops', 'task', id, { title: id });
  const { api, sent, refuses } = impatient(server, 20);
  const { store, syncer, clock } = await tablet(api);
  await syncer.sync();
  sent.length = 0;

  refuses.add('t1');
  await record(store, [update('t1', { title: 'Ny' })]);
  await syncer.sync();
  assert.equal(syncer.state.retry_in_s, 20);
  await record(store, [update('t2', { title: 'Også ny' })]);
  clock.now = new Date(clock.now.getTime() + 19_000);
  await syncer.sync();
  assert.deepEqual(sent, [['t1'], ['t2']], 'what is behind it does not wait');
  assert.equal(syncer.state.retry_in_s, 1);

  refuses.clear();
  clock.now = new Date(clock.now.getTime() + 1000);
  await syncer.sync();
  assert.deepEqual(sent.at(-1), ['t1']);
  assert.equal(syncer.state.retry_in_s, null);
  assert.deepEqual((await outbox(store)).map(({ state }) => state), ['applied', 'applied']);
});

test('how long it may go unheard is what the last pull said', async () => {
  const server = new TestServer();
  const inner = server.api();
  const lease = { warn_s: 60, lock_s: 120, wipe_s: 180 };
  const { store, syncer, clock } = await tablet({
    ...inner,
    pull: async (body) => {
      const reply = await inner.pull(body);
      return { ...reply, body: { ...(reply.body as object), lease } };
    },
  });
  await syncer.sync();
  const states = [59, 60, 120, 180].map((s) => new Date(clock.now.getTime() + s * 1000));
  assert.deepEqual(
    await Promise.all(states.map(async (at) => (await store.read(['meta'], (tx) => leaseOf(tx, at))).state)),
    ['free', 'warned', 'locked', 'over'],
  );
});
