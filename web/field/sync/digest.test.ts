import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { addTo, emptySum, hexOf, rowDigest, slotOf, told } from './digest.ts';

type Vector = { t: string; id: string; d: string; h: string };
const vectors = JSON.parse(
  readFileSync(new URL('../../../tests/data/digests.json', import.meta.url), 'utf8'),
) as Vector[];

test('a row hashes as the server hashes it', () => {
  assert.ok(vectors.length > 5);
  for (const { t, id, d, h } of vectors)
    assert.equal(hexOf(rowDigest(t, id, JSON.parse(d) as Record<string, unknown>)), h, d);
});

test('the order of keys and of rows is of no matter, and a field that is not there is none', () => {
  const one = rowDigest('task', 'a', { b: 1, a: [2] });
  const other = rowDigest('task', 'b', {});
  assert.deepEqual(rowDigest('task', 'a', { a: [2], c: undefined, b: 1 }), one);

  const [x, y] = [emptySum(), emptySum()];
  for (const row of [one, other]) addTo(x, row);
  for (const row of [other, one]) addTo(y, row);
  assert.deepEqual(x, y);
  assert.equal(told(x)[0], 2);
});

test('a row’s slot is the last byte of its id', () => {
  assert.equal(slotOf('0192f3c4-0000-7000-8000-0000000000ff'), 'ff');
});
