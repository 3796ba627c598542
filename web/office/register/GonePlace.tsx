import { Alert, Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ApiError } from '../../shared/problem.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { PathLine } from './PathLine.tsx';
import { RegisterLink } from './RegisterLink.tsx';
import { useRegister } from './context.ts';
import styles from './PastBanner.module.css';

interface Props {
  /** Of the place or component. */
  path: string;
  error: ApiError;
  reload(): void;
}

/** Why there is nothing to show: it was deleted, merged into another, or never there; and what to do about it. */
export function GonePlace({ path, error, reload }: Props) {
  const { t } = useTexts();
  const { changed } = useRegister();
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const removedAt = error.problem['removed_at'];
  const mergedInto = error.problem['merged_into'];

  async function restore(): Promise<void> {
    setBusy(true);
    try {
      await api<unknown>('POST', `${path}/restore`);
      changed();
      reload();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setRefusal(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <PathLine path={[]} />
      {error.status !== 410 ? <Failure error={error} retry={reload} /> : (
        <Alert data-color="info">
          <div className={styles.line}>
            <span>
              {t('reg.gone')} {typeof removedAt === 'string' && <TimeText at={removedAt} />}
              {typeof mergedInto === 'string' && <> <RegisterLink place={mergedInto}>{t('reg.gone_merged')}</RegisterLink></>}
            </span>
            {typeof mergedInto !== 'string' && <Button data-size="sm" variant="secondary" loading={busy} disabled={busy} onClick={() => void restore()}>{t('reg.restore')}</Button>}
          </div>
        </Alert>
      )}
      {refusal && <Failure error={refusal} />}
    </>
  );
}
