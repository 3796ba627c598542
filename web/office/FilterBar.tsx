import { useEffect, useState } from 'react';
import { nameIn } from '../shared/i18n.ts';
import type { Area, CaseState, Category, List, TaskState } from '../shared/types.ts';
import { go } from '../shared/useQuery.ts';
import { useApi } from '../shared/useApi.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './FilterBar.module.css';
import { ALL, CASE_STATES, type Filters, TASK_STATES, UNENDED } from './filters.ts';

const WAIT_MS = 300;

interface Props {
  filters: Filters;
  categories: Category[];
}

/** What the list is narrowed by. All of it is in the address. */
export function FilterBar({ filters, categories }: Props) {
  const { t, language } = useTexts();
  const [text, setText] = useState(filters.q);
  const states: (CaseState | TaskState)[] = filters.view === 'cases' ? CASE_STATES : TASK_STATES;
  const areas = useApi<List<Area>>('/api/v1/areas').data?.items ?? [];

  useEffect(() => setText(filters.q), [filters.q]);
  useEffect(() => {
    if (text === filters.q) return;
    const timer = setTimeout(() => go({ q: text || null }, { replace: true }), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text, filters.q]);

  return (
    <search className={styles.bar} aria-label={t('filter.title')}>
      <input
        className={styles.text}
        type="search"
        aria-label={t('filter.text')}
        placeholder={t('filter.text')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <select className={styles.choice} aria-label={t('field.state')} value={filters.state} onChange={(event) => go({ state: event.target.value === UNENDED ? null : event.target.value, late: null })}>
        <option value={UNENDED}>{t('filter.unended')}</option>
        {states.map((state) => <option key={state} value={state}>{t(`state.${state}`)}</option>)}
        <option value={ALL}>{t('filter.all_states')}</option>
      </select>
      <select className={styles.choice} aria-label={t('field.category')} value={filters.category} onChange={(event) => go({ category: event.target.value || null })}>
        <option value="">{t('filter.all_categories')}</option>
        {categories.map((category) => <option key={category.code} value={category.code}>{nameIn(category, language)}</option>)}
      </select>
      {areas.length > 1 && (
        <select className={styles.choice} aria-label={t('filter.area')} value={filters.area} onChange={(event) => go({ area: event.target.value || null })}>
          <option value="">{t('filter.all_areas')}</option>
          {areas.map((area) => <option key={area.area_no} value={area.area_no}>{area.name}</option>)}
        </select>
      )}
      <label className={styles.check}>
        <input type="checkbox" checked={filters.mine} onChange={(event) => go({ mine: event.target.checked ? '1' : null })} />
        {t('filter.mine')}
      </label>
      <label className={styles.check}>
        <input type="checkbox" checked={filters.late} onChange={(event) => go({ late: event.target.checked ? '1' : null, state: null })} />
        {t('filter.late')}
      </label>
    </search>
  );
}
