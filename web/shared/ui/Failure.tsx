import { Alert, Button } from '@digdir/designsystemet-react';
import type { ApiError } from '../problem.ts';
import { useTexts } from '../useTexts.ts';
import styles from './Failure.module.css';

interface Props {
  error: ApiError;
  retry?: () => void;
}

/** What went wrong and what to do about it. */
export function Failure({ error, retry }: Props) {
  const { t } = useTexts();
  const loose = error.fields[''];
  return (
    <Alert data-color={error.isOffline ? 'warning' : 'danger'} role="alert">
      <div className={styles.failure}>
        <strong>{error.isOffline ? t('failure.offline') : titleOf(error, t)}</strong>
        {!error.isOffline && error.problem.detail && <p>{error.problem.detail}</p>}
        {loose && <p>{loose}</p>}
        {error.isOffline && <p>{t('failure.offline_hint')}</p>}
        {retry && <Button variant="secondary" onClick={retry}>{t('failure.retry')}</Button>}
      </div>
    </Alert>
  );
}

function titleOf(error: ApiError, t: ReturnType<typeof useTexts>['t']): string {
  if (error.status === 401) return t('failure.logged_out');
  if (error.status === 403) return t('failure.forbidden');
  if (error.status === 404) return t('failure.not_found');
  if (error.status === 503) return t('failure.busy');
  return error.problem.title;
}
