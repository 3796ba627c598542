import { useEffect, useState } from 'react';
import { type LiveState, subscribeLiveState } from '../shared/live.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './LiveMark.module.css';

/** Whether what is on the screen follows the server by itself. */
export function LiveMark() {
  const { t } = useTexts();
  const [state, setState] = useState<LiveState>('waiting');
  useEffect(() => {
    const end = subscribeLiveState(setState);
    return () => void end();
  }, []);
  return (
    <p className={state === 'live' ? styles.live : styles.waiting} role="status">
      <span className={styles.dot} aria-hidden="true" />
      {state === 'live' ? t('live.on') : t('live.off')}
    </p>
  );
}
