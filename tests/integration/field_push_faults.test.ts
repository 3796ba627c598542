// What happens on the way of a batch: connections lost and servers killed inside a transaction and
// between two, and the same or related batches at two servers at once. Each mutation counts once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import type pg from 'pg';
import { eventually, world, type Server } from './harness.ts';
import type { Mutation } from './helpers.ts';
import { states, tabletOf, type Batch, type Result, type Tablet } from './field_tablet.ts';

const w = await world({ demo: true });
const s = await w.server();
let t: Tablet, office: pg.Client;

before(async () => {
  t = await tabletOf(w, s);
  office = await w.connect('owner');
});

const visit = (id: string): Mutation => t.update(id, { visits: { n: 1 } });
const visits = async (ids: string[]): Promise<number[]> =>
  (await t.rows('select visits from task where id = any ($1) order by array_position($1, id)', [ids])).map((r) => r.visits);

async function tasks(count: number): Promise<string[]> {
  const { rows } = await t.owner.query(
    `insert into task (title, place_id) select 'Oppdrag', $1 from generate_series(1, $2::int) returning id`, [t.site, count]);
  return rows.map((r) => r.id);
}

/** Has the office sit on a task; then sends, and goes on when a tablet's transaction waits for it. */
async function stuckOn(id: string, to: Server, mutations: Mutation[]): Promise<{ pid: number; reply: Promise<Batch | null> }> {
  await office.query('begin');
  await office.query('select from task where id = $1 for update', [id]);
  const reply = to.api(t.api.token).post('/api/v1/sync/push', { device: t.id, mutations }).then(({ body }) => body as Batch, () => null);
  const pid = await eventually('the batch waits', async () => {
    const [waiting] = await t.rows(`select pid from pg_stat_activity where usename = 'fdvu_field' and wait_event_type = 'Lock'`);
    return waiting?.pid as number | undefined;
  });
  return { pid, reply };
}

test('tries again when the connection to the database is lost', async () => {
  const ids = await tasks(3);
  const { pid, reply } = await stuckOn(ids[1] ?? '', s, ids.map(visit));
  await t.owner.query('select pg_terminate_backend($1)', [pid]);
  await office.query('rollback');
  const answer = await reply;
  assert.deepEqual(states(answer?.results ?? []), ['applied', 'applied', 'applied']);
  assert.deepEqual(await visits(ids), [1, 1, 1]);
});

test('leaves nothing of a transaction that a killed server had not committed', async () => {
  const victim = await w.server();
  const ids = await tasks(3);
  const batch = ids.map(visit);
  const { reply } = await stuckOn(ids[2] ?? '', victim, batch);
  await victim.kill();
  assert.equal(await reply, null, 'no answer came');
  await office.query('rollback');
  assert.deepEqual(await visits(ids), [0, 0, 0]);
  const results = await t.push(...batch);
  assert.deepEqual(results.map((r) => [r.state, r.replay]), batch.map(() => ['applied', undefined]));
  assert.deepEqual(await visits(ids), [1, 1, 1]);
});

test('goes on where a killed server stopped between two transactions', async () => {
  const victim = await w.server();
  const ids = await tasks(80);
  const batch = ids.map(visit);
  const { reply } = await stuckOn(ids[70] ?? '', victim, batch);
  await victim.kill();
  await reply;
  await office.query('rollback');
  assert.equal((await visits(ids)).filter((n) => n === 1).length, 50, 'the first transaction is there');
  const results = await t.push(...batch);
  assert.deepEqual(results.map((r) => r.replay === true), ids.map((_, i) => i < 50));
  assert.deepEqual(new Set(await visits(ids)), new Set([1]));
});

test('counts once what two servers get at once, whole and in parts', async () => {
  const two = await w.server();
  const apis = [t.api, two.api(t.api.token)];
  const ids = await tasks(60);
  const batch = ids.map(visit);
  const parts = [batch, batch.slice(20, 50), batch, batch.slice(40), [...batch].reverse(), batch.slice(0, 10)];
  const replies = await Promise.all(
    parts.map((mutations, i) => apis[i % 2]?.post('/api/v1/sync/push', { device: t.id, mutations })));
  for (const reply of replies) assert.equal(reply?.status, 200);
  const results: Result[] = replies.flatMap((reply) => reply?.body.results);
  assert.ok(results.every((r) => r.state === 'applied' && r.v === 2), 'all are told the same');
  assert.equal(results.filter((r) => !r.replay).length, batch.length);
  assert.deepEqual(new Set(await visits(ids)), new Set([1]));
  await two.stop();
});

test('applies what was held though it and its predecessor come to two servers at once', async () => {
  const two = await w.server();
  for (let round = 0; round < 5; round++) {
    const id = randomUUID();
    const create = t.make('task.create@1', 'task', id, { place_id: { n: t.site }, title: { n: 'Funnet' } });
    const close = t.make('task.close@1', 'task', id, { state: { o: 'open', n: 'done' } }, { needs: [create.mid] });
    await Promise.all([
      t.push(close),
      two.api(t.api.token).post('/api/v1/sync/push', { device: t.id, mutations: [create] }),
    ]);
    await t.push();
    assert.deepEqual([(await t.stored(create)).state, (await t.stored(close)).state], ['applied', 'applied']);
    assert.equal(await t.value('select state from task where id = $1', [id]), 'done');
  }
  await two.stop();
});

test('tells of two tablets that write the same field at once, whoever is first', async () => {
  const other = await tabletOf(w, s);
  const ids = await tasks(20);
  const write = (by: Tablet, name: string): Promise<Result[]> =>
    by.push(...ids.map((id) => by.update(id, { title: { o: 'Oppdrag', n: name } })));
  const [mine, theirs] = await Promise.all([write(t, 'Det ene'), write(other, 'Det andre')]);
  for (const [i, id] of ids.entries()) {
    const pair = [mine[i], theirs[i]];
    assert.deepEqual(pair.map((r) => r?.state).sort(), ['applied', 'merged'], id);
    const conflict = pair.flatMap((r) => r?.conflicts ?? []);
    assert.deepEqual(new Set([conflict[0]?.mine, conflict[0]?.theirs]), new Set(['Det ene', 'Det andre']), 'nothing said is lost');
  }
});
