import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Offline } from './api.ts';
import { nextPull, takePage } from './pull.ts';
import { record } from './outbox.ts';
import { syncState } from './state.ts';
import { Syncer } from './syncer.ts';
import { receiptOf, TestServer, problem, serverWithTask, status } from './testing/server.ts';
import { answer, close, create, KARI, outbox, tablet, tasks, update } from './testing/tablet.ts';
import type { PullAnswer } from './types.ts';

test('a close made offline is shown at once and reaches the server once the network is back', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();

  await close(store, 't1', 'Nytt filter');
  assert.equal((await tasks(store)).t1!.state, 'done');
  assert.equal(server.rows.get('task:t1')!.d.state, 'open');

  await syncer.sync();
  assert.equal(server.rows.get('task:t1')!.d.done_note, 'Nytt filter');
  const [entry] = await outbox(store);
  assert.equal(entry!.state, 'applied');
  assert.equal(entry!.overlay, 0);
});

test('each pull tells how many changes wait here, and since when', async () => {
  const server = serverWithTask();
  const { store } = await tablet(server.api());

  assert.deepEqual((await nextPull(store, KARI.device, false, new Date())).body.queue, { n: 0 });
  const [first] = await close(store, 't1', 'ok');
  await close(store, 't1', 'igjen');
  assert.deepEqual((await nextPull(store, KARI.device, false, new Date())).body.queue, { n: 2, oldest: first!.mutation.captured_at });
});

test('a lost answer is asked for again and the effect happens once', async () => {
  const server = serverWithTask();
  const api = server.api();
  let isLost = true;
  const { store, syncer } = await tablet({
    ...api,
    push: async (body) => {
      const reply = await api.push(body);
      if (!isLost) return reply;
      isLost = false;
      throw new Offline();
    },
  });
  await syncer.sync();
  const [entry] = await close(store, 't1', 'ok');

  assert.equal((await syncer.sync()).why, 'offline');
  assert.equal((await outbox(store))[0]!.state, 'sent');
  assert.equal((await tasks(store)).t1!.state, 'done');
  assert.equal((await syncer.sync()).why, 'done');
  assert.equal(server.effects.get(entry!.mid), 1);
  assert.equal((await outbox(store))[0]!.state, 'applied');
});

test('a change stays laid over the server rows until its mutation row comes back, not until its receipt', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await close(store, 't1', 'ok');

  server.intercept = (path) => (path === 'pull' ? status(500) : null);
  await syncer.sync();
  const [entry] = await outbox(store);
  assert.equal(entry!.state, 'applied');
  assert.equal(entry!.overlay, 1);
  assert.equal((await tasks(store)).t1!.state, 'done');

  server.intercept = () => null;
  await syncer.sync();
  assert.equal((await outbox(store))[0]!.overlay, 0);
  assert.equal((await tasks(store)).t1!.state, 'done');
});

test('the second change of a field states the first as its old value', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();

  await record(store, [update('t1', { title: 'A' })]);
  const [second] = await record(store, [update('t1', { title: 'B' })]);
  assert.deepEqual(second!.mutation.set.title, { o: 'A', n: 'B' });
  assert.equal(second!.mutation.base_v, 1);
  await syncer.sync();
  assert.equal(server.rows.get('task:t1')!.d.title, 'B');
});

test('the changes of one close are one group with rising sequence, and U+0000 is left out', async () => {
  const server = serverWithTask();
  const { store } = await tablet(server.api());
  const made = await record(store, [answer('a1', { task_id: 't1', value: `3${String.fromCharCode(0)}` }), update('t1', { state: 'done' })]);

  assert.deepEqual(made.map((entry) => entry.mutation.seq), [1, 2]);
  assert.equal(made[0]!.mutation.grp, made[1]!.mutation.grp);
  assert.equal(made[0]!.mutation.set.value!.n, '3');
  assert.equal('base_v' in made[0]!.mutation, false);
});

test('a window of several pages is shown only when it is whole', async () => {
  const server = new TestServer();
  const { store } = await tablet(server.api());
  const api = server.api();
  const pull = async (limit: number): Promise<string> => {
    const { body, ticket } = await nextPull(store, KARI.device, false, new Date());
    const reply = await api.pull({ ...body, limit });
    return takePage(store, ticket, reply.body as PullAnswer, new Date());
  };
  await pull(100);
  for (let i = 0; i < 5; i++) server.put('site:1/ops', 'task', `t${i}`, { title: `${i}` });

  assert.equal(await pull(2), 'more');
  assert.equal(await pull(2), 'more');
  assert.deepEqual(await tasks(store), {});
  assert.equal(await pull(2), 'more', 'the last page of a torn window is not a whole state');
  assert.deepEqual(await tasks(store), {});
  assert.equal(await pull(2), 'whole');
  assert.equal(Object.keys(await tasks(store)).length, 5);
});

test('an old answer that comes after a newer one changes nothing', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  const { body, ticket } = await nextPull(store, KARI.device, false, new Date());
  const old = (await server.api().pull(body)).body as PullAnswer;

  await syncer.sync();
  server.put('site:1/ops', 'task', 't1', { title: 'Nytt navn' });
  await syncer.sync();
  assert.equal(await takePage(store, ticket, old, new Date()), 'stale');
  assert.equal((await tasks(store)).t1!.title, 'Nytt navn');
});

test('a row in two buckets goes only when both have let it go', async () => {
  const server = new TestServer();
  server.scope = ['site:1/ops', 'site:2/ops'];
  server.put('site:1/ops', 'place', 'p1', { name: 'Skolen' });
  server.put('site:2/ops', 'place', 'p1', {});
  const { store, syncer } = await tablet(server.api());
  const has = async (): Promise<boolean> => (await store.read(['rows'], (tx) => tx.get('rows', 'place:p1'))) !== undefined;
  await syncer.sync();

  server.remove('site:1/ops', 'place', 'p1');
  await syncer.sync();
  assert.equal(await has(), true);
  server.remove('site:2/ops', 'place', 'p1');
  await syncer.sync();
  assert.equal(await has(), false);
});

test('rows that leave my scope leave the tablet, and what I had not sent about them does not', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  server.scope = ['ref'];
  server.intercept = (path) => (path === 'push' ? status(500) : null);
  await close(store, 't1', 'Ferdig');

  await syncer.sync();
  assert.deepEqual(await tasks(store), {});
  assert.equal((await outbox(store))[0]!.label, 't1');
  server.intercept = () => null;
  await syncer.sync();
  assert.equal(server.rows.get('task:t1')!.d.done_note, 'Ferdig');
});

test('a scope given later brings its rows', async () => {
  const server = serverWithTask();
  server.put('site:2/ops', 'task', 't2', { title: 'Ny bygning' });
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  assert.deepEqual(Object.keys(await tasks(store)), ['t1']);
  server.scope.push('site:2/ops');
  await syncer.sync();
  assert.deepEqual(Object.keys(await tasks(store)), ['t1', 't2']);
});

test('a server that forgot the scope is told it in full, once', async () => {
  const server = serverWithTask();
  const { syncer } = await tablet(server.api());
  await syncer.sync();
  server.knownScopes.clear();

  assert.equal((await syncer.sync()).why, 'done');
  const told = server.requests.filter(({ path, body }) => path === 'pull' && (body as { buckets?: string[] }).buckets);
  assert.equal(told.length, 1);
  assert.deepEqual((told[0]!.body as { buckets: string[] }).buckets, ['site:1/ops', 'ref', 'dev:dev-1']);
});

test('a cursor too old fetches all anew, keeps what is shown meanwhile, and never touches the outbox', async () => {
  const server = serverWithTask();
  server.put('site:1/ops', 'task', 'gone', { title: 'Slettet for lenge siden' });
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  server.remove('site:1/ops', 'task', 'gone');
  server.scope = ['site:1/ops'];
  await record(store, [update('t1', { title: 'Min' })]);
  server.intercept = (path, body) => {
    if (path === 'push') return status(500);
    return (body as { cursor: string | null }).cursor ? problem(410, 'cursor_expired') : null;
  };

  await syncer.sync();
  assert.deepEqual(Object.keys(await tasks(store)), ['t1']);
  assert.equal((await tasks(store)).t1!.title, 'Min');
  assert.equal((await outbox(store)).length, 1);
});

test('a cursor of a server that was set up anew fetches all from the start', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  server.intercept = (path, body) => (path === 'pull' && (body as { cursor: string | null }).cursor ? status(400) : null);
  assert.equal((await syncer.sync()).why, 'done');
  assert.deepEqual(Object.keys(await tasks(store)), ['t1']);
});

test('a failover that lost acknowledged changes gets them again from the outbox', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  const before = server.clock;
  await close(store, 't1', 'Ferdig');
  await record(store, [create('t9', { title: 'Knust rute', state: 'open', place_id: 'p1' })]);
  await syncer.sync();
  server.rows.get('task:t1')!.d = { id: 't1', title: 'Bytt filter', state: 'open', done_note: null, place_id: 'p1' };
  server.loseSince(before, 'epoch-2');
  server.put('site:1/ops', 'task', 't1', {});

  await syncer.sync();
  await syncer.sync();
  assert.equal(server.rows.get('task:t1')!.d.done_note, 'Ferdig');
  assert.equal(server.rows.get('task:t9')!.d.title, 'Knust rute');
  assert.deepEqual(Object.keys(await tasks(store)), ['t1', 't9']);
  assert.deepEqual((await outbox(store)).map((entry) => entry.seen_epoch), ['epoch-2', 'epoch-2']);
});

test('one unreadable change does not stop the others, and is handed over as it is', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  for (let i = 0; i < 9; i++) await record(store, [create(`n${i}`, { title: i === 4 ? 'gift' : `${i}` })]);
  server.intercept = (path, body) => (path === 'push' && JSON.stringify(body).includes('gift') ? status(400) : null);

  await syncer.sync();
  assert.equal([...server.rows.keys()].filter((key) => key.startsWith('task:n')).length, 8);
  assert.equal(server.quarantined.length, 1);
  const entries = await outbox(store);
  assert.deepEqual(entries.map((entry) => entry.state), [...Array(4).fill('applied'), 'quarantined', ...Array(4).fill('applied')]);
  assert.equal('n4' in (await tasks(store)), false, 'what was refused is not shown as if it stood');
});

test('an unreadable change that nobody takes stays in the outbox and is tried last', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await record(store, [create('n1', { title: 'gift' })]);
  await record(store, [create('n2', { title: 'frisk' })]);
  server.intercept = (path, body) => {
    if (path === 'quarantine') return status(404);
    return path === 'push' && JSON.stringify(body).includes('gift') ? status(400) : null;
  };

  await syncer.sync();
  assert.deepEqual((await outbox(store)).map(({ state, stuck }) => [state, stuck]), [['waiting', 'unreadable_400'], ['applied', null]]);
  server.intercept = () => null;
  await syncer.sync();
  assert.equal((await outbox(store))[0]!.state, 'applied');
});

test('the third server error on the same batch divides it; before that it is left in peace', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  for (let i = 0; i < 4; i++) await record(store, [create(`n${i}`, { title: i === 0 ? 'gift' : 'frisk' })]);
  server.intercept = (path, body) => (path === 'push' && JSON.stringify(body).includes('gift') ? status(500) : null);

  assert.equal((await syncer.sync()).why, 'error');
  assert.equal((await syncer.sync()).why, 'error');
  assert.equal(server.received.size, 0);
  await syncer.sync();
  assert.equal(server.received.size, 3);
});

test('a server that fails at everything is not asked a hundred times', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  for (let i = 0; i < 150; i++) await record(store, [create(`n${i}`, {})]);
  server.intercept = (path) => (path === 'push' ? status(500) : null);
  for (let i = 0; i < 3; i++) await syncer.sync();

  assert.ok(server.requests.filter(({ path }) => path === 'push').length < 20);
  assert.equal((await outbox(store)).filter((entry) => entry.state === 'sent').length, 150);
});

test('a batch too large is halved until it fits', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  for (let i = 0; i < 8; i++) await record(store, [create(`n${i}`, {})]);
  server.intercept = (path, body) => (path === 'push' && (body as { mutations: unknown[] }).mutations.length > 2 ? status(413) : null);

  assert.equal((await syncer.sync()).why, 'done');
  assert.equal(server.received.size, 8);
});

test('no batch has more than 200 mutations or parts a group', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  for (let i = 0; i < 90; i++) await record(store, [0, 1, 2].map((k) => create(`n${i}-${k}`, {})));
  await syncer.sync();

  const sizes = server.requests.filter(({ path }) => path === 'push').map(({ body }) => (body as { mutations: unknown[] }).mutations.length);
  assert.deepEqual(sizes, [198, 72]);
});

test('a scope that is unknown even when told in full starts the pull over', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  server.intercept = (path, body) => (path === 'pull' && (body as { cursor: string | null }).cursor ? problem(409, 'scope_unknown') : null);
  assert.equal((await syncer.sync()).why, 'done');
  assert.deepEqual(Object.keys(await tasks(store)), ['t1']);
});

test('signed out, busy and forbidden keep all and stop', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await close(store, 't1', 'x');
  for (const [reply, why] of [[status(401), 'signed_out'], [status(429, 7), 'busy'], [status(503), 'busy'], [status(403), 'forbidden']] as const) {
    server.intercept = () => reply;
    assert.equal((await syncer.sync()).why, why);
  }
  assert.equal((await outbox(store)).length, 1);
});

test('a tab that finds another at work comes back soon, and sends nothing meanwhile', async () => {
  const server = serverWithTask();
  const { store } = await tablet(server.api());
  await close(store, 't1', 'x');
  const second = new Syncer({ store, api: server.api(), lock: { alone: async () => false } });
  assert.deepEqual(await second.sync(), { why: 'busy', after_s: 5 });
  assert.equal(server.requests.length, 0);
});

test('an app too old to pull still pushes', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await record(store, [create('n1', { title: 'Is på trappa' })]);
  server.intercept = (path) => (path === 'pull' ? status(426) : null);
  assert.equal((await syncer.sync()).why, 'too_old');
  assert.equal(server.rows.get('task:n1')!.d.title, 'Is på trappa');
});

test('what is handed over stays until our server says that it is kept, not a page of a foreign network', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  await close(store, 't1', 'ok');

  const page = { status: 200, body: null, retry_after_s: null };
  const others = [status(204), page, { ...page, body: {} }, receiptOf('another', '[]'), receiptOf(KARI.device, '[]'), { ...page, status: 302 }];
  for (const said of others) {
    server.intercept = (path) => (path === 'push' ? status(400) : path === 'quarantine' ? said : null);
    await syncer.sync();
    assert.equal((await outbox(store))[0]!.state, 'waiting', JSON.stringify(said));
  }
  server.intercept = (path) => (path === 'push' ? status(400) : null);
  await syncer.sync();
  assert.equal((await outbox(store))[0]!.state, 'quarantined');
  assert.equal(server.quarantined.length, 1);
});

test('an entry leaves only by a result that names it and that is understood', async () => {
  const server = serverWithTask();
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  const [made] = await close(store, 't1', 'ok');
  const { seq, mid } = made!.mutation;
  const strange = [{ seq: seq + 1, mid, state: 'applied' }, { seq, mid: 'another', state: 'applied' }, { seq, mid, state: 'thanks' }, { seq, mid }];

  for (const result of strange) {
    server.intercept = (path) => (path === 'push' ? { status: 200, body: { results: [result] }, retry_after_s: null } : null);
    await syncer.sync();
    assert.equal((await outbox(store))[0]!.state, 'sent', JSON.stringify(result));
  }
  server.intercept = () => null;
  await syncer.sync();
  assert.equal((await outbox(store))[0]!.state, 'applied');
});

test('the sync state tells how far a first load has come', async () => {
  const server = new TestServer();
  const { store } = await tablet(server.api());
  const { ticket } = await nextPull(store, KARI.device, false, new Date());
  await takePage(store, ticket, { epoch: 'e', rows: [{ b: 'ref', t: 'task', id: '1', v: 1, d: {} }], cursor: 'c', more: true, complete: false }, new Date());
  const state = await store.read(['meta'], syncState);
  assert.equal(state.staged, 1);
  assert.equal(state.limit, 4000);
});
