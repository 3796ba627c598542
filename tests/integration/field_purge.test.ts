// The feed's tombstones: kept for as long as a tablet may come back and need them, and no longer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tablet } from './field_world.ts';
import { world } from './harness.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const job = await w.connect('job');

const purge = async (): Promise<number> => Number((await job.query('select sync_purge_old() as n')).rows[0].n);

/** A task in the caretaker's area that is gone again; returns its id. */
async function gone(): Promise<string> {
  const { rows } = await owner.query(
    `insert into task (place_id, title) select id, 'Bort' from place where kind = 'building' and area_no = 1 order by id limit 1 returning id`,
  );
  await owner.query('delete from task where id = $1', [rows[0].id]);
  return rows[0].id;
}

const isKept = async (id: string): Promise<boolean> =>
  (await owner.query(`select from sync_entry where row_id = $1 and op = 'D'`, [id])).rows.length > 0;

test('lets tombstones of more than 120 days go, and those who lack them load anew', async () => {
  const caretaker = await s.login('caretaker');
  const early = await Tablet.enrolled(caretaker);
  await early.pull(20000);
  const old = await gone();
  assert.equal(await purge(), 0, 'nobody knows yet how old anything is');
  const late = await Tablet.enrolled(caretaker);
  await late.pull(20000);
  const young = await gone();
  await purge();
  await owner.query(`update sync_mark set at = at - interval '119 days'`);
  assert.equal(await purge(), 0, '119 days are not enough');
  assert.ok(await isKept(old));

  // Only the first of the marks, from between the two, is old enough.
  await owner.query(`update sync_mark set at = at - interval '2 days' where xid = (select min(xid) from sync_mark)`);
  assert.ok((await purge()) >= 1);
  assert.equal(await isKept(old), false);
  assert.ok(await isKept(young));

  const refused = await early.ask();
  assert.equal(refused.status, 410);
  assert.match(refused.body.type, /cursor_expired$/);
  await late.pull();
  assert.equal(late.has('task', young), undefined);
});

test('keeps one mark that is older than 120 days', async () => {
  await owner.query(`insert into sync_mark select now() - n * interval '1 day', '1' from generate_series(121, 130) n`);
  await purge();
  const { rows } = await owner.query(`select count(*)::int as n from sync_mark where at < now() - interval '120 days'`);
  assert.equal(rows[0].n, 1);
});
