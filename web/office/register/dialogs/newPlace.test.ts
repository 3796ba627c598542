import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Dictionary, makeTexts } from '../../../shared/i18n.ts';
import { nameOfNew, storeysOf } from './newPlace.ts';

const { t } = makeTexts('nb', JSON.parse(readFileSync(new URL('../../../shared/i18n/nb.json', import.meta.url), 'utf8')) as Dictionary);

test('storeys are made from the deepest up', () => {
  assert.deepEqual(storeysOf(2, 2).map((storey) => `${storey.plane}${storey.number}`), ['U2', 'U1', 'H1', 'H2']);
  assert.deepEqual(storeysOf(0, 0), []);
});

test('what nobody names is called by its number', () => {
  assert.equal(nameOfNew('storey', { plane: 'H', number: 2 }, t), '2. etasje');
  assert.equal(nameOfNew('storey', { plane: 'U', number: 1 }, t), '1. underetasje');
  assert.equal(nameOfNew('property', { gnr: 12, bnr: 34, fnr: 0, snr: 0 }, t), '12/34');
  assert.equal(nameOfNew('property', { gnr: 12, bnr: 34, fnr: 0, snr: 5 }, t), '12/34/0/5');
  assert.equal(nameOfNew('dwelling', { h_number: 'H0101' }, t), 'H0101');
  assert.equal(nameOfNew('room', {}, t), '');
});
