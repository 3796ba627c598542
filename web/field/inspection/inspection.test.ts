import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerChanges, answerTo } from '../logic/checklist.ts';
import { recordDraft } from '../logic/drafts.ts';
import { record, saveDraft } from '../sync/outbox.ts';
import { TestServer } from '../sync/testing/server.ts';
import { tablet } from '../sync/testing/tablet.ts';
import type { Fields } from '../sync/types.ts';
import { children, row as rowOf, type Row } from '../sync/view.ts';
import { finishChange, inOrder, isFinished, keysOf, photosOf, startChange } from './inspection.ts';

const NOW = new Date('2026-11-27T09:00:00Z');
const row = (t: string, id: string, d: Fields): Row => ({ t, id, v: 1, d, isPending: false });

test('it goes by the checklist of its kind, or by none when there is none', () => {
  const lists = [row('checklist', 'a', { code: 'move_in' }), row('checklist', 'b', { code: 'move_out' })];
  assert.equal(startChange('p', 'move_out', lists, 'H0101', NOW).set.checklist_id, 'b');
  assert.equal(startChange('p', 'move_in', [], 'H0101', NOW).set.checklist_id, null);
});

test('what is found is an answer with its note, said once', () => {
  const about = row('inspection', 'i', { place_id: 'p' });
  const stands = [row('inspection_answer', 'x', { item_id: 'bad', is_ok: true, value: null, note: null, captured_at: '2026-11-27' })];
  const draft = { task: 'i', note: '', answers: { bad: { value: null, is_ok: true }, stue: { value: null, is_ok: false, note: ' Hull ' } } };
  const made = answerChanges(about, draft, stands, NOW, 'H0101');
  assert.deepEqual(made.map(({ op, set, label }) => [op, set.inspection_id, set.item_id, set.is_ok, set.note, label]), [['inspection.answer@1', 'i', 'stue', false, 'Hull', 'H0101']]);
  const changed = { ...draft, answers: { bad: { value: null, is_ok: true, note: 'Ripe' } } };
  assert.equal(answerChanges(about, changed, stands, NOW, '').length, 1, 'a note alone is something new');
  assert.equal(answerTo('stue', draft, []).note, ' Hull ');
});

test('a flat battery takes nothing: what was filled in becomes facts of the inspection', async () => {
  const server = new TestServer();
  server.put('site:1/ops', 'place', 'p', { parent_id: null, name: 'H0101', kind: 'dwelling' });
  const { store, syncer } = await tablet(server.api());
  await syncer.sync();
  const [start] = await record(store, [startChange('p', 'move_in', [], 'H0101', NOW)]);
  const id = start!.mutation.row.id;
  await saveDraft(store, { task: id, note: '', answers: { stue: { value: null, is_ok: false, note: 'Hull' } } });
  await recordDraft(store, id, NOW);
  const answers = await store.read(['rows', 'outbox'], (tx) => children(tx, 'inspection_answer', id));
  assert.deepEqual(answers.map(({ d }) => [d.item_id, d.note]), [['stue', 'Hull']]);
  const inspection = (await store.read(['rows', 'outbox'], (tx) => rowOf(tx, 'inspection', id)))!;
  const [end] = await record(store, [finishChange(inspection, 3, ' ', 'H0101', NOW)]);
  assert.deepEqual(Object.keys(end!.mutation.set), ['finished_at', 'keys']);
  assert.deepEqual(end!.mutation.needs, [start!.mid]);
  assert.equal(isFinished((await store.read(['rows', 'outbox'], (tx) => rowOf(tx, 'inspection', id)))!), true);
});

test('what is under way comes first, then the newest', () => {
  const made = (id: string, started_at: string, finished_at: string | null): Row => row('inspection', id, { started_at, finished_at });
  assert.deepEqual(inOrder([made('old', '2025', '2025'), made('new', '2026', '2026'), made('open', '2024', null)]).map(({ id }) => id), ['open', 'new', 'old']);
});

test('photos are those of this round and of what they show', () => {
  const inspection = row('inspection', 'i', { started_at: '2026-11-27T08:00:00Z', finished_at: '2026-11-27T09:00:00Z' });
  const photo = (id: string, title: string, captured_at: string): Row => row('document', id, { sha256: id, title, captured_at });
  const all = [photo('a', 'Bad', '2026-11-27T08:30:00Z'), photo('b', 'Stue', '2026-11-27T08:30:00Z'), photo('c', 'Bad', '2025-11-27T08:30:00Z'), photo('d', 'Bad', '2026-11-27T10:00:00Z')];
  assert.deepEqual(photosOf(inspection, all, 'Bad').map(({ id }) => id), ['a']);
});

test('keys are counted from none to a hundred', () => {
  assert.deepEqual(['', '3', '-1', '101', 'x'].map(keysOf), [0, 3, 0, 100, 0]);
});
