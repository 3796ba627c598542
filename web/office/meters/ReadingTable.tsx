import { Table, Tag } from '@digdir/designsystemet-react';
import { formatNumber, formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { flagText } from './flagText.ts';
import type { Reading } from './types.ts';

const COLORS = { ok: 'success', flagged: 'warning', accepted: 'info', superseded: 'neutral' } as const;

/** Readings as they came, with what was decided about them. */
export function ReadingTable({ readings, unit }: { readings: Reading[]; unit: string }) {
  const texts = useTexts();
  const { t, language } = texts;
  return (
    <div className={panel.scroll}>
      <Table data-size="sm" zebra>
        <Table.Head>
          <Table.Row>
            <Table.HeaderCell>{t('meters.at')}</Table.HeaderCell>
            <Table.HeaderCell>{t('meters.value', { unit })}</Table.HeaderCell>
            <Table.HeaderCell>{t('meters.source')}</Table.HeaderCell>
            <Table.HeaderCell>{t('keys.state')}</Table.HeaderCell>
          </Table.Row>
        </Table.Head>
        <Table.Body>
          {readings.map((each) => (
            <Table.Row key={each.id}>
              <Table.Cell>{formatTime(each.at, language)}</Table.Cell>
              <Table.Cell>{formatNumber(each.value, language)}</Table.Cell>
              <Table.Cell>{t(`meters.source.${each.source}`)}{each.by_name && `, ${each.by_name}`}</Table.Cell>
              <Table.Cell>
                {each.state !== 'ok' && <Tag data-color={COLORS[each.state]} data-size="sm">{t(`meters.state.${each.state}`)}</Tag>}
                {each.flags.map((flag) => <div key={flag}>{flagText(texts, flag, each.flag_facts, unit)}</div>)}
              </Table.Cell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}
