import { Link, Table, Tag } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import table from '../keys/KeyTable.module.css';
import { useList } from '../useList.ts';
import styles from './Sync.module.css';
import type { Tablet } from './types.ts';
import { useFresh } from './useFresh.ts';

const DAY_MS = 86_400_000;
const SILENT_DAYS = 3;
const QUEUE_DAYS = 1;

/** Tablets: when each was last heard from, and what waits of it. Those that need somebody say so in words. */
export function TabletList() {
  const { t, tn } = useTexts();
  const list = useList<Tablet>('/api/v1/sync/devices');
  useFresh(list.reload);
  const daysSince = (at: string | null): number => (at ? Math.floor((Date.now() - Date.parse(at)) / DAY_MS) : 0);

  return (
    <>
      <p className={panel.row}><span className={panel.subtle}>{t('sync.tablets_hint')}</span> <Link href="/office?view=devices">{t('sync.enrol_link')}</Link></p>
      {list.items.length > 0 && (
        <div className={table.scroll}>
          <Table className={table.table} data-size="sm" zebra>
            <Table.Head>
              <Table.Row>
                <Table.HeaderCell>{t('sync.tablet')}</Table.HeaderCell>
                <Table.HeaderCell>{t('sync.last_seen')}</Table.HeaderCell>
                <Table.HeaderCell className={table.wide}>{t('sync.queue')}</Table.HeaderCell>
                {(['conflicts', 'held', 'quarantine'] as const).map((name) => <Table.HeaderCell key={name} className={`${styles.number} ${table.wide}`}>{t(`sync.part.${name}`)}</Table.HeaderCell>)}
              </Table.Row>
            </Table.Head>
            <Table.Body>
              {list.items.map((each) => (
                <Table.Row key={each.id}>
                  <Table.Cell>
                    <strong>{each.name}</strong>
                    <div className={table.subtle}>{each.person}</div>
                    {(each.queue_count ?? 0) > 0 && <div className={styles.onlyNarrow}>{t('sync.queue')}: {each.queue_count}</div>}
                    <div className={styles.onlyNarrow}>{each.conflicts + each.held + each.quarantined > 0 && t('sync.waits_of_it', { conflicts: each.conflicts, held: each.held, quarantined: each.quarantined })}</div>
                  </Table.Cell>
                  <Table.Cell>
                    {each.last_seen ? <TimeText at={each.last_seen} /> : t('sync.never')}
                    <div className={styles.tags}>
                      {each.state !== 'active' && <Tag data-color="neutral" data-size="sm">{t(`sync.state.${each.state}`)}</Tag>}
                      {each.state === 'active' && daysSince(each.last_seen) >= SILENT_DAYS && <Tag data-color="warning" data-size="sm">{tn('sync.silent', daysSince(each.last_seen))}</Tag>}
                      {(each.queue_count ?? 0) > 0 && daysSince(each.queue_oldest) >= QUEUE_DAYS && <Tag data-color="warning" data-size="sm">{tn('sync.queue_old', daysSince(each.queue_oldest))}</Tag>}
                    </div>
                    {each.state === 'active' && daysSince(each.last_seen) >= SILENT_DAYS && each.lease_until && <div className={table.subtle}>{t('sync.locks')} <TimeText at={each.lease_until} /></div>}
                  </Table.Cell>
                  <Table.Cell className={table.wide}>
                    {each.queue_count ?? '–'}
                    {(each.queue_count ?? 0) > 0 && each.queue_oldest && <div className={table.subtle}>{t('sync.queue_since')} <TimeText at={each.queue_oldest} /></div>}
                  </Table.Cell>
                  {[each.conflicts, each.held, each.quarantined].map((n, i) => <Table.Cell key={i} className={`${styles.number} ${table.wide}`}>{n || '–'}</Table.Cell>)}
                </Table.Row>
              ))}
            </Table.Body>
          </Table>
        </div>
      )}
      <ListTail list={list} empty={t('sync.no_tablets')} />
    </>
  );
}
