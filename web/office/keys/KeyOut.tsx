import { Checkbox, Textarea, Textfield, Field, Label } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { ApiError } from '../../shared/problem.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import { type Choice, SearchChoice } from '../SearchChoice.tsx';
import { useSend } from '../useSend.ts';
import { type Signature, SignaturePad } from './SignaturePad.tsx';
import { signed } from './signed.ts';
import type { Holder } from './types.ts';

interface Props {
  id: string;
  name: string;
  onDone(): void;
  onClose(): void;
}

/** Signs a key out: to whom, until when, and their signature. */
export function KeyOut({ id, name, onDone, onClose }: Props) {
  const { t } = useTexts();
  const { sending, error, send } = useSend();
  const [holder, setHolder] = useState<Choice | null>(null);
  const [isNew, setIsNew] = useState(false);
  const [person, setPerson] = useState({ name: '', phone: '', isOrganisation: false });
  const [dueOn, setDueOn] = useState('');
  const [note, setNote] = useState('');
  const [signature, setSignature] = useState<Signature | null>(null);
  const [missing, setMissing] = useState<{ holder?: string; signature?: string }>({});
  const [lost, setLost] = useState<ApiError | null>(null); /* the drawing did not arrive */

  async function submit(): Promise<void> {
    const faults = {
      ...(!(isNew ? person.name.trim() : holder) && { holder: t('keys.holder_missing') }),
      ...(!signature && { signature: t('keys.sign_missing') }),
    };
    setMissing(faults);
    if (!signature || Object.keys(faults).length > 0) return;
    setLost(null);
    try {
      const proof = await signed(signature);
      const who = isNew
        ? { holder_name: person.name.trim(), ...(person.phone && { holder_phone: person.phone }), is_organisation: person.isOrganisation }
        : { holder: holder?.id };
      if (await send('POST', `/api/v1/keys/${id}/out`, { ...who, ...proof, ...(dueOn && { due_on: dueOn }), ...(note && { note }) })) onDone();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setLost(failure);
    }
  }

  return (
    <FormDialog title={t('keys.out_title', { name })} submit={t('keys.out')} sending={sending} error={lost ?? error} onSubmit={() => void submit()} onClose={onClose}>
      {isNew ? (
        <>
          <Textfield label={t('keys.holder_name')} value={person.name} maxLength={200} error={missing.holder} onChange={(event) => setPerson({ ...person, name: event.target.value })} />
          <Textfield label={t('keys.holder_phone')} type="tel" value={person.phone} maxLength={30} onChange={(event) => setPerson({ ...person, phone: event.target.value })} />
          <Checkbox label={t('keys.holder_organisation')} checked={person.isOrganisation} onChange={(event) => setPerson({ ...person, isOrganisation: event.target.checked })} />
        </>
      ) : (
        <SearchChoice<Holder>
          label={t('keys.holder')}
          path={(words) => `/api/v1/key-holders?q=${encodeURIComponent(words)}`}
          choiceOf={(each) => ({ id: each.id, label: each.phone ? `${each.name}, ${each.phone}` : each.name })}
          chosen={holder}
          onChoose={setHolder}
          error={missing.holder}
        />
      )}
      <Checkbox label={t('keys.holder_new')} checked={isNew} onChange={(event) => setIsNew(event.target.checked)} />
      <Textfield label={t('keys.due_on')} type="date" value={dueOn} onChange={(event) => setDueOn(event.target.value)} error={error?.fields['due_on']} />
      <Field>
        <Label>{t('keys.note')}</Label>
        <Textarea rows={2} value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
      </Field>
      <SignaturePad onChange={setSignature} error={missing.signature} />
    </FormDialog>
  );
}
