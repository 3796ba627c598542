import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Offline, type FilePart, type SyncApi } from './api.ts';
import { addTo, emptySum, hexOf, rowDigest } from './digest.ts';
import { syncState } from './state.ts';
import { TestServer } from './testing/server.ts';
import { tablet, tasks } from './testing/tablet.ts';
import type { Store } from './store.ts';
import type { PullAnswer, PulledRow } from './types.ts';

const PART = 500;
const BUCKET = 'site:1/ops';

/** A server whose large bucket comes as a file, made before the last changes. */
function withFile(damage: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): { api: SyncApi; server: TestServer; asked: number[]; cut: { after: number } } {
  const server = new TestServer();
  for (let i = 0; i < 300; i++) server.put(BUCKET, 'task', `t${i}`, { title: `Oppgave ${i} ${Math.sin(i)}` });
  const rows: PulledRow[] = [...server.rows.values()].map(({ t, id, v, d }) => ({ b: BUCKET, t, id, v, d: structuredClone(d) }));
  const sum = emptySum();
  for (const row of rows) addTo(sum, rowDigest(row.t, row.id, row.d!));
  const made = server.clock;
  const lines = [{ epoch: 'epoch-1', cursor: `file@${made}` }, ...rows, { count: sum.count, digest: hexOf(sum) }];
  const bytes = damage(new Uint8Array(gzipSync(lines.map((line) => JSON.stringify(line)).join('\n') + '\n')));
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
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

/** The store as a new start of the app finds it. */
function restarted(store: Store): Store {
  return { read: store.read.bind(store), write: store.write.bind(store), onChange: store.onChange.bind(store), destroy: store.destroy.bind(store) };
}

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
  const again = await tablet(api, restarted(store));
  assert.equal((await again.syncer.sync()).why, 'done');
  const rows = await tasks(store);
  assert.equal(Object.keys(rows).length, 299);
  assert.equal(rows.t1!.title, 'Endret siden');
});

test('a file that cannot be read any more when its window is whole is no dead end', async () => {
  const { api, store } = await withFileAside();
  await store.write(['staged'], async (tx) => {
    for (const page of await tx.all('staged')) if (page.file) await tx.put('staged', { ...page, file: { ...page.file, bytes: page.file.bytes.slice(0, 99) } });
  });
  const again = await tablet(api, restarted(store));
  assert.equal((await again.syncer.sync()).why, 'done');
  assert.equal(Object.keys(await tasks(store)).length, 299);
});
