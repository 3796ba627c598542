import { useId, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { useDraft } from '../../../shared/useDraft.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import { uuid7 } from '../../../shared/uuid.ts';
import input from '../../FieldInput.module.css';
import type { Values } from '../../edits.ts';
import { kindsBelow } from '../actions.ts';
import { openPlace } from '../address.ts';
import { useRegister } from '../context.ts';
import { useBuildingTypes } from '../lists.ts';
import { fieldsOf } from '../placeFields.ts';
import type { PlaceKind, PlaceRow } from '../types.ts';
import { DialogField } from './DialogField.tsx';
import { FormDialog } from './FormDialog.tsx';
import styles from './FormDialog.module.css';
import { newDetails, newFieldNames, nameOfNew, storeysOf } from './newPlace.ts';

interface Draft {
  kind: PlaceKind;
  name: string;
  values: Values;
  above: number;
  below: number;
}

/** A new place below another; a building with its storeys at once. */
export function AddPlaceDialog({ parent, onClose }: { parent: PlaceRow; onClose(): void }) {
  const { t } = useTexts();
  const { tree, changed, say } = useRegister();
  const kinds = kindsBelow(parent.kind);
  const empty = (kind: PlaceKind): Draft => ({ kind, name: '', values: newDetails(kind, parent), above: kind === 'building' ? 1 : 0, below: 0 });
  const [draft, change, forget] = useDraft<Draft>(`add.${parent.id}`, () => empty(kinds[0]!));
  const [goesOn, setGoesOn] = useState(false);
  const [count, setCount] = useState(0);
  const id = useId();
  const types = useBuildingTypes(draft.kind === 'building');
  const names = newFieldNames(draft.kind);
  const blank: PlaceRow = { ...parent, kind: draft.kind, details: newDetails(draft.kind, parent), is_public: false, is_bookable: false, is_universal: null, area_m2: null };
  const fields = fieldsOf(blank, t, { buildingTypes: types, uses: [] }).filter((field) => names.includes(field.name));
  const storeys = draft.kind === 'building' ? storeysOf(draft.above, draft.below) : [];
  const name = draft.name.trim() || nameOfNew(draft.kind, draft.values, t);

  async function make(): Promise<boolean> {
    const made = uuid7();
    await api<unknown>('POST', '/api/v1/places', { id: made, parent: parent.id, kind: draft.kind, name, ...draft.values });
    for (const storey of storeys)
      await api<unknown>('POST', '/api/v1/places', { id: uuid7(), parent: made, kind: 'storey', name: nameOfNew('storey', { ...storey }, t), ...storey });
    forget();
    tree.open(parent.id);
    tree.reload(parent.id);
    changed();
    say(t('reg.made', { name }));
    if (goesOn) {
      change(() => empty(draft.kind));
      setCount(count + 1); /* begins the form anew, with the cursor in it */
      return false;
    }
    openPlace(made, 'facts');
    return true;
  }

  return (
    <FormDialog title={t('reg.add_below', { name: parent.label })} doIt={t('reg.make')} canDo={name !== ''} onDo={make} onClose={onClose}>
      <div className={styles.fields} key={count}>
        <div className={styles.field}>
          <label htmlFor={`${id}kind`}>{t('reg.kind')}</label>
          <select id={`${id}kind`} className={input.input} value={draft.kind} onChange={(event) => change((before) => ({ ...empty(kinds.find((kind) => kind === event.target.value) ?? kinds[0]!), name: before.name }))}>
            {kinds.map((kind) => <option key={kind} value={kind}>{t(`reg.kind.${kind}`)}</option>)}
          </select>
        </div>
        {fields.map((field) => (
          <DialogField key={field.name} field={field} value={draft.values[field.name] ?? null} onChange={(value) => change((before) => ({ ...before, values: { ...before.values, [field.name]: value } }))} />
        ))}
        <div className={styles.field}>
          <label htmlFor={`${id}name`}>{t('reg.field.name')}</label>
          <input id={`${id}name`} className={input.input} type="text" maxLength={200} autoComplete="off" autoFocus placeholder={nameOfNew(draft.kind, draft.values, t)} value={draft.name} onChange={(event) => change((before) => ({ ...before, name: event.target.value }))} />
        </div>
        {draft.kind === 'building' && (['above', 'below'] as const).map((side) => (
          <DialogField key={side} field={{ name: side, label: t(`reg.storeys_${side}`), kind: 'number' }} value={draft[side]} onChange={(value) => change((before) => ({ ...before, [side]: Math.max(0, Math.min(99, Math.trunc(Number(value ?? 0)))) }))} />
        ))}
      </div>
      {storeys.length > 0 && <p className={styles.hint}>{t('reg.storeys_made', { names: storeys.map((storey) => nameOfNew('storey', { ...storey }, t)).join(', ') })}</p>}
      <label className={styles.check}>
        <input type="checkbox" checked={goesOn} onChange={(event) => setGoesOn(event.target.checked)} />
        {t('reg.make_more')}
      </label>
    </FormDialog>
  );
}
