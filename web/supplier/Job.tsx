import { Heading } from '@digdir/designsystemet-react';
import { useEffect } from 'react';
import type { SupplierJob } from '../shared/types.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { StateTag } from '../shared/ui/StateTag.tsx';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useApi } from '../shared/useApi.ts';
import { useTexts } from '../shared/useTexts.ts';
import { Delivered } from './Delivered.tsx';
import { Deliver } from './Deliver.tsx';
import styles from './Job.module.css';

/** The job with place and due date, what is to be delivered and what has been. */
export function Job({ onExpired }: { onExpired(): void }) {
  const { t } = useTexts();
  const loaded = useApi<SupplierJob>('/api/v1/supplier/job');
  const status = loaded.error?.status;

  useEffect(() => {
    if (status === 401 || status === 403 || status === 410) onExpired();
  }, [status, onExpired]);

  const job = loaded.data;
  if (!job) {
    if (!loaded.error) return <Loading />;
    if (loaded.error.status === 404) return <p>{t('supplier.no_job')}</p>;
    return <Failure error={loaded.error} retry={loaded.reload} />;
  }
  return (
    <article className={styles.job}>
      <header>
        <Heading level={1} data-size="md">{job.title}</Heading>
        <StateTag state={job.state} />
      </header>
      <dl className={styles.facts}>
        <div><dt>{t('supplier.place')}</dt><dd>{job.place_label}</dd></div>
        {job.deadline && <div><dt>{t('supplier.due')}</dt><dd><TimeText at={job.deadline} /></dd></div>}
        {job.planned_on && <div><dt>{t('supplier.planned')}</dt><dd><TimeText at={job.planned_on} day /></dd></div>}
        <div><dt>{t('supplier.number')}</dt><dd>{job.number}</dd></div>
      </dl>
      {job.description && <p className={styles.text}>{job.description}</p>}
      <Deliver taskId={job.id} onDelivered={loaded.reload} />
      <Delivered documents={job.documents} />
    </article>
  );
}
