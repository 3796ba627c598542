import { Alert, Button, Tag } from '@digdir/designsystemet-react';
import { type KeyboardEvent, useState } from 'react';
import { Failure } from '../../shared/ui/Failure.tsx';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import panel from '../Panel.module.css';
import { useSend } from '../useSend.ts';
import { AboutLine } from './AboutLine.tsx';
import { AnotherValue } from './AnotherValue.tsx';
import styles from './Sync.module.css';
import { offersOf } from './choices.ts';
import type { Choice, Conflict, Json } from './types.ts';
import { useWords } from './words.ts';

interface Props {
  conflict: Conflict;
  onMove(by: 1 | -1): void;
  onResolved(said: string): void;
}

const asText = (value: Json): string | null => (value === null || value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : String(value));

/** One meeting of values: what was, what each wrote, what stands, and the choice. 1, 2, 3 choose; arrows go to the next. */
export function ConflictItem({ conflict: c, onMove, onResolved }: Props) {
  const { t } = useTexts();
  const words = useWords();
  const { sending, error, send } = useSend();
  const [isOther, setIsOther] = useState(false);
  const told = error?.problem['now_is'];
  const isChanged = error?.problem.type.endsWith('changed_since') === true;
  const now: Json = isChanged ? (told as Json) : c.now_is;
  const isField = c.kind === 'field';
  const offers = c.state === 'open' ? offersOf(c) : [];
  const title = isField || c.field === 'answer' ? words.field(c.field) : words.op(c.op);

  async function resolve(choice: Choice, value?: string): Promise<void> {
    const seen = isField ? asText(now) : null;
    const done = await send<Conflict>('POST', `/api/v1/sync/conflicts/${c.id}/resolve`, { choice, ...(seen !== null && { seen }), ...(value !== undefined && { value }) });
    if (!done) return;
    setIsOther(false);
    onResolved(t('sync.said_resolved', { field: title, choice: t(`sync.chosen.${choice}`) }));
  }

  function choose(choice: Choice): void {
    if (choice === 'value') setIsOther(true);
    else void resolve(choice);
  }

  function onKey(event: KeyboardEvent<HTMLLIElement>): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isOther || sending) return;
    const offer = offers[Number(event.key) - 1];
    if (offer) choose(offer.choice);
    else if (event.key === 'ArrowDown') onMove(1);
    else if (event.key === 'ArrowUp') onMove(-1);
    else return;
    event.preventDefault();
  }

  const sides = [
    { name: 'base' as const, value: c.base, by: null, at: null },
    { name: 'mine' as const, value: c.mine, by: c.mine_by, at: c.mine_at },
    { name: 'theirs' as const, value: c.theirs, by: c.theirs_by, at: c.theirs_at },
  ].filter((side) => isField || side.value !== null || side.by !== null || side.at !== null);

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-noninteractive-tabindex -- keys choose in the card that has the focus
    <li className={`${panel.card} ${styles.matter}`} tabIndex={0} data-matter={c.id} onKeyDown={onKey} aria-label={`${title}: ${c.task_title ?? ''}`}>
      <div className={panel.row}>
        <strong>{title}</strong>
        {c.kind !== 'field' && <Tag data-color="warning" data-size="sm">{t(c.policy === 'held_too_long' ? 'sync.reason.held_too_long' : `sync.kind.${c.kind}`)}</Tag>}
        <AboutLine about={c} />
        <span className={panel.subtle}>{c.device_name}</span>
      </div>
      <div className={styles.sides}>
        {sides.map((side) => (
          <section key={side.name} className={isField && asText(side.value) === asText(now) ? `${styles.side} ${styles.stands}` : styles.side}>
            <h3>{t(`sync.side.${side.name === 'theirs' && c.kind === 'review' ? 'other' : side.name}`)}{isField && side.name !== 'base' && asText(side.value) === asText(now) && <> <Tag data-color="success" data-size="sm">{t('sync.stands')}</Tag></>}</h3>
            <p className={panel.text}>{side.name === 'theirs' && c.kind === 'edit_after_delete' ? t('sync.deleted') : words.value(c.field, side.value, c.names)}</p>
            {(side.by ?? side.at) && <p className={styles.who}>{side.by} {side.at && <TimeText at={side.at} />}</p>}
          </section>
        ))}
        {isField && ![c.mine, c.theirs].some((value) => asText(value) === asText(now)) && (
          <section className={`${styles.side} ${styles.stands}`}>
            <h3>{t('sync.side.now')}</h3>
            <p className={panel.text}>{words.value(c.field, now, c.names)}</p>
          </section>
        )}
      </div>
      {c.state === 'resolved' && (
        <p className={panel.subtle}>
          {t('sync.was_chosen', { choice: t(`sync.chosen.${c.chosen}`), by: c.resolved_by ?? t('sync.by_rule') })} {c.resolved_at && <TimeText at={c.resolved_at} />}
          {c.note && ` – ${c.note}`}
        </p>
      )}
      {offers.length > 0 && (
        <div className={panel.buttons}>
          {offers.map((offer, i) => (
            <Button key={offer.choice} data-size="sm" variant={i === 0 ? 'primary' : 'secondary'} disabled={sending} aria-keyshortcuts={String(i + 1)} onClick={() => choose(offer.choice)}>
              <kbd className={styles.key} aria-hidden="true">{i + 1}</kbd> {t(offer.text)}
            </Button>
          ))}
        </div>
      )}
      {isChanged && <Alert data-color="warning" data-size="sm" role="alert">{t('sync.changed_since', { value: words.value(c.field, now, c.names) })}</Alert>}
      {error && !isChanged && !isOther && <Failure error={error} />}
      {isOther && <AnotherValue conflict={c} title={title} sending={sending} error={error} onValue={(value) => void resolve('value', value)} onClose={() => setIsOther(false)} />}
    </li>
  );
}
