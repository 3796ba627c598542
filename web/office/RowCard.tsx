import { useEffect, useRef } from 'react';
import { CategoryIcon } from '../shared/ui/CategoryIcon.tsx';
import { StateTag } from '../shared/ui/StateTag.tsx';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { patched } from '../shared/useQuery.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './RowCard.module.css';
import { type Row, isEnded, isLate, responsibleOf } from './filters.ts';
import { openRow } from './links.ts';

interface Props {
  row: Row;
  icon: string;
  isSelected: boolean;
}

export function RowCard({ row, icon, isSelected }: Props) {
  const { t } = useTexts();
  const item = useRef<HTMLLIElement>(null);
  const late = isLate(row);
  const who = responsibleOf(row);

  useEffect(() => {
    if (isSelected) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);

  const address = patched(location.search, { case: null, task: null, [row.kind]: row.id });
  return (
    <li ref={item}>
      <a
        className={isSelected ? `${styles.card} ${styles.selected}` : styles.card}
        href={`/office${address}`}
        aria-current={isSelected ? 'true' : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          openRow(row.kind, row.id);
        }}
      >
        <CategoryIcon name={icon} />
        <span className={styles.what}>
          <span className={styles.title}>{row.title}</span>
          <span className={styles.line}>{row.place_label}</span>
          <span className={styles.line}>
            {row.number}
            {who ? ` · ${who}` : ''}
            {row.deadline && !isEnded(row) && (
              <>
                {' · '}
                <span className={late ? styles.late : undefined}>
                  {late && <span className="ds-sr-only">{t('office.late')} </span>}
                  {t('office.due')} <TimeText at={row.deadline} day />
                </span>
              </>
            )}
          </span>
        </span>
        <span className={styles.side}>
          <StateTag state={row.state} />
          {row.priority === 1 && !isEnded(row) && <span className={styles.acute}>{t('priority.1')}</span>}
        </span>
      </a>
    </li>
  );
}
