import type { ReactNode } from 'react';
import { useQuery } from '../shared/useQuery.ts';
import { LeftNav } from './LeftNav.tsx';
import { LiveMark } from './LiveMark.tsx';
import styles from './OfficeShell.module.css';
import { viewOf } from './views.tsx';

/** A view of the office beside its navigation. */
export function OfficeShell({ children }: { children: ReactNode }) {
  const view = viewOf(useQuery());
  return (
    <div className={styles.shell} data-size="sm">
      <div className={styles.left}>
        <LeftNav />
        {view?.isLive && <div className={styles.mark}><LiveMark /></div>}
      </div>
      <div className={styles.view}>{children}</div>
    </div>
  );
}
