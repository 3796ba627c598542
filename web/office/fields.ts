import type { Value } from './edits.ts';

/** A field that can be edited in place. */
export interface FieldDefinition {
  name: string;
  label: string;
  kind: 'select' | 'date' | 'time';
  options?: { value: Value; label: string }[];
  /** The empty choice of a select; without it the field cannot be emptied. */
  none?: string;
  /** A date or time that may be taken away. */
  canBeEmpty?: boolean;
  /** From what the input holds to what the API takes. */
  toApi?(value: Value): Value;
}
