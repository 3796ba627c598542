import { Alert, Button, Field, Label, Select, Table, Textarea } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { Failure } from '../../shared/ui/Failure.tsx';
import type { TextKey } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { useSend } from '../useSend.ts';
import type { TakenFile } from './types.ts';

const REASONS: Record<string, TextKey> = {
  too_long: 'meters.reject.too_long',
  not_utf8: 'meters.reject.not_utf8',
  columns: 'meters.reject.columns',
  quotes: 'meters.reject.quotes',
  time: 'meters.reject.time',
  number: 'meters.reject.number',
  ambiguous: 'meters.reject.ambiguous',
  negative: 'meters.reject.negative',
  too_many: 'meters.reject.too_many',
  unknown_meter: 'meters.reject.unknown_meter',
  several_meters: 'meters.reject.several_meters',
  temperature: 'meters.reject.temperature',
  station: 'meters.reject.station',
  twice: 'meters.reject.twice',
};

/** Spreadsheets in Norway write Windows' own letters as often as UTF-8. */
async function textOf(file: File): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Readings or temperatures from a file or pasted; each line that was not taken is told with why. */
export function ReadingFile({ onDone }: { onDone(): void }) {
  const { t, tn } = useTexts();
  const { sending, error, send } = useSend();
  const [kind, setKind] = useState<'readings' | 'temperatures'>('readings');
  const [text, setText] = useState('');
  const [taken, setTaken] = useState<TakenFile>();

  async function submit(): Promise<void> {
    setTaken(undefined);
    const answer = await send<TakenFile>('POST', kind === 'readings' ? '/api/v1/meter-readings/file' : '/api/v1/degree-days', { text });
    if (!answer) return;
    setTaken(answer);
    setText('');
    onDone();
  }

  return (
    <section className={panel.card} aria-label={t('meters.file')}>
      <div className={panel.filters}>
        <Field>
          <Label>{t('meters.file_kind')}</Label>
          <Select value={kind} onChange={(event) => setKind(event.target.value === 'temperatures' ? 'temperatures' : 'readings')}>
            <Select.Option value="readings">{t('meters.file_readings')}</Select.Option>
            <Select.Option value="temperatures">{t('meters.file_temperatures')}</Select.Option>
          </Select>
        </Field>
        <label>
          {t('meters.file_choose')}
          <input type="file" accept=".csv,.txt,text/csv,text/plain" onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void textOf(file).then(setText);
          }} />
        </label>
      </div>
      <Field>
        <Label>{t('meters.file_text')}</Label>
        <Field.Description>{t(kind === 'readings' ? 'meters.file_hint' : 'meters.file_hint_temperatures')}</Field.Description>
        <Textarea rows={5} value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <div><Button data-size="sm" disabled={!text.trim()} loading={sending} onClick={() => void submit()}>{t('meters.file_send')}</Button></div>
      {error && <Failure error={error} />}
      {taken && (
        <Alert data-color={taken.rejects.length > 0 ? 'warning' : 'success'} data-size="sm" role="status">
          {tn('meters.file_taken', taken.taken)} {taken.flagged ? tn('meters.file_flagged', taken.flagged) : ''} {taken.rejects.length > 0 && tn('meters.file_rejected', taken.rejects.length)}
        </Alert>
      )}
      {taken && taken.rejects.length > 0 && (
        <div className={panel.scroll}>
          <Table data-size="sm">
            <Table.Head>
              <Table.Row><Table.HeaderCell>{t('meters.line')}</Table.HeaderCell><Table.HeaderCell>{t('meters.why')}</Table.HeaderCell><Table.HeaderCell>{t('meters.text')}</Table.HeaderCell></Table.Row>
            </Table.Head>
            <Table.Body>
              {taken.rejects.slice(0, 500).map((each) => (
                <Table.Row key={each.line}>
                  <Table.Cell>{each.line}</Table.Cell>
                  <Table.Cell>{REASONS[each.reason] ? t(REASONS[each.reason]!) : each.reason}</Table.Cell>
                  <Table.Cell><code>{each.text}</code></Table.Cell>
                </Table.Row>
              ))}
            </Table.Body>
          </Table>
        </div>
      )}
    </section>
  );
}
