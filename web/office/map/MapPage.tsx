import { useQuery } from '../../shared/useQuery.ts';
import { RegisterMap } from './RegisterMap.tsx';
import { StoreysPage } from './StoreysPage.tsx';

/** The map of everything, or (`&storeys=ID`) one building from the inside. */
export function MapPage() {
  const building = useQuery().get('storeys');
  return building ? <StoreysPage key={building} placeId={building} /> : <RegisterMap />;
}
