import { useSyncExternalStore } from 'react';
import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useNow } from '../app/useNow.ts';
import { useSyncState } from '../app/useTablet.ts';
import { Icon } from '../ui/Icon.tsx';
import { onSaved, savedText } from '../ui/saved.ts';
import styles from './SyncLine.module.css';
import { useOutbox } from './useOutbox.ts';

/** "3 venter · sist 09.12": always in sight, and the way to the outbox. */
export function SyncLine() {
  const { t, tn, language } = useTexts();
  const outbox = useOutbox();
  const { isBusy, last } = useSyncState();
  const now = useNow();
  const saved = useSyncExternalStore(onSaved, savedText);
  const isOffline = last?.why === 'offline';
  const waiting = outbox?.waiting ?? 0;
  const at = outbox?.sync.pulled_at;
  const what = waiting ? tn('field.sync.waiting', waiting) : t('field.sync.all_sent');
  const when = at ? t('field.sync.last', { when: shortTime(formatTime(at, language, now), t('field.sync.today')) }) : t('field.sync.never');

  return (
    <header className={styles.bar} data-saved={saved !== '' || undefined}>
      <a className={styles.line} href="#/outbox" data-busy={isBusy || undefined}>
        <Icon name={saved ? 'check' : isOffline ? 'offline' : 'sync'} />
        <span className={styles.words} role="status">
          {saved ? <strong>{saved}</strong> : isOffline ? <><strong>{t('field.sync.offline')} · </strong>{what} · {when}</> : `${what} · ${when}`}
        </span>
        {outbox && outbox.needsYou > 0 && (
          <strong className={styles.needs} aria-label={tn('field.sync.needs_you', outbox.needsYou)}>
            <Icon name="warning" />
            {outbox.needsYou}
          </strong>
        )}
      </a>
    </header>
  );
}

/** Today goes without saying: "09.12", but "i går 14.10". */
function shortTime(text: string, today: string): string {
  return text.startsWith(`${today} `) ? text.slice(today.length + 1) : text;
}
