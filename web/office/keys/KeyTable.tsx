import { Table } from '@digdir/designsystemet-react';
import { formatDay } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { KeyTag } from './KeyTag.tsx';
import styles from './KeyTable.module.css';
import type { KeyItem } from './types.ts';

interface Props {
  keys: KeyItem[];
  selected?: string | null;
  /** What the third column tells: the system, or the doors at a place. */
  tells: 'system' | 'doors';
  onPick(id: string): void;
}

/** Keys with their state and who has them. */
export function KeyTable({ keys, selected = null, tells, onPick }: Props) {
  const { t, language } = useTexts();
  return (
    <div className={styles.scroll}>
      <Table className={styles.table} data-size="sm" zebra>
        <Table.Head>
          <Table.Row>
            <Table.HeaderCell>{t('keys.key')}</Table.HeaderCell>
            <Table.HeaderCell>{t('keys.state')}</Table.HeaderCell>
            <Table.HeaderCell>{t('keys.held_by')}</Table.HeaderCell>
            <Table.HeaderCell className={styles.wide}>{t(tells === 'system' ? 'keys.system' : 'keys.opens')}</Table.HeaderCell>
          </Table.Row>
        </Table.Head>
        <Table.Body>
          {keys.map((key) => (
            <Table.Row key={key.id} className={key.id === selected ? styles.here : undefined}>
              <Table.Cell>
                <button type="button" className={styles.link} aria-current={key.id === selected ? 'true' : undefined} onClick={() => onPick(key.id)}>
                  {key.mark}-{key.serial}
                </button>
              </Table.Cell>
              <Table.Cell><KeyTag state={key.state} isOverdue={key.is_overdue} /></Table.Cell>
              <Table.Cell>
                {key.holder_id && (key.holder_name ?? t('keys.hidden_person'))}
                {key.due_on && key.state === 'out' && <div className={styles.subtle}>{t('keys.due', { day: formatDay(key.due_on, language) })}</div>}
              </Table.Cell>
              <Table.Cell className={styles.wide}>
                {tells === 'system' ? key.system_name : key.is_master ? t('keys.opens_all') : key.opens}
              </Table.Cell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}
