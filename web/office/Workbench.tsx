import { Button } from '@digdir/designsystemet-react';
import { useMemo, useState } from 'react';
import { MapView } from '../shared/map/MapView.tsx';
import type { MapPoint } from '../shared/map/createMap.ts';
import { useCategories } from '../shared/useCategories.ts';
import { useLive } from '../shared/useLive.ts';
import { useQuery } from '../shared/useQuery.ts';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import { CaseDetail } from './CaseDetail.tsx';
import { FilterBar } from './FilterBar.tsx';
import { LeftNav } from './LeftNav.tsx';
import { LiveMark } from './LiveMark.tsx';
import { RowList } from './RowList.tsx';
import { TaskDetail } from './TaskDetail.tsx';
import styles from './Workbench.module.css';
import { type Row, filtersOf, isEnded, isLate, pathOf } from './filters.ts';
import { openRow } from './links.ts';
import { useRows } from './useRows.ts';

function toPoints(rows: Row[]): MapPoint[] {
  return rows.flatMap((row) => (row.x === null || row.y === null ? [] : [{
    id: row.id, x: row.x, y: row.y, tone: isEnded(row) ? 'done' as const : isLate(row) ? 'late' as const : 'normal' as const,
  }]));
}

/** Navigation, list, map and detail, all of one selection. */
export function Workbench() {
  const { t } = useTexts();
  const { session } = useSession();
  const address = useQuery();
  const filters = filtersOf(address);
  const categories = useCategories();
  const path = pathOf(filters, session);
  const rows = useRows(filters.view, path);
  const [smallShows, setSmallShows] = useState<'list' | 'map'>('list');
  useLive((change) => change.t === 'cases' || change.t === 'task', rows.reload);

  const caseId = address.get('case');
  const taskId = address.get('task');
  const selected = caseId ?? taskId;
  const points = useMemo(() => toPoints(rows.rows), [rows.rows]);
  const kindOf = (id: string): 'case' | 'task' => rows.rows.find((row) => row.id === id)?.kind ?? 'case';

  return (
    <div className={selected ? `${styles.bench} ${styles.withDetail}` : styles.bench} data-shows={smallShows} data-size="sm">
      <div className={styles.left}>
        <LeftNav />
        <div className={styles.mark}><LiveMark /></div>
      </div>
      <section className={styles.list} aria-label={t(filters.view === 'cases' ? 'nav.cases' : 'nav.tasks')}>
        <h1 className="ds-sr-only">{t(filters.view === 'cases' ? 'nav.cases' : 'nav.tasks')}</h1>
        <FilterBar filters={filters} categories={categories.items} />
        <div className={styles.switch}>
          <Button variant="secondary" data-size="sm" onClick={() => setSmallShows(smallShows === 'list' ? 'map' : 'list')}>
            {smallShows === 'list' ? t('office.show_map') : t('office.show_list')}
          </Button>
        </div>
        <div className={styles.rows}>
          <RowList rows={rows} selected={selected} iconOf={categories.iconOf} />
        </div>
      </section>
      <section className={styles.map} aria-label={t('office.map')}>
        <MapView label={t('office.map_label')} points={points} selected={selected} fitKey={path} onPick={(id) => openRow(kindOf(id), id)} />
      </section>
      {selected && (
        <section className={styles.detail} aria-label={t('office.detail')}>
          {caseId ? <CaseDetail key={caseId} id={caseId} categories={categories} /> : <TaskDetail key={selected} id={selected} categories={categories} />}
        </section>
      )}
    </div>
  );
}
