/* Notices come as a key and parameters, so that each reader gets them in his own language. */
import type { TextKey, Texts } from '../shared/i18n.ts';
import type { Notice } from '../shared/types.ts';

const STATES: Record<string, TextKey> = {
  new: 'state.new',
  in_progress: 'state.in_progress',
  waiting: 'state.waiting',
  done: 'state.done',
  closed: 'state.closed',
  cancelled: 'state.cancelled',
};

/** `nameOf` gives a category's name: a notice carries its code only. */
export function noticeText(notice: Notice, { t }: Texts, nameOf: (category: string) => string): string {
  const number = String(notice.params['number'] ?? '');
  const title = nameOf(String(notice.params['category'] ?? ''));
  const state = STATES[String(notice.params['state'] ?? '')];
  if (notice.kind === 'message') return t('notices.message', { number, title });
  if (state === 'state.done') return t('notices.done', { number, title });
  if (state) return t('notices.state', { number, title, state: t(state).toLowerCase() });
  return t('notices.changed', { number, title });
}
