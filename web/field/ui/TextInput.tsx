import { useId } from 'react';
import styles from './Form.module.css';

interface Props {
  label: string;
  value: string;
  onChange(text: string): void;
  hint?: string | undefined;
  /** What is wrong with it, in words. */
  fault?: string | null | undefined;
  /** More than one line. */
  rows?: number;
  type?: 'text' | 'date';
  inputMode?: 'decimal' | 'numeric';
  unit?: string;
  maxLength?: number;
  suggestions?: string[];
}

/** A field with its name above it, what helps and what is wrong below. */
export function TextInput({ label, value, onChange, hint, fault, rows, type = 'text', inputMode, unit, maxLength, suggestions }: Props) {
  const id = useId();
  const shared = {
    className: styles.field,
    value,
    'aria-invalid': Boolean(fault),
    'aria-describedby': `${id}-hint ${id}-fault`,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
    ...(maxLength ? { maxLength } : {}),
  };

  return (
    <div className={styles.label}>
      <label htmlFor={id}>{label}</label>
      {hint && <span id={`${id}-hint`} className={styles.hint}>{hint}</span>}
      {rows ? (
        <textarea id={id} rows={rows} {...shared} />
      ) : (
        <span className={unit ? styles.number : undefined}>
          <input id={id} type={type} inputMode={inputMode} autoComplete="off" list={suggestions?.length ? `${id}-list` : undefined} {...shared} />
          {unit && <span className={styles.unit}>{unit}</span>}
        </span>
      )}
      {suggestions && suggestions.length > 0 && <datalist id={`${id}-list`}>{suggestions.map((one) => <option key={one} value={one} />)}</datalist>}
      {fault && <span id={`${id}-fault`} role="alert" className={styles.fault}>{fault}</span>}
    </div>
  );
}
