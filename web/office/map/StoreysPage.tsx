import { Button } from '@digdir/designsystemet-react';
import type { Place } from '../../shared/types.ts';
import { useApi } from '../../shared/useApi.ts';
import { go } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { PlaceMap } from './PlaceMap.tsx';
import styles from './StoreysPage.module.css';

/** A building's storeys with their floor plans, with the room that placing a plan takes. */
export function StoreysPage({ placeId }: { placeId: string }) {
  const { t } = useTexts();
  const place = useApi<Place>(`/api/v1/places/${placeId}`).data;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{place?.label ?? t('floorplan.storeys')}</h1>
        <Button variant="secondary" data-size="sm" onClick={() => go({ storeys: null })}>{t('mapview.print_back')}</Button>
      </div>
      <PlaceMap placeId={placeId} />
    </div>
  );
}
