import { useSyncExternalStore } from 'react';
import { api } from '../../shared/api.ts';
import { ApiError } from '../../shared/problem.ts';
import type { Counts } from './types.ts';

const EVERY_MS = 30_000;

let counts: Counts | undefined;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** Asks now; whoever shows the counts hears of it when they are others than before. */
export async function refreshCounts(): Promise<void> {
  try {
    const now = await api<Counts>('GET', '/api/v1/sync/matters');
    if (JSON.stringify(now) === JSON.stringify(counts)) return;
    counts = now;
    for (const listener of listeners) listener();
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure; /* the next time, then: a badge is no place for a fault */
  }
}

function whenSeen(): void {
  if (document.visibilityState === 'visible') void refreshCounts();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    void refreshCounts();
    timer = setInterval(whenSeen, EVERY_MS);
    document.addEventListener('visibilitychange', whenSeen);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    document.removeEventListener('visibilitychange', whenSeen);
  };
}

/** How many matters wait: one question for all who show it, asked while the page is looked at. The same object until they change. */
export function useCounts(): Counts | undefined {
  return useSyncExternalStore(subscribe, () => counts);
}
