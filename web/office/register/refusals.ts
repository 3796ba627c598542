/* Why the register refuses, in the words of who asked. The server says it to programs; the pattern's first group goes into the text. */
import type { TextKey, Texts } from '../../shared/i18n.ts';
import type { ApiError } from '../../shared/problem.ts';

export const REFUSALS: [RegExp, TextKey][] = [
  [/^place parent fits$/, 'reg.refused.parent'],
  [/^the storey is (\w+)$/, 'reg.refused.h_number'],
  [/^there is a dwelling (\w+) at this address already$/, 'reg.refused.dwelling_there'],
  [/^the building has this storey already$/, 'reg.refused.storey_there'],
  [/^must lie in the same building$/, 'reg.refused.other_building'],
  [/^«(.*)» is no number of a property/, 'reg.refused.number_form'],
  [/^numbers are taken$/, 'reg.refused.number_taken'],
  [/^property cadastral number is unique$/, 'reg.refused.number_taken'],
  [/^a municipality is renumbered by an administrator$/, 'reg.refused.municipality'],
  [/^there is no such template$/, 'reg.refused.template'],
  [/^at most 20 tokens/, 'reg.refused.tokens'],
  [/^this person sees more than you do$/, 'devices.refused.sees_more'],
  [/^this person does not work with a tablet$/, 'devices.refused.no_field'],
  [/^at most 20 open codes/, 'devices.refused.codes'],
  [/ in areas that are not yours$/, 'reg.refused.area'],
  [/^a change can hold from today or earlier/, 'reg.refused.day'],
  [/^changed since: /, 'reg.refused.changed'],
  [/^changed again since$/, 'reg.undo_refused'],
  [/^this change is undone already$/, 'reg.refused.undone'],
];

/** A refusal in words; null when it is none that people meet. */
export function refusalText(error: ApiError, t: Texts['t']): string | null {
  for (const [pattern, key] of REFUSALS) {
    const said = pattern.exec(error.problem.detail ?? '');
    if (said) return t(key, { number: said[1] ?? '' });
  }
  return null;
}
