import { useEffect, useRef, useState } from 'react';
import type { Crs } from '../../shared/map/projections.ts';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './OfficeMap.module.css';
import type { Xy } from './drawing.ts';
import type { OfficeMapHandle } from './officeMap.ts';
import type { Thing } from './types.ts';

interface Props {
  label: string;
  crs: Crs;
  centre: Xy | null;
  resolution: number;
  /** Shows where the middle is: it is what the keyboard points with. */
  cross?: boolean;
  onReady(map: OfficeMapHandle | null): void;
  onRest?(centre: Xy, resolution: number): void;
  onPointer?(at: Xy | null): void;
  onPick?(things: Thing[], isMore: boolean, at: Xy): void;
  onBackground?(answers: boolean): void;
}

/** The map itself, fetched when first shown. What is on it its owner says through the handle. */
export function OfficeMap({ label, crs, centre, resolution, cross = false, onReady, ...told }: Props) {
  const { t } = useTexts();
  const target = useRef<HTMLDivElement>(null);
  const [status, setStatus] = useState<'loading' | 'ready' | 'failed'>('loading');
  const latest = useRef({ onReady, ...told, centre, resolution });
  latest.current = { onReady, ...told, centre, resolution };

  useEffect(() => {
    let gone = false;
    let handle: OfficeMapHandle | null = null;
    import('./officeMap.ts').then(({ createOfficeMap }) => {
      if (gone || !target.current) return;
      handle = createOfficeMap({
        target: target.current,
        labels: { zoomIn: t('map.zoom_in'), zoomOut: t('map.zoom_out') },
        crs,
        centre: latest.current.centre ?? undefined,
        resolution: latest.current.centre ? latest.current.resolution : undefined,
        onRest: (at, metres) => latest.current.onRest?.(at, metres),
        onPointer: (at) => latest.current.onPointer?.(at),
        onPick: (things, isMore, at) => latest.current.onPick?.(things, isMore, at),
        onBackground: (answers) => latest.current.onBackground?.(answers),
      });
      setStatus('ready');
      latest.current.onReady(handle);
    }).catch(() => setStatus('failed'));
    return () => {
      gone = true;
      latest.current.onReady(null);
      handle?.destroy();
    };
  }, [crs, t]);

  return (
    <div className={styles.frame}>
      <div ref={target} className={styles.map} tabIndex={0} role="application" aria-label={label} />
      {cross && status === 'ready' && (
        <svg className={styles.cross} viewBox="0 0 40 40" aria-hidden="true"><path d="M20 4v12M20 24v12M4 20h12M24 20h12" /></svg>
      )}
      {status !== 'ready' && <div className={styles.wait}>{status === 'failed' ? t('map.failed') : <Loading label={t('map.loading')} />}</div>}
    </div>
  );
}
