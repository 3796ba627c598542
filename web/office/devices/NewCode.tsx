import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Value } from '../edits.ts';
import { DialogField } from '../register/dialogs/DialogField.tsx';
import { FormDialog } from '../register/dialogs/FormDialog.tsx';
import { usePeople } from '../usePeople.ts';
import type { MadeCode } from './types.ts';

const ROLES = ['caretaker', 'manager', 'admin'] as const;

/** Asks whose a new tablet is and what it is called. */
export function NewCode({ onMade, onClose }: { onMade(made: MadeCode): void; onClose(): void }) {
  const { t } = useTexts();
  const people = usePeople(ROLES);
  const [person, setPerson] = useState<Value>('');
  const [name, setName] = useState<Value>('');
  const given = String(name ?? '').trim();
  const options = [{ value: '', label: t('devices.person_choose') }, ...people.map(({ id, name: label }) => ({ value: id, label }))];

  async function make(): Promise<void> {
    onMade(await api<MadeCode>('POST', '/api/v1/devices/codes', { person, name: given }));
  }

  return (
    <FormDialog title={t('devices.new_title')} doIt={t('devices.make')} canDo={given !== '' && Boolean(person)} onDo={make} onClose={onClose}>
      <DialogField field={{ name: 'person', label: t('devices.person'), kind: 'select', options }} value={person} onChange={setPerson} />
      <DialogField field={{ name: 'name', label: t('devices.name'), kind: 'text', max: 100, hint: t('devices.name_hint') }} value={name} onChange={setName} />
    </FormDialog>
  );
}
