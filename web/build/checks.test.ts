import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf as i18nFaults } from './check_i18n.ts';
import { faultsOf as styleFaults } from './check_style.ts';

test('a text that a language lacks is a fault', () => {
  assert.deepEqual(i18nFaults('nn', { a: 'x' }, { a: 'x', b: 'y' }), ['nn: b is missing']);
});

test('other names than bokmål, an empty text and a wrong order are faults', () => {
  assert.equal(i18nFaults('en', { a: 'x {n}' }, { a: 'x {m}' }).length, 1);
  assert.equal(i18nFaults('en', { a: ' ' }, { a: '' }).length, 1);
  assert.equal(i18nFaults('en', { b: 'x', a: 'x' }, { a: 'x', b: 'x' }).length, 1);
});

test('the style check sees what the style forbids', () => {
  assert.deepEqual(styleFaults('export const a = 1;\n'), []);
  assert.deepEqual(styleFaults('export default 1;\n'), ['default export']);
  assert.deepEqual(styleFaults('const a: any = 1;\n'), ['any']);
  assert.deepEqual(styleFaults('<p style={x}>\n'), ['inline style']);
});
