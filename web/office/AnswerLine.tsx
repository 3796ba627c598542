import { Tag } from '@digdir/designsystemet-react';
import type { Answer } from '../shared/types.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './AnswerLine.module.css';

/** One point of a checklist with what was answered. */
export function AnswerLine({ answer }: { answer: Answer }) {
  const { t, language } = useTexts();
  const text = (language === 'nn' ? answer.text_nn : language === 'en' ? answer.text_en : answer.text_nb) ?? answer.text_nb ?? '';
  const showsValue = answer.value !== null && answer.kind !== 'check';
  return (
    <li className={styles.answer}>
      <span className={styles.text}>{text}</span>
      {showsValue && <strong>{answer.value}{answer.unit ? ` ${answer.unit}` : ''}</strong>}
      {answer.is_ok !== null && (
        <Tag data-size="sm" data-color={answer.is_ok ? 'success' : 'danger'}>{answer.is_ok ? t('answer.ok') : t('answer.deviation')}</Tag>
      )}
      {answer.note && <span className={styles.note}>{answer.note}</span>}
    </li>
  );
}
