import { useState } from 'react';
import { formatDay, formatNumber } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import type { Row } from '../sync/view.ts';
import { BigButton } from '../ui/BigButton.tsx';
import styles from '../ui/Form.module.css';
import { Question } from '../ui/Question.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import { counting, doubtsOf, readingChange, readingValue, valueOf, type Doubt } from './meters.ts';
import { useMeterName } from './useMeterName.ts';

interface Props {
  meter: Row;
  readings: Row[];
  onSaved(): void;
}

/** What it shows now. Something odd is asked about once, and taken all the same. */
export function NewReading({ meter, readings, onSaved }: Props) {
  const { t, language } = useTexts();
  const nameOf = useMeterName();
  const form = useForm(`reading:${meter.id}`);
  const [isWrong, setWrong] = useState(false);
  const [doubts, setDoubts] = useState<Doubt[]>([]);
  const [last] = counting(readings);
  const unit = String(meter.d.unit ?? '');

  if (!form) return null;
  const written = form.text('value');
  const value = readingValue(written);
  const shown = last ? t('field.meter.last', { value: `${formatNumber(valueOf(last), language)} ${unit}`, day: formatDay(String(last.d.at), language) }) : t('field.meter.never');

  function ask(): void {
    setWrong(value === null);
    if (value === null) return;
    const found = doubtsOf(meter.d, readings, Number(value), new Date());
    setDoubts(found);
    if (found.length === 0) void save();
  }

  async function save(): Promise<void> {
    const change = readingChange(meter.id, value!, form!.text('note'), nameOf(meter.d), new Date());
    if (await form!.save([change], t('field.meter.saved', { value: `${written.trim()} ${unit}` }))) onSaved();
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <TextInput
        label={t('field.meter.shows')}
        hint={shown}
        inputMode="decimal"
        unit={unit}
        maxLength={20}
        value={written}
        fault={isWrong && value === null ? t('meters.value_wrong') : null}
        onChange={(text) => {
          form.set('value', text);
          setDoubts([]);
        }}
      />
      <TextInput label={t('field.note')} rows={2} maxLength={4000} value={form.text('note')} onChange={(text) => form.set('note', text)} />
      {form.isFailed && <p role="alert" className={styles.fault}>{t('field.not_saved')}</p>}
      {doubts.length > 0 ? (
        <Question no={t('field.meter.correct')} yes={t('field.meter.is_right')} onNo={() => setDoubts([])} onYes={() => void save()}>
          <p><strong>{t('field.meter.sure', { value: `${written.trim()} ${unit}` })}</strong></p>
          {doubts.map((doubt) => <p key={doubt}>{t(`field.meter.doubt.${doubt}`, { last: shown })}</p>)}
        </Question>
      ) : (
        <BigButton type="submit" look="main" icon="check">{t('field.meter.save')}</BigButton>
      )}
    </form>
  );
}
