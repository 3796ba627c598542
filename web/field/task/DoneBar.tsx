import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useTablet } from '../app/useTablet.ts';
import { reopenChange } from '../logic/checklist.ts';
import { useValueText } from '../outbox/values.ts';
import type { Row } from '../sync/view.ts';
import { BigButton } from '../ui/BigButton.tsx';
import styles from './CloseBar.module.css';

/** A task that is closed: when, what was said, and the way back if it was a mistake. */
export function DoneBar({ task }: { task: Row }) {
  const { t, language } = useTexts();
  const tablet = useTablet();
  const textOf = useValueText();
  const { done_at, done_note, state } = task.d;

  return (
    <div className={styles.done}>
      <p>
        <strong>{textOf(state ?? null)}</strong>
        {done_at ? ` ${formatTime(String(done_at), language)}` : ''}
        {done_note ? `: ${String(done_note)}` : ''}
      </p>
      {state === 'done' && <BigButton onClick={() => void tablet.record([reopenChange(task)])}>{t('field.task.reopen')}</BigButton>}
    </div>
  );
}
