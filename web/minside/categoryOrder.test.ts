import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Category } from '../shared/types.ts';
import { ordered } from './categoryOrder.ts';

const category = (code: string, name_nb: string): Category =>
  ({ code, name_nb, name_nn: null, name_en: null, icon: null, priority: 3, sla_hours: null });

test('usual faults first, the rest by name, «annet» last, rounds not at all', () => {
  const codes = ordered([
    category('other', 'Annet'), category('waste', 'Avfall'), category('inspection', 'Tilsyn'), category('heating', 'Varme'),
    category('outdoor', 'Åpent område'), category('plumbing', 'Avløp'),
  ], (each) => each.name_nb).map((each) => each.code);
  assert.deepEqual(codes, ['plumbing', 'heating', 'waste', 'outdoor', 'other']);
});
