import { Alert, Button } from '@digdir/designsystemet-react';
import { useEffect, useMemo, useState } from 'react';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import type { List, Place } from '../../shared/types.ts';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { OfficeMap } from './OfficeMap.tsx';
import panel from './Panel.module.css';
import { PlanEditor } from './PlanEditor.tsx';
import { PlanList } from './PlanList.tsx';
import styles from './PlaceMap.module.css';
import { RoomList } from './RoomList.tsx';
import { type LayerName } from './layers.ts';
import type { OfficeMapHandle } from './officeMap.ts';
import type { FloorPlan, Room } from './types.ts';
import { useGround } from './useGround.ts';
import { usePlans } from './usePlans.ts';

const LAYERS: LayerName[] = ['outdoor_area', 'building', 'task', 'case'];
const INSIDE: LayerName[] = ['building'];
const METRES_A_PIXEL = 0.25;
const NO_ROOMS: Room[] = [];
const NONE = new Set<string>();

/** A place on the map; of a building each storey with its floor plans and rooms. */
export function PlaceMap({ placeId }: { placeId: string }) {
  const { t } = useTexts();
  const place = useApi<Place>(`/api/v1/places/${placeId}`);
  const isStorey = place.data?.kind === 'storey';
  const below = useApi<List<Place>>(place.data?.kind === 'building' ? `/api/v1/places/${placeId}/children?limit=500` : null);
  const storeys = useMemo(() => (below.data?.items ?? []).filter((each) => each.kind === 'storey'), [below.data]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [map, setMap] = useState<OfficeMapHandle | null>(null);
  const [editing, setEditing] = useState<FloorPlan | 'new' | null>(null);
  const [made, setMade] = useState<number | null>(null);
  const storey = isStorey ? placeId : chosen;
  const plans = usePlans(storey);
  const rooms = useApi<List<Room>>(storey ? `/api/v1/storeys/${storey}/rooms` : null);
  const ground = useGround(map);
  const isOnMap = place.data?.x != null && place.data.y != null;

  useEffect(() => {
    setChosen(null);
    setEditing(null);
  }, [placeId]);
  useEffect(() => {
    map?.setShown(storey ? INSIDE : LAYERS, false);
    map?.setSelected(storey ? NONE : new Set([placeId]));
  }, [map, storey, placeId]);
  useEffect(() => map?.setPlans(storey ? plans.drawn : []), [map, storey, plans.drawn]);
  useEffect(() => map?.setRooms(storey ? rooms.data?.items ?? NO_ROOMS : NO_ROOMS), [map, storey, rooms.data]);

  if (place.error) return <Failure error={place.error} retry={place.reload} />;
  if (!place.data) return <Loading />;
  if (!isOnMap) return <p>{t('mapview.no_position')}</p>;
  const centre: [number, number] = [place.data.x!, place.data.y!];

  if (editing && storey)
    return (
      <PlanEditor
        storey={storey}
        centre={centre}
        plan={editing === 'new' ? null : editing}
        onCancel={() => setEditing(null)}
        onDone={(n) => {
          setEditing(null);
          setMade(n);
          plans.reload();
          rooms.reload();
        }}
      />
    );
  return (
    <div className={styles.place} data-size="sm">
      {storeys.length > 0 && (
        <div className={panel.row} role="group" aria-label={t('floorplan.storeys')}>
          {[null, ...storeys].map((each) => (
            <Button
              key={each?.id ?? ''} data-size="sm" variant={chosen === (each?.id ?? null) ? 'primary' : 'secondary'} aria-pressed={chosen === (each?.id ?? null)}
              onClick={() => {
                setChosen(each?.id ?? null);
                setMade(null);
              }}
            >
              {each?.name ?? t('floorplan.outside')}
            </Button>
          ))}
        </div>
      )}
      {made !== null && <Alert data-color="success" role="status">{t('floorplan.made', { n: made })}</Alert>}
      <div className={styles.map}>
        <OfficeMap label={t('mapview.label')} crs="EPSG:25832" centre={centre} resolution={METRES_A_PIXEL} onReady={setMap} onBackground={ground.heard} />
      </div>
      {ground.answers === false && <p className={panel.hint}>{t('mapview.background_silent')}</p>}
      {storey && (
        <>
          <PlanList plans={plans} onPlace={setEditing} />
          <div className={panel.row}><Button variant="secondary" onClick={() => setEditing('new')}>{t('floorplan.add')}</Button></div>
          {rooms.error ? <Failure error={rooms.error} retry={rooms.reload} /> : <RoomList rooms={rooms.data?.items ?? NO_ROOMS} />}
        </>
      )}
    </div>
  );
}
