import { useEffect, useRef } from 'react';
import { type Change, subscribeLive } from './live.ts';

const GATHER_MS = 150;

/** Calls `changed` soon after the server says that something `concerns`; a burst counts as one. */
export function useLive(concerns: (change: Change) => boolean, changed: () => void, on = true): void {
  const latest = useRef({ concerns, changed });
  latest.current = { concerns, changed };

  useEffect(() => {
    if (!on) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = subscribeLive((changes) => {
      if (timer !== undefined || !changes.some((change) => change.t === '*' || latest.current.concerns(change))) return;
      timer = setTimeout(() => {
        timer = undefined;
        latest.current.changed();
      }, GATHER_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [on]);
}
