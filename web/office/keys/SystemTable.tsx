import { Table } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './KeyTable.module.css';
import type { KeySystemItem } from './types.ts';

interface Props {
  systems: KeySystemItem[];
  selected: string | null;
  onPick(id: string): void;
}

/** Key systems with how many of their keys are away. */
export function SystemTable({ systems, selected, onPick }: Props) {
  const { t } = useTexts();
  return (
    <div className={styles.scroll}>
      <Table className={styles.table} data-size="sm" zebra>
        <Table.Head>
          <Table.Row>
            <Table.HeaderCell>{t('keys.system')}</Table.HeaderCell>
            <Table.HeaderCell className={styles.wide}>{t('keys.maker')}</Table.HeaderCell>
            <Table.HeaderCell>{t('keys.keys')}</Table.HeaderCell>
            <Table.HeaderCell>{t('keys.state.out')}</Table.HeaderCell>
            <Table.HeaderCell>{t('keys.state.lost')}</Table.HeaderCell>
          </Table.Row>
        </Table.Head>
        <Table.Body>
          {systems.map((system) => (
            <Table.Row key={system.id} className={system.id === selected ? styles.here : undefined}>
              <Table.Cell>
                <button type="button" className={styles.link} aria-current={system.id === selected ? 'true' : undefined} onClick={() => onPick(system.id)}>{system.name}</button>
              </Table.Cell>
              <Table.Cell className={styles.wide}>{system.maker}</Table.Cell>
              <Table.Cell>{system.keys}</Table.Cell>
              <Table.Cell>{system.out}</Table.Cell>
              <Table.Cell>{system.lost || ''}</Table.Cell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </div>
  );
}
