import { useState } from 'react';
import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useStored } from '../app/useStored.ts';
import { useWho } from '../app/useTablet.ts';
import { useTitle } from '../app/useTitle.ts';
import { opOf, wordOf } from '../logic/outboxWords.ts';
import { row, type Row } from '../sync/view.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { BigButton } from '../ui/BigButton.tsx';
import layout from '../ui/Form.module.css';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import { commentChange } from './edit.ts';

/** A remark for the office on the task's case, and those written here in the last days. */
export function CommentScreen({ id }: { id: string }) {
  const { t, language } = useTexts();
  const { person_id } = useWho();
  const found = useStored(
    ['rows', 'outbox'],
    async (tx) => {
      const task = await row(tx, 'task', id);
      // Conversations are not on the tablet: only what was written here is known, from the outbox.
      const entries = (await tx.all('outbox')).filter(({ mutation }) => mutation.by === person_id && mutation.set.case_id?.n === (task?.d.case_id ?? ''));
      return { task, written: entries.filter((entry) => opOf(entry) === 'comment.add').reverse() };
    },
    id,
  );
  useTitle(t('field.comment.title'));

  if (!found) return null;
  if (!found.task?.d.case_id) return <><BackLink /><p>{t(found.task ? 'field.comment.no_case' : 'field.task.gone')}</p></>;
  return (
    <article className={layout.form}>
      <BackLink />
      <h1>{t('field.comment.title')}</h1>
      <p>{String(found.task.d.title ?? '')}</p>
      <NewComment task={found.task} />
      {found.written.length > 0 && <h2>{t('field.comment.written')}</h2>}
      <ul className={layout.list}>
        {found.written.map((entry) => (
          <li key={entry.n} className={layout.line}>
            <span>{String(entry.mutation.set.text?.n ?? '')}</span>
            <span className={layout.pending}>{formatTime(entry.mutation.captured_at, language)} · {t(`field.word.${wordOf(entry)}`)}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}

function NewComment({ task }: { task: Row }) {
  const { t } = useTexts();
  const form = useForm(`comment:${task.id}`);
  const [isLacking, setLacking] = useState(false);

  if (!form) return null;
  const text = form.text('text');

  async function save(): Promise<void> {
    setLacking(!text.trim());
    if (text.trim()) await form!.save([commentChange(task, text)], t('field.saved', { what: t('field.op.comment') }));
  }

  return (
    <form
      className={layout.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput label={t('field.comment.what')} hint={t('field.comment.who_sees')} rows={4} maxLength={20_000} value={text} fault={isLacking && !text.trim() ? t('field.comment.say') : null} onChange={(value) => form.set('text', value)} />
      {form.isFailed && <p role="alert" className={layout.fault}>{t('field.not_saved')}</p>}
      <BigButton type="submit" look="main" icon="check">{t('field.comment.save')}</BigButton>
    </form>
  );
}
