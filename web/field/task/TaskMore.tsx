import { useTexts } from '../../shared/useTexts.ts';
import { useStored } from '../app/useStored.ts';
import { useWho } from '../app/useTablet.ts';
import { isOpen } from '../logic/today.ts';
import { children, type Row } from '../sync/view.ts';
import layout from '../ui/Form.module.css';
import { useDuration } from '../work/useDuration.ts';
import { minutesSpent } from '../work/work.ts';

/** The rest that may be done with a task, below what nearly always is: each with what is there already. */
export function TaskMore({ task }: { task: Row }) {
  const { t, tn } = useTexts();
  const durationOf = useDuration();
  const { person_id } = useWho();
  const found = useStored(
    ['rows', 'outbox'],
    async (tx) => ({ times: await children(tx, 'time_entry', task.id), materials: await children(tx, 'material_use', task.id), signatures: await children(tx, 'signature', task.id) }),
    task.id,
  );

  if (!found) return null;
  const { mine, others } = minutesSpent(found.times, person_id);
  const spent = [mine + others > 0 ? durationOf(mine + others) : '', found.materials.length ? tn('field.work.materials', found.materials.length) : ''].filter(Boolean).join(' · ');

  return (
    <nav aria-label={t('field.task.more')}>
      <ul className={layout.list}>
        <Line href={`#/work/${task.id}`} name={t('field.work.title')} there={spent} />
        <Line href={`#/sign/${task.id}`} name={t('field.sign.title')} there={found.signatures.map(({ d }) => String(d.name)).join(', ')} />
        {task.d.case_id && <Line href={`#/comment/${task.id}`} name={t('field.comment.title')} there="" />}
        {isOpen(task.d) && <Line href={`#/edit/${task.id}`} name={t('field.edit.title')} there="" />}
      </ul>
    </nav>
  );
}

function Line({ href, name, there }: { href: string; name: string; there: string }) {
  return (
    <li>
      <a className={layout.line} href={href}>
        <span className={layout.name}>{name}</span>
        {there && <span>{there}</span>}
      </a>
    </li>
  );
}
