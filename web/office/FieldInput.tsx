import styles from './FieldInput.module.css';
import { NumberInput } from './NumberInput.tsx';
import { PointInput } from './PointInput.tsx';
import { SearchSelect } from './SearchSelect.tsx';
import type { Value } from './edits.ts';
import type { FieldDefinition } from './fields.ts';

interface Props {
  id: string;
  field: FieldDefinition;
  value: Value;
  onChange(value: Value): void;
}

export function FieldInput({ id, field, value, onChange }: Props) {
  const text = value === null ? '' : String(value);
  switch (field.kind) {
    case 'date':
    case 'time':
      return (
        <input
          id={id}
          className={styles.input}
          type={field.kind === 'date' ? 'date' : 'datetime-local'}
          value={text}
          required={!field.canBeEmpty}
          onChange={(event) => (event.target.value || field.canBeEmpty) && onChange(event.target.value || null)}
        />
      );
    case 'number':
    case 'money':
      return <NumberInput id={id} unit={field.kind === 'money' ? 'kr' : field.unit} factor={field.kind === 'money' ? 100 : 1} value={typeof value === 'number' ? value : null} onChange={onChange} />;
    case 'long':
      return <textarea id={id} className={styles.long} rows={3} maxLength={field.max} value={text} onChange={(event) => onChange(event.target.value || null)} />;
    case 'text':
      return (
        <>
          <input
            id={id}
            className={styles.input}
            type="text"
            autoComplete="off"
            maxLength={field.max}
            required={!field.canBeEmpty}
            list={field.suggestions ? `${id}-list` : undefined}
            value={text}
            onChange={(event) => onChange(event.target.value || (field.canBeEmpty ? null : ''))}
          />
          {field.suggestions && <datalist id={`${id}-list`}>{field.suggestions.map((each) => <option key={each} value={each} />)}</datalist>}
        </>
      );
    case 'point':
      return <PointInput id={id} value={value} near={field.near ?? null} onChange={onChange} />;
    case 'search':
      return <SearchSelect id={id} options={field.options ?? []} none={field.none} value={value} onChange={onChange} />;
    case 'select':
      return <PlainSelect id={id} field={field} value={value} onChange={onChange} />;
  }
}

function PlainSelect({ id, field, value, onChange }: Props) {
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
