import { useEffect, useRef, type ReactNode } from 'react';
import { BigButton } from './BigButton.tsx';
import styles from './Form.module.css';

interface Props {
  children: ReactNode;
  no: string;
  yes: string;
  onNo(): void;
  onYes(): void;
}

/** A second tap sooner than this is the same finger, trembling. */
const SAME_TAP_MS = 400;

/** Asks before something is done that one would rather not do by a slip; who reads by ear is taken to it. */
export function Question({ children, no, yes, onNo, onYes }: Props) {
  const card = useRef<HTMLElement>(null);
  const asked_at = useRef(0);

  useEffect(() => {
    asked_at.current = Date.now();
    card.current?.focus();
    card.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  return (
    <section ref={card} className={styles.question} tabIndex={-1} role="group">
      {children}
      <div className={styles.tools}>
        <BigButton onClick={onNo}>{no}</BigButton>
        <BigButton look="main" onClick={() => Date.now() - asked_at.current >= SAME_TAP_MS && onYes()}>{yes}</BigButton>
      </div>
    </section>
  );
}
