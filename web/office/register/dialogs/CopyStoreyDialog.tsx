import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { useTexts } from '../../../shared/useTexts.ts';
import { openPlace } from '../address.ts';
import { useRegister } from '../context.ts';
import { PLANES } from '../placeFields.ts';
import type { PlaceRow } from '../types.ts';
import type { Value } from '../../edits.ts';
import { DialogField } from './DialogField.tsx';
import { FormDialog } from './FormDialog.tsx';
import styles from './FormDialog.module.css';
import { nameOfNew } from './newPlace.ts';
import { undoOf } from '../undoOf.ts';

/** Makes a storey like another: its dwellings and rooms with new numbers, its components if wanted. */
export function CopyStoreyDialog({ storey, onClose }: { storey: PlaceRow; onClose(): void }) {
  const { t } = useTexts();
  const { tree, changed, say } = useRegister();
  const [plane, setPlane] = useState<Value>(storey.details?.['plane'] ?? 'H');
  const [number, setNumber] = useState<Value>(Number(storey.details?.['number'] ?? 1) + 1);
  const [name, setName] = useState<Value>(null);
  const [withComponents, setWithComponents] = useState(true);
  const given = (typeof name === 'string' && name.trim()) || nameOfNew('storey', { plane, number }, t);

  async function copy(): Promise<void> {
    const answer = await api<{ id?: string }>('POST', `/api/v1/storeys/${storey.id}/copy`, { plane, number, name: given, with_components: withComponents });
    if (storey.parent_id) {
      tree.open(storey.parent_id);
      tree.reload(storey.parent_id);
    }
    changed();
    say(t('reg.made', { name: given }), undoOf(answer, changed));
    if (answer.id) openPlace(answer.id);
  }

  return (
    <FormDialog title={t('reg.copy_title', { name: storey.name })} doIt={t('reg.copy_do')} canDo={number !== null} onDo={copy} onClose={onClose}>
      <div className={styles.fields}>
        <DialogField field={{ name: 'plane', label: t('reg.field.plane'), kind: 'select', options: PLANES.map((code) => ({ value: code, label: t(`reg.plane.${code}`) })) }} value={plane} onChange={setPlane} />
        <DialogField field={{ name: 'number', label: t('reg.field.number'), kind: 'number' }} value={number} onChange={setNumber} />
        <DialogField field={{ name: 'name', label: t('reg.field.name'), kind: 'text', canBeEmpty: true, max: 200, hint: given }} value={name} onChange={setName} />
      </div>
      <label className={styles.check}>
        <input type="checkbox" checked={withComponents} onChange={(event) => setWithComponents(event.target.checked)} />
        {t('reg.copy_components')}
      </label>
    </FormDialog>
  );
}
