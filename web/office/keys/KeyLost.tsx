import { Alert, Field, Label, Textarea, Textfield } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { formatMoney } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import { useSend } from '../useSend.ts';
import { numberIn } from '../meters/numbers.ts';
import type { KeyDetails } from './types.ts';

interface Props {
  found: KeyDetails;
  onDone(): void;
  onClose(): void;
}

/** Marks a key lost: what it costs whoever had it, and which doors are no longer safe. */
export function KeyLost({ found, onDone, onClose }: Props) {
  const { t, language } = useTexts();
  const { sending, error, send } = useSend();
  const [price, setPrice] = useState(String(found.lost_key_ore / 100).replace('.', ','));
  const [note, setNote] = useState('');
  const [fault, setFault] = useState<string>();
  const holder = found.loans.find((loan) => !loan.in_at && !loan.lost_at);

  async function submit(): Promise<void> {
    const kroner = numberIn(price);
    if (kroner === undefined || (kroner !== null && kroner < 0)) {
      setFault(t('keys.price_wrong'));
      return;
    }
    const body = { amount_ore: Math.round((kroner ?? 0) * 100), ...(note && { note }) };
    if (await send('POST', `/api/v1/keys/${found.id}/lost`, body)) onDone();
  }

  return (
    <FormDialog title={t('keys.lost_title', { name: `${found.mark}-${found.serial}` })} submit={t('keys.lost_do')} color="danger" sending={sending} error={error} onSubmit={() => void submit()} onClose={onClose}>
      <Alert data-color="warning" data-size="sm">
        {found.opens.length === 0 ? t('keys.opens_nothing') : t('keys.lost_opens', { doors: found.opens.map((door) => door.mark).join(', ') })}
      </Alert>
      {holder ? (
        <>
          <p>{t('keys.lost_charge', { holder: holder.holder_name ?? t('keys.hidden_person'), price: formatMoney(found.lost_key_ore, language) })}</p>
          <Textfield label={t('keys.price')} inputMode="decimal" value={price} error={fault} onChange={(event) => setPrice(event.target.value)} />
        </>
      ) : <p>{t('keys.lost_nobody')}</p>}
      <Field>
        <Label>{t('keys.note')}</Label>
        <Textarea rows={2} value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
