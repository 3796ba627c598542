import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { useStored } from '../app/useStored.ts';
import { list, type Row } from '../sync/view.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { Choice } from '../ui/Choice.tsx';
import layout from '../ui/Form.module.css';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import { materialChange, namesUsed, quantityOf, UNITS } from './work.ts';

const OFFERED = 100;

/** Material that was used: what, how much, in which unit. What was used before is offered. */
export function NewMaterial({ task }: { task: Row }) {
  const { t } = useTexts();
  const form = useForm(`material:${task.id}`);
  const used = useStored(['rows', 'outbox'], async (tx) => namesUsed(await list(tx, 'material_use')).slice(0, OFFERED));
  const [isTried, setTried] = useState(false);

  if (!form) return null;
  const name = form.text('name');
  const written = form.text('quantity');
  const quantity = quantityOf(written || '1');
  const unit = UNITS.find((one) => one === form.text('unit')) ?? 'stk';

  async function save(): Promise<void> {
    setTried(true);
    if (!name.trim() || quantity === null) return;
    const change = materialChange(task.id, name, quantity, unit, String(task.d.title ?? ''), new Date());
    const what = `${name.trim()}, ${written || '1'} ${t(`field.unit.${unit}`)}`;
    if (await form!.save([change], t('field.saved', { what }))) setTried(false);
  }

  return (
    <form
      className={layout.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextInput
        label={t('field.material.what')}
        maxLength={200}
        suggestions={used ?? []}
        value={name}
        fault={isTried && !name.trim() ? t('field.material.say_what') : null}
        onChange={(text) => form.set('name', text)}
      />
      <TextInput
        label={t('field.material.how_much')}
        inputMode="decimal"
        maxLength={12}
        value={written}
        hint={t('field.material.one')}
        fault={isTried && quantity === null ? t('field.material.amount_wrong') : null}
        onChange={(text) => form.set('quantity', text)}
      />
      <Choice label={t('field.material.unit')} value={unit} options={UNITS.map((one) => [one, t(`field.unit.${one}`)])} onChange={(value) => form.set('unit', value)} />
      {form.isFailed && <p role="alert" className={layout.fault}>{t('field.not_saved')}</p>}
      <BigButton type="submit" look="main" icon="check">{t('field.material.save')}</BigButton>
    </form>
  );
}
