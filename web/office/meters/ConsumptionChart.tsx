import { useEffect, useRef, useState } from 'react';
import { formatNumber } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './ConsumptionChart.module.css';
import type { Consumption } from './types.ts';

const WIDTH_LEAST = 320;

/** What was used by month, as bars; in normal weather, as a line. The table below says the same to those who cannot see it. */
export function ConsumptionChart({ found }: { found: Consumption }) {
  const { t, language } = useTexts();
  const box = useRef<HTMLDivElement>(null);
  const [isBroken, setIsBroken] = useState(false);
  const hasCorrected = found.periods.some((each) => each.corrected !== null);

  useEffect(() => {
    const { current } = box;
    if (!current) return;
    let isGone = false;
    const month = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : `${language}-NO`, { month: 'short', year: '2-digit', timeZone: 'UTC' });
    const day = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : `${language}-NO`, { day: 'numeric', month: 'short', timeZone: 'UTC' });
    const draw = async (): Promise<void> => {
      const { drawChart } = await import('./drawChart.ts');
      if (isGone) return;
      const look = getComputedStyle(current);
      const { element } = drawChart(
        found.periods,
        {
          used: t('meters.used'),
          corrected: t('meters.corrected'),
          unit: found.unit,
          nameOf: (start) => (found.by === 'month' ? month : day).format(new Date(`${start}T12:00:00Z`)),
          number: (value) => formatNumber(value, language),
        },
        Math.max(WIDTH_LEAST, current.clientWidth),
        { bar: look.getPropertyValue('--bar'), line: look.getPropertyValue('--line') },
      );
      current.replaceChildren(element);
    };
    draw().catch(() => setIsBroken(true));
    const sized = new ResizeObserver(() => void draw().catch(() => setIsBroken(true)));
    sized.observe(current);
    return () => {
      isGone = true;
      sized.disconnect();
    };
  }, [found, language, t]);

  return (
    <figure>
      <div ref={box} className={styles.chart} role="img" aria-label={t('meters.chart_label', { unit: found.unit })} />
      {isBroken && <p>{t('meters.chart_failed')}</p>}
      <figcaption>
        <ul className={styles.legend}>
          <li><span className={styles.bar} />{t('meters.used')}</li>
          {hasCorrected && <li><span className={styles.line} />{t('meters.corrected')}</li>}
        </ul>
      </figcaption>
    </figure>
  );
}
