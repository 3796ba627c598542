let waiting: ServiceWorker | null = null;
const listeners = new Set<() => void>();

/** Registers the worker that makes /field start without a network, and notices a new version of it. */
export function watchServiceWorker(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  let isControlled = navigator.serviceWorker.controller !== null;

  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (isControlled) location.reload(); // a new version; the first one takes over without that
    isControlled = true;
  });
  void navigator.serviceWorker.register('/sw.js', { scope: '/field' }).then(watch, () => undefined);
}

function watch(registration: ServiceWorkerRegistration): void {
  tellOf(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing;
    coming?.addEventListener('statechange', () => {
      if (coming.state === 'installed' && navigator.serviceWorker.controller) tellOf(coming);
    });
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && navigator.onLine) void registration.update().catch(() => undefined);
  });
}

function tellOf(worker: ServiceWorker | null): void {
  waiting = worker;
  for (const listener of listeners) listener();
}

export function onNewVersion(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function isNewVersion(): boolean {
  return waiting !== null;
}

/** Takes the new version; the page is loaded again when it has taken over. Drafts are in the store. */
export function takeNewVersion(): void {
  waiting?.postMessage('take_over');
}
