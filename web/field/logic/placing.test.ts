import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestServer } from '../sync/testing/server.ts';
import { tablet } from '../sync/testing/tablet.ts';
import { children } from '../sync/view.ts';
import { placeAnew } from './placing.ts';

test('a meter that an earlier version fetched is found at its place, and rows are written once', async () => {
  const server = new TestServer();
  server.put('site:1/ops', 'meter', 'm', { place_id: 'b', serial: 'V-1' });
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await store.write(['rows'], async (tx) => tx.put('rows', { ...(await tx.get('rows', 'meter:m'))!, up: 'meter:' }));
  const found = (): Promise<string[]> => store.read(['rows', 'outbox'], async (tx) => (await children(tx, 'meter', 'b')).map(({ id }) => id));
  assert.deepEqual(await found(), []);
  await placeAnew(store);
  assert.deepEqual(await found(), ['m']);

  const written: string[] = [];
  store.onChange((tables) => written.push(...tables));
  await placeAnew(store);
  assert.deepEqual(written, []);
});
