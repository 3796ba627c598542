import { Field, Label, Textarea } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { ApiError } from '../../shared/problem.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import { useSend } from '../useSend.ts';
import { type Signature, SignaturePad } from './SignaturePad.tsx';
import { signed } from './signed.ts';

interface Props {
  id: string;
  name: string;
  onDone(): void;
  onClose(): void;
}

/** Signs a key in. Whoever hands it in may sign too; they need not. */
export function KeyIn({ id, name, onDone, onClose }: Props) {
  const { t } = useTexts();
  const { sending, error, send } = useSend();
  const [note, setNote] = useState('');
  const [signature, setSignature] = useState<Signature | null>(null);
  const [lost, setLost] = useState<ApiError | null>(null);

  async function submit(): Promise<void> {
    setLost(null);
    try {
      const proof = signature ? await signed(signature) : {};
      if (await send('POST', `/api/v1/keys/${id}/in`, { ...proof, ...(note && { note }) })) onDone();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setLost(failure);
    }
  }

  return (
    <FormDialog title={t('keys.in_title', { name })} submit={t('keys.in')} sending={sending} error={lost ?? error} onSubmit={() => void submit()} onClose={onClose}>
      <Field>
        <Label>{t('keys.note')}</Label>
        <Textarea rows={2} value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
      </Field>
      <SignaturePad onChange={setSignature} />
    </FormDialog>
  );
}
