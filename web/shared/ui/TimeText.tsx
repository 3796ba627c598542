import { formatDay, formatFull, formatTime } from '../format.ts';
import { useTexts } from '../useTexts.ts';

/** "i går 14.10", with the whole date on hover; `day` leaves the clock out. */
export function TimeText({ at, day = false }: { at: string; day?: boolean }) {
  const { language } = useTexts();
  const short = day || at.length === 10 ? formatDay(at, language) : formatTime(at, language);
  return <time dateTime={at} title={formatFull(at, language)}>{short}</time>;
}
