import { useTexts } from '../../shared/useTexts.ts';
import { useRemember } from '../app/useRemember.ts';
import { useTitle } from '../app/useTitle.ts';
import { isOpen } from '../logic/today.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { PlacePath } from '../places/PlacePath.tsx';
import type { Row } from '../sync/view.ts';
import { WarningCard } from '../warning/WarningCard.tsx';
import { warningOf } from '../warning/lines.ts';
import { useWarningRead } from '../warning/useWarningRead.ts';
import { Checklist } from './Checklist.tsx';
import { CloseBar } from './CloseBar.tsx';
import { DoneBar } from './DoneBar.tsx';
import { TaskMore } from './TaskMore.tsx';
import { TaskPhotos } from './TaskPhotos.tsx';
import styles from './TaskScreen.module.css';
import { type DraftHandle, useDraft } from './useDraft.ts';
import { useDueText } from './useDueText.ts';
import { type TaskFound, useTask } from './useTask.ts';

/** One task: the warning first, which must be read before the rest is shown; then where, what, the checklist, photos, the rest, note, and the close. */
export function TaskScreen({ id }: { id: string }) {
  const { t } = useTexts();
  const dueText = useDueText();
  const found = useTask(id);
  const handle = useDraft(id);
  useRemember(found?.task?.d.place_id);
  useTitle(String(found?.task?.d.title ?? t('field.task.title')));
  const warning = found ? warningOf(found.path) : null;
  const { isRead, read } = useWarningRead(String(found?.task?.d.place_id ?? ''), warning?.version ?? null);

  if (!found || !handle) return null;
  if (!found.task) return <><BackLink /><p>{t('field.task.gone')}</p></>;
  const { task, path } = found;
  const { d } = task;
  const due = dueText(d);

  return (
    <article className={styles.task}>
      <div className={styles.top}>
        <BackLink />
        <p className={styles.facts}>
          {due && isOpen(d) && <span>{due}</span>}
          {d.number && <span>{String(d.number)}</span>}
        </p>
      </div>
      {warning && isRead && <WarningCard warning={warning} onRead={null} />}
      <h1 className={styles.title}>{String(d.title ?? '')}</h1>
      <PlacePath path={path} />
      {warning && isRead === false && <WarningCard warning={warning} onRead={read} />}
      {isRead && <TaskBody found={found} task={task} handle={handle} />}
    </article>
  );
}

interface BodyProps {
  found: TaskFound;
  task: Row;
  handle: DraftHandle;
}

/** What there is to do: only for those who know what they walk into. */
function TaskBody({ found, task, handle }: BodyProps) {
  const { t } = useTexts();
  const { component, items } = found;
  const { d } = task;
  const pictures = <TaskPhotos task={task} photos={found.photos} marks={found.marks} />;

  return (
    <>
      {component && (
        <a className={styles.component} href={`#/component/${component.id}`}>
          {String(component.d.name ?? '')} {component.d.tag ? `(${String(component.d.tag)})` : ''}
        </a>
      )}
      {task.isPending && <p className={styles.pending}>{t('field.task.not_sent')}</p>}
      {d.description && <p className={styles.description}>{String(d.description)}</p>}
      <Checklist found={found} handle={handle} isOpen={isOpen(d)} photos={pictures} />
      {!items.some((item) => item.d.kind === 'photo') && pictures}
      <TaskMore task={task} />
      {isOpen(d) ? <CloseBar found={found} task={task} handle={handle} /> : <DoneBar task={task} />}
    </>
  );
}
