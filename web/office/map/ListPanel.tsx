import { useEffect, useState } from 'react';
import { ApiError } from '../../shared/problem.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './Panel.module.css';
import { ThingList } from './ThingList.tsx';
import type { LayerName } from './layers.ts';
import type { OfficeMapHandle } from './officeMap.ts';
import { type Chosen, readWithin } from './useSelection.ts';

interface Props {
  map: OfficeMapHandle;
  layers: LayerName[];
  /** Changes when the map has moved. */
  moved: string;
}

/** All that is in view as a list: the map for who does not see it. */
export function ListPanel({ map, layers, moved }: Props) {
  const { t } = useTexts();
  const [found, setFound] = useState<Chosen | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const kinds = layers.join();

  useEffect(() => {
    const stop = new AbortController();
    const names = layers;
    if (names.length === 0) return setFound({ things: [], totals: {}, ring: null });
    readWithin(map.view(), names, stop.signal).then((next) => {
      setFound(next);
      setError(null);
    }).catch((failure: unknown) => {
      if (stop.signal.aborted) return;
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    });
    return () => stop.abort();
  }, [map, moved, kinds]);

  if (error) return <Failure error={error} />;
  if (!found) return <Loading />;
  return (
    <div className={styles.block}>
      <p className={styles.hint}>{t('mapview.list_hint')}</p>
      {found.things.length === 0 && <p>{t('mapview.nothing_there')}</p>}
      <ThingList things={found.things} totals={found.totals} onShow={(thing) => map.moveTo([thing.x, thing.y])} />
    </div>
  );
}
