import { formatFull, formatNumber, formatTime } from '../../shared/format.ts';
import type { TextKey } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Row } from '../sync/view.ts';
import form from '../ui/Form.module.css';
import { newestFirst, valueOf } from './meters.ts';

const SHOWN = 12;
const SOURCES = ['automatic', 'file', 'install', 'manual', 'removal', 'tablet', 'tenant'] as const;

interface Props {
  unit: string;
  readings: Row[];
}

/** What it showed before, the newest first, with what became of those written here. */
export function ReadingList({ unit, readings }: Props) {
  const { t, language } = useTexts();
  const sourceOf = (source: unknown): string => {
    const known = SOURCES.find((one) => one === source);
    return known ? t(`meters.source.${known}` satisfies TextKey) : '';
  };

  return (
    <section>
      <h2>{t('meters.readings')}</h2>
      {readings.length === 0 && <p>{t('field.meter.never')}</p>}
      <ul className={form.list}>
        {newestFirst(readings).slice(0, SHOWN).map((reading) => (
          <li key={reading.id} className={form.line}>
            <span className={form.name}>{formatNumber(valueOf(reading), language)} {unit}</span>
            <span>
              <time dateTime={String(reading.d.at)} title={formatFull(String(reading.d.at), language)}>{formatTime(String(reading.d.at), language)}</time>
              {sourceOf(reading.d.source) && ` · ${sourceOf(reading.d.source)}`}
            </span>
            {reading.isPending && <span className={form.pending}>{t('field.task.not_sent')}</span>}
            {reading.d.state === 'flagged' && <span className={form.pending}>{t('field.meter.flagged')}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
