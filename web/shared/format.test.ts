import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDate, formatDay, formatFull, formatMoney, formatSize, formatTime, fromInputTime, toInputTime } from './format.ts';

const now = new Date('2026-03-10T08:00:00Z');

test('says yesterday and the clock in the local zone', () => {
  assert.equal(formatTime('2026-03-09T13:10:00Z', 'nb', now), 'i går 14.10');
  assert.equal(formatTime('2026-03-09T13:10:00Z', 'en', now), 'yesterday 14:10');
  assert.equal(formatTime('2026-03-10T07:05:00Z', 'nn', now), 'i dag 08.05');
});

test('a time just before midnight UTC is the next day in Norway', () => {
  assert.equal(formatTime('2026-03-09T23:30:00Z', 'nb', now), 'i dag 00.30');
});

test('names the day, and the year only when it is another', () => {
  assert.equal(formatDay('2026-03-03', 'nb', now), '3. mars');
  assert.equal(formatDay('2024-12-24', 'nb', now), '24. desember 2024');
  assert.equal(formatDay('2026-03-11', 'nn', now), 'i morgon');
});

test('counts days on the calendar over the change to summer time', () => {
  assert.equal(formatDay('2026-03-29', 'nb', new Date('2026-03-28T22:30:00Z')), 'i morgen');
  assert.equal(formatDay('2026-03-29', 'nb', new Date('2026-03-30T21:30:00Z')), 'i går');
});

test('the full date has weekday and year', () => {
  assert.match(formatFull('2026-03-09T13:10:00Z', 'nb'), /mandag 9\. mars 2026.*14:10/);
  assert.match(formatFull('2026-03-09', 'en'), /^Monday,? 9 March 2026$/);
});

test('writes money as people do', () => {
  assert.equal(formatMoney(125050, 'nb'), '1\u00a0250,50\u00a0kr');
  assert.equal(formatMoney(950000, 'nn'), '9\u00a0500\u00a0kr');
  assert.equal(formatMoney(5, 'nb'), '0,05\u00a0kr');
  assert.equal(formatMoney(-123456789, 'nb'), '\u22121\u00a0234\u00a0567,89\u00a0kr');
  assert.equal(formatMoney(125050, 'en'), 'NOK\u00a01,250.50');
});

test('writes sizes', () => {
  assert.equal(formatSize(999, 'nb'), '999 B');
  assert.equal(formatSize(412_300, 'nb'), '412 kB');
  assert.equal(formatSize(1_340_000, 'nb'), '1,3 MB');
});

test('a wall clock survives the way to the input and back, summer and winter', () => {
  for (const iso of ['2026-07-01T10:00:00.000Z', '2026-01-01T10:00:00.000Z'])
    assert.equal(fromInputTime(toInputTime(iso)), iso);
  assert.equal(toInputTime('2026-07-01T10:00:00Z'), '2026-07-01T12:00');
});

test('the seconds that some browsers write are kept, and those of the server are not shown', () => {
  assert.equal(fromInputTime('2026-07-01T12:00:30'), '2026-07-01T10:00:30.000Z');
  assert.equal(fromInputTime('2026-01-01T11:00:30.5'), '2026-01-01T10:00:30.500Z');
  assert.equal(toInputTime('2026-07-01T10:00:30.64087Z'), '2026-07-01T12:00');
});

test('an hour that does not exist becomes an instant all the same', () => {
  assert.equal(fromInputTime('2026-03-29T02:30'), '2026-03-29T01:30:00.000Z');
});

test('a date with its year, long and short, of the municipality\'s own zone', () => {
  assert.equal(formatDate('2019-01-01', 'nb'), '1. januar 2019');
  assert.equal(formatDate('2018-12-31T23:30:00Z', 'nb'), '1. januar 2019');
  assert.equal(formatDate('2019-01-01', 'nn', true), '01.01.2019');
  assert.equal(formatDate('2019-01-01', 'en', true), '01/01/2019');
});
