/* The facts of a component (REG-3) as fields to edit. */
import type { Texts } from '../../shared/i18n.ts';
import type { Values } from '../edits.ts';
import type { FieldDefinition } from '../fields.ts';
import { geoJsonOf, pointValue } from '../points.ts';
import type { Code, ComponentRow } from './types.ts';

export const COMPONENT_FIELDS = [
  'name', 'element', 'tag', 'maker', 'model', 'serial', 'installed_on', 'service_life_years', 'warranty_until',
  'quantity', 'unit', 'replacement_cost_ore', 'note',
] as const;

/** Those of a list, a form or a bulk change; a single component's page has its position besides. */
export function componentFields(t: Texts['t'], elements: Code<string>[], tagHint?: string | null): FieldDefinition[] {
  const what = t('reg.group_what');
  const life = t('reg.group_life');
  const size = t('reg.group_amount');
  const none = t('reg.not_given');
  return [
    { name: 'name', label: t('reg.field.name'), kind: 'text', max: 200, group: what },
    { name: 'element', label: t('reg.field.element'), kind: 'search', none, group: what, options: elements.map((each) => ({ value: each.code, label: `${each.code} ${each.name}` })) },
    { name: 'tag', label: t('reg.field.tag'), kind: 'text', canBeEmpty: true, max: 100, group: what, ...(tagHint && { hint: tagHint }) },
    { name: 'maker', label: t('reg.field.maker'), kind: 'text', canBeEmpty: true, max: 200, group: what },
    { name: 'model', label: t('reg.field.model'), kind: 'text', canBeEmpty: true, max: 200, group: what },
    { name: 'serial', label: t('reg.field.serial'), kind: 'text', canBeEmpty: true, max: 200, group: what },
    { name: 'installed_on', label: t('reg.field.installed_on'), kind: 'date', canBeEmpty: true, group: life },
    { name: 'service_life_years', label: t('reg.field.service_life_years'), kind: 'number', unit: t('reg.years'), canBeEmpty: true, group: life },
    { name: 'warranty_until', label: t('reg.field.warranty_until'), kind: 'date', canBeEmpty: true, group: life },
    { name: 'quantity', label: t('reg.field.quantity'), kind: 'number', canBeEmpty: true, group: size },
    { name: 'unit', label: t('reg.field.unit'), kind: 'text', canBeEmpty: true, max: 20, suggestions: ['stk', 'm', 'm²', 'm³'], group: size },
    { name: 'replacement_cost_ore', label: t('reg.field.replacement_cost_ore'), kind: 'money', canBeEmpty: true, group: size },
    { name: 'note', label: t('reg.field.note'), kind: 'long', canBeEmpty: true, max: 4000, group: size },
  ];
}

export function positionField(t: Texts['t'], component: ComponentRow): FieldDefinition {
  const { x, y } = component;
  return {
    name: 'geometry', label: t('reg.field.geometry'), kind: 'point', none: t('reg.position_none'), group: t('reg.group_where'),
    near: x === null || y === null ? null : [x, y], toApi: geoJsonOf,
  };
}

/** What the server does not tell of is left out, and so is its field. */
export function componentValues(component: ComponentRow): Values {
  const told = COMPONENT_FIELDS.filter((name) => component[name] !== undefined).map((name) => [name, component[name] ?? null]);
  const { geometry } = component;
  return { ...Object.fromEntries(told), ...(geometry !== undefined && { geometry: geometry && pointValue(geometry.coordinates) }) };
}

const TAG_HINTS = [
  'tfm_unknown', 'tfm_system_missing', 'tfm_system_form', 'tfm_location_missing', 'tfm_location_form', 'tfm_component_missing',
  'tfm_component_form', 'tfm_type_form', 'tfm_small_letters', 'tfm_element',
] as const;

/** What is odd about a TFM tag, in words. It stops nobody: the plate on the wall is right. */
export function tagHint(hint: string | null | undefined, t: Texts['t']): string | null {
  const known = TAG_HINTS.find((each) => each === hint);
  return known ? t(`reg.${known}`) : null;
}
