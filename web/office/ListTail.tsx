import { Button } from '@digdir/designsystemet-react';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { useTexts } from '../shared/useTexts.ts';
import panel from './Panel.module.css';
import type { Listed } from './useList.ts';

/** What stands below a list: that it is coming, empty, broken, or goes on. */
export function ListTail<T>({ list, empty }: { list: Listed<T>; empty: string }) {
  const { t } = useTexts();
  if (list.error) return <Failure error={list.error} retry={list.reload} />;
  if (list.loading && list.items.length === 0) return <Loading />;
  if (list.items.length === 0) return <p className={panel.subtle} role="status">{empty}</p>;
  if (!list.hasMore) return null;
  return <div><Button variant="secondary" data-size="sm" loading={list.loading} onClick={list.more}>{t('office.more')}</Button></div>;
}
