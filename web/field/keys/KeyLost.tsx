import { useTexts } from '../../shared/useTexts.ts';
import { dayOf } from '../logic/today.ts';
import styles from '../ui/Form.module.css';
import { Question } from '../ui/Question.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import { lostChange, type KeyFound } from './keys.ts';

interface Props {
  found: KeyFound;
  title: string;
  onDone(): void;
}

/** Tells the office that a key is lost; it decides about locks and money. */
export function KeyLost({ found, title, onDone }: Props) {
  const { t } = useTexts();
  const form = useForm(`key-lost:${found.key.id}`);

  if (!form) return null;
  async function save(): Promise<void> {
    const change = lostChange(found, title, form!.text('note'), dayOf(new Date().toISOString()));
    if (await form!.save([change], t('field.saved', { what: title }))) onDone();
  }

  return (
    <Question no={t('field.cancel')} yes={t('keys.lost_do')} onNo={onDone} onYes={() => void save()}>
      <p><strong>{t('field.key.lost_what')}</strong></p>
      <TextInput label={t('field.key.lost_how')} rows={2} maxLength={4000} value={form.text('note')} onChange={(text) => form.set('note', text)} />
      {form.isFailed && <p role="alert" className={styles.fault}>{t('field.not_saved')}</p>}
    </Question>
  );
}
