import { Button } from '@digdir/designsystemet-react';
import type { ReactNode } from 'react';
import { Failure } from '../../shared/ui/Failure.tsx';
import { Loading } from '../../shared/ui/Loading.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './PageList.module.css';
import type { Pages } from './usePages.ts';

interface Props {
  pages: Pages<unknown>;
  /** What is said when there are none. */
  none: string;
  children: ReactNode;
}

/** A list's states about it: loading, wrong, empty, more to fetch. */
export function PageList({ pages, none, children }: Props) {
  const { t } = useTexts();
  return (
    <>
      {pages.error && <Failure error={pages.error} retry={pages.reload} />}
      {pages.loading && pages.rows.length === 0 && <Loading />}
      {!pages.loading && !pages.error && pages.rows.length === 0 && <p className={styles.none}>{none}</p>}
      {pages.rows.length > 0 && children}
      {pages.hasMore && <div><Button variant="secondary" data-size="sm" loading={pages.loading} disabled={pages.loading} onClick={pages.more}>{t('office.more')}</Button></div>}
    </>
  );
}
