import { NeedLogin } from '../shared/ui/NeedLogin.tsx';
import { PageFrame } from '../shared/ui/PageFrame.tsx';
import { useQuery } from '../shared/useQuery.ts';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import { CasePage } from './CasePage.tsx';
import { FrontPage } from './FrontPage.tsx';
import { ReportPage } from './ReportPage.tsx';

/** Min side: /minside, ?report=1 (with &place=ID from a QR code), ?case=ID. */
export function MinsidePage() {
  const { t } = useTexts();
  const address = useQuery();
  const isDesk = useSession().session.audience === 'office'; /* registering for a caller */
  const caseId = address.get('case');
  const reports = address.has('report');
  const title = reports ? t('report.title') : caseId ? t('case.title') : t('minside.title');
  return (
    <PageFrame title={title} part={isDesk ? t('home.office') : t('minside.title')} partHref={isDesk ? '/office' : '/minside'}>
      <NeedLogin allows={() => true} persons={['tenant']}>
        {reports
          ? <ReportPage placeId={address.get('place')} />
          : caseId
            ? <CasePage key={caseId} id={caseId} isNew={address.has('sent')} />
            : <FrontPage />}
      </NeedLogin>
    </PageFrame>
  );
}
