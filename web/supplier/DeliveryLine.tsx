import { Button } from '@digdir/designsystemet-react';
import { formatSize } from '../shared/format.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './DeliveryLine.module.css';
import type { Delivery } from './useDelivery.ts';

/** One file on its way: how far, or what is wrong and what can be done. */
export function DeliveryLine({ delivery, onRetry }: { delivery: Delivery; onRetry(): void }) {
  const { t, language } = useTexts();
  const { file, state, percent, reason, canRetry } = delivery;
  const word = state === 'failed'
    ? t('supplier.failed', { reason })
    : state === 'sending' ? t('supplier.sending', { percent }) : t(`supplier.${state}`);
  return (
    <li className={`${styles.line} ${state === 'failed' ? styles.failed : state === 'done' ? styles.done : ''}`}>
      <span className={styles.name}>{file.name} <span className={styles.size}>{formatSize(file.size, language)}</span></span>
      <span role={state === 'failed' ? 'alert' : undefined}>{word}</span>
      {state === 'sending' && <progress className={styles.bar} max={100} value={percent} aria-label={file.name} />}
      {state === 'failed' && canRetry && <Button variant="secondary" data-size="sm" onClick={onRetry}>{t('failure.retry')}</Button>}
    </li>
  );
}
