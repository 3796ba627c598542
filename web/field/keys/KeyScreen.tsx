import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { useStored } from '../app/useStored.ts';
import { useTitle } from '../app/useTitle.ts';
import { isOpen } from '../logic/today.ts';
import { PlacePath } from '../places/PlacePath.tsx';
import { children, placePath, row } from '../sync/view.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { BigButton } from '../ui/BigButton.tsx';
import form from '../ui/Form.module.css';
import { KeyIn } from './KeyIn.tsx';
import { KeyLost } from './KeyLost.tsx';
import { KeyOut } from './KeyOut.tsx';
import { keyName, keyOf, loanOf, stateOf } from './keys.ts';
import { useKeyWords } from './useKeyWords.ts';

/** One key: where it is, and out or in with it. */
export function KeyScreen({ id }: { id: string }) {
  const { t } = useTexts();
  const words = useKeyWords();
  const [isLosing, setLosing] = useState(false);
  const found = useStored(
    ['rows', 'outbox'],
    async (tx) => {
      const key = await row(tx, 'key', id);
      const at = String(key?.d.place_id ?? '');
      const tasks = key ? (await children(tx, 'task', at)).filter(({ d }) => isOpen(d)) : [];
      return { one: key ? await keyOf(tx, key) : null, titles: tasks.map(({ d }) => d.title), path: key ? await placePath(tx, at) : [] };
    },
    id,
  );
  const one = found?.one;
  const name = one ? keyName(one.key.d) : '';
  useTitle(one ? t('keys.key_name', { name }) : t('keys.key'));

  if (!found) return null;
  if (!one) return <><BackLink /><p>{t('field.key.gone')}</p></>;
  const state = stateOf(one);
  const loan = loanOf(one);
  const lostTitle = t('field.key.lost_title', { name });
  const isReported = found.titles.includes(lostTitle);

  return (
    <article className={form.form}>
      <BackLink />
      <h1>{t('keys.key_name', { name })}</h1>
      <PlacePath path={found.path} />
      <p>{[String(one.key.d.system ?? ''), one.key.d.is_master ? t('keys.master') : ''].filter(Boolean).join(' · ')}</p>
      <p className={form.name} role="status">{words(one)}</p>
      {one.loans.some(({ isPending }) => isPending) && <p className={form.pending}>{t('field.task.not_sent')}</p>}
      {isReported && <p>{t('field.key.is_reported')}</p>}
      {state === 'in' && <KeyOut found={one} name={name} />}
      {loan && <KeyIn loan={loan} name={name} />}
      {state !== 'lost' && !isReported && !isLosing && <BigButton look="danger" onClick={() => setLosing(true)}>{t('keys.lost')}</BigButton>}
      {isLosing && !isReported && <KeyLost found={one} title={lostTitle} onDone={() => setLosing(false)} />}
    </article>
  );
}
