import { formatTime } from '../../shared/format.ts';
import type { TextKey } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Value } from '../sync/types.ts';

const FIELDS = [
  'title', 'description', 'state', 'done_note', 'done_at', 'planned_on', 'deadline', 'priority', 'access_note', 'value', 'note', 'text', 'name', 'quantity',
  'minutes', 'grade', 'cause', 'measure', 'due_on', 'out_name', 'out_note', 'in_at', 'in_name', 'in_note', 'finished_at', 'keys',
] as const;
const STATES = ['open', 'in_progress', 'waiting', 'done', 'done_after_cancel', 'cancelled'] as const;
const REASONS = [
  'forbidden', 'permission', 'rule', 'schema', 'not_allowed_now', 'not_allowed_then', 'not_found', 'no_such_row', 'edit_after_delete', 'mid_reuse',
  'unreadable', 'the_key', 'group',
] as const;
const TIME = /^\d{4}-\d\d-\d\dT/;

/** What a field is called on screen; null for those that say nothing to a person. */
export function fieldKey(field: string): TextKey | null {
  const known = FIELDS.find((one) => one === field);
  return known ? `field.name.${known}` : null;
}

export function reasonKey(reason: string): TextKey | null {
  const known = REASONS.find((one) => reason.startsWith(one));
  return known ? `field.reason.${known}` : null;
}

/** A value as people say it. */
export function useValueText(): (value: Value) => string {
  const { t, language } = useTexts();

  return (value) => {
    if (value === null || value === '') return t('field.value.nothing');
    if (typeof value === 'boolean') return t(value ? 'field.item.ok' : 'field.item.fault');
    const state = STATES.find((one) => one === value);
    if (state) return t(`field.state.${state}`);
    return TIME.test(String(value)) ? formatTime(String(value), language) : String(value);
  };
}
