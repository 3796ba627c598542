import { useTexts } from '../../shared/useTexts.ts';
import type { Row } from '../sync/view.ts';
import { BigButton } from '../ui/BigButton.tsx';
import styles from '../ui/Form.module.css';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import { inChange } from './keys.ts';

/** Takes a key in: one tap, and a name or a word when there is one to say. */
export function KeyIn({ loan, name }: { loan: Row; name: string }) {
  const { t } = useTexts();
  const form = useForm(`key-in:${loan.id}`);

  if (!form) return null;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void form.save([inChange(loan, form.text('name'), form.text('note'), t('keys.key_name', { name }), new Date())], t('field.key.saved_in', { name }));
      }}
    >
      <TextInput label={t('field.key.from')} maxLength={200} value={form.text('name')} onChange={(text) => form.set('name', text)} />
      <TextInput label={t('field.note')} rows={2} maxLength={4000} value={form.text('note')} onChange={(text) => form.set('note', text)} />
      {form.isFailed && <p role="alert" className={styles.fault}>{t('field.not_saved')}</p>}
      <BigButton type="submit" look="main" icon="check">{t('field.key.take_in')}</BigButton>
    </form>
  );
}
