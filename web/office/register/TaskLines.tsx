import { useTexts } from '../../shared/useTexts.ts';
import { PageList } from './PageList.tsx';
import styles from './RowTable.module.css';
import { WorkLine } from './WorkLine.tsx';
import type { RelatedTask } from './types.ts';
import { usePages } from './usePages.ts';

const PAGE = 50;

/** The tasks of a place or a component, the newest first. */
export function TaskLines({ path }: { path: string }) {
  const { t } = useTexts();
  const pages = usePages<RelatedTask>(path, PAGE, ['task']);
  return (
    <PageList pages={pages} none={t('reg.no_tasks')}>
      <ul className={styles.lines}>
        {pages.rows.map((each) => (
          <WorkLine key={each.id} kind="task" row={each} who={each.assignee_name} where={each.component_name ?? each.place_label} note={each.done_note} />
        ))}
      </ul>
    </PageList>
  );
}
