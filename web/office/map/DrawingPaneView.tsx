import { useEffect, useRef } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './OfficeMap.module.css';
import type { Xy } from './drawing.ts';
import type { DrawingPane } from './drawingPane.ts';
import type { Shown } from './placing.ts';

interface Props {
  drawing: Shown;
  onReady(pane: DrawingPane | null): void;
  onPick(at: Xy): void;
}

/** The drawing in a pane to point in. */
export function DrawingPaneView({ drawing, onReady, onPick }: Props) {
  const { t } = useTexts();
  const target = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let gone = false;
    let pane: DrawingPane | null = null;
    import('./drawingPane.ts').then(({ createDrawingPane }) => {
      if (gone || !target.current) return;
      pane = createDrawingPane({ target: target.current, labels: { zoomIn: t('map.zoom_in'), zoomOut: t('map.zoom_out') }, drawing, onPick });
      onReady(pane);
    }).catch(() => {}); /* the map beside it says that maps could not be fetched */
    return () => {
      gone = true;
      onReady(null);
      pane?.destroy();
    };
  }, [drawing, onReady, onPick, t]);

  return (
    <div className={`${styles.frame} ${styles.paper}`}>
      <div ref={target} className={styles.map} tabIndex={0} role="application" aria-label={t('floorplan.drawing_label')} />
      <svg className={styles.cross} viewBox="0 0 40 40" aria-hidden="true"><path d="M20 4v12M20 24v12M4 20h12M24 20h12" /></svg>
    </div>
  );
}
