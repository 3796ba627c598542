import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { goBack } from '../app/useRoute.ts';
import { useStored } from '../app/useStored.ts';
import { useTitle } from '../app/useTitle.ts';
import { PlacePath } from '../places/PlacePath.tsx';
import { children, placePath, row, type Row } from '../sync/view.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { BigButton } from '../ui/BigButton.tsx';
import { Choice } from '../ui/Choice.tsx';
import layout from '../ui/Form.module.css';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import { CONSEQUENCES, faultsOf, gradeChange, gradeOf, GRADES, needsCause, type Grading } from './grade.ts';

/** The condition of a component as it is now. */
export function GradeScreen({ id }: { id: string }) {
  const { t } = useTexts();
  const found = useStored(
    ['rows', 'outbox'],
    async (tx) => {
      const component = await row(tx, 'component', id);
      return { component, written: await children(tx, 'condition', id), path: component ? await placePath(tx, component.d.place_id ?? null) : [] };
    },
    id,
  );
  useTitle(t('field.grade.title'));

  if (!found) return null;
  if (!found.component) return <><BackLink /><p>{t('field.places.gone')}</p></>;
  const { grade } = gradeOf(found.component, found.written);

  return (
    <article className={layout.form}>
      <BackLink />
      <h1>{t('field.grade.title')}</h1>
      <p className={layout.name}>{String(found.component.d.name ?? '')}</p>
      <PlacePath path={found.path} />
      <p>{grade ? t('field.grade.now', { grade }) : t('field.grade.none')}</p>
      <NewGrade component={found.component} />
    </article>
  );
}

function NewGrade({ component }: { component: Row }) {
  const { t } = useTexts();
  const form = useForm(`grade:${component.id}`);
  const [isTried, setTried] = useState(false);

  if (!form) return null;
  const grading: Grading = {
    grade: GRADES.find((one) => one === form.text('grade')) ?? null,
    consequence: form.text('consequence'),
    cause: form.text('cause'),
    measure: form.text('measure'),
    due_year: form.text('due_year'),
  };
  const faults = faultsOf(grading);
  const shown = isTried ? faults : [];

  async function save(): Promise<void> {
    setTried(true);
    if (faults.length > 0) return;
    const what = `${String(component.d.name ?? '')}, ${grading.grade}`;
    if (await form!.save([gradeChange(component, grading, new Date())], t('field.saved', { what }))) goBack();
  }

  return (
    <form
      className={layout.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Choice label={t('field.grade.title')} value={grading.grade ?? ''} options={GRADES.map((one) => [one, one])} onChange={(value) => form.set('grade', value)} />
      {grading.grade && <p role="status">{t(`field.grade.${grading.grade}`)}</p>}
      {shown.includes('no_grade') && <p role="alert" className={layout.fault}>{t('field.grade.no_grade')}</p>}
      <TextInput
        label={t(needsCause(grading.grade) ? 'field.name.cause' : 'field.grade.cause')}
        rows={3}
        maxLength={4000}
        value={grading.cause}
        fault={shown.includes('no_cause') ? t('field.grade.no_cause') : null}
        onChange={(text) => form.set('cause', text)}
      />
      <div className={layout.label}>
        <span aria-hidden="true">{t('field.grade.consequence')}</span>
        <Choice label={t('field.grade.consequence')} value={grading.consequence} options={CONSEQUENCES.map((one) => [one, t(`field.grade.consequence.${one}`)])} onChange={(value) => form.set('consequence', value)} />
      </div>
      <TextInput label={t('field.grade.measure')} rows={2} maxLength={4000} value={grading.measure} onChange={(text) => form.set('measure', text)} />
      <TextInput
        label={t('field.grade.year')}
        inputMode="numeric"
        maxLength={4}
        value={grading.due_year}
        fault={shown.includes('no_year') ? t('field.grade.no_year') : null}
        onChange={(text) => form.set('due_year', text)}
      />
      {form.isFailed && <p role="alert" className={layout.fault}>{t('field.not_saved')}</p>}
      <BigButton type="submit" look="main" icon="check">{t('field.grade.save')}</BigButton>
    </form>
  );
}
