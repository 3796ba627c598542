import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf } from './live.ts';

test('reads the changes of an event and drops what is none', () => {
  assert.deepEqual(changesOf('{"items":[{"t":"task","id":"a"},{"t":1},null]}'), [{ t: 'task', id: 'a' }]);
  assert.deepEqual(changesOf('[]'), []);
});
