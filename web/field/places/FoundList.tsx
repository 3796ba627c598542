import type { Found } from '../logic/search.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './FoundList.module.css';
import { kindKey } from './kind.ts';

interface Props {
  found: Found[];
  onFound(found: Found): void;
}

export function FoundList({ found, onFound }: Props) {
  const { t } = useTexts();

  return (
    <ul className={styles.list}>
      {found.map((one) => (
        <li key={one.t + one.id}>
          <button type="button" className={styles.line} onClick={() => onFound(one)}>
            <span className={styles.name}>{one.name}</span>
            <span>{[t(kindKey(one.kind)), one.at !== one.name ? one.at : ''].filter(Boolean).join(' · ')}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
