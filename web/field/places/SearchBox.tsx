import { useState, type ReactNode } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import type { Found } from '../logic/search.ts';
import { FoundList } from './FoundList.tsx';
import { ScanButton } from './ScanButton.tsx';
import styles from './SearchBox.module.css';
import { useSearch } from './useSearch.ts';

interface Props {
  label: string;
  /** What is offered before anything is written. */
  suggestions?: Found[];
  onFound(found: Found): void;
  children?: ReactNode;
}

/** Words, or the code of a label, to a place or component: all in the tablet's own store. */
export function SearchBox({ label, suggestions = [], onFound, children }: Props) {
  const { t } = useTexts();
  const index = useSearch();
  const [words, setWords] = useState('');
  const [isUnknown, setUnknown] = useState(false);
  const byCode = index?.byCode(words);
  const hits = words.trim().length > 1 ? (byCode ? [byCode] : (index?.find(words) ?? [])) : null;
  const status = !index ? t('field.search.making') : hits?.length === 0 ? t('field.search.nothing') : '';

  function scanned(text: string): void {
    const found = index?.byCode(text);
    setUnknown(!found);
    if (found) onFound(found);
  }

  return (
    <div className={styles.box}>
      <div className={styles.row}>
        <input
          className={styles.input}
          type="text"
          role="searchbox"
          enterKeyHint="search"
          aria-label={label}
          placeholder={label}
          autoComplete="off"
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setUnknown(false);
          }}
        />
        <ScanButton onText={scanned} />
      </div>
      {isUnknown && <p role="alert">{t('field.scan.unknown')}</p>}
      {hits === null ? children : <p role="status" className={styles.count}>{status}</p>}
      <FoundList found={hits ?? suggestions} onFound={onFound} />
    </div>
  );
}
