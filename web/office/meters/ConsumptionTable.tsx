import { Table } from '@digdir/designsystemet-react';
import { formatNumber } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import type { Consumption } from './types.ts';

/** The figures under the chart. */
export function ConsumptionTable({ found }: { found: Consumption }) {
  const { t, language } = useTexts();
  const number = (value: number | null): string => (value === null ? '–' : formatNumber(value, language));
  const hasCorrected = found.periods.some((each) => each.corrected !== null);
  const rows = found.periods.toReversed();
  return (
    <div className={panel.scroll}>
      <Table data-size="sm" zebra>
        <caption className="ds-sr-only">{t('meters.chart_label', { unit: found.unit })}</caption>
        <Table.Head>
          <Table.Row>
            <Table.HeaderCell>{t(found.by === 'month' ? 'meters.month' : 'meters.day')}</Table.HeaderCell>
            <Table.HeaderCell>{t('meters.used_in', { unit: found.unit })}</Table.HeaderCell>
            <Table.HeaderCell>{t('meters.per_day')}</Table.HeaderCell>
            {hasCorrected && <Table.HeaderCell>{t('meters.corrected')}</Table.HeaderCell>}
            {hasCorrected && <Table.HeaderCell>{t('meters.degree_days')}</Table.HeaderCell>}
          </Table.Row>
        </Table.Head>
        <Table.Body>
          {rows.map((each) => (
            <Table.Row key={each.start}>
              <Table.Cell>{found.by === 'month' ? each.start.slice(0, 7) : each.start}</Table.Cell>
              <Table.Cell>{number(each.used)}{each.used !== null && each.covered < 0.999 && ` (${t('meters.covered', { percent: Math.round(each.covered * 100) })})`}</Table.Cell>
              <Table.Cell>{number(each.per_day)}</Table.Cell>
              {hasCorrected && <Table.Cell>{number(each.corrected)}</Table.Cell>}
              {hasCorrected && <Table.Cell>{number(each.degree_days)}</Table.Cell>}
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}
