/* Which categories stand first: what goes wrong most in homes, so that most people need not look further. */
import type { Category } from '../shared/types.ts';

const FIRST = [
  'plumbing', 'water_leak', 'hot_water', 'heating', 'electricity', 'lighting', 'lock_key', 'door_window', 'kitchen', 'bathroom', 'ventilation',
];
const LAST = ['other'];
/* The municipality's own rounds: nobody reports one. */
const NEVER = ['inspection'];

export const SHOWN_FIRST = 11;

function rank(code: string): number {
  const first = FIRST.indexOf(code);
  if (first >= 0) return first;
  return LAST.includes(code) ? FIRST.length + 1 : FIRST.length;
}

/** Those that can be reported, the usual ones first, the rest by name, «other» last. */
export function ordered(categories: Category[], nameOf: (category: Category) => string): Category[] {
  return categories
    .filter((category) => !NEVER.includes(category.code))
    .sort((a, b) => rank(a.code) - rank(b.code) || nameOf(a).localeCompare(nameOf(b), 'nb'));
}
