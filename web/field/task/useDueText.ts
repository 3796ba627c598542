import { formatDay, formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Fields } from '../sync/types.ts';

/** When a task is for, as people say it: the hour of a deadline, the day of a plan; null when it is for no day. */
export function useDueText(): (task: Fields) => string | null {
  const { t, language } = useTexts();

  return ({ deadline, planned_on }) => {
    if (planned_on) return t('field.task.planned', { day: formatDay(String(planned_on), language) });
    return deadline ? t('field.task.due', { day: formatTime(String(deadline), language) }) : null;
  };
}
