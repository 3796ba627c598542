import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiOptions, api } from './api.ts';
import { ApiError } from './problem.ts';

export interface Loaded<T> {
  /** The last good answer; stays while a newer one is fetched. */
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload(): void;
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}

/** Reads a path, again when the path changes or on reload(). A null path reads nothing. */
export function useApi<T>(path: string | null, options: Pick<ApiOptions, 'anonymous'> = {}): Loaded<T> {
  const { anonymous = false } = options;
  const [round, setRound] = useState(0);
  const [held, setHeld] = useState<{ path: string | null; data?: T; error?: ApiError }>({ path: null });
  const [loading, setLoading] = useState(path !== null);
  const newest = useRef(0);

  useEffect(() => {
    if (path === null) return;
    const mine = ++newest.current;
    const stop = new AbortController();
    setLoading(true);
    api<T>('GET', path, undefined, { signal: stop.signal, anonymous })
      .then((data) => mine === newest.current && setHeld({ path, data }))
      .catch((error: unknown) => {
        if (stop.signal.aborted || mine !== newest.current) return;
        const failure = asApiError(error);
        setHeld((before) => ({ path, data: before.path === path ? before.data : undefined, error: failure }));
      })
      .finally(() => mine === newest.current && setLoading(false));
    return () => stop.abort();
  }, [path, round, anonymous]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  const isOurs = path !== null && held.path === path;
  return {
    data: isOurs ? held.data : undefined,
    error: isOurs ? held.error : undefined,
    loading: path !== null && (loading || held.path !== path),
    reload,
  };
}
