import type { CaseState } from '../shared/types.ts';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useTexts } from '../shared/useTexts.ts';
import styles from './Progress.module.css';

interface Props {
  state: CaseState;
  deadline: string | null;
  doneAt: string | null;
}

const STEP: Record<CaseState, 0 | 1 | 2> = { new: 0, in_progress: 1, waiting: 1, done: 2, closed: 2, cancelled: 2 };

/** Received, being worked on, done; and when it is expected. */
export function Progress({ state, deadline, doneAt }: Props) {
  const { t } = useTexts();
  const at = STEP[state];
  const isPast = deadline !== null && Date.parse(deadline) < Date.now();
  const names = [
    t('progress.received'),
    state === 'waiting' ? t('state.waiting') : t('progress.working'),
    state === 'cancelled' ? t('state.cancelled') : t('progress.done'),
  ];
  return (
    <div>
      <ol className={styles.steps}>
        {names.map((name, i) => (
          <li key={name} className={i <= at ? styles.reached : styles.ahead} aria-current={i === at ? 'step' : undefined}>
            <span className={styles.dot} aria-hidden="true">{i <= at ? '✓' : ''}</span>
            {name}
          </li>
        ))}
      </ol>
      <p className={styles.when}>
        {doneAt
          ? <>{t('case.done')} <TimeText at={doneAt} /></>
          : deadline && at < 2 && (isPast
            ? <>{t('progress.overdue')} <TimeText at={deadline} day />.</>
            : <>{t('progress.expected')} <TimeText at={deadline} day />.</>)}
      </p>
    </div>
  );
}
