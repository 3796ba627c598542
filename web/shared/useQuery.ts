import { useCallback, useSyncExternalStore } from 'react';

/* A page's views and filters live in the address, so that each can be shared and the back button works. */

const CHANGED = 'fdvu:query';

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener(CHANGED, changed);
  };
}

export type QueryPatch = Record<string, string | null>;

/** The address with a patch applied; null and '' take a name away. */
export function patched(search: string, patch: QueryPatch): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(patch)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

export function go(patch: QueryPatch, options: { replace?: boolean; fresh?: boolean } = {}): void {
  const address = location.pathname + patched(options.fresh ? '' : location.search, patch);
  if (options.replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  window.dispatchEvent(new Event(CHANGED));
}

export function useQuery(): URLSearchParams {
  const search = useSyncExternalStore(subscribe, useCallback(() => location.search, []));
  return new URLSearchParams(search);
}
