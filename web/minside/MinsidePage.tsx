import { NeedLogin } from '../shared/ui/NeedLogin.tsx';
import { PageFrame } from '../shared/ui/PageFrame.tsx';
import { useQuery } from '../shared/useQuery.ts';
import { useTexts } from '../shared/useTexts.ts';
import { CasePage } from './CasePage.tsx';
import { FrontPage } from './FrontPage.tsx';
import { ReportPage } from './ReportPage.tsx';

/** Min side: /minside, ?report=1 (with &place=ID from a QR code), ?case=ID. */
export function MinsidePage() {
  const { t } = useTexts();
  const address = useQuery();
  const caseId = address.get('case');
  const reports = address.has('report');
  const title = reports ? t('report.title') : caseId ? t('case.title') : t('minside.title');
  return (
    <PageFrame title={title} part={t('minside.title')} partHref="/minside">
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
