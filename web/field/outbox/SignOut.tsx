import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { useTablet, useWho } from '../app/useTablet.ts';
import { BigButton } from '../ui/BigButton.tsx';
import styles from './OutboxScreen.module.css';

/** Leaves the tablet to somebody else, after a yes. */
export function SignOut() {
  const { t } = useTexts();
  const tablet = useTablet();
  const who = useWho();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);

  async function leave(): Promise<void> {
    setBusy(true);
    await tablet.signOut();
  }

  if (!isAsking) return <BigButton onClick={() => setAsking(true)}>{t('field.sign_out.ask')}</BigButton>;
  return (
    <section aria-label={t('field.sign_out.ask')}>
      <p role="alert">{t('field.sign_out.what', { name: who.name })}</p>
      <div className={styles.tools}>
        <BigButton look="main" disabled={isBusy} onClick={() => void leave()}>{t('field.sign_out.do')}</BigButton>
        <BigButton disabled={isBusy} onClick={() => setAsking(false)}>{t('field.sign_out.stay')}</BigButton>
      </div>
    </section>
  );
}
