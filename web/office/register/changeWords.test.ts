import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Dictionary, makeTexts } from '../../shared/i18n.ts';
import { NAMED_FIELDS, fieldText, opText, toldFields, valueText } from './changeWords.ts';
import type { ChangeSet, ChangedRow } from './types.ts';

const read = (language: string): Dictionary => JSON.parse(readFileSync(new URL(`../../shared/i18n/${language}.json`, import.meta.url), 'utf8')) as Dictionary;
const nb = makeTexts('nb', read('nb'));
const names = { buildingType: (code: number) => (code === 611 ? 'Barnehage' : null), element: () => 'Luftbehandling' };
const row = (tbl: string, ...fields: ChangedRow['fields']): ChangedRow => ({ tbl, id: '1', label: 'Skolen', op: 'U', fields });
const say = (tbl: string, field: string, value: unknown, label?: string): string => valueText(row(tbl), field, value, label, nb, names);

test('codes, money, areas and days are told as people say them', () => {
  assert.equal(say('building', 'type_code', 611), '611 Barnehage');
  assert.equal(say('building', 'status', 'TB'), 'Tatt i bruk');
  assert.equal(say('building', 'is_protected', true), 'Ja');
  assert.equal(say('building', 'bta_m2', 1250.5), '1\u00a0250,5 m²');
  assert.equal(say('component', 'replacement_cost_ore', 125050), '1\u00a0250,50\u00a0kr');
  assert.equal(say('component', 'installed_on', '2019-03-01'), '1. mars 2019');
  assert.equal(say('component', 'serial', null), 'ingen');
  assert.equal(say('place', 'parent_id', '0197b1c2-0000-7000-8000-000000000001', 'Storgata 1'), 'Storgata 1');
});

test("a component's parent is a system, a place's what it lies in", () => {
  assert.equal(fieldText(row('component'), 'parent_id', nb.t), 'Del av');
  assert.equal(fieldText(row('place'), 'parent_id', nb.t), 'Ligger i');
});

test('what follows from other changes is not told', () => {
  const moved = row('place', { field: 'parent_id', old: 'a', new: 'b' }, { field: 'site_id', old: 'a', new: 'b' }, { field: 'label', old: 'x', new: 'y' });
  assert.deepEqual(toldFields(moved).map((change) => change.field), ['parent_id']);
});

test('no column reaches the screen by its name, in any language', () => {
  for (const language of ['nb', 'nn', 'en'] as const) {
    const { t } = makeTexts(language, read(language));
    for (const field of NAMED_FIELDS) assert.doesNotMatch(fieldText(row('place'), field, t), /_|undefined/, field);
  }
});

test('what was done has a headline, named or not', () => {
  const change = (op: string | null, ...rows: ChangedRow[]): ChangeSet => ({ xid: '1', at: '', actor_name: null, op, note: null, valid_from: null, undone_by: null, rows });
  assert.equal(opText(change('split'), nb.t), 'Delt');
  assert.equal(opText(change(null, row('place')), nb.t), 'Endret');
  assert.equal(opText(change('noe_nytt', { ...row('place'), op: 'insert' }), nb.t), 'Opprettet');
});
