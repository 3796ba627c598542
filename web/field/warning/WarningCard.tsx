import { useTexts } from '../../shared/useTexts.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { WarningFound } from './lines.ts';
import styles from './WarningCard.module.css';

interface Props {
  warning: WarningFound;
  /** Given when it is not read yet: what says that it is. */
  onRead: (() => void) | null;
}

/** What to know before going in. */
export function WarningCard({ warning, onRead }: Props) {
  const { t } = useTexts();
  return (
    <section className={styles.card} aria-label={t('warnings.before_entry')}>
      <h2 className={styles.head}><Icon name="warning" />{t('warnings.before_entry')}</h2>
      {warning.kinds.length > 0 && <ul className={styles.kinds}>{warning.kinds.map((kind) => <li key={kind}>{t(`warnings.kind.${kind}`)}</li>)}</ul>}
      <ul className={styles.lines}>{warning.lines.map((line) => <li key={line}>{line}</li>)}</ul>
      {onRead && <p className={styles.hint}>{t('warnings.read_hint')}</p>}
      {onRead && <BigButton look="main" icon="check" onClick={onRead}>{t('warnings.read')}</BigButton>}
    </section>
  );
}
