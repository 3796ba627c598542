import { formatMoney, formatNumber } from '../shared/format.ts';
import type { Lease } from '../shared/types.ts';
import { TimeText } from '../shared/ui/TimeText.tsx';
import { useTexts } from '../shared/useTexts.ts';
import styles from './HomeCard.module.css';

export function HomeCard({ lease }: { lease: Lease }) {
  const { t, tn, language } = useTexts();
  return (
    <div className={styles.card}>
      <strong className={styles.address}>{lease.label}</strong>
      <dl className={styles.facts}>
        <div><dt>{t('lease.rent')}</dt><dd>{t('lease.per_month', { amount: formatMoney(lease.rent_ore, language) })}</dd></div>
        <div><dt>{t('lease.number')}</dt><dd>{lease.number}</dd></div>
        <div><dt>{t('lease.since')}</dt><dd><TimeText at={lease.starts_on} day /></dd></div>
        {lease.rooms !== null && <div><dt>{t('lease.size')}</dt><dd>{tn('lease.rooms', lease.rooms)}{lease.area_m2 !== null && `, ${formatNumber(lease.area_m2, language)} m²`}</dd></div>}
        {lease.deposit_ore !== null && <div><dt>{t('lease.deposit')}</dt><dd>{formatMoney(lease.deposit_ore, language)}</dd></div>}
        {lease.kid && <div><dt>{t('lease.kid')}</dt><dd>{lease.kid}</dd></div>}
        {lease.notice_months !== null && <div><dt>{t('lease.notice')}</dt><dd>{tn('lease.months', lease.notice_months)}</dd></div>}
        {lease.regulated_on && <div><dt>{t('lease.regulated')}</dt><dd><TimeText at={lease.regulated_on} day /></dd></div>}
        {lease.ends_on && <div><dt>{t('lease.until')}</dt><dd><TimeText at={lease.ends_on} day /></dd></div>}
      </dl>
    </div>
  );
}
