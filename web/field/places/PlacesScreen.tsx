import { useTexts } from '../../shared/useTexts.ts';
import { useStored } from '../app/useStored.ts';
import { goTo } from '../app/useRoute.ts';
import { useTitle } from '../app/useTitle.ts';
import { nearest } from '../logic/position.ts';
import { foundPlace } from '../logic/search.ts';
import { SearchBox } from './SearchBox.tsx';
import { usePosition } from './usePosition.ts';

const NEAR_M = 2000;
const SHOWN = 50;

/** Buildings and outdoor areas of my areas: the nearest first where the tablet knows where it is. */
export function PlacesScreen() {
  const { t } = useTexts();
  const position = usePosition();
  const sites = useStored(['rows'], async (tx) => {
    const places = await tx.by('rows', 't', 'place');
    return places.filter(({ d }) => d.kind === 'building' || d.kind === 'outdoor_area');
  });
  useTitle(t('field.places.title'));

  if (!sites) return null;
  const all = sites.map((place) => ({ place, x: number(place.d.x), y: number(place.d.y) }));
  const near = position ? nearest(position, all, NEAR_M, SHOWN) : [];
  const rest = all
    .filter((one) => !near.includes(one))
    .sort((a, b) => String(a.place.d.label).localeCompare(String(b.place.d.label), 'nb', { numeric: true }));
  const shown = [...near, ...rest].slice(0, SHOWN).map(({ place }) => foundPlace(place));

  return (
    <>
      <h1>{t('field.places.title')}</h1>
      <SearchBox label={t('field.search.label')} suggestions={shown} onFound={(found) => goTo(`#/${found.t}/${found.id}`)}>
        {near.length > 0 && <p>{t('field.places.nearest')}</p>}
      </SearchBox>
    </>
  );
}

function number(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
