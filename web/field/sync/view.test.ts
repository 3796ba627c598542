import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record } from './outbox.ts';
import { TestServer } from './testing/server.ts';
import { answer, create, tablet, update } from './testing/tablet.ts';
import { uuid7 } from './uuid.ts';
import { byCode, children, placePath, row } from './view.ts';

async function school(): Promise<Awaited<ReturnType<typeof tablet>> & { server: TestServer }> {
  const server = new TestServer();
  server.put('site:1/ops', 'place', 'b1', { parent_id: 'outside-my-area', name: 'Skolen', code: 'AB12CD34' });
  server.put('site:1/ops', 'place', 'r1', { parent_id: 'b1', name: 'Kjelleren', code: null });
  server.put('site:1/ops', 'task', 't1', { place_id: 'r1', title: 'Bytt filter' });
  server.put('site:1/ops', 'answer', 'a1', { task_id: 't1', item_id: 'i1', value: 'ok' });
  const made = await tablet(server.api());
  await made.syncer.sync();
  return { ...made, server };
}

test('children are what the server told and what was made here, and follow a row that moves', async () => {
  const { store } = await school();
  await record(store, [create('t2', { place_id: 'r1', title: 'Knust rute' }), answer('a2', { task_id: 't1', value: 'nei' })]);
  await record(store, [update('t1', { place_id: 'b1' })]);
  const ids = (t: string, parent: string): Promise<string[]> =>
    store.read(['rows', 'outbox'], async (tx) => (await children(tx, t, parent)).map(({ id }) => id));

  assert.deepEqual(await ids('task', 'r1'), ['t2']);
  assert.deepEqual(await ids('answer', 't1'), ['a1', 'a2']);
});

test('a photo lies under its task, a drawing without a task under its place', async () => {
  const { store, server, syncer } = await school();
  server.put('site:1/ops', 'document', 'photo', { task_id: 't1', place_id: 'r1' });
  server.put('site:1/ops', 'document', 'drawing', { task_id: null, place_id: 'r1' });
  await syncer.sync();
  const ids = (parent: string): Promise<string[]> =>
    store.read(['rows', 'outbox'], async (tx) => (await children(tx, 'document', parent)).map(({ id }) => id));

  assert.deepEqual(await ids('t1'), ['photo']);
  assert.deepEqual(await ids('r1'), ['drawing']);
});

test('the path stops where the tablet knows no more', async () => {
  const { store } = await school();
  const path = await store.read(['rows'], (tx) => placePath(tx, 'r1'));
  assert.deepEqual(path.map(({ d }) => d.name), ['Skolen', 'Kjelleren']);
});

test('a QR code finds its place whatever its case, and nothing for a strange one', async () => {
  const { store } = await school();
  assert.equal((await store.read(['rows'], (tx) => byCode(tx, ' ab12cd34 ')))?.id, 'b1');
  assert.equal(await store.read(['rows'], (tx) => byCode(tx, 'ZZZZZZZZ')), null);
});

test('a row says whether the server knows what is shown', async () => {
  const { store, syncer } = await school();
  const isPending = async (): Promise<boolean | undefined> =>
    (await store.read(['rows', 'outbox'], (tx) => row(tx, 'task', 't1')))?.isPending;
  await record(store, [update('t1', { title: 'Bytt begge filtrene' })]);
  assert.equal(await isPending(), true);
  await syncer.sync();
  assert.equal(await isPending(), false);
});

test('ids made here are version 7 and rise, also within a millisecond and when the clock goes back', () => {
  const t = Date.now() + 1000; // ahead of what other tests have made
  const ids = [uuid7(t), uuid7(t), uuid7(t - 500), ...Array.from({ length: 5000 }, () => uuid7(t + 1)), uuid7(t + 900)];
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(parseInt(ids.at(-1)!.replaceAll('-', '').slice(0, 12), 16), t + 900);
});
