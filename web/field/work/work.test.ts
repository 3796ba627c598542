import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../sync/types.ts';
import type { Row } from '../sync/view.ts';
import { inDay, materialChange, minutesOf, minutesSpent, namesUsed, quantityOf, timeChange } from './work.ts';

const NOW = new Date('2026-11-27T09:00:00Z');
const row = (d: Fields): Row => ({ t: 'x', id: 'x', v: 1, d, isPending: false });

test('time goes in quarters, from a quarter to a day', () => {
  assert.equal(minutesOf(''), 30);
  assert.equal(minutesOf('75'), 75);
  assert.deepEqual([inDay(0), inDay(-15), inDay(1455)], [15, 15, 1440]);
});

test('an amount has a comma or a point, and is more than nothing', () => {
  assert.deepEqual(['2,5', ' 1 000 ', '3.25'].map(quantityOf), ['2.5', '1000', '3.25']);
  for (const none of ['', '0', '-1', '0,00', 'to', '1e3']) assert.equal(quantityOf(none), null, none);
});

test('hours are mine, also those not sent yet, or the others’', () => {
  const entries = [row({ minutes: 30, person_id: 'me' }), row({ minutes: 15 }), row({ minutes: 45, person_id: 'you' })];
  assert.deepEqual(minutesSpent(entries, 'me'), { mine: 45, others: 45 });
});

test('what is used most is offered first, each once', () => {
  assert.deepEqual(namesUsed(['Rør', 'Filter', 'Filter', 'Bend'].map((name) => row({ name }))), ['Filter', 'Bend', 'Rør']);
});

test('both are facts of their task', () => {
  assert.deepEqual(timeChange('t', 'travel', 45, ' ', 'Bytt filter', NOW).set, { task_id: 't', kind: 'travel', minutes: 45, note: null, captured_at: NOW.toISOString() });
  assert.deepEqual(materialChange('t', ' Filter ', '2.5', 'm', 'Bytt filter', NOW).set, { task_id: 't', name: 'Filter', quantity: '2.5', unit: 'm', captured_at: NOW.toISOString() });
});
