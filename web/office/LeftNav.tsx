import { patched, go, type QueryPatch } from '../shared/useQuery.ts';
import type { TextKey } from '../shared/i18n.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './LeftNav.module.css';
import type { Filters } from './filters.ts';

interface Entry {
  text: TextKey;
  view: 'cases' | 'tasks';
  patch: QueryPatch;
  isHere(filters: Filters): boolean;
}

const plain = (filters: Filters): boolean => !filters.mine && !filters.late;

const ENTRIES: Entry[] = [
  { text: 'nav.cases', view: 'cases', patch: {}, isHere: plain },
  { text: 'nav.mine', view: 'cases', patch: { mine: '1' }, isHere: (filters) => filters.mine },
  { text: 'nav.late', view: 'cases', patch: { late: '1' }, isHere: (filters) => filters.late && !filters.mine },
  { text: 'nav.tasks', view: 'tasks', patch: { view: 'tasks' }, isHere: plain },
  { text: 'nav.late', view: 'tasks', patch: { view: 'tasks', late: '1' }, isHere: (filters) => filters.late },
];

/** The lists one goes to all day. */
export function LeftNav({ filters }: { filters: Filters }) {
  const { t } = useTexts();
  return (
    <nav className={styles.nav} aria-label={t('nav.title')}>
      <ul className={styles.list}>
        {ENTRIES.map((entry) => {
          const isHere = entry.view === filters.view && entry.isHere(filters);
          const isSub = entry.text !== 'nav.cases' && entry.text !== 'nav.tasks';
          return (
            <li key={entry.view + entry.text}>
              <a
                className={`${styles.link} ${isSub ? styles.sub : ''} ${isHere ? styles.here : ''}`}
                href={`/office${patched('', entry.patch)}`}
                aria-current={isHere ? 'page' : undefined}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey) return;
                  event.preventDefault();
                  go(entry.patch, { fresh: true });
                }}
              >
                {isSub && <span className="ds-sr-only">{t(entry.view === 'cases' ? 'nav.cases' : 'nav.tasks')}: </span>}
                {t(entry.text)}
              </a>
            </li>
          );
        })}
      </ul>
      <a className={styles.create} href="/minside?report=1">{t('nav.new_case')}</a>
    </nav>
  );
}
