import { useCallback, useState } from 'react';
import { api } from '../shared/api.ts';
import { ApiError } from '../shared/problem.ts';

export interface Sender {
  sending: boolean;
  error: ApiError | null;
  /** Sends; the answer, or undefined when it failed and `error` says why. */
  send<T>(method: 'POST' | 'PATCH', path: string, body?: unknown): Promise<T | undefined>;
}

/** One thing a form sends, with what the server thinks of it. */
export function useSend(): Sender {
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const send = useCallback(async <T,>(method: 'POST' | 'PATCH', path: string, body?: unknown): Promise<T | undefined> => {
    setSending(true);
    setError(null);
    try {
      return await api<T>(method, path, body);
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      setError(failure);
      return undefined;
    } finally {
      setSending(false);
    }
  }, []);
  return { sending, error, send };
}
