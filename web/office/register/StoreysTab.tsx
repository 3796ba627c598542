import { Button } from '@digdir/designsystemet-react';
import type { List } from '../../shared/types.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { RegisterLink } from './RegisterLink.tsx';
import styles from './StoreysTab.module.css';
import { useRegister, useRegisterApi } from './context.ts';
import type { PlaceItem, PlaceRow } from './types.ts';

const STOREYS_MAX = 500;

/** A building's storeys, from the top down, and what else lies directly in it. */
export function StoreysTab({ building }: { building: PlaceRow }) {
  const { t, tn } = useTexts();
  const { at, act } = useRegister();
  const loaded = useRegisterApi<List<PlaceItem>>(`/api/v1/places/${building.id}/children?limit=${STOREYS_MAX}`);
  if (!loaded.data) return loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />;
  const storeys = loaded.data.items.filter((place) => place.kind === 'storey').reverse();
  const others = loaded.data.items.filter((place) => place.kind !== 'storey');
  const line = (place: PlaceItem) => (
    <li key={place.id} className={styles.line}>
      <RegisterLink place={place.id} className={styles.name}>{place.name}</RegisterLink>
      <span className={styles.subtle}>
        {place.kind !== 'storey' && t(`reg.kind.${place.kind}`)}
        {place.children !== undefined && place.kind === 'storey' && tn('reg.lies_in', place.children)}
        {place.component_count ? ` · ${tn('reg.components', place.component_count)}` : ''}
      </span>
      {place.kind === 'storey' && !at && (
        <Button variant="tertiary" data-size="sm" onClick={() => act({ name: 'copy_storey', place: { ...building, ...place, parent_id: building.id, children: place.children ?? 0, details: null } })}>
          {t('reg.action.copy_storey')}
        </Button>
      )}
    </li>
  );
  return (
    <>
      {storeys.length === 0 && <p className={styles.subtle}>{t('reg.no_storeys')}</p>}
      <ul className={styles.list}>{storeys.map(line)}</ul>
      {others.length > 0 && <ul className={styles.list} aria-label={t('reg.also_here')}>{others.map(line)}</ul>}
      {!at && <div><Button variant="secondary" data-size="sm" onClick={() => act({ name: 'add', place: building })}>{t('reg.action.add')}</Button></div>}
    </>
  );
}
