import { useCallback, useState } from 'react';

/* What is typed survives a reload, a closed lid and a wrong link, for as long as the tab lives. */

const PREFIX = 'fdvu.draft.';

function read<T>(key: string): T | null {
  try {
    const text = sessionStorage.getItem(PREFIX + key);
    return text === null ? null : (JSON.parse(text) as T); /* only what write() put there */
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    /* storage full or shut off: the page itself still holds the text */
  }
}

/** State kept in sessionStorage under a key; forget() takes it away when it has been sent. */
export function useDraft<T>(key: string, first: () => T): [T, (change: (before: T) => T) => void, () => void] {
  const [held, setHeld] = useState<{ key: string; value: T }>(() => ({ key, value: read<T>(key) ?? first() }));
  if (held.key !== key) setHeld({ key, value: read<T>(key) ?? first() });

  const change = useCallback((make: (before: T) => T) => {
    setHeld((before) => {
      const value = make(before.value);
      write(before.key, value);
      return { key: before.key, value };
    });
  }, []);

  const forget = useCallback(() => {
    write(key, null);
    setHeld({ key, value: first() });
  }, [key, first]);

  return [held.value, change, forget];
}
