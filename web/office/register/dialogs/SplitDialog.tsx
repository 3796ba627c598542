import { Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import type { List } from '../../../shared/types.ts';
import { useApi } from '../../../shared/useApi.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import input from '../../FieldInput.module.css';
import { ValidFrom } from '../../ValidFrom.tsx';
import { validFromOf } from '../../validFrom.ts';
import type { Values } from '../../edits.ts';
import { useRegister } from '../context.ts';
import { fieldsOf } from '../placeFields.ts';
import type { PlaceItem, PlaceRow } from '../types.ts';
import { DialogField } from './DialogField.tsx';
import { FormDialog } from './FormDialog.tsx';
import styles from './FormDialog.module.css';
import { newDetails } from './newPlace.ts';
import { undoOf } from '../undoOf.ts';

const CHILDREN_MAX = 200;
/** What tells the parts apart; the rest they take from the whole. */
const TELLING = ['gnr', 'bnr', 'fnr', 'snr', 'bygningsnummer', 'plane', 'number', 'h_number', 'rooms', 'area_m2'];

interface Part {
  name: string;
  values: Values;
}

/** Makes several places of one: new parts beside it, and what lies in it shared out. */
export function SplitDialog({ place, onClose }: { place: PlaceRow; onClose(): void }) {
  const { t } = useTexts();
  const { tree, changed, say } = useRegister();
  const children = useApi<List<PlaceItem>>(`/api/v1/places/${place.id}/children?limit=${CHILDREN_MAX}`).data?.items ?? [];
  const [parts, setParts] = useState<Part[]>([{ name: '', values: {} }]);
  const [where, setWhere] = useState<Record<string, number>>({}); /* child → part; 0 or none: stays */
  const [validFrom, setValidFrom] = useState('');
  const blank: PlaceRow = { ...place, details: { ...newDetails(place.kind, place) } };
  const fields = fieldsOf(blank, t, { buildingTypes: [], uses: [] }).filter((field) => TELLING.includes(field.name));
  const change = (at: number, patch: Partial<Part>): void => setParts(parts.map((part, i) => (i === at ? { ...part, ...patch } : part)));

  async function split(): Promise<void> {
    const answer = await api<unknown>('POST', `/api/v1/places/${place.id}/split`, {
      row_v: place.row_v,
      ...validFromOf(validFrom),
      /* the first part is the place itself, which keeps what it has */
      parts: [{}, ...parts.map((part, i) => ({
        name: part.name.trim(),
        ...Object.fromEntries(Object.entries(part.values).filter(([, value]) => value !== null)),
        children: children.filter((child) => where[child.id] === i + 1).map((child) => child.id),
      }))],
    });
    if (place.parent_id) tree.reload(place.parent_id);
    tree.reload(place.id);
    changed();
    say(t('reg.split_done', { name: place.label }), undoOf(answer, changed));
  }

  return (
    <FormDialog title={t('reg.split_title', { name: place.label })} doIt={t('reg.split_do')} canDo={parts.every((part) => part.name.trim())} onDo={split} onClose={onClose}>
      <p>{t('reg.split_how', { name: place.name })}</p>
      {parts.map((part, i) => (
        <fieldset key={i} className={styles.part}>
          <legend>{t('reg.split_part', { n: i + 1 })}</legend>
          <div className={styles.fields}>
            <DialogField field={{ name: 'name', label: t('reg.field.name'), kind: 'text', max: 200 }} value={part.name} onChange={(value) => change(i, { name: String(value ?? '') })} />
            {fields.map((field) => (
              <DialogField key={field.name} field={field} value={part.values[field.name] ?? null} onChange={(value) => change(i, { values: { ...part.values, [field.name]: value } })} />
            ))}
          </div>
          {parts.length > 1 && <div><Button type="button" variant="tertiary" data-size="sm" onClick={() => setParts(parts.filter((_, at) => at !== i))}>{t('reg.split_less')}</Button></div>}
        </fieldset>
      ))}
      <div><Button type="button" variant="secondary" data-size="sm" onClick={() => setParts([...parts, { name: '', values: {} }])}>{t('reg.split_more')}</Button></div>
      {children.length > 0 && (
        <fieldset className={styles.part}>
          <legend>{t('reg.split_children')}</legend>
          {children.map((child) => (
            <label key={child.id} className={styles.pair}>
              {child.name}
              <select className={input.input} value={where[child.id] ?? 0} onChange={(event) => setWhere({ ...where, [child.id]: Number(event.target.value) })}>
                <option value={0}>{t('reg.split_stays', { name: place.name })}</option>
                {parts.map((part, i) => <option key={i} value={i + 1}>{part.name || t('reg.split_part', { n: i + 1 })}</option>)}
              </select>
            </label>
          ))}
        </fieldset>
      )}
      <div><ValidFrom value={validFrom} onChange={setValidFrom} /></div>
    </FormDialog>
  );
}
