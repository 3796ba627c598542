import { useTexts } from '../../shared/useTexts.ts';
import { useRemember } from '../app/useRemember.ts';
import { useTitle } from '../app/useTitle.ts';
import { isOpen } from '../logic/today.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { Icon } from '../ui/Icon.tsx';
import { PlacePath } from '../places/PlacePath.tsx';
import { Checklist } from './Checklist.tsx';
import { CloseBar } from './CloseBar.tsx';
import { DoneBar } from './DoneBar.tsx';
import { TaskPhotos } from './TaskPhotos.tsx';
import styles from './TaskScreen.module.css';
import { useDraft } from './useDraft.ts';
import { useDueText } from './useDueText.ts';
import { useTask } from './useTask.ts';

/** One task: the warning first, then where, what, the checklist, photos, note, and the close. */
export function TaskScreen({ id }: { id: string }) {
  const { t } = useTexts();
  const dueText = useDueText();
  const found = useTask(id);
  const handle = useDraft(id);
  useRemember(found?.task?.d.place_id);
  useTitle(String(found?.task?.d.title ?? t('field.task.title')));

  if (!found || !handle) return null;
  if (!found.task) return <><BackLink /><p>{t('field.task.gone')}</p></>;
  const { task, path, component, items } = found;
  const { d } = task;
  const due = dueText(d);
  const pictures = <TaskPhotos task={task} photos={found.photos} />;
  const warnings = path.map((place) => place.d.warning).filter(Boolean);

  return (
    <article className={styles.task}>
      <div className={styles.top}>
        <BackLink />
        <p className={styles.facts}>
          {due && isOpen(d) && <span>{due}</span>}
          {d.number && <span>{String(d.number)}</span>}
        </p>
      </div>
      {warnings.map((warning) => (
        <p key={String(warning)} className={styles.warning}>
          <Icon name="warning" />
          <span><strong>{t('field.task.warning')}:</strong> {String(warning)}</span>
        </p>
      ))}
      <h1 className={styles.title}>{String(d.title ?? '')}</h1>
      <PlacePath path={path} />
      {component && (
        <a className={styles.component} href={`#/component/${component.id}`}>
          {String(component.d.name ?? '')} {component.d.tag ? `(${String(component.d.tag)})` : ''}
        </a>
      )}
      {task.isPending && <p className={styles.pending}>{t('field.task.not_sent')}</p>}
      {d.description && <p className={styles.description}>{String(d.description)}</p>}
      <Checklist found={found} handle={handle} isOpen={isOpen(d)} photos={pictures} />
      {!items.some((item) => item.d.kind === 'photo') && pictures}
      {isOpen(d) ? <CloseBar found={found} task={task} handle={handle} /> : <DoneBar task={task} />}
    </article>
  );
}
