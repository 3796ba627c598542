import { formatFull, formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useTablet } from '../app/useTablet.ts';
import { acceptTheirs, restoreMine } from '../sync/conflicts.ts';
import { openMatters } from '../sync/keep.ts';
import type { OutboxEntry } from '../sync/types.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { Icon } from '../ui/Icon.tsx';
import styles from './Card.module.css';
import { fieldKey, useValueText } from './values.ts';

/** Mine and theirs side by side, who and when, what stood before, and mine back in one tap. */
export function ConflictCard({ entry }: { entry: OutboxEntry }) {
  const { t, language } = useTexts();
  const tablet = useTablet();
  const textOf = useValueText();
  const open = openMatters(entry);

  return (entry.result?.conflicts ?? [])
    .filter(({ id }) => open.includes(id))
    .map((conflict) => (
      <section key={conflict.id} className={styles.card}>
        <h2 className={styles.heading}>
          <Icon name="warning" /> {t('field.conflict.title', { label: entry.label })}
        </h2>
        <p>{t('field.conflict.field', { field: fieldKey(conflict.field) ? t(fieldKey(conflict.field)!) : conflict.field })}</p>
        <dl className={styles.sides}>
          <div className={styles.side}>
            <dt>{t('field.conflict.mine')}</dt>
            <dd>{textOf(conflict.mine)}</dd>
          </div>
          <div className={styles.side}>
            <dt>
              {conflict.theirs_by ? t('field.conflict.theirs_by', { name: conflict.theirs_by }) : t('field.conflict.theirs')}
              {conflict.theirs_at && <time dateTime={conflict.theirs_at} title={formatFull(conflict.theirs_at, language)}> · {formatTime(conflict.theirs_at, language)}</time>}
            </dt>
            <dd>{textOf(conflict.theirs)}</dd>
          </div>
        </dl>
        <p>{t('field.conflict.base', { value: textOf(conflict.base) })}</p>
        <p><strong>{t(chosenKey(conflict.chosen))}</strong></p>
        <div className={styles.tools}>
          <BigButton onClick={() => void acceptTheirs(tablet.store, entry, conflict.id)}>{t('field.conflict.accept')}</BigButton>
          {conflict.chosen !== 'mine' && (
            <BigButton look="main" onClick={() => void restoreMine(tablet.store, entry, conflict).then(() => tablet.sync())}>
              {t('field.conflict.restore')}
            </BigButton>
          )}
        </div>
      </section>
    ));
}

function chosenKey(chosen: string): 'field.conflict.stands_mine' | 'field.conflict.stands_both' | 'field.conflict.stands_theirs' {
  if (chosen === 'mine') return 'field.conflict.stands_mine';
  return chosen === 'both' ? 'field.conflict.stands_both' : 'field.conflict.stands_theirs';
}
