import { Button } from '@digdir/designsystemet-react';
import { useEffect, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { OfficeMap } from './OfficeMap.tsx';
import panel from './Panel.module.css';
import styles from './PlaceMap.module.css';
import type { Xy } from './drawing.ts';
import type { LayerName } from './layers.ts';
import type { OfficeMapHandle } from './officeMap.ts';
import { useGround } from './useGround.ts';

const LAYERS: LayerName[] = ['outdoor_area', 'building', 'component'];
const METRES_A_PIXEL = 0.25;

interface Props {
  at: Xy | null;
  /** What the map opens on when there is no position. */
  near: Xy | null;
  onChoose(at: Xy): void;
}

/** A map to put one thing on: by pressing, or by moving the map under its cross with the keyboard. */
export function PointMap({ at, near, onChoose }: Props) {
  const { t } = useTexts();
  const [map, setMap] = useState<OfficeMapHandle | null>(null);
  const [start] = useState(at ?? near);
  const ground = useGround(map);
  const [x, y] = at ?? [null, null];

  useEffect(() => map?.setShown(LAYERS, false), [map]);
  useEffect(() => {
    map?.setMarks(x === null ? [] : [[x, y]]);
  }, [map, x, y]);

  return (
    <div className={styles.place}>
      <p className={panel.hint}>{t('reg.position_how')}</p>
      <div className={styles.map}>
        <OfficeMap label={t('reg.position_map')} crs="EPSG:25832" centre={start} resolution={METRES_A_PIXEL} cross onReady={setMap} onPick={(_, __, pressed) => onChoose(pressed)} onBackground={ground.heard} />
      </div>
      <div className={panel.row}><Button type="button" variant="secondary" data-size="sm" disabled={!map} onClick={() => map && onChoose(map.middle())}>{t('reg.position_middle')}</Button></div>
      {ground.answers === false && <p className={panel.hint}>{t('mapview.background_silent')}</p>}
    </div>
  );
}
