import { useTexts } from '../../shared/useTexts.ts';
import styles from '../ui/Form.module.css';
import { keyName, type KeyFound } from './keys.ts';
import { useKeyWords } from './useKeyWords.ts';

/** The keys that belong here, each with where it is. */
export function KeyList({ keys }: { keys: KeyFound[] }) {
  const { t } = useTexts();
  const words = useKeyWords();

  if (keys.length === 0) return null;
  return (
    <section>
      <h2>{t('keys.keys')}</h2>
      <ul className={styles.list}>
        {keys.map((found) => (
          <li key={found.key.id}>
            <a className={styles.line} href={`#/key/${found.key.id}`}>
              <span className={styles.name}>{keyName(found.key.d)}{found.key.d.is_master ? ` (${t('keys.master')})` : ''}</span>
              <span>{words(found)}</span>
              {found.loans.some(({ isPending }) => isPending) && <span className={styles.pending}>{t('field.task.not_sent')}</span>}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
