import { formatDay, formatNumber } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Row } from '../sync/view.ts';
import styles from '../ui/Form.module.css';
import { newestFirst, valueOf } from './meters.ts';
import { useMeterName } from './useMeterName.ts';

export interface MeterFound {
  meter: Row;
  readings: Row[];
}

/** The meters that hang here, each with what it last showed, and the way to read it. */
export function MeterList({ meters }: { meters: MeterFound[] }) {
  const { t, language } = useTexts();
  const nameOf = useMeterName();

  function lastOf({ meter, readings }: MeterFound): string {
    const [last] = newestFirst(readings);
    if (!last) return t('field.meter.never');
    const value = `${formatNumber(valueOf(last), language)} ${String(meter.d.unit ?? '')}`;
    return t('field.meter.last', { value, day: formatDay(String(last.d.at), language) });
  }

  if (meters.length === 0) return null;
  return (
    <section>
      <h2>{t('field.meter.title')}</h2>
      <ul className={styles.list}>
        {meters.map((found) => (
          <li key={found.meter.id}>
            <a className={styles.line} href={`#/meter/${found.meter.id}`}>
              <span className={styles.name}>{nameOf(found.meter.d)}</span>
              <span>{lastOf(found)}</span>
              {found.readings.some(({ isPending }) => isPending) && <span className={styles.pending}>{t('field.task.not_sent')}</span>}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
