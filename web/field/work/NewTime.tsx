import { useTexts } from '../../shared/useTexts.ts';
import type { Row } from '../sync/view.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { Choice } from '../ui/Choice.tsx';
import layout from '../ui/Form.module.css';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import styles from './Steps.module.css';
import { useDuration } from './useDuration.ts';
import { inDay, KINDS, minutesOf, QUARTER, timeChange } from './work.ts';

const HOUR = 60;

/** Time spent on a task, in quarters by big steps: no keyboard needed. */
export function NewTime({ task }: { task: Row }) {
  const { t } = useTexts();
  const durationOf = useDuration();
  const form = useForm(`time:${task.id}`);

  if (!form) return null;
  const minutes = minutesOf(form.text('minutes'));
  const kind = KINDS.find((one) => one === form.text('kind')) ?? 'work';
  const step = (by: number): void => form.set('minutes', String(inDay(minutes + by)));

  return (
    <form
      className={layout.form}
      onSubmit={(event) => {
        event.preventDefault();
        const change = timeChange(task.id, kind, minutes, form.text('note'), String(task.d.title ?? ''), new Date());
        void form.save([change], t('field.saved', { what: durationOf(minutes) }));
      }}
    >
      <Choice label={t('field.time.kind')} value={kind} options={KINDS.map((one) => [one, t(`field.time.kind.${one}`)])} onChange={(value) => form.set('kind', value)} />
      <div className={styles.steps} role="group" aria-label={t('field.time.how_long')}>
        <BigButton aria-label={t('field.time.less')} disabled={minutes <= QUARTER} onClick={() => step(-QUARTER)}>−</BigButton>
        <output className={styles.value} aria-live="polite">{durationOf(minutes)}</output>
        <BigButton aria-label={t('field.time.more')} onClick={() => step(QUARTER)}>+</BigButton>
      </div>
      <div className={layout.tools}>
        {[1, 2, 4].map((hours) => <BigButton key={hours} aria-pressed={minutes === hours * HOUR} onClick={() => form.set('minutes', String(hours * HOUR))}>{durationOf(hours * HOUR)}</BigButton>)}
      </div>
      <TextInput label={t('field.note')} maxLength={4000} value={form.text('note')} onChange={(text) => form.set('note', text)} />
      {form.isFailed && <p role="alert" className={layout.fault}>{t('field.not_saved')}</p>}
      <BigButton type="submit" look="main" icon="check">{t('field.time.save', { what: durationOf(minutes) })}</BigButton>
    </form>
  );
}
