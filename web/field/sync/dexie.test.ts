import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DexieStore } from './dexie.ts';
import { record } from './outbox.ts';
import { keepSealKey, seal, sealedCount, unseal } from './seal.ts';
import type { Store } from './store.ts';
import { Opener } from './testing/opener.ts';
import { TestServer } from './testing/server.ts';
import { close, create, KARI, outbox, tablet, tasks } from './testing/tablet.ts';

let count = 0;

async function withStore(work: (store: DexieStore) => Promise<void>): Promise<void> {
  const store = new DexieStore(`test-${++count}`);
  try {
    await work(store);
  } finally {
    await store.destroy();
  }
}

test('the same work runs on IndexedDB: pull, close offline, push, overlay gone', () =>
  withStore(async (store) => {
    const server = new TestServer();
    server.put('site:1/ops', 'task', 't1', { title: 'Bytt filter', state: 'open' });
    const { syncer } = await tablet(server.api(), store);
    await syncer.sync();
    await close(store, 't1', 'Nytt filter');
    assert.equal((await tasks(store)).t1!.state, 'done');
    await syncer.sync();
    assert.equal(server.rows.get('task:t1')!.d.state, 'done');
    assert.deepEqual((await outbox(store)).map(({ state, overlay }) => [state, overlay]), [['applied', 0]]);
  }));

test('a handle the browser has closed is opened anew and nothing is written twice', () =>
  withStore(async (store) => {
    await tablet(new TestServer().api(), store);
    await record(store, [create('a', {})]);
    store.loseHandle();
    await record(store, [create('b', {})]);
    assert.deepEqual((await outbox(store)).map(({ mutation }) => mutation.seq), [1, 2]);
  }));

test('work done again because the handle was lost after the commit is not written twice', () =>
  withStore(async (store) => {
    await tablet(new TestServer().api(), store);
    const again: Store = {
      read: (tables, work) => store.read(tables, work),
      write: async (tables, work) => {
        await store.write(tables, work);
        return store.write(tables, work);
      },
      onChange: (listener) => store.onChange(listener),
      destroy: () => store.destroy(),
    };
    await record(again, [create('a', {}), create('b', {})]);
    assert.deepEqual((await outbox(store)).map(({ mutation }) => mutation.seq), [1, 2]);
  }));

test('a failing write leaves nothing of itself', () =>
  withStore(async (store) => {
    const failed = store.write(['meta'], async (tx) => {
      await tx.put('meta', { key: 'half', value: 1 });
      throw new Error('disk full');
    });
    await assert.rejects(failed, /disk full/);
    assert.equal(await store.read(['meta'], (tx) => tx.get('meta', 'half')), undefined);
  }));

test('screens hear of a write after it is complete, with the tables it wrote to', () =>
  withStore(async (store) => {
    const heard: string[][] = [];
    const stop = store.onChange((tables) => heard.push(tables));
    await store.write(['drafts', 'rows'], (tx) => tx.put('drafts', { task: 't', answers: {}, note: 'x' }));
    stop();
    await store.write(['drafts'], (tx) => tx.remove('drafts', 't'));
    assert.deepEqual(heard, [['drafts']]);
  }));

test('what waits is sealed and opened again in one transaction of IndexedDB each, photos too', () =>
  withStore(async (store) => {
    const opener = await Opener.make();
    const api = opener.api(new TestServer().api());
    await tablet(api, store);
    await keepSealKey(store, opener.key);
    const photo = { sha256: 'aa', blob: new Blob(['bytes'], { type: 'image/jpeg' }), mime: 'image/jpeg', captured_at: '', state: 'waiting', uploaded_at: null } as const;
    await record(store, [create('a', { title: 'Aldri lest' })], { photos: [photo] });
    const before = await outbox(store);
    assert.equal(await seal(store, opener.sealer), true);
    assert.deepEqual([await outbox(store), await store.read(['meta'], sealedCount)], [[], 1]);
    assert.equal(await unseal(store, api, globalThis.crypto.subtle, KARI.device), null);
    assert.deepEqual(await outbox(store), before);
    assert.equal(await (await store.read(['photos'], (tx) => tx.get('photos', 'aa')))!.blob.text(), 'bytes');
  }));
