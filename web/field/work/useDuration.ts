import { useTexts } from '../../shared/useTexts.ts';

/** "1 t 15 min". */
export function useDuration(): (minutes: number) => string {
  const { t } = useTexts();

  return (minutes) => {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    const parts = [hours ? t('field.time.hours', { n: hours }) : '', rest || !hours ? t('field.time.minutes', { n: rest }) : ''];
    return parts.filter(Boolean).join(' ');
  };
}
