/* A change of the register in words: which field, from what to what. Column names and codes never reach the screen. */
import { formatDate, formatFull, formatMoney, formatNumber } from '../../shared/format.ts';
import type { TextKey, Texts } from '../../shared/i18n.ts';
import { codeText } from './placeFields.ts';
import { type ChangeSet, type ChangedRow, type FieldChange, GRADES } from './types.ts';

/** Every column of the register that has a name of its own on the screen. */
export const NAMED_FIELDS = [
  'name', 'warning', 'is_public', 'parent_id', 'system_id', 'place_id', 'geometry', 'area_no', 'removed_at', 'code',
  'municipality_no', 'gnr', 'bnr', 'fnr', 'snr',
  'bygningsnummer', 'type_code', 'status', 'built_year', 'storeys', 'bta_m2', 'bra_m2', 'heating', 'energy_grade', 'is_protected',
  'ownership', 'use', 'responsible_unit',
  'plane', 'number', 'h_number', 'dwelling_kind', 'rooms', 'area_m2', 'address_id', 'is_universal', 'is_bookable', 'is_outside', 'merged_into',
  'element', 'tag', 'maker', 'model', 'serial', 'installed_on', 'service_life_years', 'quantity', 'unit', 'replacement_cost_ore',
  'warranty_until', 'condition_grade', 'note',
] as const;

/* What follows from something else is not a change to tell of. */
const UNTOLD = new Set(['id', 'site_id', 'label', 'point', 'row_v', 'changed', 'since', 'until']);

const OPS = ['create', 'change', 'delete', 'restore', 'move', 'split', 'merge', 'renumber', 'copy_storey', 'template', 'bulk', 'undo'] as const;

export interface CodeNames {
  buildingType(code: number): string | null;
  element(code: string): string | null;
}

function fieldKey(row: ChangedRow, field: string): string {
  if (row.tbl === 'component' && field === 'parent_id') return 'system_id';
  return field;
}

export function fieldText(row: ChangedRow, field: string, t: Texts['t']): string {
  const key = fieldKey(row, field);
  return (NAMED_FIELDS as readonly string[]).includes(key) ? t(`reg.field.${key}` as TextKey) : key.replaceAll('_', ' ');
}

/** The changes worth telling: not those that follow from others. */
export function toldFields(row: ChangedRow): FieldChange[] {
  return row.fields.filter((change) => !UNTOLD.has(change.field));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function valueText(row: ChangedRow, field: string, value: unknown, label: string | null | undefined, texts: Texts, names: CodeNames): string {
  const { t, language } = texts;
  const key = fieldKey(row, field);
  if (value === null || value === undefined || value === '') return t('office.nothing');
  if (label) return label;
  if (typeof value === 'boolean') return t(value ? 'reg.yes' : 'reg.no');
  if (key === 'geometry') return t('reg.on_the_map');
  if (key === 'replacement_cost_ore') return formatMoney(Number(value), language);
  if (key === 'type_code') return [value, names.buildingType(Number(value))].filter(Boolean).join(' ');
  if (key === 'element') return [value, names.element(String(value))].filter(Boolean).join(' ');
  if (key === 'condition_grade' && GRADES.some((grade) => grade === value)) return t(`reg.grade.${value as (typeof GRADES)[number]}`);
  if (key.endsWith('_m2')) return `${formatNumber(Number(value), language)} m²`;
  if (key === 'service_life_years') return `${value} ${t('reg.years')}`;
  if (key === 'quantity') return formatNumber(Number(value), language);
  const code = typeof value === 'string' ? codeText(key, value, t) : null;
  if (code) return code;
  if (typeof value === 'string' && DAY.test(value)) return formatDate(value, language);
  if (typeof value === 'string' && TIME.test(value)) return formatFull(value, language);
  if (typeof value === 'string' && UUID.test(value)) return t('reg.another');
  return typeof value === 'object' ? t('reg.on_the_map') : String(value);
}

/** What was done, as a headline. */
export function opText(change: ChangeSet, t: Texts['t']): string {
  const op = OPS.find((each) => each === change.op) ?? opOf(change.rows);
  return t(`reg.op.${op}`);
}

/* What nobody named: from what happened to the rows. */
function opOf(rows: ChangedRow[]): 'create' | 'change' | 'delete' {
  if (rows.length > 0 && rows.every((row) => /^(i|insert|create)/i.test(row.op))) return 'create';
  if (rows.length > 0 && rows.every((row) => /^(d|delete|remove)/i.test(row.op))) return 'delete';
  return 'change';
}
