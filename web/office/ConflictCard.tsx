import { Button } from '@digdir/designsystemet-react';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useTexts } from '../shared/useTexts.ts';
import styles from './ConflictCard.module.css';

interface Props {
  label: string;
  mine: string;
  theirs: string;
  /** Who wrote theirs, and when, if that is known. */
  by?: string | undefined;
  at?: string | undefined;
  onKeepMine(): void;
  onTakeTheirs(): void;
}

/** Two people changed one field: both values, and a choice. */
export function ConflictCard({ label, mine, theirs, by, at, onKeepMine, onTakeTheirs }: Props) {
  const { t } = useTexts();
  return (
    <div className={styles.card} role="alert">
      <strong>{t('conflict.title', { field: label })}</strong>
      <dl className={styles.values}>
        <div><dt>{t('conflict.theirs')}</dt><dd>{theirs}{(by || at) && <span className={styles.who}> {by} {at && <TimeText at={at} />}</span>}</dd></div>
        <div><dt>{t('conflict.mine')}</dt><dd>{mine}</dd></div>
      </dl>
      <div className={styles.choice}>
        <Button type="button" data-size="sm" variant="secondary" onClick={onTakeTheirs}>{t('conflict.take_theirs')}</Button>
        <Button type="button" data-size="sm" variant="secondary" onClick={onKeepMine}>{t('conflict.keep_mine')}</Button>
      </div>
    </div>
  );
}
