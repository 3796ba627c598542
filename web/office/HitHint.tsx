import { useTexts } from '../shared/useTexts.ts';
import { Marked } from './Marked.tsx';
import type { Found } from './searchTypes.ts';

export const tellsMore = (hit: Found): boolean => Boolean(hit.subtitle ?? hit.former ?? hit.tbl);

/** What more is told of what the command box found: what it was called when that is why it was found, and what of the keys it is. */
export function HitHint({ hit, words }: { hit: Found; words: string }) {
  const { t } = useTexts();
  const parts = [hit.tbl && t(`command.key.${hit.tbl}`), hit.subtitle, hit.former && t('command.former', { name: hit.former })].filter(Boolean);
  return <Marked text={parts.join(' · ')} words={words} />;
}
