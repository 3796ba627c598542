import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../shared/api.ts';
import { ApiError } from '../shared/problem.ts';
import type { List } from '../shared/types.ts';

export interface Listed<T> {
  items: T[];
  loading: boolean;
  error: ApiError | undefined;
  hasMore: boolean;
  more(): void;
  reload(): void;
}

/** A list by pages; `path` has its filters, this adds `after`. */
export function useList<T>(path: string): Listed<T> {
  const [held, setHeld] = useState<{ path: string; items: T[]; next: string | null }>({ path: '', items: [], next: null });
  const [error, setError] = useState<ApiError>();
  const [loading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const newest = useRef(0);

  const read = useCallback(async (after: string | null, before: T[]): Promise<void> => {
    const mine = ++newest.current;
    setLoading(true);
    setError(undefined);
    try {
      const page = await api<List<T>>('GET', after ? `${path}${path.includes('?') ? '&' : '?'}after=${after}` : path);
      if (mine === newest.current) setHeld({ path, items: [...before, ...page.items], next: page.next ?? null });
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      if (mine === newest.current) setError(failure);
    } finally {
      if (mine === newest.current) setLoading(false);
    }
  }, [path]);

  useEffect(() => void read(null, []), [read, round]);

  const isOurs = held.path === path;
  return {
    items: isOurs ? held.items : [],
    loading: loading || !isOurs,
    error,
    hasMore: isOurs && held.next !== null,
    more: () => void read(held.next, held.items),
    reload: useCallback(() => setRound((n) => n + 1), []),
  };
}
