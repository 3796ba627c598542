import { Heading } from '@digdir/designsystemet-react';
import { TimeText } from '../../shared/ui/TimeText.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './RowTable.module.css';
import type { Condition, Grade } from './types.ts';

interface Props {
  conditions: Condition[];
  /** The grade as it is now. */
  grade: Grade | null;
}

/** The condition of a component as it was found each time (NS 3424), the newest first. */
export function ConditionList({ conditions, grade }: Props) {
  const { t } = useTexts();
  return (
    <section aria-labelledby="conditions-title">
      <Heading level={3} data-size="2xs" id="conditions-title">{t('reg.conditions')}</Heading>
      <p>{grade ? t(`reg.grade.${grade}`) : t('reg.no_condition')}</p>
      {conditions.length > 0 && (
        <ul className={styles.lines}>
          {conditions.map((each) => (
            <li key={each.noted_at} className={styles.line}>
              <span className={styles.main}>{t(`reg.grade.${each.grade}`)}{each.consequence !== null && ` · ${t('reg.consequence', { n: each.consequence })}`}</span>
              <span className={styles.subtle}>{each.noted_by_name} <TimeText at={each.noted_at} day /></span>
              {(each.cause || each.note) && <span className={styles.note}>{[each.cause, each.note].filter(Boolean).join('. ')}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
