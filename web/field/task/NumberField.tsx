import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './ChecklistItem.module.css';

interface Props {
  /** As the database has it, with a decimal point. */
  value: string | null;
  unit: string;
  label: string;
  limits: { min: string; max: string };
  faultOf(written: string): 'not_a_number' | 'outside' | null;
  /** Called with what is written, when it is a number or empty. */
  onChange(written: string): void;
}

/** A reading. What is written stays as it was written; only a number is kept as an answer. */
export function NumberField({ value, unit, label, limits, faultOf, onChange }: Props) {
  const { t, language } = useTexts();
  const [written, setWritten] = useState(() => (language === 'en' ? (value ?? '') : (value ?? '').replace('.', ',')));
  const fault = faultOf(written);

  function write(text: string): void {
    setWritten(text);
    if (faultOf(text) !== 'not_a_number') onChange(text);
  }

  return (
    <div>
      <div className={styles.number}>
        <input
          className={styles.field}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          aria-label={label}
          aria-invalid={fault !== null}
          value={written}
          onChange={(event) => write(event.target.value)}
        />
        <span className={styles.unit}>{unit}</span>
      </div>
      {fault && <p role="alert" className={styles.fault}>{fault === 'outside' ? t('field.item.outside', limits) : t('field.item.not_a_number')}</p>}
    </div>
  );
}
