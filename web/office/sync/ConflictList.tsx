import { ToggleGroup } from '@digdir/designsystemet-react';
import { useRef, useState } from 'react';
import { query } from '../../shared/api.ts';
import { go, useQuery } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { useList } from '../useList.ts';
import { ConflictItem } from './ConflictItem.tsx';
import styles from './Sync.module.css';
import type { Conflict } from './types.ts';
import { refreshCounts } from './useCounts.ts';
import { useFresh } from './useFresh.ts';

/** Values that met, and a person's choice between them. */
export function ConflictList() {
  const { t } = useTexts();
  const address = useQuery();
  const state = address.get('state') === 'resolved' ? 'resolved' : 'open';
  const list = useList<Conflict>(`/api/v1/sync/conflicts${query({ state, limit: 50 })}`);
  const cards = useRef<HTMLUListElement>(null);
  const [said, setSaid] = useState('');
  useFresh(list.reload);

  /** The card after this one, or the one before the last: whoever works by keyboard goes on from there. */
  function move(id: string, by: 1 | -1): void {
    const all = [...(cards.current?.querySelectorAll<HTMLElement>('[data-matter]') ?? [])];
    const at = all.findIndex((card) => card.dataset['matter'] === id);
    (all[at + by] ?? all[at - by])?.focus();
  }

  return (
    <>
      <div className={panel.row}>
        <ToggleGroup value={state} data-size="sm" onChange={(value) => go({ state: value === 'open' ? null : value })}>
          <ToggleGroup.Item value="open">{t('sync.open')}</ToggleGroup.Item>
          <ToggleGroup.Item value="resolved">{t('sync.resolved')}</ToggleGroup.Item>
        </ToggleGroup>
        {state === 'open' && list.items.length > 0 && <span className={`${panel.subtle} ${styles.wide}`}>{t('sync.keyboard')}</span>}
      </div>
      <p role="status" className="ds-sr-only">{said}</p>
      {list.items.length > 0 && (
        <ul className={panel.list} ref={cards}>
          {list.items.map((each) => (
            <ConflictItem
              key={each.id}
              conflict={each}
              onMove={(by) => move(each.id, by)}
              onResolved={(what) => {
                setSaid(what);
                move(each.id, 1);
                list.reload();
                void refreshCounts();
              }}
            />
          ))}
        </ul>
      )}
      <ListTail list={list} empty={t(state === 'open' ? 'sync.no_conflicts' : 'sync.none_resolved')} />
    </>
  );
}
