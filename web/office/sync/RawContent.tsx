import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './Sync.module.css';

/** The content as it came, fetched when it is asked for. */
export function RawContent({ id }: { id: string }) {
  const { t } = useTexts();
  const content = useApi<{ raw: string; is_base64: boolean }>(`/api/v1/sync/quarantine/${id}`);
  if (content.error) return <Failure error={content.error} retry={content.reload} />;
  if (!content.data) return <Loading />;
  return (
    <>
      {content.data.is_base64 && <p>{t('sync.base64')}</p>}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard */}
      <pre className={styles.raw} tabIndex={0}>{content.data.raw}</pre>
    </>
  );
}
