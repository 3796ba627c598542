import type { Texts } from '../../../shared/i18n.ts';
import type { FieldDefinition } from '../../fields.ts';
import { componentFields } from '../componentFields.ts';
import { type Lists, fieldsOf } from '../placeFields.ts';
import type { BulkTable, Code, PlaceRow } from '../types.ts';

/* What is one row's own is not for many at once. */
const OWN_OF_A_COMPONENT = new Set(['tag', 'serial']);
const OF_PLACES = ['type_code', 'status', 'built_year', 'heating', 'energy_grade', 'is_protected', 'ownership', 'use', 'responsible_unit', 'dwelling_kind', 'rooms', 'area_m2', 'is_universal', 'is_bookable', 'is_public'];

const BLANK: PlaceRow = {
  id: '', name: '', kind: 'building', label: '', parent_id: null, site_id: '', area_no: null, warning: null, row_v: 0, x: null, y: null, children: 0, path: [],
  is_public: false, is_bookable: false, is_universal: null,
};

/** The fields that may be set on many rows of a table at once. */
export function bulkFields(tbl: BulkTable, t: Texts['t'], elements: Code<string>[], buildingTypes: Code<number>[]): FieldDefinition[] {
  if (tbl === 'component')
    return componentFields(t, elements).filter((field) => !OWN_OF_A_COMPONENT.has(field.name)).map(({ group: _, ...field }) => field);
  const lists: Lists = { buildingTypes, uses: [] };
  const details = Object.fromEntries(OF_PLACES.map((name) => [name, null]));
  const all = [...fieldsOf({ ...BLANK, details }, t, lists), ...fieldsOf({ ...BLANK, kind: 'dwelling', details }, t, lists)];
  return OF_PLACES.flatMap((name) => all.find((field) => field.name === name) ?? []).map(({ group: _, ...field }) => field);
}
