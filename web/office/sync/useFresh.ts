import { useEffect, useRef } from 'react';
import { useCounts } from './useCounts.ts';

/** Reads a list again when the counts say that something has come or gone. */
export function useFresh(reload: () => void): void {
  const counts = useCounts();
  const seen = useRef(counts);
  useEffect(() => {
    if (seen.current && seen.current !== counts) reload();
    seen.current = counts;
  }, [counts, reload]);
}
