import { Table, Tag } from '@digdir/designsystemet-react';
import { formatDay, formatNumber } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from '../keys/KeyTable.module.css';
import type { MeterItem } from './types.ts';

interface Props {
  meters: MeterItem[];
  selected: string | null;
  onPick(id: string): void;
}

/** Meters with their last reading. */
export function MeterTable({ meters, selected, onPick }: Props) {
  const { t, language } = useTexts();
  return (
    <div className={styles.scroll}>
      <Table className={styles.table} data-size="sm" zebra>
        <Table.Head>
          <Table.Row>
            <Table.HeaderCell>{t('meters.meter')}</Table.HeaderCell>
            <Table.HeaderCell>{t('meters.last')}</Table.HeaderCell>
            <Table.HeaderCell className={styles.wide}>{t('keys.place')}</Table.HeaderCell>
          </Table.Row>
        </Table.Head>
        <Table.Body>
          {meters.map((meter) => (
            <Table.Row key={meter.id} className={meter.id === selected ? styles.here : undefined}>
              <Table.Cell>
                <button type="button" className={styles.link} aria-current={meter.id === selected ? 'true' : undefined} onClick={() => onPick(meter.id)}>{meter.serial}</button>
                <div className={styles.subtle}>{t(`meters.kind.${meter.kind}`)}{meter.removed_on && ` · ${t('meters.removed', { day: formatDay(meter.removed_on, language) })}`}</div>
              </Table.Cell>
              <Table.Cell>
                {meter.last_value === null ? '–' : `${formatNumber(meter.last_value, language)} ${meter.unit}`}
                {meter.last_at && <div className={styles.subtle}>{formatDay(meter.last_at, language)}</div>}
                {meter.flagged > 0 && <Tag data-color="warning" data-size="sm">{t('meters.to_look_at', { n: meter.flagged })}</Tag>}
              </Table.Cell>
              <Table.Cell className={styles.wide}>{meter.place_label}</Table.Cell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}
