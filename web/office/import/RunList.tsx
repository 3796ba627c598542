import { Table, ToggleGroup } from '@digdir/designsystemet-react';
import { query } from '../../shared/api.ts';
import { formatNumber, formatTime } from '../../shared/format.ts';
import { go, useQuery } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { SidePane } from '../SidePane.tsx';
import table from '../keys/KeyTable.module.css';
import { useList } from '../useList.ts';
import styles from './Import.module.css';
import { RunDetail } from './RunDetail.tsx';
import { RunTag } from './RunTag.tsx';
import type { Profile, RunItem } from './types.ts';

/** Imports with who, when and figures; those that were only tried apart. */
export function RunList({ profiles }: { profiles: Profile[] }) {
  const { t, language } = useTexts();
  const address = useQuery();
  const isDry = address.get('dry') === '1';
  const run = address.get('run');
  const list = useList<RunItem>(`/api/v1/imports${query({ limit: 50, dry_run: isDry })}`);
  const titleOf = (name: string): string => profiles.find((each) => each.name === name)?.title ?? name;
  const figure = (value: number | null): string => (value === null ? '–' : formatNumber(value, language));
  return (
    <div className={run ? `${panel.split} ${panel.withSide}` : panel.split}>
      <section className={panel.main} aria-label={t('import.part.runs')}>
        <div>
          <ToggleGroup value={isDry ? 'dry' : 'real'} data-size="sm" onChange={(value) => go({ dry: value === 'dry' ? '1' : null, run: null })}>
            <ToggleGroup.Item value="real">{t('import.real')}</ToggleGroup.Item>
            <ToggleGroup.Item value="dry">{t('import.dry')}</ToggleGroup.Item>
          </ToggleGroup>
        </div>
        {list.items.length > 0 && (
          <div className={table.scroll}>
            <Table className={table.table} data-size="sm" zebra>
              <Table.Head>
                <Table.Row>
                  <Table.HeaderCell>{t('import.file')}</Table.HeaderCell>
                  <Table.HeaderCell>{t('import.state')}</Table.HeaderCell>
                  <Table.HeaderCell className={table.wide}>{t('import.when')}</Table.HeaderCell>
                  {(['read', 'landed', 'rejected', 'queued'] as const).map((name) => <Table.HeaderCell key={name} className={`${styles.number} ${table.wide}`}>{t(`import.figure.${name}`)}</Table.HeaderCell>)}
                </Table.Row>
              </Table.Head>
              <Table.Body>
                {list.items.map((each) => (
                  <Table.Row key={each.id} className={each.id === run ? table.here : undefined}>
                    <Table.Cell>
                      <button type="button" className={table.link} aria-current={each.id === run ? 'true' : undefined} onClick={() => go({ run: each.id })}>{each.is_settled ? t('import.from_queue') : each.file_name}</button>
                      <div className={table.subtle}>{titleOf(each.profile)}</div>
                    </Table.Cell>
                    <Table.Cell><RunTag state={each.state} /></Table.Cell>
                    <Table.Cell className={`${styles.when} ${table.wide}`}>{formatTime(each.created_at, language)}<div className={table.subtle}>{each.by ?? t('import.by_command')}</div></Table.Cell>
                    <Table.Cell className={`${styles.number} ${table.wide}`}>{figure(each.rows_read)}</Table.Cell>
                    <Table.Cell className={`${styles.number} ${table.wide}`}>{each.landed === null ? '–' : figure(each.landed + (each.updated ?? 0))}</Table.Cell>
                    <Table.Cell className={`${styles.number} ${table.wide}`}>{figure(each.rejected)}</Table.Cell>
                    <Table.Cell className={`${styles.number} ${table.wide}`}>{figure(each.queued)}</Table.Cell>
                  </Table.Row>
                ))}
              </Table.Body>
            </Table>
          </div>
        )}
        <ListTail list={list} empty={t(isDry ? 'import.no_dry' : 'import.no_runs')} />
      </section>
      {run && <SidePane label={t('import.run')} onClose={() => go({ run: null })}><RunDetail key={run} id={run} onChanged={list.reload} /></SidePane>}
    </div>
  );
}
