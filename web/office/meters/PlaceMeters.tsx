import { Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { SidePane } from '../SidePane.tsx';
import { useList } from '../useList.ts';
import { MeterDetail } from './MeterDetail.tsx';
import { MeterTable } from './MeterTable.tsx';
import { NewMeter } from './NewMeter.tsx';
import type { MeterItem } from './types.ts';

/** The meters of a place and what lies in it; a single one is shown at once. */
export function PlaceMeters({ placeId }: { placeId: string }) {
  const { t } = useTexts();
  const meters = useList<MeterItem>(`/api/v1/places/${encodeURIComponent(placeId)}/meters?limit=100`);
  const [picked, setPicked] = useState<string | null>(null);
  const [isMaking, setIsMaking] = useState(false);
  const shown = picked ?? (meters.items.length === 1 ? (meters.items[0]?.id ?? null) : null);
  return (
    <div className={shown ? `${panel.split} ${panel.withSide}` : panel.split} data-size="sm">
      <section className={panel.main} aria-label={t('meters.title')}>
        {meters.items.length > 0 && <MeterTable meters={meters.items} selected={shown} onPick={setPicked} />}
        <ListTail list={meters} empty={t('meters.none_here')} />
        <div><Button data-size="sm" variant="secondary" onClick={() => setIsMaking(true)}>{t('meters.new')}</Button></div>
      </section>
      {shown && <SidePane label={t('meters.meter')} onClose={() => setPicked('')}><MeterDetail key={shown} id={shown} onChanged={meters.reload} onPick={setPicked} /></SidePane>}
      {isMaking && (
        <NewMeter
          placeId={placeId}
          onClose={() => setIsMaking(false)}
          onDone={(id) => {
            setIsMaking(false);
            meters.reload();
            setPicked(id);
          }}
        />
      )}
    </div>
  );
}
