import { useId } from 'react';
import type { Language } from '../../shared/i18n.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { GRADES } from '../grade/grade.ts';
import { numberFault, numberValue, type ItemAnswer } from '../logic/checklist.ts';
import type { Fields } from '../sync/types.ts';
import { Choice } from '../ui/Choice.tsx';
import { Icon } from '../ui/Icon.tsx';
import styles from './ChecklistItem.module.css';
import { NumberField } from './NumberField.tsx';

interface Props {
  item: Fields;
  answer: ItemAnswer;
  photos: number;
  isLocked: boolean;
  onAnswer(value: string | null, isOk: boolean | null): void;
}

/** One point of the checklist, answered with as few taps as its kind allows. */
export function ChecklistItem({ item, answer, photos, isLocked, onAnswer }: Props) {
  const { t, language } = useTexts();
  const id = useId();
  const text = textIn(item, language);

  return (
    <fieldset className={styles.item} disabled={isLocked} aria-describedby={`${id}-must`}>
      <legend className={styles.text}>
        {text} {item.is_required && <span id={`${id}-must`} className={styles.must}>{t('field.item.required')}</span>}
      </legend>
      {item.kind === 'check' && (
        <Choice
          label={text}
          value={answer.isOk === null ? '' : answer.isOk ? 'ok' : 'fault'}
          options={[['ok', t('field.item.ok')], ['fault', t('field.item.fault')]]}
          onChange={(value) => onAnswer(answer.value, value === 'ok')}
        />
      )}
      {item.kind === 'grade' && (
        <Choice label={text} value={answer.value ?? ''} options={GRADES.map((grade) => [grade, grade])} onChange={(value) => onAnswer(value, null)} />
      )}
      {item.kind === 'number' && (
        <NumberField
          value={answer.value}
          unit={String(item.unit ?? '')}
          label={text}
          faultOf={(written) => numberFault(item, written)}
          limits={{ min: String(item.min ?? ''), max: String(item.max ?? '') }}
          onChange={(written) => onAnswer(numberValue(written), null)}
        />
      )}
      {item.kind === 'text' && (
        <textarea className={styles.field} rows={2} aria-label={text} value={answer.value ?? ''} onChange={(event) => onAnswer(event.target.value || null, null)} />
      )}
      {item.kind === 'photo' && photos > 0 && (
        <p className={styles.photo}>
          <Icon name="check" /> {t('field.item.photo_there')}
        </p>
      )}
    </fieldset>
  );
}

export function textIn(item: Fields, language: Language): string {
  return String(item[`text_${language}`] ?? item.text_nb ?? '');
}
