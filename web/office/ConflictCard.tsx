import { Button } from '@digdir/designsystemet-react';
import { useTexts } from '../shared/useTexts.ts';
import styles from './ConflictCard.module.css';

interface Props {
  label: string;
  mine: string;
  theirs: string;
  onKeepMine(): void;
  onTakeTheirs(): void;
}

/** Two people changed one field: both values, and a choice. */
export function ConflictCard({ label, mine, theirs, onKeepMine, onTakeTheirs }: Props) {
  const { t } = useTexts();
  return (
    <div className={styles.card} role="alert">
      <strong>{t('conflict.title', { field: label })}</strong>
      <dl className={styles.values}>
        <div><dt>{t('conflict.theirs')}</dt><dd>{theirs}</dd></div>
        <div><dt>{t('conflict.mine')}</dt><dd>{mine}</dd></div>
      </dl>
      <div className={styles.choice}>
        <Button type="button" data-size="sm" variant="secondary" onClick={onTakeTheirs}>{t('conflict.take_theirs')}</Button>
        <Button type="button" data-size="sm" variant="secondary" onClick={onKeepMine}>{t('conflict.keep_mine')}</Button>
      </div>
    </div>
  );
}
