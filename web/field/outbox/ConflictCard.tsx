import { useTexts } from '../../shared/useTexts.ts';
import { useTablet } from '../app/useTablet.ts';
import { acceptTheirs, restoreMine } from '../sync/conflicts.ts';
import { openMatters } from '../sync/keep.ts';
import type { OutboxEntry } from '../sync/types.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { Icon } from '../ui/Icon.tsx';
import styles from './Card.module.css';
import { ConflictField } from './ConflictField.tsx';

/** One change that met another's: each field with mine and theirs, and mine back in one tap. */
export function ConflictCard({ entry }: { entry: OutboxEntry }) {
  const { t } = useTexts();
  const tablet = useTablet();
  const open = openMatters(entry);
  const conflicts = (entry.result?.conflicts ?? []).filter(({ id }) => open.includes(id));
  const lost = conflicts.filter(({ chosen }) => chosen !== 'mine');

  return (
    <section className={styles.card}>
      <h2 className={styles.heading}>
        <Icon name="warning" /> {t('field.conflict.title', { label: entry.label })}
      </h2>
      {conflicts.map((conflict) => <ConflictField key={conflict.id} conflict={conflict} />)}
      <div className={styles.tools}>
        <BigButton onClick={() => void acceptTheirs(tablet.store, entry, open)}>{t('field.conflict.accept')}</BigButton>
        {lost.length > 0 && (
          <BigButton look="main" onClick={() => void restoreMine(tablet.store, entry, lost).then(() => tablet.sync())}>
            {t('field.conflict.restore')}
          </BigButton>
        )}
      </div>
    </section>
  );
}
