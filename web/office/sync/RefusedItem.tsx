import { Button, Tag } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { formatSize } from '../../shared/format.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { useSend } from '../useSend.ts';
import { AboutLine } from './AboutLine.tsx';
import { CloseMatter } from './CloseMatter.tsx';
import { FieldTable } from './FieldTable.tsx';
import { RawContent } from './RawContent.tsx';
import styles from './Sync.module.css';
import type { Outcome, Refused } from './types.ts';
import { useOutcome } from './useOutcome.ts';
import { useWords } from './words.ts';

/** One thing that was refused: what it said, why it was not taken, and what to do about it. */
export function RefusedItem({ item, onDone }: { item: Refused; onDone(said: string): void }) {
  const { t, language } = useTexts();
  const words = useWords();
  const outcome = useOutcome();
  const { sending, error, send } = useSend();
  const [isClosing, setIsClosing] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const isDone = item.handled_as === 'closed' || item.handled_as === 'unpacked';

  async function apply(): Promise<void> {
    const done = await send<{ results: Outcome[] }>('POST', `/api/v1/sync/quarantine/${item.id}/apply`, {});
    if (done) onDone(outcome(done.results));
  }

  return (
    <li className={panel.card}>
      <div className={panel.row}>
        <strong>{words.op(item.op)}</strong>
        <AboutLine about={item} />
        <span className={panel.subtle}>{item.person}, {item.device_name} <TimeText at={item.captured_at ?? item.received_at} /></span>
        {item.is_opaque && <span className={panel.subtle}>{formatSize(item.bytes, language)}</span>}
      </div>
      <p>{words.reason(item.reason)}{item.field && ` (${words.field(item.field)})`}</p>
      <FieldTable fields={item.fields} />
      {item.handled_as && item.handled_at && (
        <p className={panel.row}>
          <Tag data-size="sm" data-color="neutral">{t(`sync.handled.${item.handled_as}`)}</Tag>
          <span className={panel.subtle}>{item.handled_by} <TimeText at={item.handled_at} />{item.handled_note && ` – ${item.handled_note}`}</span>
        </p>
      )}
      <details className={styles.about} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>{t('sync.raw')}</summary>
        {isOpen && <RawContent id={item.id} />}
      </details>
      {!isDone && (
        <div className={panel.buttons}>
          <Button data-size="sm" loading={sending} onClick={() => void apply()}>{t(item.is_opaque ? 'sync.unpack' : 'sync.apply')}</Button>
          <Button data-size="sm" variant="secondary" disabled={sending} onClick={() => setIsClosing(true)}>{t('sync.close')}</Button>
        </div>
      )}
      {error && (error.problem.type.endsWith('unreadable') ? <p role="alert">{t('sync.unreadable')}</p> : <Failure error={error} />)}
      {isClosing && <CloseMatter id={item.id} onClose={() => setIsClosing(false)} onDone={() => onDone(t('sync.said_closed'))} />}
    </li>
  );
}
