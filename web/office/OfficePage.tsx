import { Suspense } from 'react';
import { Loading } from '../shared/ui/Loading.tsx';
import { NeedLogin } from '../shared/ui/NeedLogin.tsx';
import { PageFrame } from '../shared/ui/PageFrame.tsx';
import { useQuery } from '../shared/useQuery.ts';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import { CommandBox } from './CommandBox.tsx';
import { OfficeShell } from './OfficeShell.tsx';
import { Workbench } from './Workbench.tsx';
import { filtersOf } from './filters.ts';
import { viewOf } from './views.tsx';

/** For those who sort cases and keep the register all day. */
export function OfficePage() {
  const { t } = useTexts();
  const { session } = useSession();
  const address = useQuery();
  const view = viewOf(address);
  const title = t(view ? view.text : filtersOf(address).view === 'cases' ? 'nav.cases' : 'nav.tasks');
  return (
    <PageFrame title={title} part={t('home.office')} partHref="/office" full tools={session.audience === 'office' && <CommandBox />}>
      <NeedLogin allows={(session) => session.audience === 'office'} persons={['manager', 'frontdesk', 'admin']}>
        {view ? <OfficeShell><Suspense fallback={<Loading />}><view.Page /></Suspense></OfficeShell> : <Workbench />}
      </NeedLogin>
    </PageFrame>
  );
}
