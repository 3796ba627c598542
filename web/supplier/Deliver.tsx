import { Button, Heading } from '@digdir/designsystemet-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useTexts } from '../shared/useTexts.ts';
import styles from './Deliver.module.css';
import { DeliveryLine } from './DeliveryLine.tsx';
import { ACCEPT } from './deliveries.ts';
import { useDelivery } from './useDelivery.ts';

/** Drop many files at once; see of each how far it is and what is wrong with it. */
export function Deliver({ taskId, onDelivered }: { taskId: string; onDelivered(): void }) {
  const { t } = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const { deliveries, add, retry } = useDelivery(taskId, onDelivered);
  const done = deliveries.filter((each) => each.state === 'done').length;
  const isBusy = deliveries.some((each) => each.state !== 'done' && each.state !== 'failed');

  useEffect(() => {
    if (!isBusy) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isBusy]);

  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    add([...event.dataTransfer.files]);
  }

  return (
    <section aria-labelledby="deliver-title" className={styles.deliver}>
      <Heading level={2} data-size="xs" id="deliver-title">{t('supplier.deliver')}</Heading>
      <div
        className={isOver ? `${styles.zone} ${styles.over}` : styles.zone}
        onDragOver={(event) => { event.preventDefault(); setOver(true); }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p id="deliver-hint">{t('supplier.drop')}</p>
        <input
          ref={input}
          className="ds-sr-only"
          type="file"
          multiple
          accept={ACCEPT}
          tabIndex={-1}
          aria-label={t('supplier.choose')}
          onChange={(event) => {
            const files = [...(event.target.files ?? [])];
            event.target.value = '';
            add(files);
          }}
        />
        <Button variant="secondary" aria-describedby="deliver-hint" onClick={() => input.current?.click()}>{t('supplier.choose')}</Button>
      </div>
      <p role="status" className={styles.summary}>
        {deliveries.length > 0 && t('supplier.summary', { done, total: deliveries.length })}
      </p>
      <ul className={styles.list}>
        {deliveries.map((each) => <DeliveryLine key={each.key} delivery={each} onRetry={() => retry(each.key)} />)}
      </ul>
    </section>
  );
}
