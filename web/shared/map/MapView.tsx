import { useEffect, useRef, useState } from 'react';
import { api, query } from '../api.ts';
import type { List } from '../types.ts';
import { Loading } from '../ui/Loading.tsx';
import { useSession } from '../useSession.ts';
import { useTexts } from '../useTexts.ts';
import styles from './MapView.module.css';
import type { Bbox, MapGround, MapHandle, MapPoint } from './createMap.ts';

interface Props {
  label: string;
  points?: MapPoint[];
  selected?: string | null;
  onPick?(id: string): void;
  /** Where to start when there are no points to fit. */
  start?: { x: number; y: number } | null;
  /** Shows a cross in the middle and tells where it points. */
  onMiddle?(middle: [number, number]): void;
  /** Points are fitted anew when this changes, not at each refetch: a map that jumps is no map. */
  fitKey?: string;
}

const NO_POINTS: MapPoint[] = [];
const START_METRES_PER_PIXEL = 0.8;
const BUILDINGS_MAX = 2000;
const PLACES_MAX = 500;

/* Staff get outlines, others where the houses are and what they are called. */
function groundPath(bbox: Bbox, isStaff: boolean): string {
  const box = bbox.map(Math.round).join(',');
  return isStaff
    ? `/api/v1/map/buildings${query({ bbox: box, limit: BUILDINGS_MAX })}`
    : `/api/v1/places${query({ kind: 'building', bbox: box, limit: PLACES_MAX })}`;
}

/** A map, fetched when first shown, with houses as its ground. */
export function MapView({ label, points = NO_POINTS, selected = null, onPick, start, onMiddle, fitKey = '' }: Props) {
  const { t } = useTexts();
  const { session } = useSession();
  const isStaff = session.audience === 'office' || session.audience === 'field';
  const target = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapHandle | null>(null);
  const [failed, setFailed] = useState(false);
  const latest = useRef({ onPick, onMiddle });
  latest.current = { onPick, onMiddle };

  useEffect(() => {
    let gone = false;
    let handle: MapHandle | null = null;
    let reading: AbortController | null = null;

    function readBuildings(bbox: Bbox | null): void {
      reading?.abort();
      if (!bbox || !handle) return;
      reading = new AbortController();
      api<List<MapGround>>('GET', groundPath(bbox, isStaff), undefined, { signal: reading.signal })
        .then((list) => handle?.setBuildings(list.items))
        .catch(() => {}); /* the ground is a help, the points are the matter */
    }

    import('./createMap.ts').then(({ createMap }) => {
      if (gone || !target.current) return;
      handle = createMap({
        target: target.current,
        labels: { zoomIn: t('map.zoom_in'), zoomOut: t('map.zoom_out') },
        onPick: (id) => latest.current.onPick?.(id),
        onRest(bbox, middle) {
          readBuildings(bbox);
          latest.current.onMiddle?.(middle);
        },
      });
      setMap(handle);
      api<List<MapGround>>('GET', '/api/v1/map/land')
        .then((list) => handle?.setLand(list.items))
        .catch(() => {});
    }).catch(() => setFailed(true));
    return () => {
      gone = true;
      reading?.abort();
      handle?.destroy();
      setMap(null);
    };
  }, [t, isStaff]);

  useEffect(() => {
    if (map && start) map.moveTo(start.x, start.y, START_METRES_PER_PIXEL);
  }, [map, start?.x, start?.y]);

  useEffect(() => {
    map?.setPoints(points);
  }, [map, points]);

  const hasPoints = points.length > 0;
  useEffect(() => {
    if (hasPoints) map?.showAll();
  }, [map, hasPoints, fitKey]);

  const marked = points.find((point) => point.id === selected) ?? null;
  useEffect(() => {
    map?.select(marked);
  }, [map, marked?.id, marked?.x, marked?.y, marked?.tone]);

  return (
    <div className={styles.frame}>
      <div ref={target} className={styles.map} tabIndex={0} role="application" aria-label={label} />
      {onMiddle && map && (
        <svg className={styles.cross} viewBox="0 0 40 40" aria-hidden="true">
          <path d="M20 4v12M20 24v12M4 20h12M24 20h12" /><circle cx="20" cy="20" r="2" />
        </svg>
      )}
      {!map && <div className={styles.wait}>{failed ? t('map.failed') : <Loading label={t('map.loading')} />}</div>}
    </div>
  );
}
