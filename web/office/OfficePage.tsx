import { type ComponentType, type LazyExoticComponent, Suspense, lazy } from 'react';
import type { TextKey } from '../shared/i18n.ts';
import { Loading } from '../shared/ui/Loading.tsx';
import { NeedLogin } from '../shared/ui/NeedLogin.tsx';
import { PageFrame } from '../shared/ui/PageFrame.tsx';
import { useQuery } from '../shared/useQuery.ts';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import { CommandBox } from './CommandBox.tsx';
import { Workbench } from './Workbench.tsx';
import { filtersOf } from './filters.ts';

/* Views beside cases and tasks, each fetched when first shown. */
const VIEWS: Record<string, { text: TextKey; Page: LazyExoticComponent<ComponentType> }> = {
  map: { text: 'mapview.title', Page: lazy(async () => ({ default: (await import('./map/MapPage.tsx')).MapPage })) },
  keys: { text: 'keys.title', Page: lazy(async () => ({ default: (await import('./keys/KeysPage.tsx')).KeysPage })) },
  meters: { text: 'meters.title', Page: lazy(async () => ({ default: (await import('./meters/MetersPage.tsx')).MetersPage })) },
};

/** For those who sort cases all day. */
export function OfficePage() {
  const { t } = useTexts();
  const { session } = useSession();
  const address = useQuery();
  const filters = filtersOf(address);
  const view = VIEWS[address.get('view') ?? ''];
  const title = t(view ? view.text : filters.view === 'cases' ? 'nav.cases' : 'nav.tasks');
  return (
    <PageFrame title={title} part={t('home.office')} partHref="/office" full tools={session.audience === 'office' && <CommandBox />}>
      <NeedLogin allows={(session) => session.audience === 'office'} persons={['manager', 'frontdesk', 'admin']}>
        {view ? <Suspense fallback={<Loading />}><view.Page /></Suspense> : <Workbench />}
      </NeedLogin>
    </PageFrame>
  );
}
