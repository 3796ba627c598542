import { Badge } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import { useCounts } from './useCounts.ts';

/** How many matters of tablets wait for a person, in the menu. */
export function SyncBadge() {
  const { tn } = useTexts();
  const counts = useCounts();
  const sum = counts ? counts.conflicts + counts.quarantined : 0;
  if (sum === 0) return null;
  return (
    <>
      <Badge count={sum} maxCount={99} data-color="danger" data-size="sm" aria-hidden="true" />
      <span className="ds-sr-only">, {tn('sync.waiting', sum)}</span>
    </>
  );
}
