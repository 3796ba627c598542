import type { CaseTask } from '../shared/types.ts';
import { StateTag } from '../shared/ui/StateTag.tsx';
import { TimeText } from '../shared/ui/TimeText.tsx';
import styles from './TaskLine.module.css';
import { openRow } from './links.ts';

export function TaskLine({ task }: { task: CaseTask }) {
  return (
    <li className={styles.task}>
      <a
        href={`/office?view=tasks&task=${task.id}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return;
          event.preventDefault();
          openRow('task', task.id);
        }}
      >
        {task.title ?? task.number}
      </a>
      <StateTag state={task.state} />
      {task.assignee_name && <span className={styles.who}>{task.assignee_name}</span>}
      {task.done_at && <span className={styles.done}><TimeText at={task.done_at} />{task.done_note && `: ${task.done_note}`}</span>}
    </li>
  );
}
