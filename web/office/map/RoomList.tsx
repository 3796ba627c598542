import { useTexts } from '../../shared/useTexts.ts';
import panel from './Panel.module.css';
import styles from './PlaceMap.module.css';
import type { Room } from './types.ts';

/** The rooms as text, each a way to its page. */
export function RoomList({ rooms }: { rooms: Room[] }) {
  const { t, language } = useTexts();
  const area = new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'nb-NO', { maximumFractionDigits: 1 });
  if (rooms.length === 0) return <p className={panel.hint}>{t('floorplan.no_rooms')}</p>;
  return (
    <section className={panel.block}>
      <h3 className={panel.heading}>{t('floorplan.rooms')} ({rooms.length})</h3>
      <ul className={styles.rooms}>
        {rooms.map((room) => (
          <li key={room.id}>
            <a href={`/office?view=register&place=${room.id}`}>{room.name}</a>
            {room.area_m2 !== null && <span className={panel.tag}>{t('floorplan.area', { area: area.format(room.area_m2) })}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
