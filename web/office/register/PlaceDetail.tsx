import { Suspense, useEffect } from 'react';
import type { TextKey } from '../../shared/i18n.ts';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { PANELS } from '../views.tsx';
import { ComponentsTab } from './ComponentsTab.tsx';
import { DocumentsTab } from './DocumentsTab.tsx';
import { FactsTab } from './FactsTab.tsx';
import { GonePlace } from './GonePlace.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { PastBanner } from './PastBanner.tsx';
import { PlaceHeader } from './PlaceHeader.tsx';
import { StoreysTab } from './StoreysTab.tsx';
import { Tabs } from './Tabs.tsx';
import { WorkTab } from './WorkTab.tsx';
import { TABS, type TabName, openTab, useRegisterAddress } from './address.ts';
import { useRegister, useRegisterApi } from './context.ts';
import type { PlaceRow } from './types.ts';
import { useShownTitle } from './useShownTitle.ts';

interface Props {
  id: string;
  /** The place whose menu is asked for. */
  menuOf: string | null;
  onMenu(id: string | null): void;
}

/* What is known of another day: the facts, the tree and what was changed. */
const OF_THE_PAST: TabName[] = ['facts', 'storeys', 'components', 'history'];

function tabsOf(place: PlaceRow, at: string | null): TabName[] {
  return TABS.filter((name) => {
    if (at && !OF_THE_PAST.includes(name)) return false;
    if (name === 'map' || name === 'keys' || name === 'meters' || name === 'warnings') return PANELS[name] !== undefined;
    if (name === 'storeys') return place.kind === 'building';
    return place.kind !== 'municipality' || name === 'facts' || name === 'history';
  });
}

/** One place: what it is, and all that hangs on it. */
export function PlaceDetail({ id, menuOf, onMenu }: Props) {
  const { t } = useTexts();
  const { tab, at } = useRegisterAddress();
  const { tree } = useRegister();
  const loaded = useRegisterApi<PlaceRow>(`/api/v1/places/${id}`);
  const place = loaded.data;
  const { lead } = tree;
  useShownTitle(place ? (place.kind === 'building' || place.kind === 'dwelling' ? place.label : place.name) : null);

  const way = place && [...place.path.map((step) => step.id), place.id, place.name].join();
  useEffect(() => {
    if (place) lead(place);
  }, [lead, way, at]);

  if (!place) return (
    <>
      {at && <PastBanner at={at} />}
      {loaded.error ? <GonePlace path={`/api/v1/places/${id}`} error={loaded.error} reload={loaded.reload} /> : <Loading />}
    </>
  );
  const tabs = tabsOf(place, at);
  const shown = tabs.includes(tab) ? tab : 'facts';
  const Panel = PANELS[shown as keyof typeof PANELS];
  return (
    <>
      {at && <PastBanner at={at} />}
      <PlaceHeader place={place} isMenuOpen={menuOf === place.id} onMenu={(isOpen) => onMenu(isOpen ? place.id : null)} />
      <Tabs label={t('reg.tabs')} tabs={tabs.map((name) => ({ name, text: t(`reg.tab.${name}` as TextKey) }))} at={shown} onChange={openTab}>
        {shown === 'facts' && <FactsTab place={place} reload={loaded.reload} />}
        {shown === 'storeys' && <StoreysTab building={place} />}
        {shown === 'components' && <ComponentsTab place={place} />}
        {shown === 'documents' && <DocumentsTab path={`/api/v1/places/${id}/documents`} />}
        {shown === 'cases' && <WorkTab path={`/api/v1/places/${id}`} />}
        {shown === 'history' && <HistoryTab id={id} />}
        {Panel && <Suspense fallback={<Loading />}><Panel placeId={id} /></Suspense>}
      </Tabs>
    </>
  );
}
