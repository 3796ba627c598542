import { fromInputTime } from '../shared/format.ts';

/** A change's body holds from the beginning of a day, when one was chosen; from now otherwise. */
export function validFromOf(day: string): { valid_from?: string } {
  return day ? { valid_from: fromInputTime(`${day}T00:00`) } : {};
}
