import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Value } from '../edits.ts';
import { DialogField } from '../register/dialogs/DialogField.tsx';
import { FormDialog } from '../register/dialogs/FormDialog.tsx';
import type { MadeToken } from './types.ts';

const LIVES_DAYS = [30, 90, 180, 365] as const;

/** Asks what a new token is for and how long it lasts. */
export function NewToken({ onMade, onClose }: { onMade(made: MadeToken): void; onClose(): void }) {
  const { t } = useTexts();
  const [name, setName] = useState<Value>('');
  const [days, setDays] = useState<Value>(365);
  const given = String(name ?? '').trim();

  async function make(): Promise<void> {
    onMade(await api<MadeToken>('POST', '/api/v1/session/tokens', { name: given, days }));
  }

  return (
    <FormDialog title={t('gis.new_title')} doIt={t('gis.make')} canDo={given !== ''} onDo={make} onClose={onClose}>
      <DialogField field={{ name: 'name', label: t('gis.name'), kind: 'text', max: 100, hint: t('gis.name_hint') }} value={name} onChange={setName} />
      <DialogField field={{ name: 'days', label: t('gis.lasts'), kind: 'select', options: LIVES_DAYS.map((n) => ({ value: n, label: t('gis.days', { n }) })) }} value={days} onChange={setDays} />
    </FormDialog>
  );
}
