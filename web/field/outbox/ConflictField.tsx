import { formatFull, formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Conflict } from '../sync/types.ts';
import styles from './Card.module.css';
import { fieldKey, useValueText } from './values.ts';

/** A field that two people changed: mine, theirs with who and when, what stood before, and what stands now. */
export function ConflictField({ conflict }: { conflict: Conflict }) {
  const { t, language } = useTexts();
  const textOf = useValueText();
  const key = fieldKey(conflict.field);
  const { theirs_by, theirs_at } = conflict;

  return (
    <div>
      <p>{t('field.conflict.field', { field: key ? t(key) : conflict.field })}</p>
      <dl className={styles.sides}>
        <div className={styles.side}>
          <dt>{t('field.conflict.mine')}</dt>
          <dd>{textOf(conflict.mine)}</dd>
        </div>
        <div className={styles.side}>
          <dt>
            {theirs_by ? t('field.conflict.theirs_by', { name: theirs_by }) : t('field.conflict.theirs')}
            {theirs_at && <time dateTime={theirs_at} title={formatFull(theirs_at, language)}> · {formatTime(theirs_at, language)}</time>}
          </dt>
          <dd>{textOf(conflict.theirs)}</dd>
        </div>
      </dl>
      <p>
        {t('field.conflict.base', { value: textOf(conflict.base) })} · <strong>{t(chosenKey(conflict.chosen))}</strong>
      </p>
    </div>
  );
}

function chosenKey(chosen: string): 'field.conflict.stands_mine' | 'field.conflict.stands_both' | 'field.conflict.stands_theirs' {
  if (chosen === 'mine') return 'field.conflict.stands_mine';
  return chosen === 'both' ? 'field.conflict.stands_both' : 'field.conflict.stands_theirs';
}
