import { lazy, Suspense, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { useNow } from '../app/useNow.ts';
import { useStored } from '../app/useStored.ts';
import { useTitle } from '../app/useTitle.ts';
import { useWho } from '../app/useTablet.ts';
import { isFor, todaysList } from '../logic/today.ts';
import { syncState } from '../sync/state.ts';
import type { StoredRow } from '../sync/types.ts';
import { list, placesOf } from '../sync/view.ts';
import { Choice } from '../ui/Choice.tsx';
import { FirstLoad } from './FirstLoad.tsx';
import { TaskSection } from './TaskSection.tsx';
import styles from './TodayScreen.module.css';

const TaskMap = lazy(() => import('./TaskMap.tsx').then(({ TaskMap }) => ({ default: TaskMap })));

/** The day's list opens the app. */
export function TodayScreen() {
  const { t } = useTexts();
  const who = useWho();
  const now = useNow();
  const [whose, setWhose] = useState<'mine' | 'all'>('mine');
  const [how, setHow] = useState<'list' | 'map'>('list');
  const found = useStored(['rows', 'outbox', 'meta'], async (tx) => {
    const tasks = await list(tx, 'task');
    return { tasks, places: await placesOf(tx, tasks), sync: await syncState(tx) };
  });
  useTitle(t('field.today.title'));

  if (!found) return null;
  const { tasks, places, sync } = found;
  const shown = tasks.filter(({ d }) => whose === 'all' || isFor(who.person_id, d));
  const sections = todaysList(shown, now);

  return (
    <>
      <h1 className={styles.title}>{t('field.today.title')}</h1>
      <div className={styles.choices}>
        <Choice label={t('field.today.whose')} value={whose} onChange={setWhose} options={[['mine', t('field.today.mine')], ['all', t('field.today.all')]]} />
        <Choice label={t('field.today.how')} value={how} onChange={setHow} options={[['list', t('field.today.list')], ['map', t('field.today.map')]]} />
      </div>
      {sync.pulled_at === null && <FirstLoad rows={sync.staged} />}
      {sync.pulled_at !== null && sections.length === 0 && <p className={styles.empty}>{t('field.today.empty')}</p>}
      {how === 'map' ? (
        <Suspense fallback={<p role="status">{t('field.today.map_loading')}</p>}>
          <TaskMap sections={sections} places={places} />
        </Suspense>
      ) : (
        sections.map((section) => <TaskSection key={section.group} section={section} places={places} />)
      )}
    </>
  );
}

export type Places = Map<string, StoredRow>;
