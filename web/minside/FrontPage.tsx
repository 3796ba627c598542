import { Button, Heading } from '@digdir/designsystemet-react';
import type { Lease, List, MyCaseItem } from '../shared/types.ts';
import { CategoryIcon } from '../shared/ui/CategoryIcon.tsx';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { useApi } from '../shared/useApi.ts';
import { useLive } from '../shared/useLive.ts';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import { CaseList } from './CaseList.tsx';
import styles from './FrontPage.module.css';
import { HomeCard } from './HomeCard.tsx';
import { Notices } from './Notices.tsx';
import { openReport } from './links.ts';

const CASES_MAX = 20;

/** What a tenant comes for: report, see how it goes, see the lease. */
export function FrontPage() {
  const { t } = useTexts();
  const { session } = useSession();
  const home = useApi<List<Lease>>('/api/v1/my/home');
  const cases = useApi<List<MyCaseItem>>(`/api/v1/cases?limit=${CASES_MAX}`);
  useLive((change) => change.t === 'cases', cases.reload);
  const firstName = session.name?.split(' ')[0] ?? '';

  return (
    <div className={styles.front}>
      <Heading level={1} data-size="lg">{t('minside.hello', { name: firstName })}</Heading>
      <Button data-size="lg" className={styles.report} onClick={() => openReport()}>
        <CategoryIcon name="report" />{t('report.start')}
      </Button>
      <Notices />
      <section aria-labelledby="my-cases">
        <Heading level={2} data-size="sm" id="my-cases" className={styles.heading}>{t('minside.my_cases')}</Heading>
        {cases.error && <Failure error={cases.error} retry={cases.reload} />}
        {cases.loading && !cases.data && <Loading />}
        {cases.data && (cases.data.items.length > 0
          ? <CaseList cases={cases.data.items} />
          : <p className={styles.empty}>{t('minside.no_cases')}</p>)}
      </section>
      <section aria-labelledby="my-home">
        <Heading level={2} data-size="sm" id="my-home" className={styles.heading}>{t('minside.my_home')}</Heading>
        {home.error && <Failure error={home.error} retry={home.reload} />}
        {home.loading && !home.data && <Loading />}
        {home.data?.items.length === 0 && <p className={styles.empty}>{t('minside.no_lease')}</p>}
        {home.data?.items.map((lease) => <HomeCard key={lease.id} lease={lease} />)}
      </section>
    </div>
  );
}
