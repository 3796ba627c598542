import { Button } from '@digdir/designsystemet-react';
import { useEffect, useRef, useState } from 'react';
import { query } from '../shared/api.ts';
import { MapView } from '../shared/map/MapView.tsx';
import type { List, Place } from '../shared/types.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { useApi } from '../shared/useApi.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './PlaceOnMap.module.css';
import type { ReportPlace } from './draft.ts';

interface Props {
  start: { x: number | null; y: number | null } | null;
  onChoose(place: ReportPlace, position: [number, number]): void;
}

const NEAREST_MAX = 3;

/** Move the map until the cross points at the fault, then choose the building or area it belongs to. */
export function PlaceOnMap({ start, onChoose }: Props) {
  const { t } = useTexts();
  const [middle, setMiddle] = useState<[number, number] | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'center' });
  }, []);
  const near = middle ? `${Math.round(middle[0])},${Math.round(middle[1])}` : null;
  const nearest = useApi<List<Place>>(near ? `/api/v1/places${query({ near, limit: NEAREST_MAX, kind: 'building' })}` : null);
  const from = start && start.x !== null && start.y !== null ? { x: start.x, y: start.y } : null;
  return (
    <div className={styles.pick} ref={box}>
      <p>{t('place.map_how')}</p>
      <div className={styles.map}>
        <MapView label={t('map.pick_label')} start={from} onMiddle={setMiddle} />
      </div>
      {nearest.error && <Failure error={nearest.error} retry={nearest.reload} />}
      <div className={styles.nearest} aria-live="polite">
        {middle && nearest.data?.items.map((place) => (
          <Button key={place.id} variant="secondary" onClick={() => onChoose({ id: place.id, label: place.label }, middle)}>
            {t('place.at', { place: place.label })}
          </Button>
        ))}
      </div>
    </div>
  );
}
