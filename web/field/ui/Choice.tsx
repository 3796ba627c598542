import { useId } from 'react';
import styles from './Choice.module.css';

interface Props<V extends string> {
  label: string;
  value: V;
  options: readonly (readonly [NoInfer<V>, string])[];
  onChange(value: NoInfer<V>): void;
}

/** A few values side by side, one of them chosen. */
export function Choice<V extends string>({ label, value, options, onChange }: Props<V>) {
  const name = useId();

  return (
    <fieldset className={styles.choice}>
      <legend className={styles.legend}>{label}</legend>
      {options.map(([option, text]) => (
        <label key={option} className={styles.option}>
          <input className={styles.input} type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
