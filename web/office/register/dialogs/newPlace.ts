/* What a new place of each kind begins with. */
import type { Texts } from '../../../shared/i18n.ts';
import type { Values } from '../../edits.ts';
import type { PlaceKind, PlaceRow } from '../types.ts';

const FIELDS: Record<PlaceKind, string[]> = {
  municipality: [],
  property: ['municipality_no', 'gnr', 'bnr', 'fnr', 'snr'],
  building: ['type_code', 'bygningsnummer', 'built_year'],
  storey: ['plane', 'number'],
  dwelling: ['h_number', 'dwelling_kind', 'rooms', 'area_m2'],
  room: ['area_m2'],
  outdoor_area: ['area_m2'],
};

/** What is asked at once; the rest is written on the place's own page. */
export function newFieldNames(kind: PlaceKind): string[] {
  return FIELDS[kind];
}

export function newDetails(kind: PlaceKind, parent: PlaceRow): Values {
  const values: Values = Object.fromEntries(FIELDS[kind].map((name) => [name, null]));
  if (kind === 'property') return { ...values, municipality_no: textOf(parent.details?.['municipality_no']), fnr: 0, snr: 0 };
  if (kind === 'storey') return { ...values, plane: 'H', number: 1 };
  if (kind === 'dwelling') return { ...values, dwelling_kind: 'B' };
  return values;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export interface NewStorey {
  plane: 'H' | 'U';
  number: number;
}

/** The storeys of a building from the bottom: those below the ground from the deepest. */
export function storeysOf(above: number, below: number): NewStorey[] {
  return [
    ...Array.from({ length: below }, (_, i): NewStorey => ({ plane: 'U', number: below - i })),
    ...Array.from({ length: above }, (_, i): NewStorey => ({ plane: 'H', number: i + 1 })),
  ];
}

/** What a place is called when nobody names it: «2. etasje», «12/34», «H0101». */
export function nameOfNew(kind: PlaceKind, values: Values, t: Texts['t']): string {
  if (kind === 'storey' && values['number'] !== null && values['number'] !== undefined) {
    const plane = values['plane'];
    const number = Number(values['number']);
    if (plane === 'K') return t('reg.name.cellar', { n: number });
    if (plane === 'U') return t('reg.name.under', { n: number });
    if (plane === 'L') return t('reg.name.loft', { n: number });
    return t('reg.name.storey', { n: number });
  }
  if (kind === 'property' && values['gnr'] && values['bnr'] !== null && values['bnr'] !== undefined) {
    const last = values['snr'] ? `/${values['fnr'] ?? 0}/${values['snr']}` : values['fnr'] ? `/${values['fnr']}` : '';
    return `${values['gnr']}/${values['bnr']}${last}`;
  }
  if (kind === 'dwelling' && values['h_number']) return String(values['h_number']);
  return '';
}
