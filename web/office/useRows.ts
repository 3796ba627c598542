import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../shared/api.ts';
import { ApiError } from '../shared/problem.ts';
import type { CaseItem, List, TaskItem } from '../shared/types.ts';
import type { Row, ViewName } from './filters.ts';

const PAGE = 100;

export interface Rows {
  rows: Row[];
  hasMore: boolean;
  loading: boolean;
  error: ApiError | null;
  more(): void;
  reload(): void;
}

function toRow(item: CaseItem | TaskItem): Row {
  return 'assignee_id' in item ? { ...item, kind: 'task' } : { ...item, kind: 'case' };
}

async function read(path: string, count: number, signal: AbortSignal): Promise<{ rows: Row[]; next: string | null }> {
  const rows: Row[] = [];
  let next: string | null = null;
  do {
    const address: string = `${path}${path.includes('?') ? '&' : '?'}limit=${PAGE}${next ? `&after=${encodeURIComponent(next)}` : ''}`;
    const page: List<CaseItem | TaskItem> = await api<List<CaseItem | TaskItem>>('GET', address, undefined, { signal });
    rows.push(...page.items.map(toRow));
    next = page.next ?? null;
  } while (next && rows.length < count);
  return { rows, next };
}

/** The list's rows, page by page; a reload keeps as many as were shown. */
export function useRows(view: ViewName, path: string): Rows {
  const [held, setHeld] = useState<{ view: ViewName; path: string; rows: Row[]; next: string | null }>({ view, path: '', rows: [], next: null });
  const [wanted, setWanted] = useState(PAGE);
  const [round, setRound] = useState(0);
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<ApiError | null>(null);
  const shownPath = useRef(path);

  if (shownPath.current !== path) {
    shownPath.current = path;
    if (wanted !== PAGE) setWanted(PAGE);
  }

  useEffect(() => {
    const stop = new AbortController();
    setLoading(true);
    read(path, wanted, stop.signal)
      .then((found) => {
        setHeld({ view, path, ...found });
        setError(null);
        setLoading(false);
      })
      .catch((failure: unknown) => {
        if (stop.signal.aborted) return;
        if (!(failure instanceof ApiError)) throw failure;
        setError(failure);
        setLoading(false);
      });
    return () => stop.abort();
  }, [view, path, wanted, round]);

  return {
    rows: held.view === view ? held.rows : [],
    hasMore: held.next !== null,
    loading,
    error,
    more: useCallback(() => setWanted((before) => before + PAGE), []),
    reload: useCallback(() => setRound((before) => before + 1), []),
  };
}
