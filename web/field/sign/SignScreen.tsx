import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { goBack } from '../app/useRoute.ts';
import { useStored } from '../app/useStored.ts';
import { useTitle } from '../app/useTitle.ts';
import { children, row, type Row } from '../sync/view.ts';
import { BackLink } from '../ui/BackLink.tsx';
import { BigButton } from '../ui/BigButton.tsx';
import { Choice } from '../ui/Choice.tsx';
import layout from '../ui/Form.module.css';
import { useForm } from '../ui/useForm.ts';
import { pictureOf } from './picture.ts';
import { SignatureField } from './SignatureField.tsx';
import { SignatureList } from './SignatureList.tsx';
import { signatureChange, strokesOf, textOfStrokes } from './strokes.ts';

const ROLES = ['tenant', 'supplier', 'witness'] as const;

/** Somebody signs that a task is done: whoever lives there, who did the work, a witness. */
export function SignScreen({ id }: { id: string }) {
  const { t } = useTexts();
  const found = useStored(['rows', 'outbox'], async (tx) => ({ task: await row(tx, 'task', id), signatures: await children(tx, 'signature', id) }), id);
  useTitle(t('field.sign.title'));

  if (!found) return null;
  if (!found.task) return <><BackLink /><p>{t('field.task.gone')}</p></>;
  return (
    <article className={layout.form}>
      <BackLink />
      <h1>{t('field.sign.title')}</h1>
      <p>{String(found.task.d.title ?? '')}</p>
      <SignatureList signatures={found.signatures} />
      <NewSignature task={found.task} />
    </article>
  );
}

function NewSignature({ task }: { task: Row }) {
  const { t } = useTexts();
  const form = useForm(`sign:${task.id}`);
  const [isTried, setTried] = useState(false);

  if (!form) return null;
  const name = form.text('name');
  const role = ROLES.find((one) => one === form.text('role')) ?? 'tenant';
  const strokes = strokesOf(form.text('strokes'));

  async function save(): Promise<void> {
    setTried(true);
    if (!name.trim()) return;
    const picture = await pictureOf(strokes);
    const change = signatureChange({ task_id: task.id }, { role, name, picture }, String(task.d.title ?? ''), new Date());
    if (await form!.save([change], t('field.saved', { what: t('field.sign.of', { name: name.trim() }) }), { photos: picture ? [picture] : [] })) goBack();
  }

  return (
    <form
      className={layout.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Choice label={t('field.sign.role')} value={role} options={ROLES.map((one) => [one, t(`field.sign.role.${one}`)])} onChange={(value) => form.set('role', value)} />
      <SignatureField
        label={t('field.sign.name')}
        name={name}
        onName={(text) => form.set('name', text)}
        strokes={strokes}
        onStrokes={(drawn) => form.set('strokes', textOfStrokes(drawn))}
        fault={isTried && !name.trim() ? t('field.sign.say_name') : null}
      />
      {form.isFailed && <p role="alert" className={layout.fault}>{t('field.not_saved')}</p>}
      <BigButton type="submit" look="main" icon="check">{t('field.sign.save')}</BigButton>
    </form>
  );
}
