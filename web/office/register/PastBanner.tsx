import { Alert, Button } from '@digdir/designsystemet-react';
import { formatDate } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './PastBanner.module.css';
import { showDay } from './address.ts';

/** Says that what is shown is how it was, and leads back to now. */
export function PastBanner({ at }: { at: string }) {
  const { t, language } = useTexts();
  return (
    <Alert data-color="info" data-size="sm">
      <div className={styles.line}>
        <span><strong>{t('reg.as_it_was', { day: formatDate(at, language) })}</strong> {t('reg.read_only')}</span>
        <Button data-size="sm" variant="secondary" onClick={() => showDay(null)}>{t('reg.back_to_now')}</Button>
      </div>
    </Alert>
  );
}
