import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import type { Group, Section } from '../logic/today.ts';
import { usePosition } from '../places/usePosition.ts';
import type { Row } from '../sync/view.ts';
import { TaskLine } from './TaskLine.tsx';
import { drawMap, type MapHandle, type MapPoint } from './drawMap.ts';
import styles from './TaskMap.module.css';
import type { Places } from './TodayScreen.tsx';

interface Props {
  sections: Section[];
  places: Places;
}

/** The list's tasks where they are. No background is fetched: it is the same with no network. */
export function TaskMap({ sections, places }: Props) {
  const { t } = useTexts();
  const element = useRef<HTMLDivElement>(null);
  const handle = useRef<MapHandle>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const position = usePosition();
  const all = sections.flatMap(({ group, tasks }) => tasks.map((task) => ({ group, task })));

  useEffect(() => {
    const made = drawMap(element.current!, setChosen);
    handle.current = made;
    return () => made.remove();
  }, []);

  useEffect(() => {
    handle.current?.show(pointsOf(all, places), position);
  });

  const shown = all.filter(({ task }) => chosen.includes(task.id));
  return (
    <>
      <div ref={element} className={styles.map} role="application" aria-label={t('field.today.map')} />
      <ul className={styles.chosen}>
        {shown.map(({ task }) => (
          <li key={task.id}><TaskLine task={task} place={places.get(String(task.d.place_id))} /></li>
        ))}
      </ul>
      {shown.length === 0 && <p>{t('field.today.map_help')}</p>}
    </>
  );
}

/** A task's own point, or its place's. */
function pointsOf(all: { group: Group; task: Row }[], places: Places): MapPoint[] {
  return all.flatMap(({ group, task }) => {
    const place = places.get(String(task.d.place_id))?.d;
    const x = task.d.x ?? place?.x;
    const y = task.d.y ?? place?.y;
    return x == null || y == null ? [] : [{ id: task.id, group, x: Number(x), y: Number(y), label: String(place?.label ?? '') }];
  });
}
