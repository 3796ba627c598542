import { ToggleGroup } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { query } from '../../shared/api.ts';
import { go, useQuery } from '../../shared/useQuery.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { useList } from '../useList.ts';
import { RefusedItem } from './RefusedItem.tsx';
import type { Refused } from './types.ts';
import { refreshCounts } from './useCounts.ts';
import { useFresh } from './useFresh.ts';

/** What the server would not take, kept until a person has looked. */
export function QuarantineList() {
  const { t } = useTexts();
  const address = useQuery();
  const isClosed = address.get('state') === 'resolved';
  const list = useList<Refused>(`/api/v1/sync/quarantine${query({ closed: isClosed, limit: 50 })}`);
  const [said, setSaid] = useState('');
  useFresh(list.reload);
  return (
    <>
      <p className={panel.subtle}>{t('sync.quarantine_hint')}</p>
      <div>
        <ToggleGroup value={isClosed ? 'resolved' : 'open'} data-size="sm" onChange={(value) => go({ state: value === 'open' ? null : value })}>
          <ToggleGroup.Item value="open">{t('sync.open')}</ToggleGroup.Item>
          <ToggleGroup.Item value="resolved">{t('sync.closed')}</ToggleGroup.Item>
        </ToggleGroup>
      </div>
      <p role="status">{said}</p>
      {list.items.length > 0 && (
        <ul className={panel.list}>
          {list.items.map((each) => (
            <RefusedItem
              key={each.id}
              item={each}
              onDone={(what) => {
                setSaid(what);
                list.reload();
                void refreshCounts();
              }}
            />
          ))}
        </ul>
      )}
      <ListTail list={list} empty={t(isClosed ? 'sync.none_closed' : 'sync.no_quarantine')} />
    </>
  );
}
