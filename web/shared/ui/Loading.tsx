import { Spinner } from '@digdir/designsystemet-react';
import { useTexts } from '../useTexts.ts';
import styles from './Loading.module.css';

export function Loading({ label }: { label?: string }) {
  const { t } = useTexts();
  const text = label ?? t('loading');
  return (
    <div className={styles.loading} role="status">
      <Spinner data-size="sm" aria-hidden="true" aria-label={text} />
      <span>{text}</span>
    </div>
  );
}
