import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NONE, selectionOf, toggled } from './selection.ts';

test('a selection that the map has kept is read; what is none is none', () => {
  assert.deepEqual(selectionOf('{"tbl":"place","ids":["a","b","a"]}'), { tbl: 'place', ids: ['a', 'b'] });
  for (const text of ['', '{', 'null', '{"tbl":"person","ids":["a"]}', '{"tbl":"place","ids":"a"}']) assert.deepEqual(selectionOf(text), NONE);
  assert.deepEqual(selectionOf('{"tbl":"place","ids":[1,"b"]}').ids, ['b']);
});

test('marking adds once, unmarking takes away, and another table begins anew', () => {
  const two = toggled(toggled(NONE, 'component', ['a'], true), 'component', ['a', 'b'], true);
  assert.deepEqual(two.ids, ['a', 'b']);
  assert.deepEqual(toggled(two, 'component', ['a'], false).ids, ['b']);
  assert.deepEqual(toggled(two, 'place', ['x'], true), { tbl: 'place', ids: ['x'] });
});
