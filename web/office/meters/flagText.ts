import { formatDay, formatNumber } from '../../shared/format.ts';
import type { Texts } from '../../shared/i18n.ts';
import type { Flag, FlagFacts } from './types.ts';

/** Why a reading is implausible, with the figures behind it. */
export function flagText({ t, language }: Texts, flag: Flag, facts: FlagFacts, unit: string): string {
  const number = (value: number | undefined): string => (value === undefined ? '–' : formatNumber(value, language));
  if (flag === 'too_high' && facts.per_day !== undefined && facts.normal_per_day)
    return t(facts.normal_from === 'median' ? 'meters.flag.too_high_median' : 'meters.flag.too_high_season', {
      times: formatNumber(Math.round((facts.per_day / facts.normal_per_day) * 10) / 10, language),
      per_day: number(facts.per_day),
      normal: number(facts.normal_per_day),
      unit,
    });
  if (flag === 'negative_step' && facts.next !== undefined)
    return t('meters.flag.above_next', { next: number(facts.next), day: facts.next_at ? formatDay(facts.next_at, language) : '' });
  if (flag === 'negative_step')
    return t('meters.flag.below_previous', { previous: number(facts.previous), day: facts.previous_at ? formatDay(facts.previous_at, language) : '' });
  return t(`meters.flag.${flag}`);
}
