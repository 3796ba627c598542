// What becomes of what was written: conflicts, refusals, photos, another person, a revoked tablet.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptTheirs, restoreMine, sendAgain } from './conflicts.ts';
import { openMatters } from './keep.ts';
import { record } from './outbox.ts';
import { changeDevice, setWho } from './state.ts';
import { problem, serverWithTask, status } from './testing/server.ts';
import { close, create, KARI, outbox, tablet, tasks, update } from './testing/tablet.ts';

const DAY_MS = 24 * 3600 * 1000;

test('a server that no longer knows the device takes all that was written under it, once, from its new one', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await close(store, 't1', 'Ferdig');
  server.intercept = (path, body) => (path === 'push' && (body as { device: string }).device === 'dev-1' ? problem(403, 'device_unknown') : null);
  assert.equal((await syncer.sync()).why, 'unknown_device');

  await store.write(['outbox', 'meta'], (tx) => changeDevice(tx, 'dev-9'));
  const [next] = await record(store, [create('n1', {})]);
  assert.equal(next!.mutation.seq, 2);
  assert.equal((await syncer.sync()).why, 'done');
  assert.equal(server.rows.get('task:t1')!.d.done_note, 'Ferdig');
  assert.deepEqual((await outbox(store)).map(({ state, overlay }) => [state, overlay]), [['applied', 0], ['applied', 0]]);
});

test('a conflict the office has dealt with no longer asks for me; one that I won never does', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  server.put('site:1/ops', 'task', 't1', { title: 'Kontorets' });
  const [made] = await record(store, [update('t1', { title: 'Min' })]);
  await syncer.sync();
  server.put('dev:dev-1', 'conflict', `${made!.mid}-title`, { mid: made!.mid, state: 'resolved' });
  await syncer.sync();
  const [entry] = await outbox(store);
  assert.deepEqual(openMatters(entry!), []);
  const won = { ...entry!, settled: {}, result: { ...entry!.result!, conflicts: [{ ...entry!.result!.conflicts![0]!, chosen: 'mine' }] } };
  assert.deepEqual(openMatters(won), []);
});

test('the one who lost sees mine and theirs, and restores in one tap', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  server.put('site:1/ops', 'task', 't1', { title: 'Kontorets' });
  await record(store, [update('t1', { title: 'Min' })]);
  await syncer.sync();

  const [entry] = await outbox(store);
  const conflict = entry!.result!.conflicts![0]!;
  assert.deepEqual([conflict.base, conflict.mine, conflict.theirs], ['Bytt filter', 'Min', 'Kontorets']);
  assert.equal((await tasks(store)).t1!.title, 'Kontorets');
  assert.deepEqual(openMatters(entry!), [conflict.id]);

  await restoreMine(store, entry!, [conflict]);
  assert.equal((await tasks(store)).t1!.title, 'Min');
  assert.deepEqual(openMatters((await outbox(store))[0]!), []);
  await syncer.sync();
  assert.equal(server.rows.get('task:t1')!.d.title, 'Min');
});

test('a refused change is shown with its reason and can be sent again', async () => {
  const server = serverWithTask();
  server.refuses = () => 'not_your_area';
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await close(store, 't1', 'Ferdig');
  await syncer.sync();

  const [entry] = await outbox(store);
  assert.equal(entry!.result!.reason, 'not_your_area');
  assert.equal((await tasks(store)).t1!.state, 'open');
  server.refuses = () => null;
  await sendAgain(store, entry!);
  await syncer.sync();
  assert.equal(server.rows.get('task:t1')!.d.state, 'done');
});

test('what is held stays shown as the caretaker left it', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  const [made] = await close(store, 't1', 'Ferdig');
  server.intercept = (path) => {
    if (path !== 'push') return null;
    server.rows.set('mutation:m', { t: 'mutation', id: made!.mid, v: 1, d: { mid: made!.mid, seq: 1, state: 'held' } });
    return { status: 200, body: { results: [{ seq: 1, mid: made!.mid, state: 'held' }] }, retry_after_s: null };
  };
  await syncer.sync();
  assert.equal((await tasks(store)).t1!.state, 'done');
  assert.equal((await outbox(store))[0]!.overlay, 1);
});

test('another person never sends my changes, and does not see my rows', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await close(store, 't1', 'Kari gjorde det');
  server.intercept = (path) => (path === 'pull' ? status(500) : null);
  await store.write(['rows', 'staged', 'meta'], (tx) => setWho(tx, { ...KARI, person_id: 'ola', device: 'dev-2' }));
  await syncer.sync();
  assert.equal(server.received.size, 0);
  assert.deepEqual(await tasks(store), {});

  await store.write(['rows', 'staged', 'meta'], (tx) => setWho(tx, KARI));
  await syncer.sync();
  assert.equal(server.received.size, 1);
});

test('entries and photos are forgotten seven days after they were seen, not before', async () => {
  const server = serverWithTask();
  const { store, syncer, clock } = await tablet(server.api());
  await record(
    store,
    [{ op: 'photo.add@1', t: 'document', id: 'd1', isNew: true, set: { task_id: 't1' }, label: 'Bilde', att: ['ab'] }],
    { photos: [{ sha256: 'ab', blob: new Blob(['x']), mime: 'image/jpeg', captured_at: '2026-11-21T09:00:00Z', state: 'waiting', uploaded_at: null }] },
    clock.now,
  );
  await syncer.sync();
  assert.equal(server.files.size, 1);
  clock.now = new Date(clock.now.getTime() + 6.9 * DAY_MS);
  await syncer.sync();
  assert.equal((await outbox(store)).length, 1);
  clock.now = new Date(clock.now.getTime() + 0.2 * DAY_MS);
  await syncer.sync();
  assert.equal((await outbox(store)).length, 0);
  assert.equal((await store.read(['photos'], (tx) => tx.all('photos'))).length, 0);
});

test('a conflict nobody has looked at is kept beyond the seven days', async () => {
  const server = serverWithTask();
  const { store, syncer, clock } = await tablet(server.api());
  await syncer.sync();
  server.put('site:1/ops', 'task', 't1', { title: 'Kontorets' });
  await record(store, [update('t1', { title: 'Min' })]);
  await syncer.sync();
  clock.now = new Date(clock.now.getTime() + 30 * DAY_MS);
  await syncer.sync();

  const [entry] = await outbox(store);
  await acceptTheirs(store, entry!, openMatters(entry!));
  await syncer.sync();
  assert.equal((await outbox(store)).length, 0);
});

test('closing does not wait for photos that do not get through', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await record(
    store,
    [
      { op: 'photo.add@1', t: 'document', id: 'd1', isNew: true, set: { task_id: 't1' }, label: 'Bilde', att: ['ab'] },
      update('t1', { state: 'done' }, 'task.close@1'),
    ],
    { photos: [{ sha256: 'ab', blob: new Blob(['x']), mime: 'image/jpeg', captured_at: '2026', state: 'waiting', uploaded_at: null }] },
  );
  server.intercept = (path) => (path.startsWith('files/') ? status(503, 60) : null);
  assert.equal((await syncer.sync()).why, 'busy');
  assert.equal(server.rows.get('task:t1')!.d.state, 'done');
  assert.equal((await tasks(store)).t1!.state, 'done');
  server.intercept = () => null;
  await syncer.sync();
  assert.ok(server.files.has('ab'));
});

test('a revoked tablet hands over what it had not sent, then forgets all', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await close(store, 't1', 'Siste hilsen');
  server.intercept = (path) => (path === 'quarantine' ? null : problem(403, 'device_revoked', { wipe: true, salvage: true }));
  assert.equal((await syncer.sync()).why, 'revoked');
  assert.ok(server.quarantined[0]!.includes('Siste hilsen'));
  assert.deepEqual(await outbox(store), []);
  assert.deepEqual(await tasks(store), {});
});

test('a revoked tablet that cannot hand over keeps its outbox', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await close(store, 't1', 'Siste hilsen');
  server.intercept = (path) => (path === 'quarantine' ? status(500) : problem(403, 'device_revoked', { wipe: true, salvage: true }));
  await syncer.sync();
  assert.equal((await outbox(store)).length, 1);
});
