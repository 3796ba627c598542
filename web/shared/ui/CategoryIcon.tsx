import styles from './CategoryIcon.module.css';

/* Drawn on a 24 by 24 grid with one pen. The names are those of category.icon in the reference data. */
const PATHS: Record<string, string> = {
  faucet: 'M5 8h9a4 4 0 0 1 4 4v2M5 5v6M10 8V4M7 4h6M18 17c1.2 1.6 1.8 2.4 1.8 3.2a1.8 1.8 0 0 1-3.6 0c0-.8.6-1.6 1.8-3.2Z',
  thermometer: 'M10 13.5V5a2 2 0 0 1 4 0v8.5a4 4 0 1 1-4 0ZM12 9v7',
  bolt: 'M13 3 6 13h5l-1 8 8-11h-6z',
  lightbulb: 'M9 17h6M10 20h4M8.5 14.5a6 6 0 1 1 7 0c-.6.5-.8 1.2-.8 2.5H9.300c0-1.3-.2-2-.8-2.500Z',
  door: 'M6 21V3h12v18M4 21h16M14.5 12v1',
  fan: 'M3 9h10a2.5 2.5 0 1 0-2.5-2.500M3 13h15a2.5 2.5 0 1 1-2.5 2.500M3 17h7a2 2 0 1 1-2 2',
  elevator: 'M5 3h14v18H5zM12 3v18M8.5 10V7M7.3 8.2 8.5 7l1.2 1.200M15.5 14v3M14.3 15.800l1.2 1.2 1.2-1.2',
  bug: 'M12 8a4 4 0 0 1 4 4v3a4 4 0 0 1-8 0v-3a4 4 0 0 1 4-4ZM9.5 8.5 8 5M14.5 8.5 16 5M8 13H4M20 13h-4M8.5 17 5 20M15.5 17l3.5 3M12 8v11',
  trash: 'M5 7h14M9 7V4h6v3M7 7l1 14h8l1-14M10.5 11v6M13.5 11v6',
  tree: 'M12 21v-6M12 15c-4 0-6-2-6-5 0-2 1-3.5 2.5-4C9 4 10.5 3 12 3s3 1 3.5 3c1.5.5 2.5 2 2.5 4 0 3-2 5-6 5ZM5 21h14',
  slide: 'M4 21 8 4h8l4 17M8 4v0M9.5 4v9M14.5 4v9M8.5 13h7',
  snowflake: 'M12 3v18M4.2 7.500l15.6 9M4.2 16.500l15.6-9M9.5 4.5 12 7l2.5-2.500M9.5 19.5 12 17l2.5 2.5',
  fire: 'M9 10h6v11H9zM10 10V7h4v3M12 7V4M12 4h5l2 2M14 8c3 0 4 2 4 5M9 14h6',
  volume: 'M4 10v4h3l5 4V6L7 10zM15.5 9a4 4 0 0 1 0 6M18 6.500a7.5 7.5 0 0 1 0 11',
  roof: 'M3 12 12 5l9 7M6 10v10h12V10M15 6.500V4h2.500v4.5',
  wall: 'M4 5h16v14H4zM4 9.700h16M4 14.300h16M9 5v4.700M15 5v4.700M12 9.700v4.600M9 14.300V19M15 14.300V19',
  broom: 'M14 3 9.5 12M7 12h6l2 9H5zM8.5 16v5M11.5 16v5',
  key: 'M8 12a4 4 0 1 0 0-.01M12 12h9M17 12v3M20 12v2.5',
  kitchen: 'M4 20V10h16v10zM4 10V7h16v3M12 10v10M8 13v2M16 13v2',
  bath: 'M4 12h16v2a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5zM6 12V6a2 2 0 0 1 4 0M7 19l-1 2M17 19l1 2',
  clipboard: 'M7 4h10v17H7zM10 2.500h4v3h-4zM9.5 10l1.2 1.200L13 9M9.5 15l1.2 1.200L13 14',
  droplet: 'M12 3.5c3.5 4.5 6 7.5 6 11a6 6 0 0 1-12 0c0-3.5 2.5-6.5 6-11Z',
  flame: 'M12 21a6 6 0 0 0 6-6c0-4-3-6-4-10-2 1.5-2.5 4-2.5 6-1-.5-1.5-1.5-1.5-2.500C8 10 6 12 6 15a6 6 0 0 0 6 6Z',
  'cloud-rain': 'M7 15a4 4 0 0 1 .5-8 5 5 0 0 1 9.5 1.500A3.3 3.3 0 0 1 17 15M9 17l-1 3M13 17l-1 3M17 17l-1 3',
  hammer: 'M4 20l8-8M10.5 8.500l5 5M9 7l5-4 6 6-4 5z',
  wifi: 'M4 10a12 12 0 0 1 16 0M7 13.500a7.5 7.5 0 0 1 10 0M10 17a3 3 0 0 1 4 0M12 20h.01',
  dots: 'M6 12h.01M12 12h.01M18 12h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z',
  report: 'M14.5 6.500a4 4 0 0 1 5-2.500l-2.5 2.5 1 2 2 1L22 7a4 4 0 0 1-5 5L9 20a2.1 2.1 0 0 1-3-3z',
};

export function CategoryIcon({ name }: { name: string }) {
  return (
    <svg className={styles.icon} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name] ?? PATHS['dots']} />
    </svg>
  );
}
