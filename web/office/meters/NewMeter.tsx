import { Field, Label, Select, Textfield } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { FormDialog } from '../FormDialog.tsx';
import { PlaceChoice } from '../PlaceChoice.tsx';
import type { Choice } from '../SearchChoice.tsx';
import forms from '../keys/Forms.module.css';
import { useSend } from '../useSend.ts';
import { numberIn } from './numbers.ts';
import { METER_KINDS, type MeterKind } from './types.ts';

const UNITS: Record<MeterKind, string> = {
  electricity: 'kWh', heat: 'kWh', cooling: 'kWh', water: 'm³', hot_water: 'm³', gas: 'm³', oil: 'l', solar: 'kWh',
};

interface Props {
  /** Where it hangs, when that is known. */
  placeId?: string | undefined;
  onDone(id: string): void;
  onClose(): void;
}

/** Puts up a meter. */
export function NewMeter({ placeId, onDone, onClose }: Props) {
  const { t } = useTexts();
  const { sending, error, send } = useSend();
  const [place, setPlace] = useState<Choice | null>(null);
  const [kind, setKind] = useState<MeterKind>('electricity');
  const [serial, setSerial] = useState('');
  const [name, setName] = useState('');
  const [digits, setDigits] = useState('');
  const [start, setStart] = useState('');
  const [faults, setFaults] = useState<{ place?: string; serial?: string; start?: string }>({});

  async function submit(): Promise<void> {
    const value = numberIn(start);
    const where = placeId ?? place?.id;
    const wrong = {
      ...(!where && { place: t('keys.place_missing') }),
      ...(!serial.trim() && { serial: t('meters.serial_missing') }),
      ...((value === undefined || (value !== null && value < 0)) && { start: t('meters.value_wrong') }),
    };
    setFaults(wrong);
    if (Object.keys(wrong).length > 0) return;
    const made = await send<{ id: string }>('POST', '/api/v1/meters', {
      place: where, kind, unit: UNITS[kind], serial: serial.trim(),
      ...(name && { name }), ...(digits && { digits: Number(digits) }), ...(value !== null && { start_value: value }),
    });
    if (made) onDone(made.id);
  }

  return (
    <FormDialog title={t('meters.new')} submit={t('keys.save')} sending={sending} error={error} onSubmit={() => void submit()} onClose={onClose}>
      {!placeId && <PlaceChoice label={t('keys.place')} chosen={place} onChoose={setPlace} error={faults.place} />}
      <div className={forms.pair}>
        <Field>
          <Label>{t('meters.kind')}</Label>
          <Select value={kind} onChange={(event) => setKind(METER_KINDS.find((each) => each === event.target.value) ?? 'electricity')}>
            {METER_KINDS.map((each) => <Select.Option key={each} value={each}>{t(`meters.kind.${each}`)}</Select.Option>)}
          </Select>
        </Field>
        <Textfield label={t('meters.serial')} value={serial} maxLength={60} error={faults.serial} onChange={(event) => setSerial(event.target.value)} />
        <Textfield label={t('keys.name')} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        <Textfield label={t('meters.digits')} type="number" min={3} max={12} value={digits} error={error?.fields['digits']} onChange={(event) => setDigits(event.target.value)} />
        <Textfield label={t('meters.start_value', { unit: UNITS[kind] })} inputMode="decimal" value={start} error={faults.start} onChange={(event) => setStart(event.target.value)} />
      </div>
    </FormDialog>
  );
}
