import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Offline, type FilePart, type SyncApi } from './api.ts';
import { MemoryStore, PowerLoss } from './memory.ts';
import { record } from './outbox.ts';
import { syncState } from './state.ts';
import { etagOf, fileOf, type Lie } from './testing/file.ts';
import { TestServer } from './testing/server.ts';
import { create, tablet, tasks } from './testing/tablet.ts';
import type { Store } from './store.ts';
import type { PullAnswer, PulledRow, StagedFile } from './types.ts';

const PART = 500;
const BUCKET = 'site:1/ops';

/** A server whose large bucket comes as a file, made before the last changes. */
function withFile(damage: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes, lie: Lie = (foot) => foot): { api: SyncApi; server: TestServer; asked: number[]; cut: { after: number } } {
  const server = new TestServer();
  for (let i = 0; i < 300; i++) server.put(BUCKET, 'task', `t${i}`, { title: `Oppgave ${i} ${Math.sin(i)}` });
  const rows: PulledRow[] = [...server.rows.values()].map(({ t, id, v, d }) => ({ b: BUCKET, t, id, v, d: structuredClone(d) }));
  const made = server.clock;
  const bytes = damage(fileOf(rows, { cursor: `file@${made}`, lie }).bytes);
  const etag = etagOf(bytes);
  server.put(BUCKET, 'task', 't1', { title: 'Endret siden' });
  server.remove(BUCKET, 'task', 't2');

  const inner = server.api();
  const asked: number[] = [];
  const cut = { after: Infinity };
  return {
    server,
    asked,
    cut,
    api: {
      ...inner,
      pull: async (body) => {
        if (body.late?.length) {
          assert.deepEqual(body.late, [`file@${made}`]);
          const cursor = JSON.stringify({ epoch: 'epoch-1', hi: made, scope: [BUCKET] });
          server.knownScopes.add([BUCKET, 'ref', `dev:${body.device}`].join(','));
          const reply = await inner.pull({ ...body, cursor, scope: [BUCKET, 'ref', `dev:${body.device}`].join(',') });
          (reply.body as PullAnswer).scope!.add = [{ bucket: BUCKET }];
          return reply;
        }
        const reply = await inner.pull(body);
        const answer = reply.body as PullAnswer;
        if (!body.files || body.scope || !answer.scope) return reply;
        answer.rows = answer.rows.filter(({ b }) => b !== BUCKET);
        answer.scope.h = ['ref', `dev:${body.device}`].join(',');
        server.knownScopes.add(answer.scope.h);
        answer.scope.add = answer.scope.add!.map(({ bucket }) => (bucket === BUCKET ? { bucket, snapshot: '/file' } : { bucket }));
        return reply;
      },
      file: async (_url, from, known): Promise<FilePart> => {
        if (asked.length >= cut.after) throw new Offline();
        asked.push(from);
        assert.equal(known, from ? etag : null);
        return { status: 206, etag, total: bytes.length, bytes: bytes.slice(from, from + PART) };
      },
    },
  };
}

test('a tablet begins with a file and goes on from where the file was', async () => {
  const { api, asked } = withFile();
  const { store, syncer } = await tablet(api);
  assert.equal((await syncer.sync()).why, 'done');
  const rows = await tasks(store);
  assert.equal(Object.keys(rows).length, 299);
  assert.equal(rows.t1!.title, 'Endret siden');
  assert.equal(rows.t2, undefined);
  assert.ok(asked.length > 3);
  const state = await store.read(['meta'], syncState);
  assert.deepEqual([state.files, state.late, state.staged], [[], [], 0]);
  assert.deepEqual((await store.read(['meta'], (tx) => tx.all('meta'))).filter(({ key }) => key.startsWith('file:')), []);
});

test('a download that broke off goes on where it was, and nothing is shown before it is whole', async () => {
  const { api, asked, cut } = withFile();
  const { store, syncer } = await tablet(api);
  cut.after = 2;
  assert.equal((await syncer.sync()).why, 'offline');
  assert.deepEqual(await tasks(store), {});
  cut.after = Infinity;
  assert.equal((await syncer.sync()).why, 'done');
  assert.deepEqual(asked.slice(0, 3), [0, PART, 2 * PART]);
  assert.equal(Object.keys(await tasks(store)).length, 299);
});

test('a file that is not whole is thrown away and the rows come one by one', async () => {
  const { api } = withFile((bytes) => new Uint8Array(gzipSync('{"epoch":"epoch-1","cursor":"x"}\n{"count":1,"digest":"0000000000000000"}\n')).slice(0, bytes.length));
  const { store, syncer } = await tablet(api);
  assert.equal((await syncer.sync()).why, 'done');
  const rows = await tasks(store);
  assert.equal(Object.keys(rows).length, 299);
  assert.equal(rows.t1!.title, 'Endret siden');
});

test('bytes that are not those of the tag are thrown away and the rows come one by one', async () => {
  const { api } = withFile();
  const other = gzipSync('{"epoch":"epoch-1","cursor":"x"}\n{"count":0,"digest":"0000000000000000"}\n');
  const strange: SyncApi = { ...api, file: async (url, from, known) => ({ ...(await api.file!(url, from, known)), total: other.length, bytes: other }) };
  const { store, syncer } = await tablet(strange);
  assert.equal((await syncer.sync()).why, 'done');
  assert.equal(Object.keys(await tasks(store)).length, 299);
});

/** A tablet that has its file and loses the line before the window is whole. */
async function withFileAside(): Promise<{ api: SyncApi; store: Store }> {
  const { api } = withFile();
  const { store, syncer } = await tablet({ ...api, pull: async (body) => (body.late?.length ? Promise.reject(new Offline()) : api.pull(body)) });
  assert.equal((await syncer.sync()).why, 'offline');
  assert.equal((await store.read(['staged'], (tx) => tx.all('staged'))).filter(({ file }) => file).length, 1);
  return { api, store };
}

test('a file that is set aside is there after the app was closed', async () => {
  const { api, store } = await withFileAside();
  const again = await tablet(api, store);
  assert.equal((await again.syncer.sync()).why, 'done');
  const rows = await tasks(store);
  assert.equal(Object.keys(rows).length, 299);
  assert.equal(rows.t1!.title, 'Endret siden');
});

test('a file that an earlier version of the app has set aside is no dead end', async () => {
  const { api, store } = await withFileAside();
  await store.write(['staged'], async (tx) => {
    for (const page of await tx.all('staged')) if (page.file) await tx.put('staged', { n: page.n, reset: page.reset, file: { etag: page.file.etag, bytes: page.file.bytes } as StagedFile });
  });
  const again = await tablet(api, store);
  assert.equal((await again.syncer.sync()).why, 'done');
  assert.equal(Object.keys(await tasks(store)).length, 299);
});

test('what has not changed stays packed, and what has is no longer in its part', async () => {
  const { api, server } = withFile();
  const { store, syncer } = await tablet(api);
  await syncer.sync();
  const [file] = await store.read(['rows'], (tx) => tx.all('files'));
  assert.deepEqual([file!.rows.length, file!.rows.filter((left) => left === 0).length], [15, 2], 'of t1 and of t2');
  server.put(BUCKET, 'task', 't299', { title: 'Sist' });
  await syncer.sync();
  const rows = await tasks(store);
  assert.deepEqual([rows.t299!.title, rows.t298!.title?.toString().slice(0, 11), Object.keys(rows).length], ['Sist', 'Oppgave 298', 299]);
});

const LIES: Record<string, Lie> = {
  'one row too many': (foot) => ({ ...foot, count: foot.count + 1 }),
  'an end that is elsewhere': (foot) => ({ ...foot, end: foot.end - 1 }),
  'parts out of order': (foot) => ({ ...foot, parts: foot.parts.toReversed() }),
  'keys out of order': (foot) => ({ ...foot, parts: foot.parts.map(([at, rows], i) => [at, rows, foot.parts.at(-1 - i)![2]]) }),
  'a part after the end': (foot) => ({ ...foot, parts: [...foot.parts.slice(0, -1), [foot.end + 1, foot.parts.at(-1)![1], foot.parts.at(-1)![2]]] }),
  'no parts': ({ count }) => ({ count }),
  'words for numbers': (foot) => ({ ...foot, parts: foot.parts.map(([at, rows, from]) => [`${at}`, rows, from]) }),
};

for (const [name, lie] of Object.entries(LIES))
  test(`a file whose last line tells of ${name} is thrown away and the rows come one by one`, async () => {
    const { api } = withFile((bytes) => bytes, lie);
    const { store, syncer } = await tablet(api);
    assert.equal((await syncer.sync()).why, 'done');
    assert.equal(Object.keys(await tasks(store)).length, 299);
    assert.deepEqual(await store.read(['rows'], (tx) => tx.all('files')), []);
  });

for (const [name, lie] of Object.entries<Lie>({
  'holds fewer rows than is said': (foot) => ({ ...foot, parts: foot.parts.map(([at, rows, from], i) => [at, i === 4 ? rows - 1 : i === 5 ? rows + 1 : rows, from]) }),
  'begins later than is said': (foot) => ({ ...foot, parts: foot.parts.map(([at, rows, from], i) => [at, rows, i === 5 ? from + '0' : from]) }),
}))
  test(`rows of a part that ${name} come again when what is held is compared`, async () => {
    const { api, server } = withFile((bytes) => bytes, lie);
    const { store, syncer, clock } = await tablet(api);
    assert.equal((await syncer.sync()).why, 'done');
    const held = Object.keys(await tasks(store)).length;
    assert.ok(held < 299 && held >= 250, `the others are there: ${held}`);
    clock.now = new Date(clock.now.getTime() + 25 * 3600 * 1000);
    await syncer.sync();
    assert.equal(Object.keys(await tasks(store)).length, 299);
    assert.equal((await tasks(store)).t1!.title, server.rows.get('task:t1')!.d.title);
  });

test('parts that cannot be read any more harm no others, and their rows come again when what is held is compared', async () => {
  const { api } = withFile();
  const { store, syncer, clock } = await tablet(api);
  await syncer.sync();
  await store.write(['rows'], async (tx) => {
    const parts = await tx.all('parts');
    await tx.put('parts', { ...parts[4]!, bytes: parts[4]!.bytes.slice(0, 30) });
    await tx.put('parts', { ...parts[7]!, bytes: new Uint8Array([7, 7, 7]) });
    await tx.remove('parts', parts[9]!.key);
  });
  assert.equal(Object.keys(await tasks(store)).length, 299 - 60);
  clock.now = new Date(clock.now.getTime() + 25 * 3600 * 1000);
  await syncer.sync();
  assert.equal(Object.keys(await tasks(store)).length, 299);
});

test('power lost at any step of a first load by a file: the next one ends as if nothing had happened', async () => {
  for (let at = 0; ; at++) {
    const { api } = withFile();
    const store = new MemoryStore();
    const { syncer } = await tablet(api, store);
    await record(store, [create('mitt', { title: 'Skrevet her' })]);
    let steps = 0;
    store.faults = {
      before: () => {
        if (steps++ === at) throw new PowerLoss();
      },
    };
    const isWhole = await syncer.sync().then(() => true, (error: unknown) => !(error instanceof PowerLoss));
    store.faults = null;
    const held = Object.keys(await tasks(store)).length;
    assert.ok(held === 1 || held === 300, `step ${at}: all of the file or none of it, not ${held}`);
    const after = await tablet(api, store);
    assert.equal((await after.syncer.sync()).why, 'done', `step ${at}`);
    assert.equal(Object.keys(await tasks(store)).length, 300);
    assert.equal((await tasks(store)).t1!.title, 'Endret siden');
    if (isWhole) break;
  }
});
