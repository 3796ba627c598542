import { useEffect, useState } from 'react';
import type { MapGround } from '../../shared/map/baseMap.ts';
import type { List } from '../../shared/types.ts';
import { useApi } from '../../shared/useApi.ts';
import type { OfficeMapHandle } from './officeMap.ts';
import type { MapSettings } from './types.ts';

export interface Ground {
  settings: MapSettings | undefined;
  land: MapGround[];
  /** null: not known yet, or there is none. */
  answers: boolean | null;
  heard(answers: boolean): void;
  reload(): void;
  retry(): void;
}

const NO_LAND: MapGround[] = [];

/** What the map lies on: the background that is set, and our own land under it for when that does not answer. */
export function useGround(map: OfficeMapHandle | null): Ground {
  const { data: settings, reload } = useApi<MapSettings>('/api/v1/settings/map');
  const land = useApi<List<MapGround>>('/api/v1/map/land').data?.items ?? NO_LAND;
  const [answers, setAnswers] = useState<boolean | null>(null);
  const [round, setRound] = useState(0);

  useEffect(() => map?.setLand(land), [map, land]);
  useEffect(() => {
    setAnswers(null);
    map?.setBackground(settings ?? null);
  }, [map, settings, round]);

  return { settings, land, answers, heard: setAnswers, reload, retry: () => setRound(round + 1) };
}
