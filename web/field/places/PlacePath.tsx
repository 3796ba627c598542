import type { StoredRow } from '../sync/types.ts';
import styles from './PlacePath.module.css';

const ABOVE_BUILDINGS = ['municipality', 'property'];

/** Building › storey › room, each a way there. What lies above the building says nothing on the spot. */
export function PlacePath({ path }: { path: StoredRow[] }) {
  const near = path.filter(({ d }) => !ABOVE_BUILDINGS.includes(String(d.kind)));
  const shown = near.length ? near : path.slice(-1);

  return (
    <nav className={styles.path}>
      {shown.map(({ id, d }, i) => (
        <a key={id} className={styles.place} href={`#/place/${id}`}>
          {i > 0 && <span aria-hidden="true">› </span>}
          {String(i === 0 ? (d.label ?? d.name) : d.name)}
        </a>
      ))}
    </nav>
  );
}
