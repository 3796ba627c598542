import { useTexts } from '../../shared/useTexts.ts';
import { PageList } from './PageList.tsx';
import styles from './RowTable.module.css';
import { WorkLine } from './WorkLine.tsx';
import type { RelatedCase } from './types.ts';
import { usePages } from './usePages.ts';

const PAGE = 50;

/** The cases of a place, the newest first. */
export function CaseLines({ path }: { path: string }) {
  const { t } = useTexts();
  const pages = usePages<RelatedCase>(path, PAGE, ['cases']);
  return (
    <PageList pages={pages} none={t('reg.no_cases')}>
      <ul className={styles.lines}>
        {pages.rows.map((each) => (
          <WorkLine key={each.id} kind="case" row={each} who={each.owner_name} where={each.place_label} />
        ))}
      </ul>
    </PageList>
  );
}
