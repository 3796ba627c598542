import { Alert, Heading } from '@digdir/designsystemet-react';
import type { CodeTarget } from '../../shared/types.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { PageFrame } from '../../shared/ui/PageFrame.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './CodePage.module.css';
import { CodeTargetView } from './CodeTargetView.tsx';

/** What a QR label opens: /q/CODE. Anybody may see it, so it holds nothing about persons. */
export function CodePage() {
  const { t } = useTexts();
  const code = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  const found = useApi<CodeTarget>(`/api/v1/codes/${encodeURIComponent(code)}`, { anonymous: true });
  return (
    <PageFrame title={found.data?.label ?? t('code.title')}>
      <div className={styles.page}>
        {found.loading && !found.data && <Loading />}
        {found.error && (found.error.status === 404 || found.error.status === 422 || found.error.status === 400
          ? (
            <Alert data-color="warning">
              <Heading level={1} data-size="sm">{t('code.unknown')}</Heading>
              <p>{t('code.unknown_hint')}</p>
              <p><a href="/minside?report=1">{t('report.start')}</a></p>
            </Alert>
          )
          : <Failure error={found.error} retry={found.reload} />)}
        {found.data && <CodeTargetView target={found.data} code={code} onChanged={found.reload} />}
      </div>
    </PageFrame>
  );
}
