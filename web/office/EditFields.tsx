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
import { ValidFrom } from './ValidFrom.tsx';
import { validFromOf } from './validFrom.ts';
import { type FieldDefinition, textOfValue } from './fields.ts';
import { type Edits, type Values, baseOf, conflictsOf, keepMine, patchOf, shown, takeTheirs, withEdit } from './edits.ts';
import { conflictNotesOf } from './conflictNotes.ts';

interface Props {
  /** Where to PATCH, and the key of the draft. */
  path: string;
  values: Values;
  rowV: number;
  fields: FieldDefinition[];
  reload(): void;
  /** The server keeps history: send what each field was edited from, and let a change hold from an earlier day. */
  hasHistory?: boolean;
  /** With what the server answered. */
  onSaved?(answer: unknown): void;
}

const WIDE: FieldDefinition['kind'][] = ['long', 'point'];

const noEdits = (): Edits => ({});

/** Fields to change and one button to save them. What is being edited survives live updates and looking elsewhere. */
export function EditFields({ path, values, rowV, fields, reload, hasHistory = false, onSaved }: Props) {
  const { t } = useTexts();
  const [edits, change, forget] = useDraft<Edits>(`edit.${path}`, noEdits);
  const [saving, setSaving] = useState(false);
  const [validFrom, setValidFrom] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const idBase = useId();
  const conflicts = conflictsOf(edits, values);
  const notes = conflictNotesOf(error);
  const patch = patchOf(edits, values);
  const isEdited = Object.keys(patch).length > 0;

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    setSaving(true);
    setError(null);
    const toApi = (held: Values): Record<string, unknown> => Object.fromEntries(Object.entries(held).map(([name, value]) => {
      const field = fields.find((each) => each.name === name);
      return [name, field?.toApi ? field.toApi(value) : value];
    }));
    try {
      const answer = await api<unknown>('PATCH', path, {
        ...toApi(patch),
        row_v: rowV,
        ...(hasHistory && { base: toApi(baseOf(edits, patch)) }),
        ...(hasHistory && validFromOf(validFrom)),
      });
      forget();
      setValidFrom('');
      onSaved?.(answer);
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      setSaving(false);
      reload(); /* after a refusal as well: the newer row tells what stands in the way */
    }
  }

  const groups = [...new Set(fields.map((field) => field.group))];
  return (
    <form className={styles.form} onSubmit={(event) => void save(event)}>
      {groups.map((group) => (
        <fieldset key={group ?? ''} className={styles.group}>
          {group && <legend className={styles.legend}>{group}</legend>}
          <div className={styles.fields}>
            {fields.filter((field) => field.group === group).map((field) => (
              <div key={field.name} className={`${field.name in patch ? styles.edited : styles.field} ${WIDE.includes(field.kind) ? styles.wide : ''}`}>
                <label htmlFor={idBase + field.name}>{field.label}</label>
                <FieldInput
                  id={idBase + field.name}
                  field={field}
                  value={shown(edits, values, field.name)}
                  onChange={(value) => change((before) => withEdit(before, values, field.name, value))}
                />
                {field.hint && <p className={styles.hint}>{field.hint}</p>}
                {error?.fields[field.name] && <p className={styles.fault} role="alert">{error.fields[field.name]}</p>}
              </div>
            ))}
          </div>
        </fieldset>
      ))}
      {conflicts.map((name) => {
        const field = fields.find((each) => each.name === name);
        const edit = edits[name];
        return field && edit && (
          <ConflictCard
            key={name}
            label={field.label}
            mine={textOfValue(field, edit.mine, t('office.nothing'))}
            theirs={textOfValue(field, values[name] ?? null, t('office.nothing'))}
            by={notes[name]?.by}
            at={notes[name]?.at}
            onKeepMine={() => change((before) => keepMine(before, values, name))}
            onTakeTheirs={() => change((before) => takeTheirs(before, name))}
          />
        );
      })}
      {error && (error.status === 409
        ? conflicts.length === 0 && isEdited && <p role="alert" className={styles.note}>{error.problem.detail && !error.problem['conflicts'] ? error.problem.detail : t('office.changed_meanwhile')}</p>
        : <Failure error={error} />)}
      {isEdited && (
        <div className={styles.save}>
          <Button type="submit" data-size="sm" loading={saving} disabled={saving || conflicts.length > 0}>{t('office.save')}</Button>
          <Button type="button" data-size="sm" variant="tertiary" onClick={forget}>{t('office.undo')}</Button>
          {hasHistory && <ValidFrom value={validFrom} onChange={setValidFrom} />}
        </div>
      )}
    </form>
  );
}
