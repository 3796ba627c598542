import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberIn, textOfNumber } from './numbers.ts';

test('numbers are read as people write them', () => {
  assert.equal(numberIn('1 250,5'), 1250.5);
  assert.equal(numberIn('1250.5'), 1250.5);
  assert.equal(numberIn('−3'), -3);
  assert.equal(numberIn('12,'), 12);
  assert.equal(numberIn(' '), null);
  assert.equal(numberIn('tolv'), undefined);
  assert.equal(numberIn('1,2,3'), undefined);
});

test('and written back', () => {
  assert.equal(textOfNumber(1250.5), '1250,5');
  assert.equal(textOfNumber(null), '');
});
