import { Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { Failure } from '../../shared/ui/Failure.tsx';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { useList } from '../useList.ts';
import { useSend } from '../useSend.ts';
import { AboutLine } from './AboutLine.tsx';
import { FieldTable } from './FieldTable.tsx';
import type { Held, Outcome } from './types.ts';
import { refreshCounts } from './useCounts.ts';
import { useFresh } from './useFresh.ts';
import { useOutcome } from './useOutcome.ts';
import { useWords } from './words.ts';

/** What waits for something that has not come from its tablet. It goes on by itself when that comes. */
export function HeldList() {
  const { t } = useTexts();
  const list = useList<Held>('/api/v1/sync/held?limit=50');
  const [said, setSaid] = useState('');
  useFresh(list.reload);
  return (
    <>
      <p className={panel.subtle}>{t('sync.held_hint')}</p>
      <p role="status">{said}</p>
      {list.items.length > 0 && (
        <ul className={panel.list}>
          {list.items.map((each) => (
            <HeldItem
              key={each.id}
              held={each}
              onDone={(what) => {
                setSaid(what);
                list.reload();
                void refreshCounts();
              }}
            />
          ))}
        </ul>
      )}
      <ListTail list={list} empty={t('sync.no_held')} />
    </>
  );
}

function HeldItem({ held, onDone }: { held: Held; onDone(said: string): void }) {
  const { t } = useTexts();
  const words = useWords();
  const outcome = useOutcome();
  const { sending, error, send } = useSend();

  async function release(): Promise<void> {
    const done = await send<{ results: Outcome[] }>('POST', `/api/v1/sync/held/${held.id}/release`, {});
    if (done) onDone(outcome(done.results));
  }

  return (
    <li className={panel.card}>
      <div className={panel.row}>
        <strong>{words.op(held.op)}</strong>
        <AboutLine about={held} />
        <span className={panel.subtle}>{held.person}, {held.device_name} {held.captured_at && <TimeText at={held.captured_at} />}</span>
      </div>
      <FieldTable fields={held.fields} />
      <p>
        {t(held.held_for_state ? 'sync.waits_for_waiting' : 'sync.waits_for_missing')}{' '}
        {held.held_until && <>{t('sync.waits_until')} <TimeText at={held.held_until} />.</>}
      </p>
      <div className={panel.buttons}><Button data-size="sm" loading={sending} onClick={() => void release()}>{t('sync.release')}</Button></div>
      {error && <Failure error={error} />}
    </li>
  );
}
