import { formatSize } from '../../shared/format.ts';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { PageList } from '../register/PageList.tsx';
import lines from '../register/RowTable.module.css';
import { usePages } from '../register/usePages.ts';
import styles from './ArchiveCases.module.css';
import type { ArchiveDocument } from './types.ts';

const PAGE = 100;

/** The documents of a case: those that are here can be opened, the others tell where the archive has them. */
export function ArchiveDocuments({ caseId }: { caseId: string }) {
  const { t, language } = useTexts();
  const pages = usePages<ArchiveDocument>(`/api/v1/archive-cases/${caseId}/documents`, PAGE, ['document']);
  return (
    <div className={styles.documents}>
      <PageList pages={pages} none={t('reg.no_documents')}>
        <ul className={styles.list} aria-label={t('reg.archive_documents')}>
          {pages.rows.map((row) => (
            <li key={row.id}>
              {row.sha256 ? <a href={`/api/v1/files/${row.sha256}`} target="_blank" rel="noopener">{row.title}</a> : row.title}{' '}
              <span className={lines.subtle}>
                {[row.size !== null ? formatSize(row.size, language) : null, row.sha256 ? null : t('reg.in_archive', { ref: row.archive_ref ?? '' })].filter(Boolean).join(' · ')}
                {row.doc_date && <>{' · '}<TimeText at={row.doc_date} day /></>}
              </span>
            </li>
          ))}
        </ul>
      </PageList>
    </div>
  );
}
