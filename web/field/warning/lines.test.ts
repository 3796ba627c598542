import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warningOf } from './lines.ts';

const at = (warning: string | null, warning_kinds: string | null = null) => ({ d: { warning, warning_kinds } });

test('a building\'s warning is told once in its dwelling, after the dwelling\'s own', () => {
  const found = warningOf([at(null), at('Asbest i taket', 'asbestos'), at('Stor hund\nAsbest i taket', 'asbestos,dog')]);
  assert.deepEqual(found?.lines, ['Stor hund', 'Asbest i taket']);
  assert.deepEqual(found?.kinds, ['asbestos', 'dog']);
});

test('where there is nothing to warn of, nobody is stopped', () => {
  assert.equal(warningOf([at(null), at(''), at(' \n ')]), null);
  assert.equal(warningOf([]), null);
});

test('new words make it another version, the same words in another order do not', () => {
  const version = (text: string): string | undefined => warningOf([at(text)])?.version;
  assert.equal(version('a\nb'), version('b\na'));
  assert.notEqual(version('a'), version('a\nb'));
});

test('a kind that this tablet does not know yet does not hide the words', () => {
  assert.deepEqual(warningOf([at('Radon', 'radon,other')]), { kinds: ['other'], lines: ['Radon'], version: 'Radon' });
});
