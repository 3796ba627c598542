import { useState } from 'react';
import { LanguageChoice } from '../../shared/ui/LanguageChoice.tsx';
import { useSession } from '../../shared/useSession.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { enrol } from '../app/enrol.ts';
import { wasEnrolled } from '../app/marker.ts';
import { useTablet } from '../app/useTablet.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { CodeForm } from './CodeForm.tsx';
import styles from './StartScreen.module.css';

/** The first time, with a network: who is this tablet for? */
export function StartScreen() {
  const { t } = useTexts();
  const { status, session, logInAs, reload } = useSession();
  const tablet = useTablet();
  const [isBusy, setBusy] = useState(false);
  const [isFailed, setFailed] = useState(false);
  const isCaretaker = session.audience === 'field';

  async function begin(): Promise<void> {
    setBusy(true);
    setFailed(false);
    try {
      await enrol(tablet, isCaretaker ? session : await logInAs('caretaker'));
    } catch {
      setFailed(true);
    }
    setBusy(false);
  }

  return (
    <main className={styles.start}>
      <div className={styles.language}><LanguageChoice /></div>
      <h1>{t('field.start.title')}</h1>
      <p>{t('field.start.what')}</p>
      {wasEnrolled() && <p role="alert" className={styles.lost}>{t('field.start.lost')}</p>}
      {status === 'loading' && <p role="status">{t('field.start.looking')}</p>}
      {status === 'no_answer' && (
        <>
          <p role="alert">{t('field.start.no_network')}</p>
          <BigButton look="main" icon="sync" onClick={() => void reload()}>{t('field.start.again')}</BigButton>
        </>
      )}
      {status === 'ready' && session.demo && !isCaretaker && session.name && <p>{t('field.start.other', { name: session.name })}</p>}
      {status === 'ready' && <CodeForm />}
      {status === 'ready' && session.demo && (
        <BigButton disabled={isBusy} onClick={() => void begin()}>
          {isCaretaker ? t('field.start.go_on', { name: session.name ?? '' }) : t('field.start.demo')}
        </BigButton>
      )}
      {isFailed && <p role="alert">{t('field.start.failed')}</p>}
    </main>
  );
}
