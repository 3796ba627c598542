import { useSession } from '../useSession.ts';
import { useTexts } from '../useTexts.ts';
import styles from './PersonMenu.module.css';

/** Who is logged in, and the way out. Shows nothing when nobody is. */
export function PersonMenu() {
  const { t } = useTexts();
  const { session, logOut } = useSession();
  if (!session.person_id) return null;
  return (
    <div className={styles.person}>
      <span className={styles.name}>{session.name}</span>
      <button type="button" className={styles.out} onClick={() => void logOut().then(() => { location.href = '/'; })}>
        {t('session.log_out')}
      </button>
    </div>
  );
}
