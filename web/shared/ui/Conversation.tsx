import { Button, Switch, Textarea } from '@digdir/designsystemet-react';
import { type FormEvent, useId, useState } from 'react';
import { api } from '../api.ts';
import { ApiError } from '../problem.ts';
import type { Message } from '../types.ts';
import { useDraft } from '../useDraft.ts';
import { useTexts } from '../useTexts.ts';
import styles from './Conversation.module.css';
import { Failure } from './Failure.tsx';
import { TimeText } from './TimeText.tsx';

interface Props {
  caseId: string;
  messages: Message[];
  /** The office may write notes that the reporter does not see. */
  allowsInternal?: boolean;
  onSent(): void;
}

const TEXT_MAX = 4000;

interface Draft {
  text: string;
  isInternal: boolean;
}

const emptyDraft = (): Draft => ({ text: '', isInternal: false });

/** Messages of a case, oldest first, and a box to answer in. What is typed is kept. */
export function Conversation({ caseId, messages, allowsInternal = false, onSent }: Props) {
  const { t } = useTexts();
  const [draft, change, forget] = useDraft<Draft>(`message.${caseId}`, emptyDraft);
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const hintId = useId();

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    const text = draft.text.trim();
    if (!text) return;
    setSending(true);
    setError(null);
    try {
      const body = allowsInternal ? { text, is_internal: draft.isInternal } : { text };
      await api<unknown>('POST', `/api/v1/cases/${caseId}/messages`, body);
      forget();
      onSent();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      setSending(false);
    }
  }

  return (
    <div className={styles.conversation}>
      {messages.length === 0 && <p className={styles.none}>{t('conversation.none')}</p>}
      <ol className={styles.messages} aria-live="polite">
        {messages.map((message) => (
          <li key={message.id} className={bubbleOf(message)}>
            <div className={styles.by}>
              <strong>{message.is_mine ? t('conversation.you') : (message.author_name ?? t('conversation.somebody'))}</strong>
              {message.is_internal && <span className={styles.lock}>{t('conversation.internal')}</span>}
              <span className={styles.when}><TimeText at={message.sent_at} /></span>
            </div>
            <p className={styles.text}>{message.text}</p>
          </li>
        ))}
      </ol>
      <form className={styles.form} onSubmit={(event) => void send(event)}>
        <Textarea
          aria-label={t('conversation.write')}
          aria-describedby={allowsInternal ? hintId : undefined}
          placeholder={t('conversation.write')}
          rows={2}
          maxLength={TEXT_MAX}
          value={draft.text}
          onChange={(event) => change((before) => ({ ...before, text: event.target.value }))}
        />
        {allowsInternal && (
          <>
            <Switch
              label={t('conversation.internal_switch')}
              checked={draft.isInternal}
              onChange={(event) => change((before) => ({ ...before, isInternal: event.target.checked }))}
            />
            <p id={hintId} className={styles.none}>
              {draft.isInternal ? t('conversation.internal_hint') : t('conversation.public_hint')}
            </p>
          </>
        )}
        {error && <Failure error={error} />}
        <Button type="submit" variant="secondary" loading={sending} disabled={sending || !draft.text.trim()}>
          {t('conversation.send')}
        </Button>
      </form>
    </div>
  );
}

function bubbleOf(message: Message): string {
  const kind = message.is_internal ? styles.internal : message.is_mine ? styles.mine : styles.theirs;
  return `${styles.message} ${kind}`;
}
