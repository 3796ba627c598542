import { Alert, Button, Textfield } from '@digdir/designsystemet-react';
import { type FormEvent, useState } from 'react';
import { fromInputTime, toInputTime } from '../../shared/format.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { useSend } from '../useSend.ts';
import panel from '../Panel.module.css';
import { flagText } from './flagText.ts';
import { numberIn } from './numbers.ts';
import type { TakenReading } from './types.ts';

interface Props {
  meterId: string;
  unit: string;
  onDone(): void;
}

/** Takes a reading whatever it is, and tells at once when it looks wrong. */
export function AddReading({ meterId, unit, onDone }: Props) {
  const texts = useTexts();
  const { t } = texts;
  const { sending, error, send } = useSend();
  const [value, setValue] = useState('');
  const [at, setAt] = useState(() => toInputTime(new Date().toISOString()));
  const [fault, setFault] = useState<string>();
  const [taken, setTaken] = useState<TakenReading>();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const number = numberIn(value);
    setFault(number === undefined || number === null || number < 0 ? t('meters.value_wrong') : undefined);
    if (number === undefined || number === null || number < 0) return;
    const made = await send<TakenReading>('POST', `/api/v1/meters/${meterId}/readings`, { value: number, ...(at && { at: fromInputTime(at) }) });
    if (!made) return;
    setTaken(made);
    setValue('');
    onDone();
  }

  return (
    <form className={panel.main} noValidate onSubmit={(event) => void submit(event)}>
      <div className={panel.filters}>
        <Textfield label={t('meters.value', { unit })} inputMode="decimal" autoComplete="off" value={value} error={fault} onChange={(event) => setValue(event.target.value)} />
        <Textfield label={t('meters.at')} type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
      </div>
      <div><Button type="submit" data-size="sm" loading={sending}>{t('meters.add_reading')}</Button></div>
      {error && <Failure error={error} />}
      {taken?.state === 'ok' && <p role="status">{t('meters.taken')}</p>}
      {taken && taken.flags.length > 0 && (
        <Alert data-color="warning" data-size="sm" role="status">
          {taken.state === 'flagged' && t('meters.taken_flagged')} {taken.flags.map((flag) => flagText(texts, flag, {}, unit)).join(' ')}
        </Alert>
      )}
    </form>
  );
}
