import { Alert, Heading } from '@digdir/designsystemet-react';
import { useEffect, useState } from 'react';
import { api } from '../shared/api.ts';
import { ApiError } from '../shared/problem.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { PageFrame } from '../shared/ui/PageFrame.tsx';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import { Job } from './Job.tsx';
import styles from './SupplierPage.module.css';

/** The address of one who is logged in already: /supplier/me. */
const LOGGED_IN = 'me';

type Entry = 'opening' | 'open' | 'expired' | ApiError;

function tokenInAddress(): string {
  return decodeURIComponent(location.pathname.split('/')[2] ?? '');
}

/** What a link to a job opens: no account, the job, and a place to drop its papers. */
export function SupplierPage() {
  const { t } = useTexts();
  const { reload } = useSession();
  const [entry, setEntry] = useState<Entry>('opening');
  const [round, setRound] = useState(0);

  useEffect(() => {
    const token = tokenInAddress();
    if (token === LOGGED_IN) {
      setEntry('open');
      return;
    }
    api<unknown>('POST', '/api/v1/session/supplier', { token })
      .then(() => {
        setEntry('open');
        return reload();
      })
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        const isOurs = error.isOffline || error.status >= 500 || error.status === 429;
        setEntry(isOurs ? error : 'expired');
      });
  }, [round, reload]);

  return (
    <PageFrame title={t('supplier.title')} part={t('supplier.title')}>
      {entry === 'opening' && <Loading />}
      {entry === 'open' && <Job onExpired={() => setEntry('expired')} />}
      {entry instanceof ApiError && <Failure error={entry} retry={() => { setEntry('opening'); setRound(round + 1); }} />}
      {entry === 'expired' && (
        <Alert data-color="warning" className={styles.expired}>
          <Heading level={1} data-size="sm">{t('supplier.expired')}</Heading>
          <p>{t('supplier.expired_hint')}</p>
        </Alert>
      )}
    </PageFrame>
  );
}
