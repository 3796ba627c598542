import { useTexts } from '../../shared/useTexts.ts';
import type { Outcome } from './types.ts';
import { useWords } from './words.ts';

/** What became of what was applied again, in words, whatever it was. */
export function useOutcome(): (results: Outcome[]) => string {
  const { t, tn } = useTexts();
  const words = useWords();
  return (results) => {
    const refused = results.filter((each) => each.state === 'quarantined');
    if (results.length === 0) return t('sync.said_known');
    if (refused.length === 0) return tn('sync.said_applied', results.length);
    return tn('sync.said_refused', refused.length, { reason: words.reason(refused[0]!.reason ?? null) });
  };
}
