import { Textfield } from '@digdir/designsystemet-react';
import { useEffect, useState } from 'react';
import { query } from '../shared/api.ts';
import type { List, Place } from '../shared/types.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { useApi } from '../shared/useApi.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './PlaceSearch.module.css';
import type { ReportPlace } from './draft.ts';

const WAIT_MS = 250;
const SHORTEST = 2;
const RESULTS_MAX = 8;

/** Finds a place by street, house or name, with the answer as one types. */
export function PlaceSearch({ onChoose }: { onChoose(place: ReportPlace): void }) {
  const { t, tn } = useTexts();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const found = useApi<List<Place>>(asked.length >= SHORTEST ? `/api/v1/places${query({ q: asked, limit: RESULTS_MAX })}` : null);
  return (
    <div className={styles.search}>
      <Textfield label={t('place.search_label')} value={text} autoComplete="off" onChange={(event) => setText(event.target.value)} />
      <p role="status" className={styles.status}>
        {found.data && (found.data.items.length > 0 ? tn('place.found', found.data.items.length) : t('place.none'))}
      </p>
      {found.error && <Failure error={found.error} retry={found.reload} />}
      <ul className={styles.results}>
        {found.data?.items.map((place) => (
          <li key={place.id}>
            <button type="button" className={styles.result} onClick={() => onChoose({ id: place.id, label: place.label })}>
              {place.label} <span className={styles.kind}>{t(`place_kind.${place.kind}`)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
