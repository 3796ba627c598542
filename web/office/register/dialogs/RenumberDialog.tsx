import { Alert } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import type { Texts } from '../../../shared/i18n.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import type { Value } from '../../edits.ts';
import { ValidFrom } from '../../ValidFrom.tsx';
import { validFromOf } from '../../validFrom.ts';
import { useRegister } from '../context.ts';
import { ROOT } from '../tree.ts';
import type { PlaceRow } from '../types.ts';
import { DialogField } from './DialogField.tsx';
import { FormDialog } from './FormDialog.tsx';
import styles from './FormDialog.module.css';
import { cadastral } from './cadastral.ts';
import { undoOf } from '../undoOf.ts';

interface Preview {
  count: number;
  /** The first fifty. */
  changes: { id: string; from: string; to: string }[] | null;
  conflicts: Taken[];
}

/** A new number that is in use already, by one that the asker may not see when none is named; or that several were given. */
interface Taken {
  id: string;
  to: string;
  taken_by?: { label: string } | null;
  twice?: boolean;
}

function takenText(taken: Taken, t: Texts['t']): string {
  if (taken.twice) return t('reg.renumber_twice', { to: taken.to });
  const name = taken.taken_by?.label;
  return name && name !== taken.to ? t('reg.renumber_taken', { to: taken.to, name }) : t('reg.renumber_taken_other', { to: taken.to });
}

/** New numbers for a property, or for all of a municipality that becomes part of another. First what would happen, then it. */
export function RenumberDialog({ place, onClose }: { place: PlaceRow; onClose(): void }) {
  const { t, tn } = useTexts();
  const { tree, changed, say } = useRegister();
  const isProperty = place.kind === 'property';
  const from = isProperty ? cadastral(place.details ?? {}) : String(place.details?.['municipality_no'] ?? '');
  const [own, setOwn] = useState<Value>(from);
  const [to, setTo] = useState<Value>(isProperty ? from : null);
  const [name, setName] = useState<Value>(null);
  const [validFrom, setValidFrom] = useState('');
  const [preview, setPreview] = useState<Preview | null>(null);
  const given = String(to ?? '').trim();
  const begin = String(own ?? '').trim();
  const body = {
    ...validFromOf(validFrom),
    ...(isProperty
      ? { properties: [{ id: place.id, from: begin, to: given }] }
      : { municipality: { from: begin, to: given, ...(name !== null && { name }) } }),
  };

  async function go(): Promise<boolean> {
    if (!preview) {
      setPreview(await api<Preview>('POST', '/api/v1/renumberings', { ...body, dry_run: true }));
      return false;
    }
    const answer = await api<unknown>('POST', '/api/v1/renumberings', { ...body, dry_run: false });
    tree.reload(place.parent_id ?? ROOT);
    changed();
    say(t('reg.renumbered', { name: place.label, to: given }), undoOf(answer, changed));
    return true;
  }

  /** What is changed after the preview is previewed anew. */
  const set = (change: (value: Value) => void) => (value: Value): void => {
    change(value);
    setPreview(null);
  };
  return (
    <FormDialog
      title={t('reg.renumber_title', { name: place.label })}
      doIt={preview ? t('reg.renumber_do') : t('reg.preview')}
      canDo={given !== '' && begin !== '' && given !== begin && !preview?.conflicts.length}
      onDo={go}
      onClose={onClose}
    >
      <div className={styles.fields}>
        <DialogField field={{ name: 'from', label: t('reg.renumber_from'), kind: 'text', max: 30 }} value={own} onChange={set(setOwn)} />
        <DialogField field={{ name: 'to', label: t('reg.renumber_to'), kind: 'text', max: 30, hint: t(isProperty ? 'reg.renumber_hint' : 'reg.renumber_hint_municipality') }} value={to} onChange={set(setTo)} />
        {!isProperty && <DialogField field={{ name: 'name', label: t('reg.renumber_name'), kind: 'text', canBeEmpty: true, max: 100 }} value={name} onChange={set(setName)} />}
      </div>
      <div><ValidFrom value={validFrom} onChange={(value) => { setValidFrom(value); setPreview(null); }} /></div>
      {preview && preview.conflicts.length > 0 && (
        <Alert data-color="warning" data-size="sm" role="alert">
          <ul className={styles.list}>{preview.conflicts.map((each) => <li key={each.id}>{takenText(each, t)}</li>)}</ul>
        </Alert>
      )}
      {preview && preview.conflicts.length === 0 && (
        <div role="status">
          <strong>{tn('reg.renumber_count', preview.count)}</strong>
          {preview.changes && <ul className={styles.list}>{preview.changes.map((each) => <li key={each.id}>{each.from} → {each.to}</li>)}</ul>}
        </div>
      )}
    </FormDialog>
  );
}
