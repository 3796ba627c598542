import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patched } from './useQuery.ts';

test('a patch keeps what it does not name and takes away what is null', () => {
  assert.equal(patched('?state=new&q=lys', { q: null, area: '2' }), '?state=new&area=2');
  assert.equal(patched('?q=lys', { q: '' }), '');
});
