import { useState } from 'react';
import styles from './LabelButton.module.css';
import { LabelSheet } from './LabelSheet.tsx';

/** Opens the printing of labels. */
export function LabelButton({ codes, text }: { codes: string[]; text: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={styles.button} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {text}
      </button>
      {isOpen && <LabelSheet codes={codes} onClose={() => setOpen(false)} />}
    </>
  );
}
