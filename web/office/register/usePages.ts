import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ApiError } from '../../shared/problem.ts';
import type { List } from '../../shared/types.ts';
import { useLive } from '../../shared/useLive.ts';
import { useRegister } from './context.ts';

export interface Pages<T> {
  rows: T[];
  hasMore: boolean;
  loading: boolean;
  error: ApiError | null;
  more(): void;
  reload(): void;
}

/** A list page by page; a reload keeps as many rows as were shown. `tables`: whose changes concern it. */
export function usePages<T>(path: string, limit: number, tables: string[]): Pages<T> {
  const { round } = useRegister();
  const [held, setHeld] = useState<{ path: string; rows: T[]; next: string | null }>({ path: '', rows: [], next: null });
  const [wanted, setWanted] = useState(limit);
  const [again, setAgain] = useState(0);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<ApiError | null>(null);
  const askedPath = useRef(path);

  if (askedPath.current !== path) {
    askedPath.current = path;
    if (wanted !== limit) setWanted(limit);
  }

  useEffect(() => {
    const stop = new AbortController();
    async function read(): Promise<void> {
      const rows: T[] = [];
      let next: string | null = null;
      do {
        const address: string = `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${next ? `&after=${encodeURIComponent(next)}` : ''}`;
        const page: List<T> = await api<List<T>>('GET', address, undefined, { signal: stop.signal });
        rows.push(...page.items);
        next = page.next ?? null;
      } while (next && rows.length < wanted);
      setHeld({ path, rows, next });
      setError(null);
      setLoading(false);
    }
    setLoading(true);
    read().catch((failure: unknown) => {
      if (stop.signal.aborted) return;
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
      setLoading(false);
    });
    return () => stop.abort();
  }, [path, limit, wanted, again, round]);

  const reload = useCallback(() => setAgain((before) => before + 1), []);
  useLive((change) => tables.includes(change.t), reload);
  const isOurs = held.path === path;
  return {
    rows: isOurs ? held.rows : [],
    hasMore: isOurs && held.next !== null,
    loading,
    error,
    more: useCallback(() => setWanted((before) => before + limit), [limit]),
    reload,
  };
}
