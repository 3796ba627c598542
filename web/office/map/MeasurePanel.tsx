import { Button } from '@digdir/designsystemet-react';
import { useEffect, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { DrawHelp } from './DrawHelp.tsx';
import styles from './Panel.module.css';
import type { DrawHandle, Shape, Xy } from './drawing.ts';
import { areaOf, areaText, lengthOf, lengthText } from './measure.ts';

/** Distances and areas on the ground. */
export function MeasurePanel({ drawing }: { drawing: DrawHandle }) {
  const { t, language } = useTexts();
  const [shape, setShape] = useState<Shape>('line');
  const [round, setRound] = useState(0);
  const [points, setPoints] = useState<Xy[]>([]);
  const [isFinished, setFinished] = useState(false);
  const locale = language === 'en' ? 'en-GB' : 'nb-NO';

  useEffect(() => {
    setPoints([]);
    setFinished(false);
    drawing.start(shape, (next, ended) => {
      setPoints(next);
      setFinished(ended);
    });
    return () => drawing.stop();
  }, [drawing, shape, round]);

  const around = shape === 'polygon' && points.length > 2 ? [...points, points[0]!] : points;
  return (
    <div className={styles.block}>
      <div className={styles.row} role="group" aria-label={t('mapview.measure')}>
        {(['line', 'polygon'] as const).map((each) => (
          <Button key={each} data-size="sm" variant={shape === each ? 'primary' : 'secondary'} aria-pressed={shape === each} onClick={() => setShape(each)}>
            {t(each === 'line' ? 'mapview.distance' : 'mapview.area')}
          </Button>
        ))}
      </div>
      <output className={styles.block} aria-live="polite">
        {points.length > 1 && <span className={styles.value}>{lengthText(lengthOf(around), locale)}{shape === 'polygon' && ` ${t('mapview.around')}`}</span>}
        {shape === 'polygon' && points.length > 2 && <span className={styles.value}>{areaText(areaOf(points), locale, t('mapview.maal'))}</span>}
        {points.length < 2 && <span className={styles.hint}>{t('mapview.measure_begin')}</span>}
      </output>
      <p className={styles.hint}>{t('mapview.measure_ground')}</p>
      {isFinished
        ? <div className={styles.row}><Button variant="secondary" data-size="sm" onClick={() => setRound(round + 1)}>{t('mapview.measure_again')}</Button></div>
        : <DrawHelp drawing={drawing} points={points.length} enough={shape === 'line' ? 2 : 3} />}
    </div>
  );
}
