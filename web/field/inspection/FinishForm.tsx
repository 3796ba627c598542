import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { useWho } from '../app/useTablet.ts';
import { answerChanges, missing } from '../logic/checklist.ts';
import { pictureOf } from '../sign/picture.ts';
import { SignatureField } from '../sign/SignatureField.tsx';
import { signatureChange, strokesOf, textOfStrokes } from '../sign/strokes.ts';
import type { Row } from '../sync/view.ts';
import { textIn } from '../task/ChecklistItem.tsx';
import type { DraftHandle } from '../task/useDraft.ts';
import { BigButton } from '../ui/BigButton.tsx';
import layout from '../ui/Form.module.css';
import { Question } from '../ui/Question.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import steps from '../work/Steps.module.css';
import { finishChange, keysOf, kindOf, MAX_KEYS } from './inspection.ts';
import type { InspectionFound } from './useInspection.ts';

interface Props {
  found: InspectionFound;
  inspection: Row;
  handle: DraftHandle;
  label: string;
}

/** The end of a round: keys, a word, both who sign; and what is still without an answer. */
export function FinishForm({ found, inspection, handle, label }: Props) {
  const { t, tn, language } = useTexts();
  const me = useWho();
  const form = useForm(`finish:${inspection.id}`);
  const [isTried, setTried] = useState(false);
  const [isAsking, setAsking] = useState(false);

  if (!form) return null;
  const lacking = missing(found.items, handle.draft, found.answers, found.documents.length);
  const keys = keysOf(form.text('keys'));
  const landlord = form.text('landlord') || me.name;
  const tenant = form.text('tenant');

  function ask(): void {
    setTried(true);
    if (lacking.length === 0 && tenant.trim()) setAsking(true);
  }

  async function finish(): Promise<void> {
    const now = new Date();
    await handle.kept();
    const signs = await Promise.all(
      ([['landlord', landlord, 'landlord_strokes'], ['tenant', tenant, 'tenant_strokes']] as const).map(async ([role, name, strokes]) => {
        const picture = await pictureOf(strokesOf(form!.text(strokes)));
        return { picture, change: signatureChange({ inspection_id: inspection.id }, { role, name, picture }, label, now) };
      }),
    );
    const answers = answerChanges(inspection, handle.draft, found.answers, now, label);
    const changes = [...answers, ...signs.map(({ change }) => change), finishChange(inspection, keys, form!.text('note'), label, now)];
    const said = t('field.saved', { what: t('field.op.inspection_finish') });
    await form!.save(changes, said, { photos: signs.flatMap(({ picture }) => (picture ? [picture] : [])) });
  }

  return (
    <form
      className={layout.form}
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <h2>{t('field.inspection.end')}</h2>
      <span id="inspection-keys">{t(`field.inspection.keys.${kindOf(inspection)}`)}</span>
      <div className={steps.steps} role="group" aria-labelledby="inspection-keys">
        <BigButton aria-label={t('field.inspection.key_less')} disabled={keys === 0} onClick={() => form.set('keys', String(keys - 1))}>−</BigButton>
        <output className={steps.value} aria-live="polite">{keys}</output>
        <BigButton aria-label={t('field.inspection.key_more')} disabled={keys === MAX_KEYS} onClick={() => form.set('keys', String(keys + 1))}>+</BigButton>
      </div>
      <TextInput label={t('field.note')} rows={3} maxLength={20_000} value={form.text('note')} onChange={(text) => form.set('note', text)} />
      <SignatureField
        label={t('field.inspection.landlord')}
        name={landlord}
        onName={(text) => form.set('landlord', text)}
        strokes={strokesOf(form.text('landlord_strokes'))}
        onStrokes={(drawn) => form.set('landlord_strokes', textOfStrokes(drawn))}
      />
      <SignatureField
        label={t('field.inspection.tenant')}
        name={tenant}
        onName={(text) => form.set('tenant', text)}
        strokes={strokesOf(form.text('tenant_strokes'))}
        onStrokes={(drawn) => form.set('tenant_strokes', textOfStrokes(drawn))}
        fault={isTried && !tenant.trim() ? t('field.inspection.say_tenant') : null}
      />
      {form.isFailed && <p role="alert" className={layout.fault}>{t('field.not_saved')}</p>}
      {lacking.length > 0 ? (
        <BigButton icon="list" onClick={() => showItem(lacking[0]!.id)}>{tn('field.task.lacking', lacking.length, { first: textIn(lacking[0]!.d, language) })}</BigButton>
      ) : isAsking ? (
        <Question no={t('field.task.not_yet')} yes={t('field.inspection.yes_finish')} onNo={() => setAsking(false)} onYes={() => void finish()}>
          <p><strong>{t('field.inspection.ask_finish')}</strong></p>
        </Question>
      ) : (
        <BigButton type="submit" look="main" icon="check">{t('field.inspection.finish')}</BigButton>
      )}
    </form>
  );
}

function showItem(id: string): void {
  const item = document.getElementById(`item-${id}`);
  item?.scrollIntoView({ behavior: 'smooth', block: 'start' });
  item?.querySelector<HTMLElement>('input, textarea')?.focus({ preventScroll: true });
}
