import { useTexts } from '../../shared/useTexts.ts';
import { useTablet } from '../app/useTablet.ts';
import { acceptTheirs, sendAgain } from '../sync/conflicts.ts';
import type { OutboxEntry } from '../sync/types.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { Icon } from '../ui/Icon.tsx';
import styles from './Card.module.css';
import { fieldKey, reasonKey, useValueText } from './values.ts';

/** What the server would not take: why, what it was, and once more in one tap. The office sees the same. */
export function RefusedCard({ entry }: { entry: OutboxEntry }) {
  const { t } = useTexts();
  const tablet = useTablet();
  const textOf = useValueText();
  const reason = entry.result?.reason ?? '';
  const known = reasonKey(reason);
  const fields = Object.entries(entry.mutation.set).filter(([field]) => fieldKey(field) !== null);

  return (
    <section className={styles.card}>
      <h2 className={styles.heading}>
        <Icon name="warning" /> {t('field.refused.title', { label: entry.label })}
      </h2>
      <p>{known ? t(known) : t('field.refused.why', { reason })}</p>
      <dl className={styles.sides}>
        {fields.map(([field, { n }]) => (
          <div key={field} className={styles.side}>
            <dt>{t(fieldKey(field)!)}</dt>
            <dd>{textOf(n)}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.tools}>
        <BigButton onClick={() => void acceptTheirs(tablet.store, entry, ['refused'])}>{t('field.refused.accept')}</BigButton>
        <BigButton look="main" onClick={() => void sendAgain(tablet.store, entry).then(() => tablet.sync())}>{t('field.refused.again')}</BigButton>
      </div>
    </section>
  );
}
