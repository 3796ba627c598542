import assert from 'node:assert/strict';
import { test } from 'node:test';
import { baseOf, conflictsOf, keepMine, patchOf, shown, takeTheirs, withEdit } from './edits.ts';

const row = { owner: null, priority: 3, state: 'new' };

test('an edit lies over the row and is what is saved', () => {
  const edits = withEdit({}, row, 'priority', 1);
  assert.equal(shown(edits, row, 'priority'), 1);
  assert.equal(shown(edits, row, 'state'), 'new');
  assert.deepEqual(patchOf(edits, row), { priority: 1 });
});

test('a value can be edited away', () => {
  const owned = { ...row, owner: 'kari' };
  const edits = withEdit({}, owned, 'owner', null);
  assert.equal(shown(edits, owned, 'owner'), null);
  assert.deepEqual(patchOf(edits, owned), { owner: null });
});

test('editing back is no edit', () => {
  assert.deepEqual(withEdit(withEdit({}, row, 'priority', 1), row, 'priority', 3), {});
});

test('a change by others in another field is no conflict', () => {
  const edits = withEdit({}, row, 'priority', 1);
  assert.deepEqual(conflictsOf(edits, { ...row, owner: 'kari' }), []);
});

test('a change by others in the same field is one, until a person settles it', () => {
  const theirs = { ...row, priority: 2 };
  const edits = withEdit({}, row, 'priority', 1);
  assert.deepEqual(conflictsOf(edits, theirs), ['priority']);
  assert.deepEqual(conflictsOf(keepMine(edits, theirs, 'priority'), theirs), []);
  assert.deepEqual(patchOf(keepMine(edits, theirs, 'priority'), theirs), { priority: 1 });
  assert.deepEqual(takeTheirs(edits, 'priority'), {});
});

test('typing on after a change by others keeps the conflict in sight', () => {
  const theirs = { ...row, priority: 2 };
  const edits = withEdit(withEdit({}, row, 'priority', 1), theirs, 'priority', 4);
  assert.deepEqual(conflictsOf(edits, theirs), ['priority']);
});

test('both wrote the same: nothing to settle, nothing to save', () => {
  const theirs = { ...row, priority: 1 };
  const edits = withEdit({}, row, 'priority', 1);
  assert.deepEqual(conflictsOf(edits, theirs), []);
  assert.deepEqual(patchOf(edits, theirs), {});
});

test('what the fields were edited from goes along, of those that are saved', () => {
  const edits = withEdit(withEdit({}, row, 'priority', 1), row, 'state', 'done');
  const patch = patchOf(edits, { ...row, state: 'done' });
  assert.deepEqual(patch, { priority: 1 });
  assert.deepEqual(baseOf(edits, patch), { priority: 3 });
});
