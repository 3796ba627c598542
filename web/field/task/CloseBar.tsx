import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { goBack } from '../app/useRoute.ts';
import { useTablet } from '../app/useTablet.ts';
import { answerChanges, closeChange, missing } from '../logic/checklist.ts';
import type { Row } from '../sync/view.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { tellSaved } from '../ui/saved.ts';
import { textIn } from './ChecklistItem.tsx';
import styles from './CloseBar.module.css';
import type { DraftHandle } from './useDraft.ts';
import type { TaskFound } from './useTask.ts';

interface Props {
  found: TaskFound;
  task: Row;
  handle: DraftHandle;
}

/** A second tap sooner than this is the same finger, trembling. */
const SAME_TAP_MS = 400;

/** Done, and yes: two taps apart, so that a sleeve closes nothing. */
export function CloseBar({ found, task, handle }: Props) {
  const { t, tn, language } = useTexts();
  const tablet = useTablet();
  const [asked_at, setAsked] = useState<number | null>(null);
  const [isFailed, setFailed] = useState(false);
  const { draft } = handle;
  const lacking = missing(found.items, draft, found.answers, found.photos.length);

  async function close(): Promise<void> {
    const now = new Date();
    if (asked_at === null || now.getTime() - asked_at < SAME_TAP_MS) return;
    const answers = answerChanges(task, draft, found.answers, now);
    try {
      await handle.kept();
      await tablet.record([...answers, closeChange(task, draft.note, now)], { draft: { task: task.id, left: null } });
    } catch {
      setFailed(true);
      return;
    }
    handle.end();
    tellSaved(t('field.task.closed', { title: String(task.d.title ?? '') }));
    goBack();
  }

  return (
    <>
      <label className={styles.note}>
        {t('field.task.note')}
        <textarea className={styles.field} rows={2} value={draft.note} onChange={(event) => handle.note(event.target.value)} />
      </label>
      {isFailed && <p role="alert" className={styles.fault}>{t('field.not_saved')}</p>}
      <div className={styles.bar}>
        {lacking.length > 0 ? (
          <BigButton icon="list" onClick={() => showItem(lacking[0]!.id)}>
            {tn('field.task.lacking', lacking.length, { first: textIn(lacking[0]!.d, language) })}
          </BigButton>
        ) : asked_at !== null ? (
          <>
            <BigButton onClick={() => setAsked(null)}>{t('field.task.not_yet')}</BigButton>
            <BigButton look="main" icon="check" onClick={() => void close()}>{t('field.task.yes_close')}</BigButton>
          </>
        ) : (
          <BigButton look="main" icon="check" onClick={() => setAsked(Date.now())}>{t('field.task.done')}</BigButton>
        )}
      </div>
    </>
  );
}

function showItem(id: string): void {
  const item = document.getElementById(`item-${id}`);
  item?.scrollIntoView({ behavior: 'smooth', block: 'start' });
  item?.querySelector<HTMLElement>('input, textarea')?.focus({ preventScroll: true });
}
