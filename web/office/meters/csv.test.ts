import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from './csv.ts';
import { numberIn } from './numbers.ts';

test('a spreadsheet with Norwegian settings opens the table with its numbers whole', () => {
  const text = csvOf(
    [{ start: '2026-01-01', used: 1234.5, per_day: 39.823, covered: 1, degree_days: null, normal_degree_days: null, corrected: null }],
    ['Måned', 'Forbruk «kWh"', 'a', 'b', 'c', 'd'],
  );
  assert.equal(text, '\ufeff"Måned";"Forbruk «kWh""";"a";"b";"c";"d"\r\n2026-01-01;1234,5;39,823;;;1\r\n');
});

test('a number is read as people write it, and nothing else is taken for one', () => {
  assert.equal(numberIn('12 345,5'), 12345.5);
  assert.equal(numberIn('12\u00a0345'), 12345);
  assert.equal(numberIn('\u22123,5'), -3.5);
  assert.equal(numberIn('  '), null);
  for (const text of ['12a', '1,2,3', ',', '1e5', 'tolv']) assert.equal(numberIn(text), undefined, text);
});
