import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from '../sync/view.ts';
import { commentChange, editChange } from './edit.ts';

const task: Row = { t: 'task', id: 't', v: 3, d: { title: 'Bytt filter', description: null, priority: 3, planned_on: '2026-11-27', state: 'open', case_id: 'c' }, isPending: false };

test('only what is another than it was is sent', () => {
  assert.deepEqual(editChange(task, { title: 'Bytt filter ', description: '', priority: '2', state: 'open' })?.set, { priority: 2 });
  assert.equal(editChange(task, { title: 'Bytt filter', planned_on: '2026-11-27' }), null);
});

test('an emptied day is no day; a new title is what the outbox calls it', () => {
  const change = editChange(task, { planned_on: '', title: 'Bytt begge' });
  assert.deepEqual([change?.set, change?.label, change?.op], [{ title: 'Bytt begge', planned_on: null }, 'Bytt begge', 'task.update@1']);
});

test('a remark goes to the case that the task came of', () => {
  const { op, set } = commentChange(task, ' Leier var ikke hjemme ');
  assert.deepEqual([op, set], ['comment.add@1', { case_id: 'c', text: 'Leier var ikke hjemme' }]);
});
