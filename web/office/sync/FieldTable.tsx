import styles from './Sync.module.css';
import type { FieldValues } from './types.ts';
import { isKey, useWords } from './words.ts';

/** What a tablet wrote, field by field; what only a program needs is left out. */
export function FieldTable({ fields }: { fields: FieldValues | null }) {
  const words = useWords();
  const shown = Object.entries(fields ?? {}).filter(([name, value]) => value?.n !== undefined && !isKey(value.n) && !['sha256', 'mime', 'size'].includes(name));
  if (shown.length === 0) return null;
  return (
    <dl className={styles.fields}>
      {shown.map(([name, { n }]) => (
        <div key={name}>
          <dt>{words.field(name)}</dt>
          <dd>{words.value(name, n ?? null)}</dd>
        </div>
      ))}
    </dl>
  );
}
