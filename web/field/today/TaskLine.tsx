import { useTexts } from '../../shared/useTexts.ts';
import { isOpen } from '../logic/today.ts';
import type { StoredRow } from '../sync/types.ts';
import type { Row } from '../sync/view.ts';
import { Icon } from '../ui/Icon.tsx';
import { useDueText } from '../task/useDueText.ts';
import styles from './TaskLine.module.css';

interface Props {
  task: Row;
  place: StoredRow | undefined;
  /** Under a heading that already says its day. */
  isToday?: boolean;
}

/** One task: what, where, when; the whole line is the target. */
export function TaskLine({ task, place, isToday = false }: Props) {
  const { t } = useTexts();
  const due = useDueText()(task.d);

  return (
    <a className={styles.line} href={`#/task/${task.id}`}>
      <span className={styles.title}>
        {!isOpen(task.d) && <Icon name="check" />}
        {String(task.d.title ?? '')}
      </span>
      {place && <span className={styles.place}>{String(place.d.label ?? place.d.name ?? '')}</span>}
      <span className={styles.facts}>
        {place?.d.warning && (
          <span className={styles.warning}>
            <Icon name="warning" /> {t('field.task.warning')}
          </span>
        )}
        {isOpen(task.d) && due && !isToday && <span>{due}</span>}
        {task.d.state === 'in_progress' && <span>{t('field.task.in_progress')}</span>}
        {task.isPending && <span className={styles.pending}>{t('field.task.not_sent')}</span>}
      </span>
    </a>
  );
}
