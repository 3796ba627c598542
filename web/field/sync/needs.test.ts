// What a mutation says that it waits for, and what the tablet says that it may still send: so that a
// batch lost on the way holds back what leans on it, and nothing for ever.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { PushBody } from './api.ts';
import { gzipped } from './gzip.ts';
import { openMatters } from './keep.ts';
import { record } from './outbox.ts';
import { setWho } from './state.ts';
import { serverWithTask, status } from './testing/server.ts';
import { answer, create, KARI, outbox, tablet, tasks, update } from './testing/tablet.ts';
import type { MutationResult } from './types.ts';

const pushes = (requests: { path: string; body: unknown }[]): PushBody[] => requests.filter(({ path }) => path === 'push').map(({ body }) => body as PushBody);

test('a change needs the last one of its row, and of the rows that it refers to, until the server has them', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();

  const [made] = await record(store, [create('n1', { title: 'Funnet' })]);
  const [renamed] = await record(store, [update('n1', { title: 'Omdøpt' })]);
  const [answered] = await record(store, [answer('a1', { task_id: 'n1', item_id: 'i1', place_id: 'p1' })]);
  const [other] = await record(store, [update('t1', { title: 'For seg' })]);
  assert.deepEqual(made!.mutation.needs, []);
  assert.deepEqual(renamed!.mutation.needs, [made!.mid]);
  assert.deepEqual(answered!.mutation.needs, [renamed!.mid], 'the last names the one before');
  assert.deepEqual(other!.mutation.needs, []);

  await syncer.sync();
  const [later] = await record(store, [update('n1', { title: 'Igjen' })]);
  assert.deepEqual(later!.mutation.needs, [], 'the server has the others');
});

test('the changes of one group do not name each other', async () => {
  const { store } = await tablet(serverWithTask().api());
  const made = await record(store, [create('n1', {}), answer('a1', { task_id: 'n1' }), update('n1', { state: 'done' })]);
  assert.deepEqual(made.map(({ mutation }) => mutation.needs), [[], [], []]);
});

test('what the server holds is still needed, and stays laid over the rows until it is applied', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  const [first] = await record(store, [update('t1', { title: 'Venter' })]);
  const held: MutationResult = { seq: first!.mutation.seq, mid: first!.mid, state: 'held', held_for: 'lost' };
  const tell = (result: MutationResult): void => {
    server.put('dev:dev-1', 'mutation', first!.mid, { mid: first!.mid, state: result.state, result: result as never });
  };
  tell(held);
  server.intercept = (path) => (path === 'push' ? { ...status(200), body: { results: [held] } } : null);
  await syncer.sync();
  const [entry] = await outbox(store);
  assert.deepEqual([entry!.state, entry!.overlay, entry!.result?.held_for], ['held', 1, 'lost']);
  const [second] = await record(store, [update('t1', { title: 'Etter' })]);
  assert.deepEqual(second!.mutation.needs, [first!.mid]);

  tell({ seq: first!.mutation.seq, mid: first!.mid, state: 'applied', v: 2 });
  await syncer.sync();
  assert.deepEqual((await outbox(store)).map(({ state, overlay }) => [state, overlay])[0], ['applied', 0]);
});

test('nobody waits for what another person on the tablet has not sent', async () => {
  const { store } = await tablet(serverWithTask().api());
  await record(store, [update('t1', { title: 'Karis' })]);
  await store.write(['rows', 'staged', 'meta'], (tx) => setWho(tx, { ...KARI, person_id: 'ola', name: 'Ola' }));
  const [mine] = await record(store, [update('t1', { title: 'Olas' })]);
  assert.deepEqual(mine!.mutation.needs, []);
});

test('the tablet tells the lowest number that it may still send, whoever wrote it', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await record(store, [update('t1', { title: 'Karis' })]);
  await store.write(['rows', 'staged', 'meta'], (tx) => setWho(tx, { ...KARI, person_id: 'ola', name: 'Ola' }));
  await record(store, [update('t1', { title: 'Olas' })]);
  await syncer.sync();
  assert.equal(pushes(server.requests)[0]!.oldest, 1, 'Kari has not been here since');

  await store.write(['rows', 'staged', 'meta'], (tx) => setWho(tx, KARI));
  await syncer.sync();
  await record(store, [update('t1', { title: 'Ny' })]);
  await syncer.sync();
  assert.equal(pushes(server.requests).at(-1)!.oldest, 3, 'what has an answer is not sent again');
});

test('steps are laid over what others have counted', async () => {
  const server = serverWithTask();
  server.put('site:1/ops', 'task', 't1', { visits: 4 });
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await record(store, [update('t1', { visits: 1 })]);
  await record(store, [update('t1', { visits: 2 })]);
  assert.equal((await tasks(store)).t1!.visits, 7);
});

test('a value that a rule has passed by is no loss to ask about', async () => {
  const server = serverWithTask();
  const { store } = await tablet(server.api());
  const [made] = await record(store, [update('t1', { done_at: 'T' })]);
  const conflict = { id: 'c', field: 'done_at', base: null, mine: 'T', theirs: 'S', theirs_by: null, theirs_at: null, chosen: 'theirs', policy: 'set_once' };
  const result: MutationResult = { seq: 1, mid: made!.mid, state: 'merged', conflicts: [conflict] };
  assert.deepEqual(openMatters({ ...made!, state: 'merged', result }), []);
  assert.deepEqual(openMatters({ ...made!, state: 'merged', result: { ...result, conflicts: [{ ...conflict, policy: 'office_wins' }] } }), ['c']);
});

test('a body is packed when it is large enough to gain by it', async () => {
  assert.equal(await gzipped('{}'), null);
  const text = JSON.stringify(Array.from({ length: 500 }, (_, i) => ({ seq: i, op: 'task.update@1' })));
  const packed = await gzipped(text);
  assert.ok(packed!.size < text.length / 5);
  assert.equal(gunzipSync(Buffer.from(await packed!.arrayBuffer())).toString(), text);
});
