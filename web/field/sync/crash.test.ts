// The battery may go at any step. Seeds are printed with a failure, so that it can be run again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Offline } from './api.ts';
import { MemoryStore, PowerLoss } from './memory.ts';
import { record } from './outbox.ts';
import { TestServer, problem } from './testing/server.ts';
import { answer, close, create, outbox, tablet, tasks, update } from './testing/tablet.ts';

const SEEDS = 150;
const STEPS = 40;

/** Cuts the power at the n-th step from now, and tells how many steps there were. */
class PowerCut {
  steps = 0;
  readonly #at: number;

  constructor(at: number) {
    this.#at = at;
  }

  before(): void {
    if (this.steps++ === this.#at) throw new PowerLoss();
  }
}

async function survives(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof PowerLoss)) throw error;
    return false;
  }
}

test('power lost at any step of recording: all of the group is there or none of it', async () => {
  for (let at = 0; ; at++) {
    const server = new TestServer();
    const store = new MemoryStore();
    await tablet(server.api(), store);
    const cut = new PowerCut(at);
    store.faults = cut;
    const wasSaved = await survives(() => record(store, [answer('a1', { task_id: 't1' }), create('t1', { state: 'done' })]));
    store.faults = null;

    const entries = await outbox(store);
    assert.ok(entries.length === 0 || entries.length === 2, `step ${at}: ${entries.length} of 2`);
    if (wasSaved) assert.equal(entries.length, 2, 'what was called saved is there');
    const next = await record(store, [create('t2', {})]);
    assert.equal(next[0]!.mutation.seq, entries.length + 1, 'no sequence number is used twice or skipped');
    if (wasSaved) break;
  }
});

test('power lost at any step of a sync: the next one ends as if nothing had happened', async () => {
  for (let at = 0; ; at++) {
    const server = new TestServer();
    server.put('site:1/ops', 'task', 't1', { title: 'Bytt filter', state: 'open' });
    const store = new MemoryStore();
    const { syncer } = await tablet(server.api(), store);
    await syncer.sync();
    server.put('site:1/ops', 'task', 't2', { title: 'Ny' });
    await close(store, 't1', 'Ferdig');
    await record(store, [create('t3', { title: 'Funnet' })]);

    store.faults = new PowerCut(at);
    const wasWhole = await survives(() => syncer.sync());
    store.faults = null;
    const after = await tablet(server.api(), store); // a new start of the app
    assert.equal((await tasks(store)).t1!.state, 'done', `step ${at}: the close is still shown`);
    assert.equal((await tasks(store)).t3!.title, 'Funnet');
    await after.syncer.sync();
    assert.deepEqual(new Map(Object.entries(await tasks(store)).map(([id, d]) => [`task:${id}`, d])), server.oracle());
    assert.ok([...server.effects.values()].every((count) => count === 1));
    assert.ok((await outbox(store)).every((entry) => entry.state === 'applied' && entry.overlay === 0));
    if (wasWhole) break;
  }
});

/** mulberry32: small, seeded, good enough to choose faults with. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One life of a tablet: offices and caretaker write, the network and the battery come and go. */
async function life(seed: number): Promise<void> {
  const dice = random(seed);
  const oneIn = (n: number): boolean => dice() * n < 1;
  const pick = (n: number): number => Math.floor(dice() * n);
  const server = new TestServer();
  const store = new MemoryStore();
  const api = server.api();
  const lossy = async <R>(ask: () => Promise<R>): Promise<R> => {
    if (oneIn(6)) throw new Offline();
    const reply = await ask();
    if (oneIn(6)) throw new Offline();
    if (oneIn(12)) server.put('site:1/ops', 'task', `o${pick(8)}`, { title: `mellom ${pick(99)}` });
    return reply;
  };
  const flaky = { ...api, pull: (b: never) => lossy(() => api.pull({ ...(b as object), limit: 1 + pick(4) } as never)), push: (b: never) => lossy(() => api.push(b)) };
  let { syncer } = await tablet(flaky, store);
  const saved: string[] = [];
  const title = (): string => `${seed}-${pick(1000)}`;

  server.intercept = (path) => {
    if (oneIn(15)) return problem([500, 503, 429, 401][pick(4)]!, 'storm');
    return path === 'pull' && oneIn(25) ? problem(410, 'cursor_expired') : null;
  };
  for (let step = 0; step < STEPS; step++) {
    const id = `o${pick(8)}`;
    if (oneIn(2)) server.put(oneIn(4) ? 'site:2/ops' : 'site:1/ops', 'task', id, { title: title(), state: 'open' });
    if (oneIn(8) && server.rows.has(`task:${id}`)) server.move('site:1/ops', 'site:2/ops', 'task', id);
    if (oneIn(10)) server.scope = oneIn(2) ? ['site:1/ops', 'ref'] : ['site:1/ops', 'site:2/ops', 'ref'];
    if (oneIn(20)) server.knownScopes.clear();
    store.faults = oneIn(4) ? new PowerCut(pick(30)) : null;
    const isUp = await survives(async () => {
      const mine = Object.keys(await tasks(store));
      const change = mine.length && oneIn(2) ? update(mine[pick(mine.length)]!, { title: title() }) : create(`n${step}`, { title: title() });
      if (oneIn(2)) saved.push(...(await record(store, [change])).map((entry) => entry.mid));
      if (oneIn(2)) await syncer.sync();
    });
    store.faults = null;
    if (!isUp) ({ syncer } = await tablet(flaky, store));
  }

  server.intercept = () => null;
  const healed = (await tablet(api, store)).syncer;
  for (let i = 0; i < 3; i++) assert.equal((await healed.sync()).why, 'done');
  assert.deepEqual(new Map(Object.entries(await tasks(store)).map(([id, d]) => [`task:${id}`, d])), server.oracle(), 'the tablet holds its scope');
  for (const mid of saved) assert.ok(server.received.has(mid), `${mid} was called saved`);
  for (const entry of await outbox(store)) assert.ok(server.received.has(entry.mid), `${entry.mid} is in the outbox`);
  assert.ok([...server.effects.values()].every((count) => count === 1), 'no effect twice');
}

test(`${SEEDS} lives with faults converge, lose nothing and apply nothing twice`, async () => {
  for (let seed = 1; seed <= SEEDS; seed++)
    await life(seed).catch((error: Error) => {
      error.message = `seed ${seed}: ${error.message}`;
      throw error;
    });
});
