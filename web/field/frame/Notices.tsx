import { useSyncExternalStore } from 'react';
import { useSession } from '../../shared/useSession.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { isNewVersion, onNewVersion, takeNewVersion } from '../app/serviceWorker.ts';
import { useNow } from '../app/useNow.ts';
import { useSyncState, useTablet } from '../app/useTablet.ts';
import { daysSince } from '../logic/outboxWords.ts';
import { enrolAgain } from '../app/enrol.ts';
import { useLease } from '../lease/useLease.ts';
import { BigButton } from '../ui/BigButton.tsx';
import styles from './Notices.module.css';
import { useOutbox } from './useOutbox.ts';

const DAYS_TO_WARN = 2;

/** What the caretaker must know but did not ask: one line each, with what to do about it. */
export function Notices() {
  const { t, tn } = useTexts();
  const { session, logInAs } = useSession();
  const tablet = useTablet();
  const { last } = useSyncState();
  const outbox = useOutbox();
  const now = useNow();
  const isNew = useSyncExternalStore(onNewVersion, isNewVersion);
  const lease = useLease();
  const days = daysSince(outbox?.sync.pulled_at ?? null, now);
  const photos = outbox?.photosWaiting ?? 0;

  async function logIn(): Promise<void> {
    await logInAs('caretaker');
    await enrolAgain(tablet);
    await tablet.sync();
  }

  const demoLogIn = session.demo && <BigButton onClick={() => void logIn().catch(() => undefined)}>{t('field.start.demo')}</BigButton>;

  return (
    <div className={styles.notices} role="status">
      {last?.why === 'signed_out' && (
        <p className={styles.warning}>
          {t('field.notice.signed_out')}
          {demoLogIn}
        </p>
      )}
      {(last?.why === 'forbidden' || last?.why === 'unknown_device') && (
        <p className={styles.warning}>
          {t('field.notice.forbidden')}
          {demoLogIn}
        </p>
      )}
      {last?.why === 'revoked' && <p className={styles.warning}>{t('field.notice.revoked')}</p>}
      {last?.why === 'too_old' && <p className={styles.warning}>{t('field.notice.too_old')}</p>}
      {lease?.state === 'warned' && <p className={styles.warning}>{tn('field.notice.locks', Math.max(1, Math.ceil(lease.locks_in_s / 86_400)))}</p>}
      {days >= DAYS_TO_WARN && <p className={styles.warning}>{tn('field.notice.days', days)}</p>}
      {photos > 0 && <p className={styles.info}>{tn('field.notice.photos', photos)}</p>}
      {isNew && (
        <p className={styles.info}>
          {t('field.notice.new_version')}
          <BigButton onClick={takeNewVersion}>{t('field.notice.take_version')}</BigButton>
        </p>
      )}
    </div>
  );
}
