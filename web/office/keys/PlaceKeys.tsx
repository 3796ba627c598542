import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { SidePane } from '../SidePane.tsx';
import { useList } from '../useList.ts';
import { KeyDetail } from './KeyDetail.tsx';
import { KeyTable } from './KeyTable.tsx';
import type { KeyItem } from './types.ts';

/** Keys that open something at a place, and the one that was picked. */
export function PlaceKeys({ placeId }: { placeId: string }) {
  const { t } = useTexts();
  const keys = useList<KeyItem>(`/api/v1/places/${encodeURIComponent(placeId)}/keys?limit=100`);
  const [picked, setPicked] = useState<string | null>(null);
  return (
    <div className={picked ? `${panel.split} ${panel.withSide}` : panel.split} data-size="sm">
      <section className={panel.main} aria-label={t('keys.keys')}>
        {keys.items.length > 0 && <KeyTable keys={keys.items} tells="doors" selected={picked} onPick={setPicked} />}
        <ListTail list={keys} empty={t('keys.none_here')} />
      </section>
      {picked && <SidePane label={t('keys.key')} onClose={() => setPicked(null)}><KeyDetail key={picked} id={picked} onChanged={keys.reload} /></SidePane>}
    </div>
  );
}
