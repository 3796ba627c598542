import { useEffect, useState } from 'react';
import { go } from '../shared/useQuery.ts';

const WAIT_MS = 300;

/** What is being typed into a search that lives in the address under `name`. */
export function useTyped(name: string, value: string): [string, (text: string) => void] {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => go({ [name]: text || null }, { replace: true }), WAIT_MS);
    return () => clearTimeout(timer);
  }, [name, text, value]);
  return [text, setText];
}
