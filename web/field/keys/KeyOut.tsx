import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { useWho } from '../app/useTablet.ts';
import { addDays, dayOf } from '../logic/today.ts';
import { pictureOf } from '../sign/picture.ts';
import { SignatureField } from '../sign/SignatureField.tsx';
import { strokesOf, textOfStrokes } from '../sign/strokes.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { Choice } from '../ui/Choice.tsx';
import styles from '../ui/Form.module.css';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import { outChanges, type KeyFound } from './keys.ts';

const DAYS = [0, 1, 7] as const;

interface Props {
  found: KeyFound;
  name: string;
}

/**
 * Hands a key out: to me with one tap, or to somebody else who signs. The tablet is told of no other
 * people, so the loan is booked on me with the other's name, until the office books it on them.
 */
export function KeyOut({ found, name }: Props) {
  const { t } = useTexts();
  const me = useWho();
  const form = useForm(`key-out:${found.key.id}`);
  const [isLacking, setLacking] = useState(false);

  if (!form) return null;
  const today = dayOf(new Date().toISOString());
  const isOther = form.text('who') === 'other';
  const other = form.text('name');
  const due = form.text('due');
  const isPast = due !== '' && due < today;

  async function save(): Promise<void> {
    setLacking(isOther && !other.trim());
    if (isPast || (isOther && !other.trim())) return;
    const picture = isOther ? await pictureOf(strokesOf(form!.text('strokes'))) : null;
    const note = [isOther ? t('field.key.given_to', { name: other.trim() }) : '', form!.text('note').trim()].filter(Boolean).join(' ');
    const out = { holder_id: me.person_id, name: isOther ? other : me.name, due_on: due || null, note, picture };
    await form!.save(outChanges(found, out, t('keys.key_name', { name }), new Date()), t('field.key.saved_out', { name }), { photos: picture ? [picture] : [] });
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>{t('field.key.who')}</h2>
      <Choice label={t('field.key.who')} value={isOther ? 'other' : 'me'} options={[['me', t('field.key.me')], ['other', t('field.key.other')]]} onChange={(value) => form.set('who', value)} />
      {isOther && (
        <>
          <p>{t('field.key.booked')}</p>
          <SignatureField
            label={t('field.key.name')}
            name={other}
            onName={(text) => form.set('name', text)}
            strokes={strokesOf(form.text('strokes'))}
            onStrokes={(strokes) => form.set('strokes', textOfStrokes(strokes))}
            fault={isLacking && !other.trim() ? t('field.key.say_who') : null}
          />
        </>
      )}
      <TextInput label={t('field.key.due')} type="date" value={due} fault={isPast ? t('field.key.past') : null} onChange={(text) => form.set('due', text)} />
      <div className={styles.tools}>
        {DAYS.map((days) => (
          <BigButton key={days} aria-pressed={due === addDays(today, days)} onClick={() => form.set('due', addDays(today, days))}>{t(`field.key.due.${days}`)}</BigButton>
        ))}
      </div>
      <TextInput label={t('field.note')} rows={2} maxLength={3500} value={form.text('note')} onChange={(text) => form.set('note', text)} />
      {form.isFailed && <p role="alert" className={styles.fault}>{t('field.not_saved')}</p>}
      <BigButton type="submit" look="main" icon="check">{t('field.key.hand_out')}</BigButton>
    </form>
  );
}
