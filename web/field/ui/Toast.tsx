import { useSyncExternalStore } from 'react';
import { Icon } from './Icon.tsx';
import { onSaved, savedText } from './saved.ts';
import styles from './Toast.module.css';

export function Toast() {
  const text = useSyncExternalStore(onSaved, savedText);

  return (
    <div className={styles.place} role="status">
      {text && <p className={styles.toast}><Icon name="check" /> {text}</p>}
    </div>
  );
}
