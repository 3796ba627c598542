import { Alert, Button, Textfield } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { formatNumber, formatTime } from '../../shared/format.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { useSend } from '../useSend.ts';
import { flagText } from './flagText.ts';
import { numberIn } from './numbers.ts';
import type { FlaggedReading } from './types.ts';

interface Props {
  reading: FlaggedReading;
  onDone(): void;
  onMeter(id: string): void;
}

/** A reading that waits for somebody to say whether it is right, or what it should have been. */
export function FlaggedCard({ reading, onDone, onMeter }: Props) {
  const texts = useTexts();
  const { t, language } = texts;
  const { sending, error, send } = useSend();
  const [value, setValue] = useState<string | null>(null);
  const [fault, setFault] = useState<string>();

  async function decide(): Promise<void> {
    if (await send('POST', `/api/v1/meter-readings/${reading.id}/accept`)) onDone();
  }

  async function correct(): Promise<void> {
    const number = numberIn(value ?? '');
    if (number === undefined || number === null || number < 0) {
      setFault(t('meters.value_wrong'));
      return;
    }
    if (await send('POST', `/api/v1/meter-readings/${reading.id}/correct`, { value: number })) onDone();
  }

  return (
    <li className={panel.card}>
      <div className={panel.row}>
        <strong>{formatNumber(reading.value, language)} {reading.unit}</strong>
        <span>{formatTime(reading.at, language)}</span>
        <span className={panel.subtle}>{t(`meters.source.${reading.source}`)}{reading.by_name && `, ${reading.by_name}`}</span>
      </div>
      <div className={panel.row}>
        <a
          href={`/office?view=meters&meter=${reading.meter_id}`}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey) return;
            event.preventDefault();
            onMeter(reading.meter_id);
          }}
        >
          {t(`meters.kind.${reading.kind}`)} {reading.serial}
        </a>
        <span className={panel.subtle}>{reading.place_label}</span>
      </div>
      <Alert data-color="warning" data-size="sm">{reading.flags.map((flag) => <p key={flag}>{flagText(texts, flag, reading.flag_facts, reading.unit)}</p>)}</Alert>
      {value === null ? (
        <div className={panel.buttons}>
          <Button data-size="sm" variant="secondary" loading={sending} onClick={() => void decide()}>{t('meters.accept')}</Button>
          <Button data-size="sm" variant="tertiary" onClick={() => setValue('')}>{t('meters.correct')}</Button>
        </div>
      ) : (
        <form
          className={panel.main}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void correct();
          }}
        >
          <Textfield label={t('meters.should_be', { unit: reading.unit })} inputMode="decimal" value={value} error={fault} onChange={(event) => setValue(event.target.value)} />
          <div className={panel.buttons}>
            <Button type="submit" data-size="sm" loading={sending}>{t('meters.correct_do')}</Button>
            <Button type="button" data-size="sm" variant="tertiary" onClick={() => setValue(null)}>{t('keys.cancel')}</Button>
          </div>
        </form>
      )}
      {error && <Failure error={error} />}
    </li>
  );
}
