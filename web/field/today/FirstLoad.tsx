import { formatNumber } from '../../shared/format.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { useSyncState } from '../app/useTablet.ts';

/** The first time: the buildings are on their way, and how far they have come. */
export function FirstLoad({ rows }: { rows: number }) {
  const { t, language } = useTexts();
  const { last, isBusy } = useSyncState();

  if (!isBusy && last && last.why !== 'done') return <p role="alert">{t('field.today.first_load_failed')}</p>;
  return <p role="status">{t('field.today.first_load', { rows: formatNumber(rows, language) })}</p>;
}
