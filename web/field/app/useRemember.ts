import { useEffect } from 'react';
import { getMeta, setMeta } from '../sync/store.ts';
import { useTablet } from './useTablet.ts';

const MAX_PLACES = 4;
export const LAST_PLACES = 'last_places';

/** Keeps which places were last looked at: where a new fault most likely is. */
export function useRemember(place_id: unknown): void {
  const { store } = useTablet();

  useEffect(() => {
    if (typeof place_id !== 'string') return;
    void store.write(['meta'], async (tx) => {
      const before = (await getMeta<string[]>(tx, LAST_PLACES)) ?? [];
      await setMeta(tx, LAST_PLACES, [place_id, ...before.filter((id) => id !== place_id)].slice(0, MAX_PLACES));
    });
  }, [store, place_id]);
}
