import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, languageOf, nameIn } from './i18n.ts';

test('fills names and leaves unknown ones visible', () => {
  assert.equal(fill('Sak {number} er {what}', { number: '2026-000123' }), 'Sak 2026-000123 er {what}');
});

test('picks the language the browser asks for', () => {
  assert.equal(languageOf(['nn-NO', 'nb']), 'nn');
  assert.equal(languageOf(['no']), 'nb');
  assert.equal(languageOf(['sv-SE', 'en']), 'nb');
  assert.equal(languageOf(['pl', 'de']), 'en');
  assert.equal(languageOf([]), 'nb');
});

test('falls back to bokmål where a row has no name in the language', () => {
  assert.equal(nameIn({ name_nb: 'Lås', name_nn: null, name_en: 'Lock' }, 'nn'), 'Lås');
  assert.equal(nameIn({ name_nb: 'Lås', name_nn: null, name_en: 'Lock' }, 'en'), 'Lock');
});
