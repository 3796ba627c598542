import type { ReactNode } from 'react';
import styles from './CommandBox.module.css';

interface Props {
  id: string;
  isChosen: boolean;
  title: ReactNode;
  /** What more is told of it, and where it is. */
  hint?: ReactNode;
  where?: string;
  choose(): void;
}

/** One line of the command box's list. */
export function CommandOption({ id, isChosen, title, hint, where, choose }: Props) {
  return (
    <li
      id={id}
      role="option"
      aria-selected={isChosen}
      className={isChosen ? `${styles.hit} ${styles.at}` : styles.hit}
      onPointerDown={(event) => event.preventDefault()}
      onClick={choose}
    >
      <span className={styles.title}>{title}</span>
      {hint && <span className={styles.hint}>{hint}</span>}
      {where && <span className={styles.hint}>{where}</span>}
    </li>
  );
}
