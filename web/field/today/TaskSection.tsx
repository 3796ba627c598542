import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import type { Group, Section } from '../logic/today.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { TaskLine } from './TaskLine.tsx';
import styles from './TaskSection.module.css';
import type { Places } from './TodayScreen.tsx';

/** How many of a group are shown at first: a backlog must not push the day out of sight. */
const FIRST: Record<Group, number> = { acute: 50, late: 5, today: 50, coming: 10, done: 5 };

interface Props {
  section: Section;
  places: Places;
}

/** The tasks of one urgency. A long section shows its first, and the rest when asked. */
export function TaskSection({ section: { group, tasks }, places }: Props) {
  const { t } = useTexts();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? tasks : tasks.slice(0, FIRST[group]);

  return (
    <section className={styles.section} data-group={group}>
      <h2 className={styles.heading}>
        {t(`field.group.${group}`)} <span className={styles.count}>{tasks.length}</span>
      </h2>
      <ul className={styles.list}>
        {shown.map((task) => (
          <li key={task.id}>
            <TaskLine task={task} place={places.get(String(task.d.place_id))} isToday={group === 'today' && task.d.planned_on !== null} />
          </li>
        ))}
      </ul>
      {shown.length < tasks.length && (
        <BigButton onClick={() => setWhole(true)}>{t('field.today.more', { n: tasks.length - shown.length })}</BigButton>
      )}
    </section>
  );
}
