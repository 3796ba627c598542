import { Button, Field, Input, Label, Select, Textfield } from '@digdir/designsystemet-react';
import { type FormEvent, useState } from 'react';
import { api } from '../shared/api.ts';
import { fromInputTime, toInputTime } from '../shared/format.ts';
import { nameIn } from '../shared/i18n.ts';
import { ApiError } from '../shared/problem.ts';
import type { Case, Checklist, List } from '../shared/types.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { useApi } from '../shared/useApi.ts';
import { useDraft } from '../shared/useDraft.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './NewTask.module.css';
import { usePeople } from './usePeople.ts';

interface Props {
  found: Case;
  onDone(): void;
  onCancel(): void;
}

interface Draft {
  title: string;
  assignee: string;
  plannedOn: string;
  deadline: string;
  checklist: string;
}

const ASSIGNEES = ['caretaker', 'supplier'] as const;

/** A task from a case: what, who, when, and by which checklist. */
export function NewTask({ found, onDone, onCancel }: Props) {
  const { t, language } = useTexts();
  const people = usePeople(ASSIGNEES);
  const checklists = useApi<List<Checklist>>('/api/v1/checklists');
  const [draft, change, forget] = useDraft<Draft>(`task.${found.id}`, () => ({
    title: found.title, assignee: '', plannedOn: '', deadline: found.deadline ? toInputTime(found.deadline) : '', checklist: '',
  }));
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const set = (patch: Partial<Draft>): void => change((before) => ({ ...before, ...patch }));

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    setSending(true);
    setError(null);
    try {
      await api<unknown>('POST', `/api/v1/cases/${found.id}/tasks`, {
        title: draft.title.trim() || found.title,
        ...(draft.assignee && { assignee: draft.assignee }),
        ...(draft.plannedOn && { planned_on: draft.plannedOn }),
        ...(draft.deadline && { deadline: fromInputTime(draft.deadline) }),
        ...(draft.checklist && { checklist: draft.checklist }),
      });
      forget();
      onDone();
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
    } finally {
      setSending(false);
    }
  }

  return (
    <form className={styles.form} data-size="sm" onSubmit={(event) => void send(event)}>
      <Textfield label={t('field.title')} value={draft.title} maxLength={200} error={error?.fields['title']} onChange={(event) => set({ title: event.target.value })} />
      <div className={styles.pair}>
        <Field>
          <Label>{t('field.assignee')}</Label>
          <Select value={draft.assignee} onChange={(event) => set({ assignee: event.target.value })}>
            <Select.Option value="">{t('field.no_assignee')}</Select.Option>
            {people.map((person) => <Select.Option key={person.id} value={person.id}>{person.name}</Select.Option>)}
          </Select>
        </Field>
        {checklists.data && checklists.data.items.length > 0 && (
          <Field>
            <Label>{t('field.checklist')}</Label>
            <Select value={draft.checklist} onChange={(event) => set({ checklist: event.target.value })}>
              <Select.Option value="">{t('field.no_checklist')}</Select.Option>
              {checklists.data.items.map((list) => <Select.Option key={list.id} value={list.code}>{nameIn(list, language)}</Select.Option>)}
            </Select>
          </Field>
        )}
        <Field>
          <Label>{t('field.planned_on')}</Label>
          <Input type="date" value={draft.plannedOn} onChange={(event) => set({ plannedOn: event.target.value })} />
        </Field>
        <Field>
          <Label>{t('field.deadline')}</Label>
          <Input type="datetime-local" value={draft.deadline} onChange={(event) => set({ deadline: event.target.value })} />
        </Field>
      </div>
      {error && <Failure error={error} />}
      <div className={styles.buttons}>
        <Button type="submit" loading={sending} disabled={sending}>{t('office.make_task')}</Button>
        <Button type="button" variant="tertiary" onClick={onCancel}>{t('office.cancel')}</Button>
      </div>
    </form>
  );
}
