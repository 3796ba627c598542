import { useEffect } from 'react';
import { LanguageChoice } from '../../shared/ui/LanguageChoice.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { useStored } from '../app/useStored.ts';
import { useSyncState, useTablet } from '../app/useTablet.ts';
import { useTitle } from '../app/useTitle.ts';
import { CodeForm } from '../start/CodeForm.tsx';
import styles from '../start/StartScreen.module.css';
import { unsent } from '../sync/salvage.ts';
import { sealedCount } from '../sync/seal.ts';
import { BigButton } from '../ui/BigButton.tsx';

/** Unheard for too long: nothing is shown before the office has been met. What was written waits. */
export function LockScreen({ isOver }: { isOver: boolean }) {
  const { t, tn } = useTexts();
  const tablet = useTablet();
  const { isBusy, last } = useSyncState();
  const kept = useStored(['outbox', 'meta'], async (tx) => {
    const sealed = await sealedCount(tx);
    return { isSealed: sealed !== null, waiting: sealed ?? unsent(await tx.all('outbox')).length };
  });
  useTitle(t('field.lock.title'));
  useEffect(() => void tablet.sync(), [tablet]); // what waits is sealed at once, and not when it is next time to ask

  return (
    <main className={styles.start}>
      <div className={styles.language}><LanguageChoice /></div>
      <h1>{t('field.lock.title')}</h1>
      <p>{isOver ? t('field.lock.over') : t('field.lock.what')}</p>
      {kept && kept.waiting > 0 && <p><strong>{tn('field.lock.waiting', kept.waiting)}</strong></p>}
      {kept?.isSealed && <p>{t('field.lock.sealed')}</p>}
      <BigButton look="main" icon="sync" disabled={isBusy} onClick={() => void tablet.sync()}>{isBusy ? t('field.outbox.busy') : t('field.lock.again')}</BigButton>
      <div role="status">
        {!isBusy && last?.why === 'offline' && <p>{t('field.lock.offline')}</p>}
        {!isBusy && last && last.why !== 'offline' && last.why !== 'done' && <p>{t('field.lock.refused')}</p>}
      </div>
      {!isBusy && last?.why === 'signed_out' && <CodeForm onEnrolled={() => void tablet.sync()} />}
    </main>
  );
}
