import { useCallback, useMemo, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ApiError } from '../../shared/problem.ts';
import type { Xy } from './drawing.ts';
import { LAYERS, type LayerName } from './layers.ts';
import type { Selection, Thing } from './types.ts';

export interface Chosen {
  things: Thing[];
  /** By kind: more than what is listed when the area holds very much. */
  totals: Partial<Record<LayerName, number>>;
  /** The polygon it was chosen by. */
  ring: Xy[] | null;
}

const NONE: Chosen = { things: [], totals: {}, ring: null };

export function count(things: Thing[]): Partial<Record<LayerName, number>> {
  const totals: Partial<Record<LayerName, number>> = {};
  for (const thing of things) totals[thing.kind] = (totals[thing.kind] ?? 0) + 1;
  return totals;
}

/** Asks what lies within a ring, of some kinds. */
export async function readWithin(ring: Xy[], kinds: LayerName[], signal?: AbortSignal): Promise<Chosen> {
  const closed = [...ring, ring[0]];
  const { items } = await api<Selection>('POST', '/api/v1/map/selection', { polygon: { type: 'Polygon', coordinates: [closed] }, kinds }, { signal });
  const totals: Chosen['totals'] = {};
  for (const item of items) totals[item.kind] = item.total;
  return { things: items.toSorted((a, b) => LAYERS.indexOf(b.kind) - LAYERS.indexOf(a.kind)), totals, ring };
}

export interface SelectionState extends Chosen {
  ids: ReadonlySet<string>;
  busy: boolean;
  error: ApiError | null;
  within(ring: Xy[], kinds: LayerName[]): void;
  pick(things: Thing[], isMore: boolean): void;
  remove(id: string): void;
  clear(): void;
}

export function useSelection(): SelectionState {
  const [chosen, setChosen] = useState<Chosen>(NONE);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const ids = useMemo(() => new Set(chosen.things.map((thing) => thing.id)), [chosen]);

  const within = useCallback((ring: Xy[], kinds: LayerName[]) => {
    setBusy(true);
    setError(null);
    readWithin(ring, kinds)
      .then(setChosen)
      .catch((failure: unknown) => {
        if (!(failure instanceof ApiError)) throw failure;
        setError(failure);
      })
      .finally(() => setBusy(false));
  }, []);

  const pick = useCallback((found: Thing[], isMore: boolean) => {
    setError(null);
    setChosen((before) => {
      if (!isMore) return found.length ? { things: found, totals: count(found), ring: null } : NONE;
      const all = before.things.filter((thing) => !found.some((other) => other.id === thing.id));
      const added = all.length < before.things.length && found.length === 1 ? all : [...all, ...found];
      return { things: added, totals: count(added), ring: null };
    });
  }, []);

  const remove = useCallback((id: string) => setChosen((before) => {
    const things = before.things.filter((thing) => thing.id !== id);
    return { things, totals: count(things), ring: null };
  }), []);

  const clear = useCallback(() => {
    setError(null);
    setChosen(NONE);
  }, []);

  return { ...chosen, ids, busy, error, within, pick, remove, clear };
}
