import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, problemOf } from './problem.ts';

test('puts each fault at its field', () => {
  const error = new ApiError(problemOf(422, {
    type: 'https://fdvu/problem/invalid', title: 'Ugyldig',
    errors: [
      { pointer: '/description', detail: 'mangler' },
      { pointer: '/photos/2', detail: 'er ukjent' },
      { pointer: '/photos/3', detail: 'er for stor' },
      { pointer: '', detail: 'er ikke et objekt' },
    ],
  }));
  assert.deepEqual(error.fields, { description: 'mangler', photos: 'er ukjent er for stor', '': 'er ikke et objekt' });
});

test('unescapes a JSON pointer', () => {
  const error = new ApiError({ type: 'x', title: 'x', status: 422, errors: [{ pointer: '#/a~1b~0c', detail: 'x' }] });
  assert.deepEqual(Object.keys(error.fields), ['a/b~c']);
});

test('a proxy page is a problem too', () => {
  assert.deepEqual(problemOf(502, undefined), { type: 'about:blank', title: 'HTTP 502', status: 502 });
});

test('faults of another shape are left out, the rest is kept', () => {
  const problem = problemOf(409, { title: 'Endret', errors: [1, { pointer: 3 }], theirs: { row_v: 4 } });
  assert.deepEqual(problem.errors, []);
  assert.deepEqual(problem['theirs'], { row_v: 4 });
});
