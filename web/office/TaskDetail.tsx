import { Heading } from '@digdir/designsystemet-react';
import { fromInputTime, toInputTime } from '../shared/format.ts';
import type { Task } from '../shared/types.ts';
import { Failure } from '../shared/ui/Failure.tsx';
import { Loading } from '../shared/ui/Loading.tsx';
import { PhotoStrip } from '../shared/ui/PhotoStrip.tsx';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useApi } from '../shared/useApi.ts';
import type { Categories } from '../shared/useCategories.ts';
import { useLive } from '../shared/useLive.ts';
import { useTexts } from '../shared/useTexts.ts';
import { AnswerLine } from './AnswerLine.tsx';
import styles from './Detail.module.css';
import { DetailHeader } from './DetailHeader.tsx';
import { EditFields } from './EditFields.tsx';
import { TASK_STATES } from './filters.ts';
import { openRow } from './links.ts';
import { usePeople } from './usePeople.ts';
import { WarningCard } from './warnings/WarningCard.tsx';

const ASSIGNEES = ['caretaker', 'supplier'] as const;

/** One task: who does it and when, and what the caretaker answered. */
export function TaskDetail({ id, categories }: { id: string; categories: Categories }) {
  const { t } = useTexts();
  const path = `/api/v1/tasks/${encodeURIComponent(id)}`;
  const loaded = useApi<Task>(path);
  const people = usePeople(ASSIGNEES);
  useLive((change) => change.id === id || change.t === 'answer' || change.t === 'document', loaded.reload);
  const found = loaded.data;
  if (!found) return loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : <Loading />;

  const assignees = people.map((person) => ({ value: person.id, label: person.name }));
  if (found.assignee_id && !assignees.some((each) => each.value === found.assignee_id))
    assignees.push({ value: found.assignee_id, label: found.assignee_name ?? found.assignee_id });
  const caseId = found.case_id;
  return (
    <article className={styles.detail} aria-labelledby="detail-title">
      <DetailHeader title={found.title} number={found.number} state={found.state} place={found.place_label} icon={categories.iconOf(found.category)} />
      {caseId && (
        <p>
          <a
            href={`/office?case=${caseId}`}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey) return;
              event.preventDefault();
              openRow('case', caseId);
            }}
          >
            {t('office.to_case', { number: found.case_number ?? '' })}
          </a>
        </p>
      )}
      {found.component_name && <p>{found.component_name}</p>}
      {found.rule_name && <p className={styles.subtle}>{found.rule_name}{found.legal_basis && ` (${found.legal_basis})`}</p>}
      <WarningCard placeId={found.place_id} text={found.place_warning} onChanged={loaded.reload} />
      {found.description && <p className={styles.text}>{found.description}</p>}
      {found.done_at && (
        <section className={styles.section} aria-labelledby="done-title">
          <Heading level={3} data-size="2xs" id="done-title">{t('case.what_was_done')}</Heading>
          <p className={styles.text}>{found.done_note || t('office.no_note')} <span className={styles.subtle}>{found.done_by_name} <TimeText at={found.done_at} /></span></p>
        </section>
      )}
      <PhotoStrip files={found.photos} />
      <EditFields
        key={id}
        path={path}
        rowV={found.row_v}
        reload={loaded.reload}
        values={{
          assignee: found.assignee_id,
          state: found.state,
          priority: found.priority,
          planned_on: found.planned_on,
          deadline: found.deadline && toInputTime(found.deadline),
        }}
        fields={[
          { name: 'assignee', label: t('field.assignee'), kind: 'select', none: t('field.no_assignee'), options: assignees },
          { name: 'state', label: t('field.state'), kind: 'select', options: TASK_STATES.map((state) => ({ value: state, label: t(`state.${state}`) })) },
          { name: 'priority', label: t('field.priority'), kind: 'select', options: ([1, 2, 3, 4] as const).map((n) => ({ value: n, label: t(`priority.${n}`) })) },
          { name: 'planned_on', label: t('field.planned_on'), kind: 'date', canBeEmpty: true },
          { name: 'deadline', label: t('field.deadline'), kind: 'time', toApi: (value) => (value === null ? null : fromInputTime(String(value))) },
        ]}
      />
      {found.items.length > 0 && (
        <section className={styles.section} aria-labelledby="answers-title">
          <Heading level={3} data-size="2xs" id="answers-title">{t('office.checklist')}</Heading>
          <ul className={styles.list}>
            {found.items.map((item) => (
              <AnswerLine key={item.id} item={item} answer={found.answers.findLast((answer) => answer.item_id === item.id)} />
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}
