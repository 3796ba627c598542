import type { Value } from './edits.ts';
import { type Xy, pointText } from './points.ts';

export interface FieldOption {
  value: Value;
  label: string;
}

/** A field that can be edited in place. */
export interface FieldDefinition {
  name: string;
  label: string;
  /** `search` is a select too long to look through; `money` is kept in øre and written in kroner; `point` is as points.ts says. */
  kind: 'select' | 'search' | 'date' | 'time' | 'text' | 'long' | 'number' | 'money' | 'point';
  options?: FieldOption[];
  /** The empty choice of a select; without it the field cannot be emptied. */
  none?: string;
  /** A date, time, text or number that may be taken away. */
  canBeEmpty?: boolean;
  /** What others have written here, to choose from. */
  suggestions?: string[];
  /** Behind a number. */
  unit?: string;
  /** Where the map of a point opens when there is none. */
  near?: Xy | null;
  max?: number;
  /** Under the input. */
  hint?: string;
  /** Fields of a group stand together under its name. */
  group?: string;
  /** From what the input holds to what the API takes. */
  toApi?(value: Value): unknown;
}

/** A field's value in words, for cards and lists. */
export function textOfValue(field: FieldDefinition, value: Value, none: string): string {
  if (value === null || value === '') return field.none ?? none;
  const option = field.options?.find((each) => each.value === value);
  if (option) return option.label;
  if (field.kind === 'money') return `${String(Number(value) / 100).replace('.', ',')} kr`;
  if (field.kind === 'number') return `${String(value).replace('.', ',')}${field.unit ? ` ${field.unit}` : ''}`;
  if (field.kind === 'point') return pointText(value);
  return field.kind === 'time' ? String(value).replace('T', ' ') : String(value);
}
