import { Textfield } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import { PlaceChoice } from '../PlaceChoice.tsx';
import type { Choice } from '../SearchChoice.tsx';
import { useSend } from '../useSend.ts';
import type { KeySystemDetails } from './types.ts';

interface Props {
  system: KeySystemDetails;
  onDone(): void;
  onClose(): void;
}

/** A door's lock: its mark and where it is. */
export function NewCylinder({ system, onDone, onClose }: Props) {
  const { t } = useTexts();
  const { sending, error, send } = useSend();
  const [mark, setMark] = useState('');
  const [place, setPlace] = useState<Choice | null>({ id: system.place_id, label: system.place_label });
  const [faults, setFaults] = useState<{ mark?: string; place?: string }>({});

  async function submit(): Promise<void> {
    const wrong = { ...(!mark.trim() && { mark: t('keys.mark_missing') }), ...(!place && { place: t('keys.place_missing') }) };
    setFaults(wrong);
    if (!place || !mark.trim()) return;
    if (await send('POST', '/api/v1/cylinders', { system: system.id, mark: mark.trim(), place: place.id })) onDone();
  }

  return (
    <FormDialog title={t('keys.new_cylinder')} submit={t('keys.save')} sending={sending} error={error} onSubmit={() => void submit()} onClose={onClose}>
      <Textfield label={t('keys.mark')} value={mark} maxLength={60} error={faults.mark} onChange={(event) => setMark(event.target.value)} />
      <PlaceChoice label={t('keys.place')} chosen={place} onChoose={setPlace} error={faults.place} />
    </FormDialog>
  );
}
