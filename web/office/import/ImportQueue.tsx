import { Alert, Button } from '@digdir/designsystemet-react';
import { useState } from 'react';
import type { List } from '../../shared/types.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { ListTail } from '../ListTail.tsx';
import panel from '../Panel.module.css';
import { useList } from '../useList.ts';
import { useSend } from '../useSend.ts';
import { QueueCard } from './QueueCard.tsx';
import { RunDetail } from './RunDetail.tsx';
import type { Profile, QueueItem, SettledRows } from './types.ts';

/** Rows whose place is not certain: a person says which it is, once for all that wait for the same, and then they are read in. */
export function ImportQueue({ profiles }: { profiles: Profile[] }) {
  const { t, tn } = useTexts();
  const queue = useList<QueueItem>('/api/v1/import-queue?limit=50');
  const settled = useApi<List<SettledRows>>('/api/v1/import-queue/settled');
  const { sending, error, send } = useSend();
  const [run, setRun] = useState<string>();
  const [said, setSaid] = useState('');
  const titleOf = (name: string): string => profiles.find((each) => each.name === name)?.title ?? name;

  async function land(profile: string): Promise<void> {
    const made = await send<{ id: string }>('POST', '/api/v1/imports', { profile, is_dry_run: false });
    if (made) setRun(made.id);
  }

  function changed(): void {
    queue.reload();
    settled.reload();
  }

  return (
    <div className={panel.main}>
      <p className={panel.subtle}>{t('import.queue_hint')}</p>
      <p role="status" className="ds-sr-only">{said}</p>
      {settled.data?.items.map((each) => (
        <Alert key={each.profile} data-color="info" data-size="sm">
          <div className={panel.row}>
            <span>{tn('import.settled', each.rows, { title: titleOf(each.profile) })}</span>
            <Button data-size="sm" loading={sending} onClick={() => void land(each.profile)}>{t('import.land')}</Button>
          </div>
        </Alert>
      ))}
      {(error ?? settled.error) && <Failure error={(error ?? settled.error)!} />}
      {run && <section className={panel.card}><RunDetail key={run} id={run} onChanged={changed} /></section>}
      {queue.items.length > 0 && (
        <ul className={panel.list}>
          {queue.items.map((item) => (
            <QueueCard
              key={item.id}
              item={item}
              profile={profiles.find((each) => each.name === item.profile)}
              onDone={(rows, isAside) => {
                setSaid(tn(isAside ? 'import.said_aside' : 'import.said_settled', rows));
                changed();
              }}
            />
          ))}
        </ul>
      )}
      <ListTail list={queue} empty={t('import.queue_empty')} />
    </div>
  );
}
