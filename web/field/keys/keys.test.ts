import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strokesOf, textOfStrokes } from '../sign/strokes.ts';
import { record } from '../sync/outbox.ts';
import { TestServer } from '../sync/testing/server.ts';
import { tablet } from '../sync/testing/tablet.ts';
import { row, type Row } from '../sync/view.ts';
import { inChange, keyName, keyOf, keysOf, loanOf, lostChange, outChanges, stateOf, type KeyFound } from './keys.ts';

const NOW = new Date('2026-11-27T09:00:00Z');
const OUT = { holder_id: 'me', name: ' Kåre ', due_on: '2026-12-01', note: '', picture: null };

async function board(): Promise<Awaited<ReturnType<typeof tablet>> & { server: TestServer; find(id: string): Promise<KeyFound> }> {
  const server = new TestServer();
  server.put('site:1/ops', 'key', 'k2', { place_id: 'b1', mark: 'A', serial: '10', state: 'in' });
  server.put('site:1/ops', 'key', 'k1', { place_id: 'b1', mark: 'A', serial: '2', state: 'out' });
  server.put('site:1/ops', 'key_loan', 'l1', { key_id: 'k1', out_at: '2026-11-01T08:00:00Z', holder: null, holder_kind: 'tenant' });
  const made = await tablet(server.api());
  await made.syncer.sync();
  const find = (id: string): Promise<KeyFound> =>
    made.store.read(['rows', 'outbox'], async (tx) => keyOf(tx, (await row(tx, 'key', id))!));
  return { ...made, server, find };
}

test('keys of a place are in the order that people count, each with where it is', async () => {
  const { store } = await board();
  const found = await store.read(['rows', 'outbox'], (tx) => keysOf(tx, 'b1'));
  assert.deepEqual(found.map((one) => [keyName(one.key.d), stateOf(one)]), [['A-2', 'out'], ['A-10', 'in']]);
});

test('a key handed out here is out at once, signed for, in one group', async () => {
  const { store, find } = await board();
  const made = await record(store, outChanges(await find('k2'), OUT, 'A-10', NOW), {}, NOW);
  const found = await find('k2');
  assert.equal(stateOf(found), 'out');
  assert.equal(loanOf(found)?.isPending, true);
  assert.deepEqual(made.map(({ mutation }) => [mutation.op, mutation.set.out_name?.n ?? mutation.set.name?.n]), [['key.out@1', 'Kåre'], ['signature.add@1', 'Kåre']]);
  assert.equal(made[1]!.mutation.set.loan_id!.n, made[0]!.mutation.row.id);
  assert.equal(new Set(made.map(({ mutation }) => mutation.grp)).size, 1);
});

test('taken in and handed out again without network: the second waits for the first', async () => {
  const { store, find } = await board();
  const [taken] = await record(store, [inChange(loanOf(await find('k1'))!, '', '', 'A-2', NOW)], {}, NOW);
  const found = await find('k1');
  assert.equal(stateOf(found), 'in');
  const [out] = await record(store, outChanges(found, OUT, 'A-2', NOW), {}, NOW);
  assert.deepEqual(out!.mutation.needs, [taken!.mid]);
  assert.equal(stateOf(await find('k1')), 'out');
});

test('a key that is lost stays lost while it is out, and when it was in', () => {
  const key = (state: string): Row => ({ t: 'key', id: 'k', v: 1, d: { state, place_id: 'b1' }, isPending: false });
  const lost: Row = { t: 'key_loan', id: 'l', v: 1, d: { out_at: '2026-11-01', lost_at: '2026-11-02' }, isPending: false };
  assert.equal(stateOf({ key: key('lost'), loans: [lost], waiting: [] }), 'lost');
  assert.equal(stateOf({ key: key('lost'), loans: [], waiting: [] }), 'lost');
  const { op, set } = lostChange({ key: key('in'), loans: [], waiting: [] }, 'Tapt nøkkel A-2', ' i snøen ', '2026-11-27');
  assert.deepEqual([op, set.place_id, set.title, set.description], ['task.create@1', 'b1', 'Tapt nøkkel A-2', 'i snøen']);
});

test('what is drawn is kept as text and comes back as it was', () => {
  const strokes: [number, number][][] = [[[1, 2], [30, 40]], [[5, 6]]];
  assert.deepEqual(strokesOf(textOfStrokes(strokes)), strokes);
  assert.deepEqual(strokesOf(''), []);
});
