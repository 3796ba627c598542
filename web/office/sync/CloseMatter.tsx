import { Field, Label, Textarea } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../register/dialogs/FormDialog.tsx';

/** Asks why before something is closed: nothing more comes of it, but it is kept. */
export function CloseMatter({ id, onDone, onClose }: { id: string; onDone(): void; onClose(): void }) {
  const { t } = useTexts();
  const [note, setNote] = useState('');

  async function close(): Promise<void> {
    await api<unknown>('POST', `/api/v1/sync/quarantine/${id}/close`, { note: note.trim() });
    onDone();
  }

  return (
    <FormDialog title={t('sync.close_title')} doIt={t('sync.close')} onDo={close} onClose={onClose}>
      <p>{t('sync.close_what')}</p>
      <Field>
        <Label>{t('sync.close_why')}</Label>
        <Textarea value={note} maxLength={1000} required onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
