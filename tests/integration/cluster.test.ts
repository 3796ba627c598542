// The tests' own primary and standby: if they did not do what they say, tests of failover would
// prove nothing.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { cluster } from './cluster.ts';
import { eventually } from './harness.ts';

const c = await cluster({ demo: true });
after(() => c.stop());
const s = await c.server();

const count = `select count(*)::int as n from area where name like 'Prøve%'`;
const add = `insert into area (area_no, name) values ($1, $2)`;

test('what the primary commits reaches the standby, and servers reach the primary', async () => {
  const [here, there] = [await c.connect('owner'), await c.connect('owner', c.standby)];
  await here.query(add, [901, 'Prøve 1']);
  await c.caughtUp();
  assert.equal((await there.query(count)).rows[0].n, 1);
  await assert.rejects(there.query(add, [902, 'Prøve 2']), /read-only/);
  assert.equal((await s.api().get('/api/v1/categories')).status, 200);
});

test('a commit waits for the standby when it is told to', async () => {
  const here = await c.connect('owner');
  c.sync(true);
  await eventually('it is set', async () => (await here.query('show synchronous_standby_names')).rows[0].synchronous_standby_names === '*');
  await here.query(add, [903, 'Prøve 3']);
  const there = await c.connect('owner', c.standby);
  await eventually('it is there', async () => (await there.query(count)).rows[0].n === 2);
  c.sync(false);
  await eventually('it is unset', async () => (await here.query('show synchronous_standby_names')).rows[0].synchronous_standby_names === '');
});

test('a failover loses what the standby had not heard of, and servers follow it', async () => {
  const before = await c.connect('owner');
  const epoch = (await before.query('select sync_epoch_now() as e')).rows[0].e;
  await c.caughtUp();
  c.cut();
  const there = await c.connect('owner', c.standby);
  await eventually('the standby is cut off', async () => (await there.query('select count(*)::int as n from pg_stat_wal_receiver')).rows[0].n === 0);
  await before.query(add, [904, 'Prøve 4']);
  c.failOver();
  const now = await c.connect('owner');
  assert.equal((await now.query(count)).rows[0].n, 2, 'the tail is lost');
  assert.notEqual((await now.query('select sync_epoch_now() as e')).rows[0].e, epoch);
  await now.query(add, [905, 'Prøve 5']);
  await eventually('the server answers again', async () => (await s.login('manager')).token !== '', 15_000);
  await c.rejoin();
  const after = await c.connect('owner', c.standby);
  assert.equal((await after.query(count)).rows[0].n, 3, 'the old primary follows');
});
