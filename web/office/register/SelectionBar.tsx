import { Button } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './SelectionBar.module.css';
import { openBulk, useRegisterAddress } from './address.ts';
import { useRegister } from './context.ts';

/** What is marked, and what can be done with all of it. */
export function SelectionBar() {
  const { t, tn } = useTexts();
  const { marks } = useRegister();
  const { isBulk } = useRegisterAddress();
  const { selection } = marks;
  if (selection.ids.length === 0) return null;
  return (
    <div className={styles.bar} role="region" aria-label={t('reg.marked')}>
      <span className={styles.count} role="status">
        {selection.tbl === 'place' ? tn('reg.marked_places', selection.ids.length) : tn('reg.marked_components', selection.ids.length)}
      </span>
      {!isBulk && <Button data-size="sm" onClick={() => openBulk(true)}>{t('reg.bulk_open')}</Button>}
      <Button data-size="sm" variant="tertiary" onClick={marks.clear}>{t('reg.unmark')}</Button>
    </div>
  );
}
