// What waits for what: a batch that is lost on the way holds back only what leans on it, and
// everything held comes to an end that the tablet and the office hear of.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { world } from './harness.ts';
import type { Mutation } from './helpers.ts';
import { states, tabletOf, type Batch, type Tablet } from './field_tablet.ts';

const w = await world({ demo: true });
const s = await w.server();
let t: Tablet;

before(async () => {
  t = await tabletOf(w, s);
});

/** A task found on the spot and its end, as the tablet records them: the second needs the first. */
function found(): { id: string; create: Mutation; close: Mutation } {
  const id = randomUUID();
  const create = t.make('task.create@1', 'task', id, { place_id: { n: t.site }, title: { n: 'Funnet' } });
  const close = t.make('task.close@1', 'task', id, { state: { o: 'open', n: 'done' } }, { needs: [create.mid] });
  return { id, create, close };
}

type Page = { cursor: string; scope: { h: string }; rows: { t: string; id: string; d: { state: string } }[] };

async function pull(cursor: string | null, scope: string | null): Promise<Page> {
  const { status, body } = await t.api.post('/api/v1/sync/pull', { device: t.id, cursor, scope, limit: 20000 });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

const title = (id: string): Promise<string> => t.value('select title from task where id = $1', [id]);

test('holds what needs a mutation that is missing, and applies what stands beside it', async () => {
  const { create, close } = found();
  const other = await t.task();
  const { results, acked_through } = await t.batch([close, t.update(other, { title: { o: 'Oppdrag', n: 'Fri' } })]);
  assert.deepEqual(states(results), ['held', 'applied']);
  assert.equal(results[0]?.held_for, create.mid);
  assert.equal(acked_through, t.seq, 'the server owns what it holds');
  assert.equal(await title(other), 'Fri');
  const kept = await t.stored(close);
  const days = (Number(kept.held_until) - Date.now()) / 86_400_000;
  assert.ok(days > 4.9 && days <= 5, `${days} days`);
  assert.equal(kept.held_for, create.mid);
});

test('applies in order what was held when its predecessor comes, and tells the tablet by pull', async () => {
  const { id, create, close } = found();
  const reopen = t.make('task.reopen@1', 'task', id, { state: { o: 'done', n: 'in_progress' } });
  assert.deepEqual(states(await t.push(close, reopen)), ['held', 'held'], 'the second is on the same row');
  assert.equal((await t.stored(reopen)).held_for, close.mid);
  const before = await pull(null, null);
  assert.deepEqual(states(await t.push(create)), ['applied']);
  assert.equal(await t.value('select state from task where id = $1', [id]), 'in_progress');
  assert.deepEqual([(await t.stored(close)).state, (await t.stored(reopen)).state], ['applied', 'applied']);
  const { rows } = await pull(before.cursor, before.scope.h);
  const told = new Map(rows.filter((r) => r.t === 'mutation').map((r) => [r.id, r.d.state]));
  assert.deepEqual([told.get(close.mid), told.get(reopen.mid)], ['applied', 'applied']);
  const [again] = await t.push(close);
  assert.deepEqual([again?.state, again?.replay], ['applied', true], 'a repeat is told the new answer');
});

test('takes a predecessor that comes later in the same batch', async () => {
  const { create, close } = found();
  const results = await t.push(close, create);
  assert.deepEqual(states(results), ['held', 'applied']);
  assert.equal((await t.stored(close)).state, 'applied');
});

test('judges alone what followed on a mutation that was refused', async () => {
  const id = randomUUID();
  const create = t.make('task.create@1', 'task', id, { place_id: { n: randomUUID() }, title: { n: 'Ingen steder' } });
  const close = t.make('task.close@1', 'task', id, { state: { o: 'open', n: 'done' } }, { needs: [create.mid] });
  const [second] = await t.push(close);
  assert.equal(second?.state, 'held');
  const [first] = await t.push(create);
  assert.equal(first?.state, 'quarantined');
  const { state, result } = await t.stored(close);
  assert.deepEqual([state, result.reason], ['quarantined', 'not_found']);
});

test('holds a whole group, and applies it whole', async () => {
  const a = await t.task();
  const { id, create } = found();
  const grp = randomUUID();
  const group = [
    t.update(a, { title: { o: 'Oppdrag', n: 'Med' } }, { grp }),
    t.update(id, { title: { o: 'Funnet', n: 'Også' } }, { grp, needs: [create.mid] }),
  ];
  assert.deepEqual(states(await t.push(...group)), ['held', 'held']);
  assert.equal(await title(a), 'Oppdrag');
  const later = t.update(a, { title: { o: 'Med', n: 'Sist' } });
  assert.deepEqual(states(await t.push(later)), ['held'], 'the row waits with its group');
  await t.push(create);
  assert.deepEqual([await title(a), await title(id)], ['Sist', 'Også']);
});

test('waits no longer when the tablet says that the missing one never comes', async () => {
  const known = await t.task();
  const lost = t.update(known, { title: { o: 'Oppdrag', n: 'Borte' } });
  const edit = t.update(known, { title: { o: 'Borte', n: 'Etterpå' } }, { needs: [lost.mid] });
  const { create, close } = found();
  assert.deepEqual(states((await t.batch([edit, close], { oldest: lost.seq })).results), ['held', 'held']);
  assert.deepEqual(states((await t.batch([], { oldest: create.seq })).results), [], 'nothing is sent');
  const merged = await t.stored(edit);
  assert.equal(merged.state, 'merged', 'judged by what is there');
  assert.deepEqual([merged.result.conflicts?.[0]?.base, merged.result.conflicts?.[0]?.theirs], ['Borte', 'Oppdrag']);
  assert.equal((await t.stored(close)).state, 'held', 'the task found may still come');
  await t.batch([], { oldest: close.seq });
  assert.deepEqual((await t.stored(close)).result.reason, 'not_found');
});

test('does not hold at all what needs something that can no longer come', async () => {
  const id = await t.task();
  const lost = t.update(id, {});
  const edit = t.update(id, { title: { o: 'Oppdrag', n: 'Straks' } }, { needs: [lost.mid] });
  const { results } = await t.batch([edit], { oldest: edit.seq });
  assert.deepEqual(states(results), ['applied']);
});

test('gives up after five days, and tells the office', async () => {
  const { create, close } = found();
  await t.push(close);
  assert.equal(Number(await t.value('select sync_held_end()')), 0, 'not before');
  await t.owner.query(`update sync_mutation set held_until = now() - interval '1 second' where mid = $1`, [close.mid]);
  assert.equal(Number(await t.value('select sync_held_end()')), 1);
  const { state, result } = await t.stored(close);
  assert.deepEqual([state, result.state, result.reason], ['quarantined', 'quarantined', 'held_too_long']);
  const [matter] = await t.rows('select kind, severity, state, policy, mine from sync_conflict where mid = $1', [close.mid]);
  assert.deepEqual([matter.kind, matter.severity, matter.state, matter.policy], ['review', 'hard', 'open', 'held_too_long']);
  assert.deepEqual(matter.mine, close.set, 'what was written is in it');
  assert.deepEqual(states(await t.push(create)), ['applied'], 'that it comes after all is fine');
  const [again] = await t.push(close);
  assert.deepEqual([again?.state, again?.reason], ['quarantined', 'held_too_long']);
});

test('waits for a predecessor that the database could not take just then', async () => {
  const [locked] = [await t.task()];
  const busy = await w.connect('owner');
  await busy.query('begin');
  await busy.query('select from task where id = $1 for update', [locked]);
  const first = t.update(locked, { title: { o: 'Oppdrag', n: 'Først' } });
  const second = t.update(locked, { done_note: { o: null, n: 'Så' } }, { needs: [first.mid] });
  const hasty = await w.server({ env: { FDVU_STATEMENT_TIMEOUT_MS: '800' } });
  const { body } = await hasty.api(t.api.token).post('/api/v1/sync/push', { device: t.id, oldest: first.seq, mutations: [first, second] });
  const { results, acked_through }: Batch = body;
  await hasty.stop();
  await busy.query('rollback');
  assert.deepEqual(states(results), ['retry', 'held']);
  assert.ok((results[0]?.after_s ?? 0) > 0);
  assert.ok(acked_through < first.seq);
  assert.deepEqual(states((await t.batch([first], { oldest: first.seq })).results), ['applied']);
  assert.equal((await t.stored(second)).state, 'applied');
});
