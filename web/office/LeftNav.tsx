import type { ComponentType } from 'react';
import type { TextKey } from '../shared/i18n.ts';
import { type QueryPatch, go, patched, useQuery } from '../shared/useQuery.ts';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './LeftNav.module.css';
import { type Filters, filtersOf } from './filters.ts';
import { isFor } from './roles.ts';
import { VIEWS, viewOf } from './views.tsx';

interface Entry {
  text: TextKey;
  /** What it is part of: a filter stands under the list it filters. */
  under?: TextKey;
  patch: QueryPatch;
  isHere(filters: Filters): boolean;
  Badge?: ComponentType;
}

const isPlain = (filters: Filters): boolean => !filters.mine && !filters.late;

const LISTS: Entry[] = [
  { text: 'nav.cases', patch: {}, isHere: (filters) => filters.view === 'cases' && isPlain(filters) },
  { text: 'nav.mine', under: 'nav.cases', patch: { mine: '1' }, isHere: (filters) => filters.view === 'cases' && filters.mine },
  { text: 'nav.late', under: 'nav.cases', patch: { late: '1' }, isHere: (filters) => filters.view === 'cases' && filters.late && !filters.mine },
  { text: 'nav.tasks', patch: { view: 'tasks' }, isHere: (filters) => filters.view === 'tasks' && isPlain(filters) },
  { text: 'nav.late', under: 'nav.tasks', patch: { view: 'tasks', late: '1' }, isHere: (filters) => filters.view === 'tasks' && filters.late },
];

/** The lists and views one goes to all day. */
export function LeftNav() {
  const { t } = useTexts();
  const { session } = useSession();
  const address = useQuery();
  const view = viewOf(address);
  const filters = filtersOf(address);
  const views = VIEWS.filter((each) => isFor(each, session)).map(({ name, text, under, Badge }) => ({
    text,
    ...(under && { under }),
    ...(Badge && { Badge }),
    patch: { view: name },
    isHere: () => false,
  }));
  const entries: Entry[] = [...LISTS, ...views];
  return (
    <nav className={styles.nav} aria-label={t('nav.title')}>
      <ul className={styles.list}>
        {entries.map((entry) => {
          const isHere = view ? entry.patch['view'] === view.name : entry.isHere(filters);
          return (
            <li key={`${entry.under ?? ''} ${entry.text}`}>
              <a
                className={`${styles.link} ${entry.under ? styles.sub : ''} ${isHere ? styles.here : ''}`}
                href={`/office${patched('', entry.patch)}`}
                aria-current={isHere ? 'page' : undefined}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey) return;
                  event.preventDefault();
                  go(entry.patch, { fresh: true });
                }}
              >
                {entry.under && <span className="ds-sr-only">{t(entry.under)}: </span>}
                {t(entry.text)}{entry.Badge && <entry.Badge />}
              </a>
            </li>
          );
        })}
      </ul>
      <a className={styles.create} href="/minside?report=1">{t('nav.new_case')}</a>
    </nav>
  );
}
