import { useTexts } from '../../shared/useTexts.ts';
import { LanguageChoice } from '../../shared/ui/LanguageChoice.tsx';
import { useStored } from '../app/useStored.ts';
import { useSyncState, useTablet, useWho } from '../app/useTablet.ts';
import { useTitle } from '../app/useTitle.ts';
import { itemsOf } from '../logic/outboxWords.ts';
import { openMatters } from '../sync/keep.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { BigButton } from '../ui/BigButton.tsx';
import { ConflictCard } from './ConflictCard.tsx';
import { OutboxLine } from './OutboxLine.tsx';
import styles from './OutboxScreen.module.css';
import { RefusedCard } from './RefusedCard.tsx';
import { SignOut } from './SignOut.tsx';

const SHOWN = 100;

/** All that was written here, with what became of it; what needs a person first. */
export function OutboxScreen() {
  const { t } = useTexts();
  const tablet = useTablet();
  const who = useWho();
  const { isBusy } = useSyncState();
  const entries = useStored(['outbox'], async (tx) => (await tx.all('outbox')).filter((entry) => entry.mutation.by === who.person_id), who.person_id);
  useTitle(t('field.outbox.title'));

  if (!entries) return null;
  const needy = entries.filter((entry) => openMatters(entry).length > 0);

  return (
    <>
      <BackLink />
      <h1 className={styles.title}>{t('field.outbox.title')}</h1>
      <p className={styles.who}>{t('field.outbox.who', { name: who.name, device: who.device_name })}</p>
      <div className={styles.tools}>
        <BigButton look="main" icon="sync" disabled={isBusy} onClick={() => void tablet.sync()}>
          {isBusy ? t('field.outbox.busy') : t('field.outbox.sync_now')}
        </BigButton>
        <LanguageChoice />
      </div>
      {needy.map((entry) =>
        entry.state === 'quarantined' ? <RefusedCard key={entry.n} entry={entry} /> : <ConflictCard key={entry.n} entry={entry} />,
      )}
      {entries.length === 0 && <p>{t('field.outbox.empty')}</p>}
      <ul className={styles.list}>
        {itemsOf(entries).slice(0, SHOWN).map((item) => (
          <li key={item.entry.n}><OutboxLine item={item} /></li>
        ))}
      </ul>
      <SignOut />
    </>
  );
}
