import { Button, Heading } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { fromInputTime, toInputTime } from '../shared/format.ts';
import { nameIn } from '../shared/i18n.ts';
import type { Case } from '../shared/types.ts';
import { Conversation } from '../shared/ui/Conversation.tsx';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { PhotoStrip } from '../shared/ui/PhotoStrip.tsx';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useApi } from '../shared/useApi.ts';
import type { Categories } from '../shared/useCategories.ts';
import { useLive } from '../shared/useLive.ts';
import { useTexts } from '../shared/useTexts.ts';
import { DetailHeader } from './DetailHeader.tsx';
import styles from './Detail.module.css';
import { EditFields } from './EditFields.tsx';
import { NewTask } from './NewTask.tsx';
import { TaskLine } from './TaskLine.tsx';
import { CASE_STATES } from './filters.ts';
import { usePeople } from './usePeople.ts';
import { WarningCard } from './warnings/WarningCard.tsx';

const OWNERS = ['manager', 'frontdesk', 'caretaker'] as const;

/** One case: what is asked, who has it, what is being done, what was said. */
export function CaseDetail({ id, categories }: { id: string; categories: Categories }) {
  const { t, language } = useTexts();
  const path = `/api/v1/cases/${encodeURIComponent(id)}`;
  const loaded = useApi<Case>(path);
  const people = usePeople(OWNERS);
  const [makesTask, setMakesTask] = useState(false);
  useLive((change) => change.id === id || change.t === 'task', loaded.reload);
  const found = loaded.data;
  if (!found) return loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />;

  const owners = people.map((person) => ({ value: person.id, label: person.name }));
  if (found.owner_id && !owners.some((owner) => owner.value === found.owner_id))
    owners.push({ value: found.owner_id, label: found.owner_name ?? found.owner_id });
  return (
    <article className={styles.detail} aria-labelledby="detail-title">
      <DetailHeader title={found.title} number={found.number} state={found.state} place={found.place_label} icon={categories.iconOf(found.category)} />
      <p className={styles.subtle}>
        {found.reporter_name ? t('office.reported_by', { name: found.reporter_name }) : t('office.reported')} <TimeText at={found.created_at} />
        {found.reporter_phone && <> · <a href={`tel:${found.reporter_phone}`}>{found.reporter_phone}</a></>}
        {found.done_at && <> · {t('case.done')} <TimeText at={found.done_at} /></>}
      </p>
      <WarningCard placeId={found.place_id} text={found.place_warning} onChanged={loaded.reload} />
      {found.description && <p className={styles.text}>{found.description}</p>}
      <PhotoStrip files={found.photos} />
      <EditFields
        key={id}
        path={path}
        rowV={found.row_v}
        reload={loaded.reload}
        values={{
          owner: found.owner_id,
          state: found.state,
          priority: found.priority,
          deadline: found.deadline && toInputTime(found.deadline),
          category: found.category,
        }}
        fields={[
          { name: 'owner', label: t('field.owner'), kind: 'select', none: t('field.no_owner'), options: owners },
          { name: 'state', label: t('field.state'), kind: 'select', options: CASE_STATES.map((state) => ({ value: state, label: t(`state.${state}`) })) },
          { name: 'priority', label: t('field.priority'), kind: 'select', options: ([1, 2, 3, 4] as const).map((n) => ({ value: n, label: t(`priority.${n}`) })) },
          { name: 'deadline', label: t('field.deadline'), kind: 'time', toApi: (value) => (value === null ? null : fromInputTime(String(value))) },
          { name: 'category', label: t('field.category'), kind: 'select', options: categories.items.map((each) => ({ value: each.code, label: nameIn(each, language) })) },
        ]}
      />
      <section className={styles.section} aria-labelledby="tasks-title">
        <Heading level={3} data-size="2xs" id="tasks-title">{t('office.tasks')}</Heading>
        {found.tasks.length === 0 && <p className={styles.subtle}>{t('office.no_tasks')}</p>}
        <ul className={styles.list}>
          {found.tasks.map((task) => <TaskLine key={task.id} task={task} />)}
        </ul>
        {makesTask
          ? <NewTask found={found} onDone={() => { setMakesTask(false); loaded.reload(); }} onCancel={() => setMakesTask(false)} />
          : <Button variant="secondary" data-size="sm" onClick={() => setMakesTask(true)}>{t('office.make_task')}</Button>}
      </section>
      <section className={styles.section} aria-labelledby="talk-title">
        <Heading level={3} data-size="2xs" id="talk-title">{t('conversation.title')}</Heading>
        <Conversation key={id} caseId={id} messages={found.messages} allowsInternal onSent={loaded.reload} />
      </section>
    </article>
  );
}
