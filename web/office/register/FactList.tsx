import type { Values } from '../edits.ts';
import { type FieldDefinition, textOfValue } from '../fields.ts';
import styles from './FactList.module.css';

/** Facts to read, where nothing may be changed: the register as it was. */
export function FactList({ fields, values }: { fields: FieldDefinition[]; values: Values }) {
  return (
    <dl className={styles.facts}>
      {fields.map((field) => (
        <div key={field.name} className={styles.fact}>
          <dt>{field.label}</dt>
          <dd>{textOfValue(field, values[field.name] ?? null, '–')}</dd>
        </div>
      ))}
    </dl>
  );
}
