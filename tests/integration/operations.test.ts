// What operators count on: the server tells how it is, stops without losing a request, and outlives
// its database.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, sleep, world } from './harness.ts';

const w = await world();

test('says that it lives, is ready, and how it does', async () => {
  const s = await w.server();
  assert.equal((await s.api().get('/healthz')).status, 200);
  assert.equal((await s.api().get('/readyz')).status, 200);
  const { body } = await s.api().get('/metrics');
  assert.match(body, /^fdvu_pool_connections\{role="\w+",state="size"\} [1-9]/m);
  assert.match(body, /^fdvu_\w*requests\w*\{.*route="\/readyz".*status="200".*\} [1-9]/m);
  await s.stop();
});

test('answers each request it has taken before it stops, and takes no more', async () => {
  const s = await w.server();
  const owner = await w.connect('owner');
  const other = await w.connect('owner');
  await owner.query('begin; lock table category in access exclusive mode');
  const waiting = Array.from({ length: 4 }, () => s.api().get('/api/v1/categories'));
  await eventually('four requests wait for the lock', async () => {
    const { rows } = await other.query(
      `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock'`,
    );
    return rows[0].n === 4;
  });
  const stopped = s.stop();
  await eventually('the port is closed', () =>
    s.api().get('/healthz').then(
      (reply) => reply.status !== 200,
      () => true,
    ),
  );
  await owner.query('commit');
  for (const reply of await Promise.all(waiting)) assert.equal(reply.status, 200);
  await stopped;
});

test('answers 503 at worst while PostgreSQL is away, and works again when it is back', async () => {
  const s = await w.server();
  const seen = new Map<number, number>();
  let isDone = false;
  const load = Array.from({ length: 8 }, async () => {
    while (!isDone) {
      const { status } = await s.api().get('/api/v1/categories');
      seen.set(status, (seen.get(status) ?? 0) + 1);
      await sleep(5);
    }
  });
  await sleep(200);
  w.postgres.kill();
  await eventually('a 503 while it is away', async () => seen.has(503));
  assert.equal((await s.api().get('/readyz')).status, 503);
  assert.equal((await s.api().get('/healthz')).status, 200, 'the program itself lives');
  w.postgres.start();
  await eventually('ready again', async () => (await s.api().get('/readyz')).status === 200, 10_000);
  seen.clear();
  await sleep(300);
  isDone = true;
  await Promise.all(load);
  assert.deepEqual([...seen.keys()], [200], 'nothing but 200 after it is back');
  await s.stop();
});

test('is ready by itself when PostgreSQL comes after it', async () => {
  const s = await w.server();
  w.postgres.stop();
  await eventually('not ready', async () => (await s.api().get('/readyz')).status === 503);
  w.postgres.start();
  await eventually('ready', async () => (await s.api().get('/readyz')).status === 200, 10_000);
  await s.stop();
});

test('migrates a configured database as the superuser that the settings name', async () => {
  const owner = await w.connect('owner');
  await owner.query('create role fdvu_migrate superuser login');
  await owner.query('create database other');
  const done = await w.fdvu(['migrate'], { FDVU_DATABASE: w.conninfo.replace('dbname=fdvu', 'dbname=other') });
  assert.equal(done.code, 0, done.stdout + done.stderr);
  assert.match(done.stdout, /^applied 0001_/);
});
