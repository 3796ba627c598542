import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from '../sync/view.ts';
import { faultsOf, gradeChange, gradeOf } from './grade.ts';

const NOW = new Date('2026-11-27T09:00:00Z');
const component: Row = { t: 'component', id: 'c', v: 1, d: { name: 'Vindu', condition_grade: 'TG1' }, isPending: false };
const none = { grade: null, consequence: '', cause: '', measure: '', due_year: '' };

test('a bad grade wants its reason, and so does what could not be seen; a good one does not', () => {
  assert.deepEqual(faultsOf(none), ['no_grade']);
  assert.deepEqual(faultsOf({ ...none, grade: 'TG1' }), []);
  for (const grade of ['TG2', 'TG3', 'TGIU'] as const) assert.deepEqual(faultsOf({ ...none, grade, cause: ' ' }), ['no_cause']);
  assert.deepEqual(faultsOf({ ...none, grade: 'TG3', cause: 'Råte' }), []);
});

test('a year is a year or nothing', () => {
  assert.deepEqual(faultsOf({ ...none, grade: 'TG0', due_year: '27' }), ['no_year']);
  assert.deepEqual(faultsOf({ ...none, grade: 'TG0', due_year: '2027' }), []);
});

test('it is a fact of the component, with numbers as numbers and nothing for what was not said', () => {
  const { op, set } = gradeChange(component, { grade: 'TG2', consequence: '0', cause: ' Råte ', measure: '', due_year: '2027' }, NOW);
  assert.equal(op, 'condition.set@1');
  assert.deepEqual(set, { component_id: 'c', grade: 'TG2', consequence: 0, cause: 'Råte', measure: null, due_year: 2027, noted_at: NOW.toISOString() });
});

test('the grade shown is the newest one written here until the server tells its own', () => {
  const wrote = (grade: string, noted_at: string): Row => ({ t: 'condition', id: grade, v: 0, d: { grade, noted_at }, isPending: true });
  assert.deepEqual(gradeOf(component, []), { grade: 'TG1', isPending: false });
  assert.deepEqual(gradeOf(component, [wrote('TG2', '2026-11-27T08:00:00Z'), wrote('TG3', '2026-11-27T07:00:00Z')]), { grade: 'TG2', isPending: true });
});
