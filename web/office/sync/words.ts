/* What tablets' fields, operations and reasons are called on screen. */
import { formatDay, formatTime } from '../../shared/format.ts';
import type { TextKey } from '../../shared/i18n.ts';
import { useCategories } from '../../shared/useCategories.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Json } from './types.ts';

const SHARED = ['title', 'description', 'state', 'done_note', 'done_at', 'planned_on', 'deadline', 'priority', 'value', 'note'] as const;
const OWN = ['access_note', 'answer', 'assignee_id', 'captured_at', 'category', 'is_ok', 'progress', 'row', 'started_at', 'text', 'visits'] as const;
const OPS = ['answer.add', 'comment.add', 'photo.add', 'task.close', 'task.create', 'task.reopen', 'task.update'] as const;
const REASONS = [
  'another_author', 'author_left', 'device_revoked', 'edit_after_delete', 'forbidden', 'group', 'held_too_long', 'malformed', 'mid_reuse', 'not_allowed_now', 'not_allowed_then', 'not_found', 'seq_reuse', 'unknown_field', 'unknown_op', 'wrong_table',
] as const;
const STATES = ['open', 'in_progress', 'waiting', 'done', 'done_after_cancel', 'cancelled'] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:/;
const DAY = /^\d{4}-\d\d-\d\d$/;

function keyOf<K extends string>(known: readonly K[], name: string): K | undefined {
  return known.find((each) => each === name);
}

export interface Words {
  field(name: string): string;
  op(name: string | null): string;
  reason(reason: string | null): string;
  value(field: string, value: Json, names?: Record<string, string> | null): string;
}

/** Whether a value is a key to something else, and says nothing to a person. */
export function isKey(value: Json | undefined): boolean {
  return typeof value === 'string' && UUID.test(value);
}

export function useWords(): Words {
  const { t, language } = useTexts();
  const categories = useCategories();

  function textOf(field: string, text: string): string {
    const state = field === 'state' ? keyOf(STATES, text) : undefined;
    if (state) return t(`state.${state}`);
    if (field === 'priority' && /^[1-4]$/.test(text)) return t(`priority.${text}` as TextKey);
    if (field === 'category') return categories.nameOf(text);
    if (field === 'is_ok') return t(text === 't' || text === 'true' ? 'field.item.ok' : 'field.item.fault');
    if (DAY.test(text)) return formatDay(text, language);
    return TIME.test(text) && !Number.isNaN(Date.parse(text)) ? formatTime(text, language) : text;
  }

  function valueOf(field: string, value: Json, names?: Record<string, string> | null): string {
    if (value === null || value === '') return t('field.value.nothing');
    if (Array.isArray(value)) return value.map((each) => valueOf(field, each, names)).join(', ');
    if (typeof value !== 'object') return names?.[String(value)] ?? textOf(field, String(value));
    return Object.entries(value).filter(([, each]) => each !== null && each !== '' && !isKey(each)).map(([name, each]) => valueOf(name, each, names)).join(' · ');
  }

  return {
    field(name) {
      const shared = keyOf(SHARED, name);
      const own = keyOf(OWN, name);
      return shared ? t(`field.name.${shared}`) : own ? t(`sync.name.${own}`) : name;
    },
    op(name) {
      const known = keyOf(OPS, (name ?? '').split('@')[0]!);
      return known ? t(`sync.op.${known}`) : (name ?? t('sync.unread'));
    },
    reason(reason) {
      const known = keyOf(REASONS, reason ?? '');
      return known ? t(`sync.reason.${known}`) : t('sync.reason.rule', { rule: (reason ?? '').replaceAll('_', ' ') });
    },
    value: valueOf,
  };
}
