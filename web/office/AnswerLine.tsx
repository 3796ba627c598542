import { Tag } from '@digdir/designsystemet-react';
import type { Answer, ChecklistItem } from '../shared/types.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './AnswerLine.module.css';

interface Props {
  item: ChecklistItem;
  /** The newest one; answers are only added. */
  answer: Answer | undefined;
}

/** One point of a checklist with what was answered. */
export function AnswerLine({ item, answer }: Props) {
  const { t, language } = useTexts();
  const text = (language === 'nn' ? item.text_nn : language === 'en' ? item.text_en : null) ?? item.text_nb;
  const showsValue = answer?.value !== null && item.kind !== 'check' && item.kind !== 'photo';
  return (
    <li className={styles.answer}>
      <span className={styles.text}>{text}</span>
      {!answer && <span className={styles.none}>{t('answer.none')}</span>}
      {answer && showsValue && <strong>{answer.value}{item.unit ? ` ${item.unit}` : ''}</strong>}
      {answer && answer.is_ok !== null && (
        <Tag data-size="sm" data-color={answer.is_ok ? 'success' : 'danger'}>{answer.is_ok ? t('answer.ok') : t('answer.deviation')}</Tag>
      )}
      {answer?.note && <span className={styles.note}>{answer.note}</span>}
    </li>
  );
}
