import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filtersOf, isLate, pathOf, stateOf } from './filters.ts';

const of = (search: string): ReturnType<typeof filtersOf> => filtersOf(new URLSearchParams(search));

test('an empty address shows what is not ended', () => {
  assert.equal(stateOf(of('')), 'open');
  assert.equal(stateOf(of('view=tasks')), 'open');
  assert.equal(stateOf(of('state=done')), 'done');
});

test('a state of the other view, left in the address, filters nothing', () => {
  assert.equal(stateOf(of('view=tasks&state=closed')), 'open');
});

test('the address becomes the question to the server', () => {
  const session = { person_id: 'p1' };
  assert.equal(pathOf(of('state=new&category=water&mine=1&q=kran'), session), '/api/v1/cases?state=new&category=water&q=kran&mine=true');
  assert.equal(pathOf(of('view=tasks&state=all&mine=1&late=1'), session), '/api/v1/tasks?state=all&late=true&assignee=p1');
});

test('what is ended is never late', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  assert.equal(isLate({ state: 'new', deadline: '2026-03-10T11:00:00Z' }, now), true);
  assert.equal(isLate({ state: 'done', deadline: '2026-03-10T11:00:00Z' }, now), false);
  assert.equal(isLate({ state: 'new', deadline: null }, now), false);
});
