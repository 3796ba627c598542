import { formatNumber, formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useStored } from '../app/useStored.ts';
import { useWho } from '../app/useTablet.ts';
import { useTitle } from '../app/useTitle.ts';
import { children, row } from '../sync/view.ts';
import { BackLink } from '../ui/BackLink.tsx';
import layout from '../ui/Form.module.css';
import { NewMaterial } from './NewMaterial.tsx';
import { NewTime } from './NewTime.tsx';
import { useDuration } from './useDuration.ts';
import { KINDS, minutesSpent, UNITS } from './work.ts';

/** Time and materials of a task: what is written, and more of it. */
export function WorkScreen({ id }: { id: string }) {
  const { t, language } = useTexts();
  const me = useWho();
  const durationOf = useDuration();
  const found = useStored(
    ['rows', 'outbox'],
    async (tx) => ({ task: await row(tx, 'task', id), times: await children(tx, 'time_entry', id), materials: await children(tx, 'material_use', id) }),
    id,
  );
  useTitle(t('field.work.title'));

  if (!found) return null;
  if (!found.task) return <><BackLink /><p>{t('field.task.gone')}</p></>;
  const { mine, others } = minutesSpent(found.times, me.person_id);

  return (
    <article className={layout.form}>
      <BackLink />
      <h1>{t('field.work.title')}</h1>
      <p>{String(found.task.d.title ?? '')}</p>
      <section className={layout.form} aria-label={t('field.time.title')}>
        <h2>{t('field.time.title')}</h2>
        {found.times.length > 0 && <p>{t('field.time.spent', { mine: durationOf(mine), others: durationOf(others) })}</p>}
        <ul className={layout.list}>
          {found.times.map(({ id: key, d, isPending }) => (
            <li key={key} className={layout.line}>
              <span className={layout.name}>{durationOf(Number(d.minutes))} · {t(`field.time.kind.${KINDS.find((one) => one === d.kind) ?? 'work'}`)}</span>
              <span>{[formatTime(String(d.captured_at), language), d.note].filter(Boolean).join(' · ')}</span>
              {isPending && <span className={layout.pending}>{t('field.task.not_sent')}</span>}
            </li>
          ))}
        </ul>
        <NewTime task={found.task} />
      </section>
      <section className={layout.form} aria-label={t('field.material.title')}>
        <h2>{t('field.material.title')}</h2>
        <ul className={layout.list}>
          {found.materials.map(({ id: key, d, isPending }) => {
            const unit = UNITS.find((one) => one === d.unit);
            return (
              <li key={key} className={layout.line}>
                <span className={layout.name}>{String(d.name)}</span>
                <span>{formatNumber(Number(d.quantity), language)} {unit ? t(`field.unit.${unit}`) : String(d.unit)} · {formatTime(String(d.captured_at), language)}</span>
                {isPending && <span className={layout.pending}>{t('field.task.not_sent')}</span>}
              </li>
            );
          })}
        </ul>
        <NewMaterial task={found.task} />
      </section>
    </article>
  );
}
