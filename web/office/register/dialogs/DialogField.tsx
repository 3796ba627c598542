import { type ReactNode, useId } from 'react';
import { FieldInput } from '../../FieldInput.tsx';
import type { Value } from '../../edits.ts';
import type { FieldDefinition } from '../../fields.ts';
import styles from './FormDialog.module.css';

interface Props {
  field: FieldDefinition;
  value: Value;
  onChange(value: Value): void;
  children?: ReactNode;
}

/** One labelled field of a dialog. */
export function DialogField({ field, value, onChange, children }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{field.label}</label>
      <FieldInput id={id} field={field} value={value} onChange={onChange} />
      {field.hint && <p className={styles.hint}>{field.hint}</p>}
      {children}
    </div>
  );
}
