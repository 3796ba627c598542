import styles from './CommandBox.module.css';
import { marked } from './marks.ts';

/** A text with the words that were searched for marked. */
export function Marked({ text, words }: { text: string; words: string }) {
  return marked(text, words).map((piece, i) => (piece.isHit ? <mark key={i} className={styles.mark}>{piece.text}</mark> : piece.text));
}
