import { StateTag } from '../../shared/ui/StateTag.tsx';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { openRow } from '../links.ts';
import styles from './RowTable.module.css';
import type { RelatedCase, RelatedTask } from './types.ts';

interface Props {
  kind: 'case' | 'task';
  row: Pick<RelatedCase | RelatedTask, 'id' | 'number' | 'title' | 'state' | 'created_at' | 'done_at'>;
  who: string | null;
  where: string;
  note?: string | null;
}

/** One case or task, with where it is and how far it has come. */
export function WorkLine({ kind, row, who, where, note }: Props) {
  const { t } = useTexts();
  return (
    <li className={styles.line}>
      <span className={styles.main}>
        <a
          href={kind === 'case' ? `/office?case=${row.id}` : `/office?view=tasks&task=${row.id}`}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey) return;
            event.preventDefault();
            openRow(kind, row.id);
          }}
        >
          {row.title}
        </a>
      </span>
      <StateTag state={row.state} />
      <span className={styles.subtle}>
        {[row.number, where, who].filter(Boolean).join(' · ')}
        {' · '}{row.done_at ? <>{t('case.done')} <TimeText at={row.done_at} day /></> : <TimeText at={row.created_at} day />}
      </span>
      {note && <span className={styles.note}>{note}</span>}
    </li>
  );
}
