import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fields } from '../sync/types.ts';
import type { Row } from '../sync/view.ts';
import { counting, doubtsOf, readingChange, readingValue, stepOf } from './meters.ts';

const NOW = new Date('2026-11-27T09:00:00Z');

function reading(at: string, value: string, d: Fields = {}): Row {
  return { t: 'meter_reading', id: at, v: 1, d: { at: `${at}T09:00:00Z`, value, state: 'ok', ...d }, isPending: false };
}

/** 10 a day. */
const steady = [reading('2026-08-19', '0'), reading('2026-11-07', '800'), reading('2026-10-28', '700'), reading('2026-10-08', '500')];

test('a reading is written as people write it and keeps its decimals', () => {
  assert.equal(readingValue(' 12 345,60 '), '12345.60');
  assert.equal(readingValue('0'), '0');
  for (const none of ['', '-1', '1,2,3', 'tolv', '1 000 000 000 001']) assert.equal(readingValue(none), null, none);
});

test('the newest that counts is the last: not one that the office doubts, and one made here does', () => {
  const made = { ...reading('2026-11-27', '900'), v: 0, isPending: true, d: { at: '2026-11-27T08:00:00Z', value: '900' } };
  const doubted = reading('2026-11-20', '1', { state: 'flagged' });
  assert.deepEqual(counting([...steady, doubted, made]).map(({ d }) => d.value), ['900', '800', '700', '500', '0']);
});

test('lower than the last is asked about, and so is a jump; what is usual is not', () => {
  assert.deepEqual(doubtsOf({}, steady, 799, NOW), ['lower']);
  assert.deepEqual(doubtsOf({}, steady, 1000, NOW), []);
  assert.deepEqual(doubtsOf({}, steady, 1400, NOW), [], 'three times the usual is still no jump');
  assert.deepEqual(doubtsOf({}, steady, 1401, NOW), ['jump']);
});

test('a first reading, and a second one, have nothing to be odd against', () => {
  assert.deepEqual(doubtsOf({}, [], 1_000_000, NOW), []);
  assert.deepEqual(doubtsOf({}, [reading('2026-11-01', '5')], 1_000_000, NOW), []);
});

test('a counter that begins again is said as such; a value with more digits than it has is asked about', () => {
  assert.equal(stepOf(99_990, 10, 5), 20);
  assert.equal(stepOf(50_000, 10, 5), -49_990);
  assert.deepEqual(doubtsOf({ digits: 5 }, [reading('2026-11-20', '99990')], 10, NOW), ['rollover']);
  assert.deepEqual(doubtsOf({ digits: 3 }, [], 1000, NOW), ['digits']);
});

test('two readings within the hour are not measured against each other', () => {
  const now = reading('2026-11-27', '1000');
  assert.deepEqual(doubtsOf({}, [...steady, now], 1001, new Date('2026-11-27T09:30:00Z')), []);
});

test('it is a fact of its meter, with the note when there is one', () => {
  const { op, t, isNew, set } = readingChange('m', '12.5', '  ', 'Vann V-1', NOW);
  assert.deepEqual([op, t, isNew, set], ['reading.add@1', 'meter_reading', true, { meter_id: 'm', value: '12.5', at: NOW.toISOString(), note: null }]);
});
