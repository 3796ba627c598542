import { Button, ValidationMessage } from '@digdir/designsystemet-react';
import { useEffect, useState } from 'react';
import type { Lease, List } from '../shared/types.ts';
import { ChoiceCard } from '../shared/ui/ChoiceCard.tsx';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { useApi } from '../shared/useApi.ts';
import { useTexts } from '../shared/useTexts.ts';
import { PlaceOnMap } from './PlaceOnMap.tsx';
import { PlaceSearch } from './PlaceSearch.tsx';
import styles from './PlaceStep.module.css';
import type { ReportPlace } from './draft.ts';

interface Props {
  place: ReportPlace | null;
  onChoose(place: ReportPlace, position: [number, number] | null): void;
  fault?: string | undefined;
}

interface Option extends ReportPlace {
  hint: string;
}

/** Where: the own home is chosen already; the common parts of the house, a search and the map are next. */
export function PlaceStep({ place, onChoose, fault }: Props) {
  const { t } = useTexts();
  const home = useApi<List<Lease>>('/api/v1/my/home');
  const [opened, setElsewhere] = useState<'search' | 'map' | null>(null);
  const leases = home.data?.items ?? [];
  const options: Option[] = [
    ...leases.map((lease) => ({ id: lease.dwelling_id, label: lease.label, hint: t('place.my_home') })),
    ...leases.map((lease) => ({ id: lease.building_id, label: lease.building_label, hint: t('place.commons') })),
  ];
  if (place && !options.some((option) => option.id === place.id)) options.push({ ...place, hint: t('place.chosen') });

  /* whoever has no home here, such as the desk, begins by searching */
  const elsewhere = opened ?? (options.length === 0 ? 'search' : null);
  const first = options[0];
  useEffect(() => {
    if (!place && first) onChoose({ id: first.id, label: first.label }, null);
  }, [place, first?.id]);

  if (home.loading && !home.data) return <Loading />;
  return (
    <>
      {home.error && home.error.status !== 403 && <Failure error={home.error} retry={home.reload} />}
      <div role="radiogroup" aria-labelledby="step-place-title" className={styles.options}>
        {options.map((option) => (
          <ChoiceCard
            key={option.id}
            name="place"
            label={option.hint}
            text={option.label}
            checked={place?.id === option.id}
            onChoose={() => onChoose({ id: option.id, label: option.label }, null)}
          />
        ))}
      </div>
      {fault && <ValidationMessage>{fault}</ValidationMessage>}
      <div className={styles.elsewhere}>
        <Button variant="tertiary" aria-expanded={elsewhere === 'search'} onClick={() => setElsewhere(elsewhere === 'search' ? null : 'search')}>
          {t('place.search')}
        </Button>
        <Button variant="tertiary" aria-expanded={elsewhere === 'map'} onClick={() => setElsewhere(elsewhere === 'map' ? null : 'map')}>
          {t('place.map')}
        </Button>
      </div>
      {elsewhere === 'search' && <PlaceSearch onChoose={(found) => { onChoose(found, null); setElsewhere(null); }} />}
      {elsewhere === 'map' && (
        <PlaceOnMap
          start={leases[0] ?? null}
          onChoose={(found, position) => { onChoose(found, position); setElsewhere(null); }}
        />
      )}
    </>
  );
}
