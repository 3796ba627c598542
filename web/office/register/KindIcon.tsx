import styles from './KindIcon.module.css';
import type { PlaceKind } from './types.ts';

const PATHS: Record<PlaceKind | 'component', string> = {
  municipality: 'M4 20V9l8-5 8 5v11M4 20h16M9 20v-5h6v5M9 11h.01M15 11h.01',
  property: 'M4 6l5-2 6 2 5-2v14l-5 2-6-2-5 2zM9 4v14M15 6v14',
  building: 'M6 20V5h9v15M15 10h4v10M3 20h18M9 8h.01M12 8h.01M9 12h.01M12 12h.01M9 16h.01M12 16h.01',
  storey: 'M4 7l8-3 8 3-8 3zM4 12l8 3 8-3M4 17l8 3 8-3',
  dwelling: 'M6 20V4h9v16M3 20h18M12 12h.01',
  room: 'M4 4h16v16H4zM4 12h7M15 20v-6',
  outdoor_area: 'M12 20v-7M12 13c-4 0-6-2-6-5s3-4 6-4 6 1 6 4-2 5-6 5zM4 20h16',
  component: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1',
};

export function KindIcon({ kind }: { kind: PlaceKind | 'component' }) {
  return <svg className={styles.icon} viewBox="0 0 24 24" aria-hidden="true"><path d={PATHS[kind]} /></svg>;
}
