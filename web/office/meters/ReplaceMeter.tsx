import { Textfield } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { fromInputTime, toInputTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import forms from '../keys/Forms.module.css';
import { useSend } from '../useSend.ts';
import { numberIn } from './numbers.ts';
import type { MeterDetails } from './types.ts';

interface Props {
  found: MeterDetails;
  onDone(id: string): void;
  onClose(): void;
}

/** A new meter where this one hangs: the old one's last value, the new one's first. */
export function ReplaceMeter({ found, onDone, onClose }: Props) {
  const { t } = useTexts();
  const { sending, error, send } = useSend();
  const [at, setAt] = useState(() => toInputTime(new Date().toISOString()));
  const [end, setEnd] = useState('');
  const [serial, setSerial] = useState('');
  const [start, setStart] = useState('0');
  const [digits, setDigits] = useState(found.digits === null ? '' : String(found.digits));
  const [faults, setFaults] = useState<{ end?: string; start?: string; serial?: string }>({});

  async function submit(): Promise<void> {
    const endValue = numberIn(end);
    const startValue = numberIn(start);
    const wrong = {
      ...((endValue === null || endValue === undefined) && { end: t('meters.value_wrong') }),
      ...((startValue === null || startValue === undefined) && { start: t('meters.value_wrong') }),
      ...(!serial.trim() && { serial: t('meters.serial_missing') }),
    };
    setFaults(wrong);
    if (Object.keys(wrong).length > 0) return;
    const made = await send<{ id: string }>('POST', `/api/v1/meters/${found.id}/replace`, {
      at: fromInputTime(at), end_value: endValue, serial: serial.trim(), start_value: startValue, ...(digits && { digits: Number(digits) }),
    });
    if (made) onDone(made.id);
  }

  return (
    <FormDialog title={t('meters.replace')} submit={t('meters.replace_do')} sending={sending} error={error} onSubmit={() => void submit()} onClose={onClose}>
      <Textfield label={t('meters.at')} type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
      <Textfield label={t('meters.end_value', { serial: found.serial, unit: found.unit })} inputMode="decimal" value={end} error={faults.end} onChange={(event) => setEnd(event.target.value)} />
      <div className={forms.pair}>
        <Textfield label={t('meters.new_serial')} value={serial} maxLength={60} error={faults.serial} onChange={(event) => setSerial(event.target.value)} />
        <Textfield label={t('meters.start_value', { unit: found.unit })} inputMode="decimal" value={start} error={faults.start} onChange={(event) => setStart(event.target.value)} />
        <Textfield label={t('meters.digits')} type="number" min={3} max={12} value={digits} error={error?.fields['digits']} onChange={(event) => setDigits(event.target.value)} />
      </div>
    </FormDialog>
  );
}
