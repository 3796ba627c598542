import { useNow } from '../app/useNow.ts';
import { useStored } from '../app/useStored.ts';
import { leaseOf, type LeaseState } from '../sync/lease.ts';

/** How long the tablet has gone unheard, as of this minute. */
export function useLease(): { state: LeaseState; locks_in_s: number } | undefined {
  const now = useNow();
  return useStored(['meta'], (tx) => leaseOf(tx, now), String(now.getTime()));
}
