import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY, ROOT, type Tree, between, closed, keyStep, ledTo, missing, opened, rowsOf, typedTo, withBranch } from './tree.ts';
import type { PlaceItem, PlaceKind } from './types.ts';

const place = (id: string, kind: PlaceKind, children = 1): PlaceItem => ({ id, kind, name: id, label: id, children });
const branch = (...items: PlaceItem[]) => ({ items, next: null, state: 'ready' as const });

function town(): Tree {
  let tree = withBranch(EMPTY, ROOT, branch(place('Ålvik', 'municipality')));
  tree = withBranch(opened(tree, 'Ålvik'), 'Ålvik', branch(place('Aud', 'building'), place('Berg', 'building', 0), place('Bre', 'building')));
  return withBranch(opened(tree, 'Aud'), 'Aud', branch(place('H01', 'storey'), place('H02', 'storey')));
}

const words = (tree: Tree): string => rowsOf(tree).map((row) => `${row.level}${row.kind === 'place' ? row.id : row.kind}`).join(' ');

test('open places are followed by what lies in them, with their level, place and number', () => {
  assert.equal(words(town()), '1Ålvik 2Aud 3H01 3H02 2Berg 2Bre');
  const berg = rowsOf(town()).find((row) => row.id === 'Berg');
  assert.ok(berg?.kind === 'place');
  assert.deepEqual([berg.at, berg.of, berg.isOpen], [2, 3, null]);
});

test('closing hides what lies below and keeps it', () => {
  const tree = closed(town(), 'Aud');
  assert.equal(words(tree), '1Ålvik 2Aud 2Berg 2Bre');
  assert.equal(words(opened(tree, 'Aud')), words(town()));
});

test('of a branch with more to fetch the size is not told', () => {
  const tree = withBranch(town(), 'Ålvik', { items: [place('Aud', 'building')], next: 'x', state: 'ready' });
  assert.equal(words(tree), '1Ålvik 2Aud 3H01 3H02 2more');
  const aud = rowsOf(tree)[1];
  assert.ok(aud?.kind === 'place');
  assert.equal(aud.of, -1);
});

test('a link to place 20 000 of a municipality shows it without the pages before it', () => {
  const before = withBranch(EMPTY, ROOT, branch(place('Ålvik', 'municipality')));
  const first = withBranch(before, 'Ålvik', { items: [place('Aud', 'building')], next: 'x', state: 'ready' });
  const tree = ledTo(first, [{ id: 'Ålvik', kind: 'municipality', name: 'Ålvik' }, { id: 'Øvre', kind: 'building', name: 'Øvre' }], place('H0101', 'dwelling', 0));
  assert.equal(words(tree), '1Ålvik 2Aud 2Øvre 3H0101 2more');
  assert.deepEqual(missing(tree), ['Øvre']);
});

test('a link into a tree of which nothing is loaded opens the whole way', () => {
  const tree = ledTo(EMPTY, [{ id: 'Ålvik', kind: 'municipality', name: 'Ålvik' }], place('Aud', 'building'));
  assert.equal(words(tree), '1Ålvik 2Aud');
  assert.deepEqual(missing(tree), ['Ålvik']);
});

test('the keys walk, open and close as in any tree', () => {
  const rows = rowsOf(town());
  assert.deepEqual(keyStep(rows, 'Aud', 'ArrowDown'), { to: 'H01' });
  assert.deepEqual(keyStep(rows, 'Ålvik', 'ArrowUp'), { to: 'Ålvik' });
  assert.deepEqual(keyStep(rows, 'Bre', 'ArrowRight'), { open: 'Bre' });
  assert.deepEqual(keyStep(rows, 'Aud', 'ArrowRight'), { to: 'H01' });
  assert.deepEqual(keyStep(rows, 'Berg', 'ArrowRight'), {});
  assert.deepEqual(keyStep(rows, 'Aud', 'ArrowLeft'), { close: 'Aud' });
  assert.deepEqual(keyStep(rows, 'H02', 'ArrowLeft'), { to: 'Aud' });
  assert.deepEqual(keyStep(rows, 'H02', 'End'), { to: 'Bre' });
  assert.deepEqual(keyStep(rows, 'H02', 'Home'), { to: 'Ålvik' });
  assert.equal(keyStep(rows, 'H02', 'x'), null);
});

test('typing goes to the next name that begins so, round the end', () => {
  const rows = rowsOf(town());
  assert.equal(typedTo(rows, 'Aud', 'b'), 'Berg');
  assert.equal(typedTo(rows, 'Berg', 'b'), 'Bre');
  assert.equal(typedTo(rows, 'Bre', 'b'), 'Berg');
  assert.equal(typedTo(rows, 'Berg', 'bre'), 'Bre');
  assert.equal(typedTo(rows, 'Bre', 'å'), 'Ålvik');
  assert.equal(typedTo(rows, 'Bre', 'q'), null);
});

test('a selection with Shift goes both ways', () => {
  const rows = rowsOf(town());
  assert.deepEqual(between(rows, 'Berg', 'H02'), ['H02', 'Berg']);
  assert.deepEqual(between(rows, 'H02', 'Berg'), ['H02', 'Berg']);
});

test('a whole branch is put as people count', () => {
  const tree = withBranch(EMPTY, ROOT, branch(place('121/11', 'property', 0), place('121/2', 'property', 0)));
  assert.equal(words(tree), '1121/2 1121/11');
});
