// A tablet that locks itself must neither be read nor lose a word: whatever is cut off, and whoever
// comes back to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Offline, type Reply, type SyncApi } from './api.ts';
import { forgetFetched, leaseOf, leavePerson, WARNING_READ } from './lease.ts';
import { MemoryStore, PowerLoss } from './memory.ts';
import { record, saveDraft } from './outbox.ts';
import { keepSealKey, seal, sealedCount, unseal } from './seal.ts';
import { changeDevice, PAGE_ROWS, putSyncState, setWho, syncState, type Who } from './state.ts';
import { getMeta, setMeta } from './store.ts';
import { Syncer } from './syncer.ts';
import { Opener } from './testing/opener.ts';
import { problem, serverWithTask, type TestServer } from './testing/server.ts';
import { close, create, KARI, outbox, tablet } from './testing/tablet.ts';
import type { StoredPhoto } from './types.ts';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-21T09:00:00Z');
const LATER = new Date(NOW.getTime() + 15 * DAY_MS);
const WORDS = ['Hunden biter', 'Olsen', 'halvferdig', 'Kari', 'Nettbrett 1', 'bilde av stue'];
const { subtle } = globalThis.crypto;

const photo = (sha256: string, state: StoredPhoto['state'], bytes: string | Uint8Array<ArrayBuffer>): StoredPhoto => ({
  sha256,
  state,
  blob: new Blob([bytes], { type: 'image/jpeg' }),
  mime: 'image/jpeg',
  captured_at: NOW.toISOString(),
  uploaded_at: null,
});

interface World {
  store: MemoryStore;
  server: TestServer;
  opener: Opener;
  api: SyncApi;
  syncer: Syncer;
  clock: { now: Date };
}

/** Kari's tablet: one change sent, one waiting with its photo, a draft, a photo of before. */
async function world(): Promise<World> {
  const server = serverWithTask();
  const opener = await Opener.make();
  const api = opener.api(server.api());
  const store = new MemoryStore();
  const { clock } = await tablet(api, store);
  const syncer = new Syncer({ store, api, now: () => clock.now, sealer: opener.sealer, lock: { alone: async (work) => (await work(), true) } });

  await keepSealKey(store, opener.key);
  await close(store, 't1', 'Sagt til Olsen');
  assert.equal((await syncer.sync()).why, 'done');
  await record(store, [create('t2', { title: 'Hunden biter' })], { photos: [photo('aa', 'waiting', 'bilde av stue')] });
  await store.write(['photos', 'meta'], async (tx) => {
    await tx.put('photos', { ...photo('bb', 'uploaded', 'bilde av stue til'), device: KARI.device });
    await setMeta(tx, `${WARNING_READ}p1`, 'Olsen truer');
  });
  await saveDraft(store, { task: 't1', answers: {}, note: 'halvferdig' });
  return { store, server, opener, api, syncer, clock };
}

/** All that the store holds, as somebody reads it who has the disk. */
async function everything(store: MemoryStore): Promise<string> {
  const said: string[] = [];
  const show = async (value: unknown): Promise<unknown> => {
    if (value instanceof Blob) return value.text();
    if (Array.isArray(value)) return Promise.all(value.map(show));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, each]) => [key, await show(each)])));
  };
  for (const table of ['rows', 'outbox', 'photos', 'staged', 'drafts', 'meta'] as const)
    said.push(JSON.stringify(await show(await store.read([table], (tx) => tx.all(table) as Promise<unknown[]>))));
  return said.join('\n');
}

const read = async (store: MemoryStore): Promise<string[]> => {
  const all = await everything(store);
  return WORDS.filter((word) => all.includes(word));
};

/** Without what another sealing or another pull makes otherwise. */
async function kept(store: MemoryStore): Promise<unknown> {
  const photos = await store.read(['photos'], (tx) => tx.all('photos'));
  return {
    outbox: await outbox(store),
    drafts: await store.read(['drafts'], (tx) => tx.all('drafts')),
    photos: await Promise.all(photos.map(async ({ blob, ...rest }) => ({ ...rest, type: blob.type, text: await blob.text() }))),
    names: await store.read(['meta'], async (tx) => (await tx.all('meta')).filter(({ key }) => key.startsWith('who'))),
  };
}

test('nothing of what was written or fetched can be read while it is sealed, and all of it comes back', async () => {
  const { store, opener, api } = await world();
  const before = await kept(store);
  assert.deepEqual(await read(store), WORDS);
  assert.equal(await seal(store, opener.sealer), true);
  assert.deepEqual(await read(store), []);
  assert.equal(await store.read(['meta'], sealedCount), 1);
  assert.equal(await unseal(store, api, subtle, KARI.device), null);
  assert.deepEqual(await kept(store), before);
  assert.equal(await store.read(['meta'], sealedCount), null);
});

test('a tablet locks with its lease, stays locked offline, and goes on by itself: nothing lost, nothing twice', async () => {
  const { store, server, opener, syncer, clock } = await world();
  clock.now = LATER;
  opener.instead = problem(503, 'busy');
  await syncer.sync();
  assert.deepEqual(await read(store), []);
  assert.equal((await store.read(['meta'], (tx) => leaseOf(tx, NOW))).state, 'locked', 'whatever the clock says');
  assert.equal(server.received.size, 1, 'nothing was sent');
  opener.instead = null;
  assert.equal((await syncer.sync()).why, 'done');
  assert.equal(server.received.size, 2);
  assert.ok([...server.effects.values()].every((count) => count === 1));
  assert.equal(await server.files.get('aa')?.text(), 'bilde av stue');
  assert.equal((await store.read(['drafts'], (tx) => tx.get('drafts', 't1')))?.note, 'halvferdig');
  assert.equal((await store.read(['meta'], (tx) => leaseOf(tx, LATER))).state, 'free');
  assert.equal((await store.read(['rows'], (tx) => tx.all('rows'))).length, 2, 'rows are fetched anew');
});

test('nothing is written beside what is sealed', async () => {
  const { store, opener } = await world();
  await seal(store, opener.sealer);
  await assert.rejects(record(store, [create('t3', {})]), /locked/);
  await assert.rejects(saveDraft(store, { task: 't1', answers: {}, note: 'mer' }), /locked/);
});

test('what is written while it is being sealed is sealed too', async () => {
  const { store, opener } = await world();
  let isFirst = true;
  const key = async (): Promise<string> => {
    if (isFirst) await record(store, [create('t3', { title: 'Hunden biter igjen' })]);
    isFirst = false;
    return opener.tablet;
  };
  assert.equal(await seal(store, { subtle, key }), true);
  assert.equal(await store.read(['meta'], sealedCount), 2);
  assert.deepEqual(await read(store), []);
});

test('without a key to seal for, or without a key of its own, all stays as it was', async () => {
  const { store, opener } = await world();
  const before = await kept(store);
  assert.equal(await seal(store, { subtle, key: async () => null }), false);
  await store.write(['meta'], (tx) => tx.remove('meta', 'seal_key'));
  assert.equal(await seal(store, opener.sealer), false);
  assert.deepEqual(await kept(store), before);
});

/** Cuts the power at the n-th step from now. */
const cutAt = (at: number): { before(): void } => {
  let steps = 0;
  return {
    before: () => {
      if (steps++ === at) throw new PowerLoss();
    },
  };
};

for (const what of ['seal', 'unseal'] as const)
  test(`power lost at any step of ${what}: it is open or sealed, and never neither`, async () => {
    for (let at = 0; ; at++) {
      const { store, opener, api } = await world();
      const before = await kept(store);
      if (what === 'unseal') await seal(store, opener.sealer);
      store.faults = cutAt(at);
      const work = what === 'seal' ? seal(store, opener.sealer) : unseal(store, api, subtle, KARI.device);
      const wasWhole = await work.then(() => true, (error: Error) => (assert.ok(error instanceof PowerLoss), false));
      store.faults = null;
      const isSealed = (await store.read(['meta'], sealedCount)) !== null;
      if (isSealed) {
        assert.deepEqual(await read(store), [], `step ${at}`);
        assert.equal(await unseal(store, api, subtle, KARI.device), null);
      }
      assert.deepEqual(await kept(store), before, `step ${at}`);
      if (!wasWhole) continue;
      assert.equal(isSealed, what === 'seal');
      assert.ok(at > 10, 'the power was cut in many places');
      break;
    }
  });

test('no answer, a refusal, a page of a foreign network: it stays sealed', async () => {
  const { store, opener, api } = await world();
  await seal(store, opener.sealer);
  const ask = async (reply: Reply | null): Promise<string> => {
    opener.instead = reply;
    const stop = await unseal(store, api, subtle, KARI.device);
    assert.deepEqual(await read(store), []);
    return stop!.why;
  };
  const page = { status: 200, body: null, retry_after_s: null };
  assert.equal(await ask(page), 'offline');
  assert.equal(await ask({ ...page, body: { device: 'another', key: 'AAAA' } }), 'offline');
  assert.equal(await ask(problem(401, 'refresh_ended')), 'signed_out');
  assert.equal(await ask(problem(403, 'device_revoked', { wipe: true })), 'revoked');
  assert.equal(await ask(problem(500, 'internal')), 'error');
  await assert.rejects(unseal(store, { ...api, unseal: () => Promise.reject(new Offline()) }, subtle, KARI.device), Offline);
  assert.equal(await store.read(['meta'], sealedCount), 1);
});

test('a revoked tablet hands over what it has sealed, to whom it belongs, and is wiped', async () => {
  const { store, opener, syncer, clock } = await world();
  await record(store, [create('t4', { title: 'Til Per' })]);
  const [, , mine] = await outbox(store);
  await store.write(['outbox'], (tx) => tx.put('outbox', { ...mine!, device: 'dev-2' }));
  clock.now = LATER;
  opener.instead = problem(403, 'device_revoked', { wipe: true });
  assert.equal((await syncer.sync()).why, 'revoked');
  const said = new Map(opener.taken.map(({ device, text }) => [`${device} ${text.slice(0, 8)}`, text]));
  assert.match(said.get('dev-1 [{"seq":')!, /Hunden biter/);
  assert.match(said.get('dev-2 [{"seq":')!, /Til Per/);
  assert.equal(atob(JSON.parse(said.get('dev-1 {"photo"')!).base64), 'bilde av stue');
  assert.equal(opener.taken.length, 3, 'what the server has already is not handed over');
  assert.equal(await everything(store), '[]\n[]\n[]\n[]\n[]\n[]');
});

for (const [what, tear] of [
  ['a lost key of the server', async ({ opener }: World) => void (opener.instead = problem(410, 'seal_key_unknown'))],
  [
    'a changed byte of the key',
    async ({ store }: World) => {
      await store.write(['meta'], async (tx) => {
        const made = (await getMeta<{ wrapped: string }>(tx, 'sealed'))!;
        await setMeta(tx, 'sealed', { ...made, wrapped: (made.wrapped[0] === 'A' ? 'B' : 'A') + made.wrapped.slice(1) });
      });
    },
  ],
  [
    'a changed byte of a piece',
    async ({ store }: World) => {
      const piece = (await store.read(['meta'], (tx) => getMeta<{ owner: string; blob: Blob }>(tx, 'sealed:1')))!;
      const bytes = new Uint8Array(await piece.blob.arrayBuffer());
      bytes[40]! ^= 1;
      await store.write(['meta'], (tx) => setMeta(tx, 'sealed:1', { ...piece, blob: new Blob([bytes]) }));
    },
  ],
] as const)
  test(`${what}: all is handed over as it is, and the tablet goes on`, async () => {
    const w = await world();
    const { store, server, opener, syncer, clock } = w;
    await seal(store, opener.sealer);
    await tear(w);
    clock.now = LATER;
    const stop = await syncer.sync();
    assert.equal(stop.why, 'done');
    assert.ok(opener.taken.length >= 4);
    assert.equal(await store.read(['meta'], sealedCount), null);
    assert.equal(server.received.size, 1);
    const [next] = await record(store, [create('t9', {})]);
    assert.equal(next!.mutation.seq, 3, 'no number is used twice');
  });

test('whoever comes back opens it: the same person under another device, or another person after a log-out', async () => {
  for (const isOther of [false, true]) {
    const { store, api, opener } = await world();
    const who: Who = isOther ? { ...KARI, person_id: 'per', name: 'Per', device: 'dev-9' } : { ...KARI, device: 'dev-9' };
    await seal(store, opener.sealer);
    if (isOther) await leavePerson(store);
    await store.write(['rows', 'outbox', 'staged', 'meta'], async (tx) => {
      if (isOther) await setWho(tx, who);
      else await changeDevice(tx, who.device);
    });
    await forgetFetched(store);
    assert.equal(await unseal(store, api, subtle, who.device), null);
    const [sent, waiting] = await outbox(store);
    assert.deepEqual([sent!.device, waiting!.device], isOther ? ['dev-1', 'dev-1'] : ['dev-9', 'dev-9']);
    assert.equal(waiting!.overlay, isOther ? 0 : 1, 'another does not see it');
    assert.equal((await store.read(['photos'], (tx) => tx.get('photos', 'aa')))!.device, waiting!.device);
    const named = await store.read(['meta'], (tx) => getMeta<Who>(tx, 'who'));
    assert.equal(named!.name, isOther ? 'Per' : 'Kari');
  }
});

test('of a file that was taken and not told of nothing is left when its person signs out or the tablet is locked', async () => {
  for (const forget of [leavePerson, forgetFetched]) {
    const { store } = await world();
    await store.write(['meta'], async (tx) =>
      putSyncState(tx, { ...(await syncState(tx)), cursor: 'c', scope: 's', buckets: ['ref'], late: ['l'], isOpen: true, isInline: true, limit: 4000 }));
    await forget(store);
    const { cursor, scope, buckets, files, late, isOpen, isInline, limit } = await store.read(['meta'], syncState);
    assert.deepEqual([cursor, scope, buckets, files, late, isOpen, isInline, limit], [null, null, [], [], [], false, false, PAGE_ROWS]);
  }
});

test('after a change of epoch what was sealed is sent again', async () => {
  const { server, opener, syncer, clock } = await world();
  opener.instead = problem(503, 'busy');
  clock.now = LATER;
  await syncer.sync();
  server.loseSince(0, 'epoch-2');
  opener.instead = null;
  for (let i = 0; i < 3; i++) await syncer.sync();
  assert.equal(server.received.size, 2, 'also what had been sent');
});

test('a large outbox and a large photo are cut into pieces and put together again', async () => {
  const { store, opener, api } = await world();
  await record(store, Array.from({ length: 6 }, (_, i) => create(`big${i}`, { title: `${'😀æ'.repeat(60_000)}${i}` })));
  const bytes = Uint8Array.from({ length: 1_600_000 }, (_, i) => (i * 7919) & 255);
  await store.write(['photos'], (tx) => tx.put('photos', { ...photo('cc', 'waiting', bytes), device: KARI.device }));
  const before = await outbox(store);
  await seal(store, opener.sealer);
  assert.equal(await unseal(store, api, subtle, KARI.device), null);
  assert.deepEqual(await outbox(store), before);
  assert.deepEqual(new Uint8Array(await (await store.read(['photos'], (tx) => tx.get('photos', 'cc')))!.blob.arrayBuffer()), bytes);
});
