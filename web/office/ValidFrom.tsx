import { useId } from 'react';
import { useTexts } from '../shared/useTexts.ts';
import input from './FieldInput.module.css';
import styles from './ValidFrom.module.css';

/** The day a change holds from, when that is not now. */
export function ValidFrom({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useTexts();
  const id = useId();
  return (
    <span className={styles.pair}>
      <label htmlFor={id}>{t('reg.valid_from')}</label>
      <input id={id} className={input.input} type="date" value={value} onChange={(event) => onChange(event.target.value)} />
    </span>
  );
}
