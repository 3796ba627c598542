/* The facts of each kind of place (REG-2) as fields to edit. */
import type { TextKey, Texts } from '../../shared/i18n.ts';
import type { Value, Values } from '../edits.ts';
import type { FieldDefinition, FieldOption } from '../fields.ts';
import type { Code, PlaceKind, PlaceRow } from './types.ts';

export const STATUSES = ['RA', 'IG', 'MB', 'FA', 'TB', 'MT', 'MF', 'GR', 'IP', 'BR', 'BA', 'BF', 'BU'] as const;
export const DWELLING_KINDS = ['B', 'I', 'F', 'A', 'U'] as const;
export const PLANES = ['K', 'U', 'H', 'L'] as const;
const ENERGY = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];

/** What the Norwegian register of buildings and the demonstration write; anything may be written. */
const HEATING = ['Elektrisk', 'Fjernvarme', 'Varmepumpe luft-luft', 'Varmepumpe luft-vann', 'Varmepumpe sjøvann', 'Bergvarme', 'Bioenergi', 'Gass', 'Ved'];

export interface Lists {
  buildingTypes: Code<number>[];
  /** Names of places, for what others have written in free fields. */
  uses: string[];
}

type T = Texts['t'];

function yesNo(t: T): FieldOption[] {
  return [{ value: true, label: t('reg.yes') }, { value: false, label: t('reg.no') }];
}

function buildingFields(t: T, lists: Lists): FieldDefinition[] {
  const kind = t('reg.group_kind');
  const size = t('reg.group_size');
  const energy = t('reg.group_energy');
  const owner = t('reg.group_owner');
  const none = t('reg.not_given');
  return [
    { name: 'bygningsnummer', label: t('reg.field.bygningsnummer'), kind: 'number', canBeEmpty: true, group: kind },
    { name: 'type_code', label: t('reg.field.type_code'), kind: 'search', none, group: kind, options: lists.buildingTypes.map((type) => ({ value: type.code, label: `${type.code} ${type.name}` })) },
    { name: 'status', label: t('reg.field.status'), kind: 'select', none, group: kind, options: STATUSES.map((code) => ({ value: code, label: t(`reg.status.${code}`) })) },
    { name: 'built_year', label: t('reg.field.built_year'), kind: 'number', canBeEmpty: true, group: kind },
    { name: 'storeys', label: t('reg.field.storeys'), kind: 'number', canBeEmpty: true, group: size },
    { name: 'bta_m2', label: t('reg.field.bta_m2'), kind: 'number', unit: 'm²', canBeEmpty: true, group: size },
    { name: 'bra_m2', label: t('reg.field.bra_m2'), kind: 'number', unit: 'm²', canBeEmpty: true, group: size },
    { name: 'heating', label: t('reg.field.heating'), kind: 'text', canBeEmpty: true, suggestions: HEATING, max: 100, group: energy },
    { name: 'energy_grade', label: t('reg.field.energy_grade'), kind: 'select', none, group: energy, options: ENERGY.map((grade) => ({ value: grade, label: grade })) },
    { name: 'is_protected', label: t('reg.field.is_protected'), kind: 'select', options: yesNo(t), group: owner },
    { name: 'ownership', label: t('reg.field.ownership'), kind: 'text', canBeEmpty: true, max: 200, group: owner },
    { name: 'use', label: t('reg.field.use'), kind: 'text', canBeEmpty: true, max: 200, suggestions: lists.uses, group: owner },
    { name: 'responsible_unit', label: t('reg.field.responsible_unit'), kind: 'text', canBeEmpty: true, max: 200, group: owner },
  ];
}

function ownFields(kind: PlaceKind, t: T, lists: Lists): FieldDefinition[] {
  const whole = (name: 'gnr' | 'bnr' | 'fnr' | 'snr'): FieldDefinition => ({ name, label: t(`reg.field.${name}`), kind: 'number' });
  switch (kind) {
    case 'building':
      return buildingFields(t, lists);
    case 'property':
      return [{ name: 'municipality_no', label: t('reg.field.municipality_no'), kind: 'text', max: 4 }, whole('gnr'), whole('bnr'), whole('fnr'), whole('snr')];
    case 'storey':
      return [
        { name: 'plane', label: t('reg.field.plane'), kind: 'select', options: PLANES.map((code) => ({ value: code, label: t(`reg.plane.${code}`) })) },
        { name: 'number', label: t('reg.field.number'), kind: 'number' },
      ];
    case 'dwelling':
      return [
        { name: 'h_number', label: t('reg.field.h_number'), kind: 'text', canBeEmpty: true, max: 5, hint: t('reg.h_number_hint') },
        { name: 'dwelling_kind', label: t('reg.field.dwelling_kind'), kind: 'select', options: DWELLING_KINDS.map((code) => ({ value: code, label: t(`reg.dwelling.${code}`) })) },
        { name: 'rooms', label: t('reg.field.rooms'), kind: 'number', canBeEmpty: true },
        { name: 'area_m2', label: t('reg.field.area_m2'), kind: 'number', unit: 'm²', canBeEmpty: true },
      ];
    case 'room':
    case 'outdoor_area':
      return [{ name: 'area_m2', label: t('reg.field.area_m2'), kind: 'number', unit: 'm²', canBeEmpty: true }];
    case 'municipality':
      return [];
  }
}

const OWN_COLUMNS = ['is_public', 'is_bookable', 'is_universal'] as const;

/** What can be edited, with its values: fields the server does not tell of are left out. */
export function valuesOf(place: PlaceRow): Values {
  const values: Values = { name: place.name };
  for (const name of OWN_COLUMNS) if (place[name] !== undefined) values[name] = place[name];
  if (place.area_m2 !== undefined && (place.kind === 'room' || place.kind === 'outdoor_area')) values['area_m2'] = place.area_m2;
  return { ...values, ...place.details };
}

export function fieldsOf(place: PlaceRow, t: T, lists: Lists): FieldDefinition[] {
  const own = ownFields(place.kind, t, lists);
  const values = valuesOf(place);
  const isBuilding = place.kind === 'building';
  const access = isBuilding ? { group: t('reg.group_owner') } : {};
  const shared: FieldDefinition[] = [
    { name: 'name', label: t('reg.field.name'), kind: 'text', max: 200, ...(isBuilding && { group: t('reg.group_kind') }) },
    ...own,
    { name: 'is_universal', label: t('reg.field.is_universal'), kind: 'select', options: yesNo(t), none: t('reg.not_given'), ...access },
    { name: 'is_bookable', label: t('reg.field.is_bookable'), kind: 'select', options: yesNo(t), ...access },
    { name: 'is_public', label: t('reg.field.is_public'), kind: 'select', options: yesNo(t), ...access },
  ];
  return shared.filter((field) => field.name in values);
}

/** A code in words where the register has words for it. */
export function codeText(field: string, value: Value, t: T): string | null {
  const known: Record<string, readonly string[]> = { status: STATUSES, dwelling_kind: DWELLING_KINDS, plane: PLANES };
  const stem: Record<string, string> = { status: 'reg.status', dwelling_kind: 'reg.dwelling', plane: 'reg.plane' };
  if (typeof value !== 'string' || !known[field]?.includes(value)) return null;
  return t(`${stem[field]}.${value}` as TextKey);
}
