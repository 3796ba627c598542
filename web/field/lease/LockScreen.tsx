import { LanguageChoice } from '../../shared/ui/LanguageChoice.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { useStored } from '../app/useStored.ts';
import { useSyncState, useTablet } from '../app/useTablet.ts';
import { useTitle } from '../app/useTitle.ts';
import styles from '../start/StartScreen.module.css';
import { BigButton } from '../ui/BigButton.tsx';

/** Unheard for too long: nothing is shown before the office has been met. What was written waits. */
export function LockScreen({ isOver }: { isOver: boolean }) {
  const { t, tn } = useTexts();
  const tablet = useTablet();
  const { isBusy, last } = useSyncState();
  const waiting = useStored(['outbox'], async (tx) => (await tx.by('outbox', 'state', 'waiting')).length + (await tx.by('outbox', 'state', 'sent')).length);
  useTitle(t('field.lock.title'));

  return (
    <main className={styles.start}>
      <div className={styles.language}><LanguageChoice /></div>
      <h1>{t('field.lock.title')}</h1>
      <p>{isOver ? t('field.lock.over') : t('field.lock.what')}</p>
      {waiting !== undefined && waiting > 0 && <p><strong>{tn('field.lock.waiting', waiting)}</strong></p>}
      <BigButton look="main" icon="sync" disabled={isBusy} onClick={() => void tablet.sync()}>{isBusy ? t('field.outbox.busy') : t('field.lock.again')}</BigButton>
      <div role="status">
        {!isBusy && last?.why === 'offline' && <p>{t('field.lock.offline')}</p>}
        {!isBusy && last && last.why !== 'offline' && last.why !== 'done' && <p>{t('field.lock.refused')}</p>}
      </div>
    </main>
  );
}
