import { Heading, Tag } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { StateTag } from '../../shared/ui/StateTag.tsx';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { PageList } from '../register/PageList.tsx';
import lines from '../register/RowTable.module.css';
import { usePages } from '../register/usePages.ts';
import styles from './ArchiveCases.module.css';
import { ArchiveDocuments } from './ArchiveDocuments.tsx';
import type { ArchiveCase } from './types.ts';

const PAGE = 50;

/** One case: its head always, its documents when it is opened. */
function ArchiveCaseLine({ row }: { row: ArchiveCase }) {
  const { t } = useTexts();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li>
      <details className={styles.case} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary className={styles.head}>
          <span className={lines.main}>{row.title}</span>
          {row.is_restricted && <Tag data-color="warning" data-size="sm" title={row.restriction ?? undefined}>{t('reg.archive_restricted')}</Tag>}
          {row.state !== 'unknown' && <StateTag state={row.state} />}
          <span className={styles.facts}>
            {[row.number, row.unit, row.place_label].filter(Boolean).join(' · ')}
            {row.started_on && <>{' · '}<TimeText at={row.started_on} day /></>}
            {row.ended_on && <>{' – '}<TimeText at={row.ended_on} day /></>}
            {' · '}{t('reg.archive_count', { count: row.document_count })}
          </span>
        </summary>
        {isOpen && <ArchiveDocuments caseId={row.id} />}
      </details>
    </li>
  );
}

/** Cases of archives about a place: what was built and decided before this system was. */
export function ArchiveCases({ path }: { path: string }) {
  const { t } = useTexts();
  const pages = usePages<ArchiveCase>(path, PAGE, ['archive_case']);
  return (
    <>
      <Heading level={3} data-size="2xs">{t('reg.archive_cases')}</Heading>
      <PageList pages={pages} none={t('reg.no_archive_cases')}>
        <ul className={lines.lines}>
          {pages.rows.map((row) => <ArchiveCaseLine key={row.id} row={row} />)}
        </ul>
      </PageList>
    </>
  );
}
