import { Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './Panel.module.css';
import { DIRECTIONS, type Direction, PAPERS, type Paper, SCALES } from './paper.ts';

export interface PrintJob {
  title: string;
  paper: Paper;
  direction: Direction;
  scale: number;
}

/** Which sheet the map is printed on. */
export function PrintPanel({ onPrint }: { onPrint(job: PrintJob): void }) {
  const { t } = useTexts();
  const [job, setJob] = useState<PrintJob>({ title: '', paper: 'a4', direction: 'landscape', scale: 1000 });
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        onPrint({ ...job, title: job.title.trim() || t('mapview.print_title_standard') });
      }}
    >
      <label>{t('mapview.print_title')}<input type="text" maxLength={100} value={job.title} onChange={(event) => setJob({ ...job, title: event.target.value })} /></label>
      <div className={styles.two}>
        <label>
          {t('mapview.print_paper')}
          <select value={job.paper} onChange={(event) => setJob({ ...job, paper: PAPERS.find((paper) => paper === event.target.value) ?? 'a4' })}>
            {PAPERS.map((paper) => <option key={paper} value={paper}>{paper.toUpperCase()}</option>)}
          </select>
        </label>
        <label>
          {t('mapview.print_direction')}
          <select value={job.direction} onChange={(event) => setJob({ ...job, direction: DIRECTIONS.find((each) => each === event.target.value) ?? 'landscape' })}>
            {DIRECTIONS.map((direction) => <option key={direction} value={direction}>{t(`mapview.print.${direction}`)}</option>)}
          </select>
        </label>
      </div>
      <label>
        {t('mapview.print_scale')}
        <select value={job.scale} onChange={(event) => setJob({ ...job, scale: Number(event.target.value) })}>
          {SCALES.map((scale) => <option key={scale} value={scale}>1:{scale}</option>)}
        </select>
      </label>
      <p className={styles.hint}>{t('mapview.print_hint')}</p>
      <div className={styles.row}><Button type="submit">{t('mapview.print_preview')}</Button></div>
    </form>
  );
}
