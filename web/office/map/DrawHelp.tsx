import { Button } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './Panel.module.css';
import type { DrawHandle } from './drawing.ts';

/** For who draws without a pointer: the middle of the map is the pen. */
export function DrawHelp({ drawing, points, enough }: { drawing: DrawHandle; points: number; enough: number }) {
  const { t } = useTexts();
  return (
    <div className={styles.block}>
      <p className={styles.hint}>{t('mapview.draw_hint')}</p>
      <div className={styles.row}>
        <Button variant="secondary" data-size="sm" onClick={() => drawing.addMiddle()}>{t('mapview.add_middle')}</Button>
        <Button variant="tertiary" data-size="sm" disabled={points === 0} onClick={() => drawing.removeLast()}>{t('mapview.remove_last')}</Button>
        <Button variant="secondary" data-size="sm" disabled={points < enough} onClick={() => drawing.finish()}>{t('mapview.finish')}</Button>
      </div>
    </div>
  );
}
