import { Button } from '@digdir/designsystemet-react';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { MapGround } from '../../shared/map/baseMap.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { LegendSymbol } from './LegendSymbol.tsx';
import type { PrintJob } from './PrintPanel.tsx';
import styles from './PrintSheet.module.css';
import type { Xy } from './drawing.ts';
import { GRADES, LAYERS, type LayerName, gradeText, layerText } from './layers.ts';
import type { OfficeMapHandle } from './officeMap.ts';
import { barOf, resolutionOf } from './paper.ts';
import type { Background } from './types.ts';

interface Props {
  job: PrintJob;
  centre: Xy;
  layers: LayerName[];
  byCondition: boolean;
  selected: ReadonlySet<string>;
  land: MapGround[];
  background: Background | null;
  onClose(): void;
}

/** A sheet of paper with the map true to scale, which the browser prints or makes a PDF of. Its texts are text in the PDF. */
export function PrintSheet({ job, centre, layers, byCondition, selected, land, background, onClose }: Props) {
  const { t, language } = useTexts();
  const target = useRef<HTMLDivElement>(null);
  const first = useRef<HTMLDivElement>(null);
  const [isDrawn, setDrawn] = useState(false);
  const [answers, setAnswers] = useState(false);
  const bar = barOf(job.scale);

  useEffect(() => {
    let gone = false;
    let map: OfficeMapHandle | null = null;
    first.current?.focus();
    import('./officeMap.ts').then(async ({ createOfficeMap }) => {
      if (gone || !target.current) return;
      map = createOfficeMap({
        target: target.current, labels: { zoomIn: '', zoomOut: '' }, crs: 'EPSG:25832', centre, resolution: resolutionOf(job.scale), forPrint: true,
        onBackground: (now) => setAnswers(now),
      });
      map.setLand(land);
      map.setShown(layers, byCondition);
      map.setSelected(selected);
      map.setBackground(background);
      await map.whenDrawn();
      if (!gone) setDrawn(true);
    }).catch(() => setDrawn(true));
    return () => {
      gone = true;
      map?.destroy();
    };
  }, []);

  const municipality = land.map((each) => each.label).join(', ');
  const date = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'nb-NO', { dateStyle: 'long', timeZone: 'Europe/Oslo' }).format(new Date());
  return createPortal(
    <div className={styles.view} role="dialog" aria-modal="true" aria-label={t('mapview.print')} ref={first} tabIndex={-1} onKeyDown={(event) => event.key === 'Escape' && onClose()} data-print="map">
      <div className={styles.tools}>
        <Button onClick={() => window.print()} disabled={!isDrawn}>{isDrawn ? t('mapview.print_now') : t('mapview.print_wait')}</Button>
        <Button variant="secondary" onClick={onClose}>{t('mapview.print_back')}</Button>
      </div>
      <article className={`${styles.sheet} ${styles[`${job.paper}${job.direction === 'portrait' ? 'Portrait' : 'Landscape'}`] ?? ''}`}>
        <header className={styles.header}>
          <h1>{job.title}</h1>
          <span>{municipality}</span>
        </header>
        <div className={styles.mapBox}>
          <div ref={target} className={styles.map} />
          <svg className={styles.north} viewBox="0 0 40 56" role="img" aria-label={t('mapview.north')}>
            <path d="M20 2 32 40 20 33 8 40z" fill="#1f2d33" /><text x="20" y="54" textAnchor="middle">N</text>
          </svg>
        </div>
        <footer className={styles.footer}>
          <div className={styles.scale}>
            <svg viewBox="0 0 44 7" role="img" aria-label={t('mapview.scale_bar', { metres: bar.metres })}>
              <rect x="0.25" y="0.5" width={bar.mm / 2} height="2" fill="#1f2d33" stroke="#1f2d33" strokeWidth="0.3" />
              <rect x={0.25 + bar.mm / 2} y="0.5" width={bar.mm / 2} height="2" fill="#ffffff" stroke="#1f2d33" strokeWidth="0.3" />
              <text x="0" y="6">0</text><text x={bar.mm} y="6" textAnchor="end">{bar.metres} m</text>
            </svg>
            <span>{t('mapview.print_scale')} 1:{job.scale}</span>
            <span>EPSG:25832 (EUREF89 UTM 32)</span>
          </div>
          <ul className={styles.legend}>
            {LAYERS.filter((layer) => layers.includes(layer)).map((layer) => <li key={layer}><LegendSymbol layer={layer} />{t(layerText(layer))}</li>)}
            {(layers.includes('task') || layers.includes('case')) && <li><LegendSymbol layer={layers.includes('task') ? 'task' : 'case'} tone="late" />{t('mapview.tone.late')}</li>}
            {byCondition && GRADES.map((grade) => <li key={grade}><LegendSymbol layer="building" grade={grade} />{t(gradeText(grade))}</li>)}
          </ul>
          <div className={styles.about}>
            <span>{date}</span>
            <span>{answers && background ? background.attribution : t('mapview.own_background')}</span>
          </div>
        </footer>
      </article>
    </div>,
    document.body,
  );
}
