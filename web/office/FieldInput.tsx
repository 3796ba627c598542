import styles from './FieldInput.module.css';
import type { Value } from './edits.ts';
import type { FieldDefinition } from './fields.ts';

interface Props {
  id: string;
  field: FieldDefinition;
  value: Value;
  onChange(value: Value): void;
}

export function FieldInput({ id, field, value, onChange }: Props) {
  if (field.kind !== 'select') {
    return (
      <input
        id={id}
        className={styles.input}
        type={field.kind === 'date' ? 'date' : 'datetime-local'}
        value={value === null ? '' : String(value)}
        required={!field.canBeEmpty}
        onChange={(event) => (event.target.value || field.canBeEmpty) && onChange(event.target.value || null)}
      />
    );
  }
  const options = field.options ?? [];
  const isKnown = value === null || options.some((option) => option.value === value);
  return (
    <select
      id={id}
      className={styles.input}
      value={value === null ? '' : String(value)}
      onChange={(event) => {
        const chosen = options.find((option) => String(option.value) === event.target.value);
        onChange(chosen ? chosen.value : null);
      }}
    >
      {(field.none !== undefined || value === null) && <option value="">{field.none ?? ''}</option>}
      {!isKnown && <option value={String(value)}>{String(value)}</option>}
      {options.map((option) => <option key={String(option.value)} value={String(option.value)}>{option.label}</option>)}
    </select>
  );
}
