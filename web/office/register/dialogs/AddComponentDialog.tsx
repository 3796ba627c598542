import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { useDraft } from '../../../shared/useDraft.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import { uuid7 } from '../../../shared/uuid.ts';
import type { Values } from '../../edits.ts';
import { openComponent } from '../address.ts';
import { componentFields } from '../componentFields.ts';
import { useRegister } from '../context.ts';
import { useElements } from '../lists.ts';
import type { PlaceRow } from '../types.ts';
import { DialogField } from './DialogField.tsx';
import { FormDialog } from './FormDialog.tsx';
import styles from './FormDialog.module.css';

const ASKED = ['name', 'element', 'tag', 'maker', 'model', 'serial', 'installed_on', 'service_life_years'];
const EMPTY: Values = Object.fromEntries(ASKED.map((name) => [name, name === 'name' ? '' : null]));
const empty = (): Values => EMPTY;

/** A new component at a place. */
export function AddComponentDialog({ place, onClose }: { place: PlaceRow; onClose(): void }) {
  const { t } = useTexts();
  const { changed, say } = useRegister();
  const [values, change, forget] = useDraft<Values>(`add.component.${place.id}`, empty);
  const [goesOn, setGoesOn] = useState(false);
  const elements = useElements();
  const fields = componentFields(t, elements).filter((field) => ASKED.includes(field.name));
  const name = String(values['name'] ?? '').trim();

  async function make(): Promise<boolean> {
    const id = uuid7();
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
    await api<unknown>('POST', '/api/v1/components', { ...given, id, place_id: place.id, name });
    forget();
    changed();
    say(t('reg.made', { name }));
    if (goesOn) return false;
    openComponent(id);
    return true;
  }

  return (
    <FormDialog title={t('reg.add_component_at', { name: place.label })} doIt={t('reg.make')} canDo={name !== ''} onDo={make} onClose={onClose}>
      <div className={styles.fields}>
        {fields.map((field) => (
          <DialogField key={field.name} field={field} value={values[field.name] ?? null} onChange={(value) => change((before) => ({ ...before, [field.name]: value }))} />
        ))}
      </div>
      <label className={styles.check}>
        <input type="checkbox" checked={goesOn} onChange={(event) => setGoesOn(event.target.checked)} />
        {t('reg.make_more')}
      </label>
    </FormDialog>
  );
}
