import { useTexts } from '../../shared/useTexts.ts';
import { ChangeCard } from './ChangeCard.tsx';
import styles from './HistoryTab.module.css';
import { PageList } from './PageList.tsx';
import type { ChangeSet } from './types.ts';
import { useCodeNames } from './useCodeNames.ts';
import { usePages } from './usePages.ts';

const PAGE = 30;
const TABLES = ['place', 'component', 'property', 'building', 'storey', 'dwelling'];

/** What was changed, by whom and when, the newest first; each can be taken back. */
export function HistoryTab({ id }: { id: string }) {
  const { t } = useTexts();
  const pages = usePages<ChangeSet>(`/api/v1/changes?row=${id}`, PAGE, TABLES);
  const names = useCodeNames();
  return (
    <PageList pages={pages} none={t('reg.no_changes')}>
      <ol className={styles.list}>
        {pages.rows.map((change) => <ChangeCard key={change.xid} change={change} of={id} names={names} onUndone={pages.reload} />)}
      </ol>
    </PageList>
  );
}
