import { Suspense, lazy } from 'react';
import { Loading } from '../shared/ui/Loading.tsx';
import { NeedLogin } from '../shared/ui/NeedLogin.tsx';
import { PageFrame } from '../shared/ui/PageFrame.tsx';
import { useQuery } from '../shared/useQuery.ts';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import { CommandBox } from './CommandBox.tsx';
import { Workbench } from './Workbench.tsx';
import { filtersOf } from './filters.ts';

const MapPage = lazy(() => import('./map/MapPage.tsx').then((file) => ({ default: file.MapPage })));

/** For those who sort cases all day. */
export function OfficePage() {
  const { t } = useTexts();
  const { session } = useSession();
  const address = useQuery();
  const isMap = address.get('view') === 'map';
  const filters = filtersOf(address);
  const title = isMap ? t('mapview.title') : t(filters.view === 'cases' ? 'nav.cases' : 'nav.tasks');
  return (
    <PageFrame title={title} part={t('home.office')} partHref="/office" full tools={session.audience === 'office' && <CommandBox />}>
      <NeedLogin allows={(session) => session.audience === 'office'} persons={['manager', 'frontdesk', 'admin']}>
        {isMap ? <Suspense fallback={<Loading />}><MapPage /></Suspense> : <Workbench />}
      </NeedLogin>
    </PageFrame>
  );
}
