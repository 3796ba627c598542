import { formatDay, formatTime } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import detail from '../Detail.module.css';
import styles from './KeyDetail.module.css';
import type { Loan } from './types.ts';

/** One time a key was out: to whom, signed how, and how it ended. */
export function LoanCard({ loan }: { loan: Loan }) {
  const { t, language } = useTexts();
  const signature = loan.out_signature;
  return (
    <li className={styles.loan}>
      <strong>{loan.holder_name ?? t('keys.hidden_person')}</strong>
      <span>
        {t('keys.loan_out', { at: formatTime(loan.out_at, language), by: loan.out_by_name ?? '–' })}
        {loan.due_on && `, ${t('keys.due', { day: formatDay(loan.due_on, language) })}`}
      </span>
      {signature && <img className={styles.signature} src={`/api/v1/files/${signature}`} alt={t('keys.signature_of', { name: loan.holder_name ?? '' })} />}
      {loan.out_name && <span className={detail.subtle}>{t('keys.signed_by', { name: loan.out_name })}</span>}
      {loan.out_note && <span className={detail.subtle}>{loan.out_note}</span>}
      {loan.lost_at && <span>{t('keys.loan_lost', { at: formatTime(loan.lost_at, language) })} {loan.lost_note}</span>}
      {loan.in_at && <span>{t('keys.loan_in', { at: formatTime(loan.in_at, language), by: loan.in_by_name ?? '–' })} {loan.in_note}</span>}
    </li>
  );
}
