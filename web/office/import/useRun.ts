import { useCallback, useEffect, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ApiError } from '../../shared/problem.ts';
import { type Run, hasEnded } from './types.ts';

const POLL_MS = 2_000;

export interface RunHandle {
  run: Run | undefined;
  error: ApiError | undefined;
  reload(): void;
}

/** A run as it goes on: told by the server's stream, or asked for where no stream comes through. */
export function useRun(id: string): RunHandle {
  const [run, setRun] = useState<Run>();
  const [error, setError] = useState<ApiError>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let source: EventSource | undefined;
    let isGone = false;

    async function ask(): Promise<void> {
      try {
        const now = await api<Run>('GET', `/api/v1/imports/${id}`);
        if (isGone) return;
        setRun(now);
        setError(undefined);
        if (hasEnded(now.state)) return;
      } catch (failure) {
        if (!(failure instanceof ApiError)) throw failure;
        if (isGone) return;
        setError(failure);
        if (!failure.isOffline && failure.status !== 503) return;
      }
      if (source) timer = setTimeout(() => void ask(), POLL_MS);
      else follow();
    }

    function follow(): void {
      source = new EventSource(`/api/v1/imports/${id}/events`);
      source.addEventListener('run', (event) => {
        const now = JSON.parse(event.data as string) as Run;
        setRun(now);
        setError(undefined);
        if (hasEnded(now.state)) source?.close();
      });
      source.onerror = () => {
        source?.close();
        timer = setTimeout(() => void ask(), POLL_MS);
      };
    }

    void ask();
    return () => {
      isGone = true;
      clearTimeout(timer);
      source?.close();
    };
  }, [id, round]);

  return { run: run?.id === id || run?.batch_id === id ? run : undefined, error, reload: useCallback(() => setRound((n) => n + 1), []) };
}
