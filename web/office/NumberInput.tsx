import { useEffect, useState } from 'react';
import styles from './FieldInput.module.css';
import { numberIn, textOfNumber } from './numbers.ts';

interface Props {
  id: string;
  value: number | null;
  unit?: string | undefined;
  /** What is kept for each one that is written: 100 for øre. */
  factor: number;
  onChange(value: number | null): void;
}

/** A number with comma, as written; what is no number is marked and not passed on. */
export function NumberInput({ id, value, unit, factor, onChange }: Props) {
  const outside = value === null ? null : value / factor;
  const [text, setText] = useState(textOfNumber(outside));
  const held = numberIn(text);

  /* follows a change from outside, not its own «12,» */
  useEffect(() => {
    setText((before) => (numberIn(before) === outside ? before : textOfNumber(outside)));
  }, [outside]);

  return (
    <span className={styles.numbers}>
      <input
        id={id}
        className={styles.input}
        type="text"
        inputMode="decimal"
        autoComplete="off"
        value={text}
        aria-invalid={held === undefined}
        onChange={(event) => {
          setText(event.target.value);
          const next = numberIn(event.target.value);
          if (next !== undefined) onChange(next === null ? null : factor === 1 ? next : Math.round(next * factor));
        }}
        onBlur={() => held === undefined && setText(textOfNumber(outside))}
      />
      {unit && <span className={styles.unit} aria-hidden="true">{unit}</span>}
    </span>
  );
}
