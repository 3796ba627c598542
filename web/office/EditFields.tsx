import { Button } from '@digdir/designsystemet-react';
import { type FormEvent, useId, useState } from 'react';
import { api } from '../shared/api.ts';
import { ApiError } from '../shared/problem.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { useDraft } from '../shared/useDraft.ts';
import { useTexts } from '../shared/useTexts.ts';
import { ConflictCard } from './ConflictCard.tsx';
import styles from './EditFields.module.css';
import { FieldInput } from './FieldInput.tsx';
import type { FieldDefinition } from './fields.ts';
import { type Edits, type Value, type Values, conflictsOf, keepMine, patchOf, shown, takeTheirs, withEdit } from './edits.ts';

interface Props {
  /** Where to PATCH, and the key of the draft. */
  path: string;
  values: Values;
  rowV: number;
  fields: FieldDefinition[];
  reload(): void;
}

const noEdits = (): Edits => ({});

/** Fields to change and one button to save them. What is being edited survives live updates and looking elsewhere. */
export function EditFields({ path, values, rowV, fields, reload }: Props) {
  const { t } = useTexts();
  const [edits, change, forget] = useDraft<Edits>(`edit.${path}`, noEdits);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const idBase = useId();
  const conflicts = conflictsOf(edits, values);
  const patch = patchOf(edits, values);
  const isEdited = Object.keys(patch).length > 0;

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    setSaving(true);
    setError(null);
    const body = Object.fromEntries(Object.entries(patch).map(([name, value]) => {
      const field = fields.find((each) => each.name === name);
      return [name, field?.toApi ? field.toApi(value) : value];
    }));
    try {
      await api<unknown>('PATCH', path, { ...body, row_v: rowV });
      forget();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      setSaving(false);
      reload(); /* after a refusal as well: the newer row tells what stands in the way */
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void save(event)}>
      <div className={styles.fields}>
        {fields.map((field) => (
          <div key={field.name} className={field.name in patch ? styles.edited : styles.field}>
            <label htmlFor={idBase + field.name}>{field.label}</label>
            <FieldInput
              id={idBase + field.name}
              field={field}
              value={shown(edits, values, field.name)}
              onChange={(value) => change((before) => withEdit(before, values, field.name, value))}
            />
            {error?.fields[field.name] && <p className={styles.fault} role="alert">{error.fields[field.name]}</p>}
          </div>
        ))}
      </div>
      {conflicts.map((name) => {
        const field = fields.find((each) => each.name === name);
        const edit = edits[name];
        return field && edit && (
          <ConflictCard
            key={name}
            label={field.label}
            mine={textOf(field, edit.mine, t('office.nothing'))}
            theirs={textOf(field, values[name] ?? null, t('office.nothing'))}
            onKeepMine={() => change((before) => keepMine(before, values, name))}
            onTakeTheirs={() => change((before) => takeTheirs(before, name))}
          />
        );
      })}
      {error && (error.status === 409
        ? conflicts.length === 0 && isEdited && <p role="alert" className={styles.note}>{t('office.changed_meanwhile')}</p>
        : <Failure error={error} />)}
      {isEdited && (
        <div className={styles.save}>
          <Button type="submit" data-size="sm" loading={saving} disabled={saving || conflicts.length > 0}>{t('office.save')}</Button>
          <Button type="button" data-size="sm" variant="tertiary" onClick={forget}>{t('office.undo')}</Button>
        </div>
      )}
    </form>
  );
}

function textOf(field: FieldDefinition, value: Value, none: string): string {
  if (value === null) return field.none ?? none;
  const option = field.options?.find((each) => each.value === value);
  return option ? option.label : String(value).replace('T', ' ');
}
