import type { ReactNode } from 'react';
import { LeftNav } from './LeftNav.tsx';
import { LiveMark } from './LiveMark.tsx';
import styles from './OfficeShell.module.css';

/** A view of the office beside its navigation. */
export function OfficeShell({ children }: { children: ReactNode }) {
  return (
    <div className={styles.shell} data-size="sm">
      <div className={styles.left}>
        <LeftNav />
        <div className={styles.mark}><LiveMark /></div>
      </div>
      <div className={styles.view}>{children}</div>
    </div>
  );
}
