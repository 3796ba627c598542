import { useSyncExternalStore } from 'react';

/** The screen is in the address after #, so that it can be shared and going back works offline. */
export interface Route {
  screen: string;
  id: string;
  params: URLSearchParams;
}

export function routeOf(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const [screen = '', id = ''] = path.split('/');
  return { screen, id: decodeURIComponent(id), params: new URLSearchParams(search) };
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(onHash, () => location.hash);
  return routeOf(hash);
}

export function goTo(hash: string): void {
  location.hash = hash;
}

/** Back to where one came from, or to the list when the app was opened here. */
export function goBack(): void {
  if (history.length > 1) history.back();
  else goTo('#/');
}

function onHash(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
