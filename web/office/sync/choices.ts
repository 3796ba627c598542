import type { TextKey } from '../../shared/i18n.ts';
import type { Choice, Conflict } from './types.ts';

const TEXTS = ['title', 'description', 'done_note', 'access_note'];
const OTHERS = [...TEXTS, 'priority', 'planned_on'];

export interface Offer {
  choice: Choice;
  text: TextKey;
}

/** What may be chosen, the key 1 first. */
export function offersOf(c: Conflict): Offer[] {
  if (c.kind === 'edit_after_delete') return [{ choice: 'theirs', text: 'sync.leave_deleted' }, { choice: 'mine', text: 'sync.raise' }];
  if (c.policy === 'held_too_long') return [{ choice: 'theirs', text: 'sync.leave' }, { choice: 'mine', text: 'sync.use_now' }];
  if (c.kind !== 'field') return [{ choice: 'theirs', text: 'sync.theirs_counts' }, { choice: 'mine', text: 'sync.mine_counts' }, { choice: 'both', text: 'sync.both_stand' }];
  const canBoth = (TEXTS.includes(c.field) && c.mine !== null && c.theirs !== null) || (c.mine === 'done' && c.theirs === 'cancelled');
  return [
    { choice: 'theirs', text: 'sync.use_theirs' },
    { choice: 'mine', text: 'sync.use_mine' },
    ...(canBoth ? [{ choice: 'both', text: 'sync.keep_both' } as const] : []),
    ...(OTHERS.includes(c.field) ? [{ choice: 'value', text: 'sync.another' } as const] : []),
  ];
}
