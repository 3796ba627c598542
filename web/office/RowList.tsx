import { Button } from '@digdir/designsystemet-react';
import { type KeyboardEvent, useRef } from 'react';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { useTexts } from '../shared/useTexts.ts';
import { RowCard } from './RowCard.tsx';
import styles from './RowList.module.css';
import type { Rows } from './useRows.ts';

interface Props {
  rows: Rows;
  selected: string | null;
  iconOf(category: string | null): string;
}

/** Cases or tasks; arrow keys walk, Enter opens. */
export function RowList({ rows, selected, iconOf }: Props) {
  const { t, tn } = useTexts();
  const list = useRef<HTMLUListElement>(null);

  function walk(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const links = [...(list.current?.querySelectorAll('a') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }

  return (
    <div className={styles.pane}>
      <p className={styles.count} role="status">
        {rows.loading && rows.rows.length === 0 ? '' : rows.hasMore
          ? t('office.count_more', { n: rows.rows.length })
          : tn('office.count', rows.rows.length)}
      </p>
      {rows.error && <Failure error={rows.error} retry={rows.reload} />}
      {rows.loading && rows.rows.length === 0 && <Loading />}
      {!rows.loading && !rows.error && rows.rows.length === 0 && <p className={styles.empty}>{t('office.empty')}</p>}
      <ul ref={list} className={styles.list} onKeyDown={walk}>
        {rows.rows.map((row) => (
          <RowCard key={row.id} row={row} icon={iconOf(row.category)} isSelected={row.id === selected} />
        ))}
      </ul>
      {rows.hasMore && <Button variant="secondary" data-size="sm" loading={rows.loading} onClick={rows.more}>{t('office.more')}</Button>}
    </div>
  );
}
