import { formatSize } from '../../shared/format.ts';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { PageList } from './PageList.tsx';
import styles from './RowTable.module.css';
import type { RelatedDocument } from './types.ts';
import { usePages } from './usePages.ts';

const PAGE = 100;

/** What has been written, drawn and photographed of a place or a component. */
export function DocumentsTab({ path }: { path: string }) {
  const { t, language } = useTexts();
  const pages = usePages<RelatedDocument>(path, PAGE, ['document']);
  return (
    <PageList pages={pages} none={t('reg.no_documents')}>
      <ul className={styles.lines}>
        {pages.rows.map((document) => (
          <li key={document.id} className={styles.line}>
            <span className={styles.main}>
              {document.sha256 ? <a href={`/api/v1/files/${document.sha256}`} target="_blank" rel="noopener">{document.title}</a> : document.title}
            </span>
            <span className={styles.subtle}>
              {[document.component_name ?? document.place_label, document.size !== null ? formatSize(document.size, language) : null, document.sha256 ? null : t('reg.in_archive', { ref: document.archive_ref ?? '' })]
                .filter(Boolean).join(' · ')}
              {' · '}<TimeText at={document.doc_date ?? document.created_at} day />
            </span>
          </li>
        ))}
      </ul>
    </PageList>
  );
}
