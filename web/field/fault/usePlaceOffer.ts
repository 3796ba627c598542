import { LAST_PLACES } from '../app/useRemember.ts';
import { useStored } from '../app/useStored.ts';
import { nearest } from '../logic/position.ts';
import { foundComponent, foundPlace, type Found } from '../logic/search.ts';
import { usePosition } from '../places/usePosition.ts';
import { getMeta } from '../sync/store.ts';
import { rowKey } from '../sync/types.ts';

const NEAR_M = 300;
const NEAREST = 3;

export interface PlaceOffer {
  /** The place or component the screen was opened for. */
  given: Found | null;
  /** Where I probably am: the nearest buildings, then where I last was. */
  likely: Found[];
}

export function usePlaceOffer(place: string | null, component: string | null): PlaceOffer | undefined {
  const position = usePosition();

  return useStored(
    ['rows', 'meta'],
    async (tx) => {
      const last = (await getMeta<string[]>(tx, LAST_PLACES)) ?? [];
      const given_component = component ? await tx.get('rows', rowKey('component', component)) : undefined;
      const given_place = place ? await tx.get('rows', rowKey('place', place)) : undefined;
      const lastRows = (await tx.many('rows', last.map((id) => rowKey('place', id)))).filter((row) => row !== undefined);
      const buildings = position ? (await tx.by('rows', 't', 'place')).filter(({ d }) => d.kind === 'building') : [];
      const points = buildings.map((row) => ({ row, x: row.d.x as number | null, y: row.d.y as number | null }));
      const near = position ? nearest(position, points, NEAR_M, NEAREST).map(({ row }) => row) : [];
      const likely = [...near, ...lastRows.filter((row) => !near.some(({ id }) => id === row.id))];
      return {
        given: given_component ? foundComponent(given_component, String(given_place?.d.label ?? '')) : given_place ? foundPlace(given_place) : null,
        likely: likely.map(foundPlace),
      };
    },
    `${place} ${component} ${position?.x} ${position?.y}`,
  );
}
