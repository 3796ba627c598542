// Digests and reconcile: a tablet finds out that it holds something else than the server has, and
// gets exactly that, whatever happened to either of them.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { isWhole, Tablet, type Row } from './field_world.ts';
import { world, type Api } from './harness.ts';
import { mutation } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
let caretaker: Api;
let site: string;

before(async () => {
  caretaker = await s.login('caretaker');
  const { rows } = await owner.query(
    `select id from place where kind = 'building' and removed_at is null and area_no = 1 order by id limit 1`,
  );
  site = rows[0].id;
});

async function task(title: string): Promise<string> {
  const { rows } = await owner.query('insert into task (place_id, title) values ($1, $2) returning id', [site, title]);
  return rows[0].id;
}

test('a tablet that has everything has the server’s digests, and nothing is told', async () => {
  const held = await Tablet.enrolled(caretaker);
  await held.pull(20000);
  const { body } = await held.reconcile({ digests: held.digests() });
  assert.deepEqual(body.differ, []);
  assert.deepEqual(body.scope.drop, []);
  assert.ok(Object.values(held.digests()).reduce((n, [count]) => n + count, 0) > 500);
  assert.equal(await held.mend(), 0);
  await isWhole(owner, held);
});

test('finds what is missing, what is otherwise and what is too much, and tells only that', async () => {
  const held = await Tablet.enrolled(caretaker);
  const [kept, lost] = [await task('Feil her'), await task('Mangler her')];
  await held.pull(20000);
  const bucket = `site:${site}/ops`;
  const row = held.rows.get(`${bucket} task ${kept}`) as Row;
  held.put({ ...row, d: { ...row.d, title: 'Noe annet' } });
  held.put({ b: bucket, t: 'task', id: lost, v: 1, x: 1 });
  const phantom = lost.replace(/^......../, '00000000');
  held.put({ ...row, id: phantom, d: { id: phantom, title: 'Gjenferd' } });

  assert.equal(await held.mend(), 3);
  assert.equal(held.rows.get(`${bucket} task ${kept}`)?.d?.title, 'Feil her');
  assert.equal(held.has('task', phantom), undefined);
  await isWhole(owner, held);
  assert.equal(await held.mend(), 0);
});

test('goes on from the moment of the first comparison: what changes meanwhile comes with the pull', async () => {
  const held = await Tablet.enrolled(caretaker);
  await held.pull(20000);
  const first = await held.reconcile({ digests: held.digests() });
  const id = await task('Imens');
  held.cursor = first.body.cursor;
  const { rows } = held.take(await held.ask());
  assert.deepEqual(rows.map((r: Row) => r.id), [id]);
  await isWhole(owner, held);
});

test('a bucket that is no longer the tablet’s is dropped, and a new one comes with the pull', async () => {
  const held = await Tablet.enrolled(caretaker);
  await held.pull(20000);
  held.buckets.push('site:00000000-0000-0000-0000-00000000abcd/ops');
  await owner.query('update place set area_no = 3 where id = $1', [site]);
  assert.equal(await held.mend(), 0);
  assert.ok(!held.buckets.includes(`site:${site}/ops`));
  await isWhole(owner, held);
  await owner.query('update place set area_no = 1 where id = $1', [site]);
  await held.pull(20000);
  await isWhole(owner, held);
});

test('tells no row of others: not by a bucket’s name, not by a tablet’s', async () => {
  const held = await Tablet.enrolled(caretaker);
  const { rows } = await owner.query(
    `select b.bucket, e.row_id as id from sync_bucket b join sync_entry e using (bucket_no)
      where b.kind = 'ops' and b.area_no = 3 and e.tbl = 1 limit 1`,
  );
  const { bucket, id } = rows[0];
  const { body } = await held.reconcile({ rows: { [bucket]: { [id.slice(-2)]: [['place', id, '0'.repeat(16)]] } } });
  assert.deepEqual(body.rows, [{ b: bucket, t: 'place', id, x: 1 }], 'it has none there');

  const manager = await s.login('manager');
  assert.equal((await new Tablet(manager, held.device).reconcile({ digests: {} })).status, 403);
  await owner.query(`update sync_device set state = 'revoked' where id = $1`, [held.device]);
  assert.equal((await held.reconcile({ digests: {} })).body.type, '/problems/device_revoked');
});

test('refuses what is no comparison, and says where', async () => {
  const held = await Tablet.enrolled(caretaker);
  const id = '0192f3c4-0000-7000-8000-0000000000ff';
  const h = '0'.repeat(16);
  const bad: [Record<string, unknown>, string][] = [
    [{}, '/digests'],
    [{ digests: {}, slots: {} }, '/digests'],
    [{ digests: [] }, '/digests'],
    [{ digests: { 'a"b': [0, h] } }, '/digests/0'],
    [{ digests: { a: [0, h], b: [-1, h] } }, '/digests/1'],
    [{ digests: { a: [0, 'x'] } }, '/digests/0'],
    [{ digests: { a: [0] } }, '/digests/0'],
    [{ slots: { a: { ff: [1, h], FF: [1, h] } } }, '/slots/0'],
    [{ slots: { a: { 100: [1, h] } } }, '/slots/0'],
    [{ rows: { a: { ff: [['task', id.replace('ff', 'fe'), h]] } } }, '/rows/0'],
    [{ rows: { a: { ff: [['ta sk', id, h]] } } }, '/rows/0'],
    [{ rows: { a: { ff: [['task', 'x', h]] } } }, '/rows/0'],
    [{ rows: { a: { ff: Array.from({ length: 20001 }, () => ['t', id, h]) } } }, '/rows/0'],
    [{ slots: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`a${i}`, {}])) }, '/slots'],
  ];
  for (const [what, pointer] of bad) {
    const { status, body } = await held.reconcile(what);
    assert.equal(status, 400, JSON.stringify(what).slice(0, 80));
    assert.equal(body.errors[0].pointer, pointer, JSON.stringify(what).slice(0, 80));
  }
});

test('gives the receipts of the tablet’s own work anew after a comparison', async () => {
  const held = await Tablet.enrolled(caretaker);
  const id = await task('Lukkes');
  await held.pull(20000);
  const close = mutation(1, 'task.close@1', 'task', id, { state: { o: 'open', n: 'done' } });
  const sent = { device: held.device, sent_at: new Date().toISOString(), mutations: [close] };
  assert.equal((await caretaker.post('/api/v1/sync/push', sent)).status, 200);
  await held.mend();
  const { rows, scope } = held.take(await held.ask());
  assert.deepEqual(rows.map((r: Row) => [r.t, r.id]), [['mutation', close.mid]]);
  assert.deepEqual(scope.add, [{ bucket: `dev:${held.device}` }]);
  await isWhole(owner, held);
});
