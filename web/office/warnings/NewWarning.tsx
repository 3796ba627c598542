import { Field, Label, Select, Textarea, Textfield } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import forms from '../keys/Forms.module.css';
import { useSend } from '../useSend.ts';
import { WARNING_KINDS, type WarningKind } from './types.ts';

interface Props {
  placeId: string;
  onDone(): void;
  onClose(): void;
}

/** What whoever enters must know first, and until when. */
export function NewWarning({ placeId, onDone, onClose }: Props) {
  const { t } = useTexts();
  const { sending, error, send } = useSend();
  const [kind, setKind] = useState<WarningKind>('other');
  const [text, setText] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [fault, setFault] = useState<string>();

  async function submit(): Promise<void> {
    setFault(text.trim() ? undefined : t('warnings.text_missing'));
    if (!text.trim()) return;
    const body = { place: placeId, kind, text: text.trim(), ...(from && { valid_from: from }), ...(to && { valid_to: to }) };
    if (await send('POST', '/api/v1/warnings', body)) onDone();
  }

  return (
    <FormDialog title={t('warnings.new')} submit={t('keys.save')} sending={sending} error={error} onSubmit={() => void submit()} onClose={onClose}>
      <Field>
        <Label>{t('warnings.kind')}</Label>
        <Select value={kind} onChange={(event) => setKind(WARNING_KINDS.find((each) => each === event.target.value) ?? 'other')}>
          {WARNING_KINDS.map((each) => <Select.Option key={each} value={each}>{t(`warnings.kind.${each}`)}</Select.Option>)}
        </Select>
      </Field>
      <Field>
        <Label>{t('warnings.text')}</Label>
        <Field.Description>{t('warnings.text_hint')}</Field.Description>
        <Textarea rows={3} maxLength={1000} value={text} aria-invalid={fault ? true : undefined} onChange={(event) => setText(event.target.value)} />
        {fault && <p role="alert">{fault}</p>}
      </Field>
      <div className={forms.pair}>
        <Textfield label={t('warnings.from')} type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
        <Textfield label={t('warnings.to')} type="date" value={to} onChange={(event) => setTo(event.target.value)} />
      </div>
    </FormDialog>
  );
}
