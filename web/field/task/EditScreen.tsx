import { useState } from 'react';
import { formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { goBack } from '../app/useRoute.ts';
import { useStored } from '../app/useStored.ts';
import { useTitle } from '../app/useTitle.ts';
import { isOpen } from '../logic/today.ts';
import { row, type Row } from '../sync/view.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { BigButton } from '../ui/BigButton.tsx';
import { Choice } from '../ui/Choice.tsx';
import layout from '../ui/Form.module.css';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import { EDITABLE, editChange, textOf, type Editable } from './edit.ts';

const STATES = ['open', 'in_progress', 'waiting'] as const;
const PRIORITIES = ['1', '2', '3', '4'] as const;

/** What a task says of itself, to be changed. */
export function EditScreen({ id }: { id: string }) {
  const { t } = useTexts();
  const task = useStored(['rows', 'outbox'], async (tx) => row(tx, 'task', id), id);
  useTitle(t('field.edit.title'));

  if (task === undefined) return null;
  if (!task || !isOpen(task.d)) return <><BackLink /><p>{t(task ? 'field.edit.closed' : 'field.task.gone')}</p></>;
  return (
    <article className={layout.form}>
      <BackLink />
      <h1>{t('field.edit.title')}</h1>
      <EditForm task={task} />
    </article>
  );
}

function EditForm({ task }: { task: Row }) {
  const { t, language } = useTexts();
  const form = useForm(`edit:${task.id}`);
  const [touched, setTouched] = useState<Editable[]>([]);
  const [isLacking, setLacking] = useState(false);

  if (!form) return null;
  // What was emptied is kept as nothing, which is what a form has that was never written in.
  const text = (field: Editable): string => form.text(field) || (touched.includes(field) ? '' : textOf(task, field));
  const write = (field: Editable, value: string): void => {
    setTouched((before) => [...before, field]);
    form.set(field, value);
  };

  async function save(): Promise<void> {
    setLacking(!text('title').trim());
    if (!text('title').trim()) return;
    const change = editChange(task, Object.fromEntries(EDITABLE.map((field) => [field, text(field)])));
    if (!change || (await form!.save([change], t('field.saved', { what: change.label })))) goBack();
  }

  return (
    <form
      className={layout.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput label={t('field.name.title')} maxLength={200} value={text('title')} fault={isLacking && !text('title').trim() ? t('field.edit.say_title') : null} onChange={(value) => write('title', value)} />
      <TextInput label={t('field.name.description')} rows={4} maxLength={20_000} value={text('description')} onChange={(value) => write('description', value)} />
      <TextInput
        label={t('field.name.planned_on')}
        type="date"
        hint={task.d.deadline ? t('field.edit.deadline', { day: formatTime(String(task.d.deadline), language) }) : undefined}
        value={text('planned_on')}
        onChange={(value) => write('planned_on', value)}
      />
      <div className={layout.label}>
        <span aria-hidden="true">{t('field.name.priority')}</span>
        <Choice label={t('field.name.priority')} value={text('priority')} options={PRIORITIES.map((one) => [one, t(`field.priority.${one}`)])} onChange={(value) => write('priority', value)} />
      </div>
      <div className={layout.label}>
        <span aria-hidden="true">{t('field.name.state')}</span>
        <Choice label={t('field.name.state')} value={text('state')} options={STATES.map((one) => [one, t(`field.state.${one}`)])} onChange={(value) => write('state', value)} />
      </div>
      <TextInput label={t('field.name.access_note')} rows={2} maxLength={1000} value={text('access_note')} onChange={(value) => write('access_note', value)} />
      {form.isFailed && <p role="alert" className={layout.fault}>{t('field.not_saved')}</p>}
      <BigButton type="submit" look="main" icon="check">{t('field.edit.save')}</BigButton>
    </form>
  );
}
