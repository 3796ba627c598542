import { useEffect, useState } from 'react';
import { api, query } from '../shared/api.ts';
import { ApiError } from '../shared/problem.ts';
import type { SearchAnswer } from './searchTypes.ts';

const WAIT_MS = 120;
const EACH = 4;

export interface Searched {
  /** The words that `answer` or `error` is about. */
  words: string;
  answer?: SearchAnswer;
  error?: ApiError;
}

/** Asks while people type: when they pause, and never two questions at once. The last answer stays until the next has come. */
export function useSearch(text: string): Searched & { isAsking: boolean } {
  const words = text.trim();
  const [searched, setSearched] = useState<Searched>({ words: '' });

  useEffect(() => {
    if (!words) {
      setSearched({ words: '' });
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api<SearchAnswer>('GET', `/api/v1/search${query({ q: words, limit: EACH })}`, undefined, { signal: stop.signal })
        .then((answer) => setSearched({ words, answer }))
        .catch((error: unknown) => {
          if (stop.signal.aborted) return;
          if (!(error instanceof ApiError)) throw error;
          setSearched({ words, error });
        });
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [words]);

  return { ...searched, isAsking: words !== searched.words };
}
