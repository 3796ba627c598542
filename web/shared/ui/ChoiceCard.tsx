import type { ReactNode } from 'react';
import styles from './ChoiceCard.module.css';

interface Props {
  name: string;
  label: string;
  text?: string;
  picture?: ReactNode;
  checked: boolean;
  onChoose(): void;
}

/** A radio button as large as a thumb. */
export function ChoiceCard({ name, label, text, picture, checked, onChoose }: Props) {
  return (
    <label className={picture ? `${styles.card} ${styles.pictured}` : styles.card}>
      <input className={styles.input} type="radio" name={name} checked={checked} onChange={onChoose} />
      {picture}
      <span className={styles.words}>
        <span className={styles.label}>{label}</span>
        {text && <span className={styles.text}>{text}</span>}
      </span>
    </label>
  );
}
