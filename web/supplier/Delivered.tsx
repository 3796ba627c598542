import { Heading } from '@digdir/designsystemet-react';
import { formatSize } from '../shared/format.ts';
import type { DocumentItem } from '../shared/types.ts';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useTexts } from '../shared/useTexts.ts';
import styles from './Delivered.module.css';

export function Delivered({ documents }: { documents: DocumentItem[] }) {
  const { t, language } = useTexts();
  return (
    <section aria-labelledby="delivered-title" className={styles.delivered}>
      <Heading level={2} data-size="xs" id="delivered-title">{t('supplier.delivered')}</Heading>
      {documents.length === 0 && <p className={styles.subtle}>{t('supplier.none_delivered')}</p>}
      <ul className={styles.list}>
        {documents.map((document) => (
          <li key={document.id} className={styles.item}>
            <span aria-hidden="true">✓</span>
            <span className={styles.name}>{document.file_name ?? document.title}</span>
            {typeof document.size === 'number' && <span className={styles.subtle}>{formatSize(document.size, language)}</span>}
            {document.created_at && <span className={styles.subtle}><TimeText at={document.created_at} /></span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
