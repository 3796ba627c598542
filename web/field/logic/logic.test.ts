import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft, Fields, OutboxEntry, StoredRow } from '../sync/types.ts';
import type { Row } from '../sync/view.ts';
import { answerChanges, answerTo, missing, numberFault, numberValue } from './checklist.ts';
import { daysSince, itemsOf, summaryOf, wordOf } from './outboxWords.ts';
import { SearchIndex } from './search.ts';
import { groupOf, isFor, todaysList } from './today.ts';

const NOW = new Date('2026-11-21T09:00:00Z');

function row(t: string, id: string, d: Fields): Row {
  return { t, id, v: 1, d: { id, ...d }, isPending: false };
}

function stored(t: string, id: string, d: Fields): StoredRow {
  return { key: `${t}:${id}`, t, id, v: 1, d, buckets: [], up: '', code: String(d.code ?? id) };
}

test('acute comes first whatever its day; late by day or by deadline; the rest is coming', () => {
  const group = (d: Fields): string | null => groupOf({ state: 'open', priority: 3, ...d }, NOW);
  assert.equal(group({ priority: 1, planned_on: '2026-12-24' }), 'acute');
  assert.equal(group({ planned_on: '2026-11-20' }), 'late');
  assert.equal(group({ planned_on: '2026-11-25', deadline: '2026-11-19T12:00:00Z' }), 'late');
  assert.equal(group({ planned_on: '2026-11-21' }), 'today');
  assert.equal(group({ deadline: '2026-11-21T07:00:00Z' }), 'today', 'a deadline earlier today is still today');
  assert.equal(group({}), 'coming');
  assert.equal(group({ state: 'done', done_at: '2026-11-21T08:00:00Z' }), 'done');
  assert.equal(group({ state: 'done', done_at: '2026-11-20T08:00:00Z' }), null);
});

test('a deadline just after midnight is the next day in Norway, not in London', () => {
  assert.equal(groupOf({ state: 'open', priority: 3, deadline: '2026-11-20T23:30:00Z' }, NOW), 'today');
});

test('the list has sections in order, without empty ones, the oldest first', () => {
  const list = todaysList(
    [
      row('task', 'c', { state: 'open', priority: 3 }),
      row('task', 'b', { state: 'open', priority: 3, planned_on: '2026-11-19' }),
      row('task', 'a', { state: 'open', priority: 3, planned_on: '2026-11-18' }),
    ],
    NOW,
  );
  assert.deepEqual(list.map(({ group, tasks }) => [group, tasks.map(({ id }) => id)]), [['late', ['a', 'b']], ['coming', ['c']]]);
});

test('what was just made here is on top of its group', () => {
  const made = { ...row('task', 'new', { state: 'open', priority: 3, planned_on: '2026-11-21' }), v: 0 };
  const known = row('task', 'old', { state: 'open', priority: 1, deadline: '2026-11-21T08:00:00Z', planned_on: '2026-11-21' });
  const [section] = todaysList([{ ...known, d: { ...known.d, priority: 2 } }, made], NOW);
  assert.deepEqual(section!.tasks.map(({ id }) => id), ['new', 'old']);
});

test('the list is mine and nobody’s', () => {
  assert.deepEqual([{ assignee_id: 'me' }, { assignee_id: null }, { assignee_id: 'you' }].map((task) => isFor('me', task)), [true, true, false]);
});

test('a draft stands before a fact, and the newest fact before older ones', () => {
  const facts = [
    row('answer', '1', { item_id: 'i', value: '3', is_ok: null, captured_at: '2026-01-02' }),
    row('answer', '2', { item_id: 'i', value: '2', is_ok: null, captured_at: '2026-01-01' }),
  ];
  const draft: Draft = { task: 't', answers: { i: { value: '9', is_ok: null } }, note: '' };
  assert.equal(answerTo('i', undefined, facts).value, '3');
  assert.equal(answerTo('i', draft, facts).value, '9');
});

test('answers become facts once: what already stands is not said again', () => {
  const facts = [row('answer', '1', { item_id: 'a', value: null, is_ok: true, captured_at: '2026-01-02' })];
  const draft: Draft = { task: 't', answers: { a: { value: null, is_ok: true }, b: { value: '4', is_ok: null } }, note: '' };
  const made = answerChanges(row('task', 't', { title: 'Runde' }), draft, facts, NOW);
  assert.deepEqual(made.map(({ set }) => [set.item_id, set.value]), [['b', '4']]);
});

test('numbers are written as people write them and kept as the database reads them', () => {
  assert.equal(numberValue(' 1 250,5 '), '1250.5');
  assert.equal(numberFault({ min: '0', max: '95' }, '96'), 'outside');
  assert.equal(numberFault({ min: '0', max: '95' }, '95,0'), null);
  assert.equal(numberFault({}, '4.5.6'), 'not_a_number');
});

test('a required item without an answer is named; a required photo is answered by a photo', () => {
  const items = [row('checklist_item', 'a', { kind: 'check', is_required: true }), row('checklist_item', 'p', { kind: 'photo', is_required: true })];
  const ids = (draft: Draft | undefined, photos: number): string[] => missing(items, draft, [], photos).map(({ id }) => id);
  assert.deepEqual(ids(undefined, 0), ['a', 'p']);
  assert.deepEqual(ids({ task: 't', answers: { a: { value: null, is_ok: false } }, note: '' }, 1), []);
});

test('search finds by the beginnings of words in any order, buildings before what is in them', () => {
  const index = new SearchIndex(
    [
      stored('place', 'b', { name: 'Dale barneskole', label: 'Skolegata 4, Dale barneskole', kind: 'building', code: 'AB12CD34' }),
      stored('place', 'r', { name: 'Teknisk rom', label: 'Skolegata 4, Teknisk rom', kind: 'room' }),
    ],
    [stored('component', 'c', { name: 'Aggregat', tag: '+360.001', place_id: 'r', maker: 'Swegon' })],
  );
  assert.deepEqual(index.find('skoleg').map(({ id }) => id), ['b', 'r', 'c']);
  assert.deepEqual(index.find('swe skole').map(({ id }) => id), ['c']);
  assert.deepEqual(index.find('skoleg', ['room']).map(({ id }) => id), ['r']);
  assert.equal(index.byCode('https://fdvu.example/q/ab12cd34')?.id, 'b');
});

function entry(part: Partial<OutboxEntry>, grp = 'g'): OutboxEntry {
  return { n: 1, state: 'waiting', stuck: null, result: null, settled: {}, mutation: { grp, op: 'answer.add@1' }, ...part } as OutboxEntry;
}

test('the outbox says conflict until it is dealt with, then merged', () => {
  const result = { state: 'merged', conflicts: [{ id: 'c', chosen: 'theirs' }] } as OutboxEntry['result'];
  assert.equal(wordOf(entry({ state: 'merged', result })), 'conflict');
  assert.equal(wordOf(entry({ state: 'merged', result, settled: { c: 'accepted' } })), 'merged');
  assert.equal(wordOf(entry({ stuck: 'unreadable_400' })), 'stuck');
});

test('a close with its answers is one line and counts as one, by its worst state', () => {
  const close = entry({ n: 2, state: 'waiting', mutation: { grp: 'g', op: 'task.close@1' } as OutboxEntry['mutation'] });
  const entries = [entry({ n: 1, state: 'applied' }), close, entry({ n: 3, state: 'applied' }, 'other')];
  assert.deepEqual(itemsOf(entries).map(({ entry: { n }, word }) => [n, word]), [[3, 'received'], [2, 'waiting']]);
  assert.deepEqual(summaryOf(entries, []), { waiting: 1, needsYou: 0, photosWaiting: 0 });
});

test('days since the last sync are whole days', () => {
  assert.equal(daysSince('2026-11-18T10:00:00Z', NOW), 2);
  assert.equal(daysSince(null, NOW), 0);
});
