// The service worker of /field. Keeps the page's files whole, version by version, and photos that
// have been looked at. The server's data is not its business: that is the store's.

/** Filled in by the build (build/precache.ts): the files, and a name that changes with any of them. */
declare const __PRECACHE__: { version: string; files: string[] };

/** The part of ServiceWorkerGlobalScope used here; TypeScript's own clashes with the page's types. */
interface WorkerEvent extends Event {
  readonly request: Request;
  readonly data: unknown;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: 'install' | 'activate' | 'message' | 'fetch', listener: (event: WorkerEvent) => void): void;
}

const worker = self as unknown as Worker;

const { version, files } = __PRECACHE__;
const SHELL = `field-${version}`;
const PHOTOS = 'field-photos';
const MAX_PHOTOS = 300;
const PAGE = '/field';
const FILES = new Set(files);

worker.addEventListener('install', (event) => {
  event.waitUntil(install());
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(activate());
});

worker.addEventListener('message', (event) => {
  if (event.data === 'take_over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);

  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(fromShell(PAGE, request));
  else if (FILES.has(url.pathname)) event.respondWith(fromShell(url.pathname, request));
  else if (url.pathname.startsWith('/api/v1/files/')) event.respondWith(photo(request));
});

async function install(): Promise<void> {
  const shell = await caches.open(SHELL);
  await shell.addAll([...FILES].map((file) => new Request(file, { cache: 'no-cache' })));
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith('field-') && name !== SHELL && name !== PHOTOS) await caches.delete(name);
  await worker.clients.claim();
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const shell = await caches.open(SHELL);
  return (await shell.match(path)) ?? fetch(request);
}

/** Named by their content, so a kept one is never stale. */
async function photo(request: Request): Promise<Response> {
  const kept = await caches.open(PHOTOS);
  const found = await kept.match(request);
  if (found) return found;

  const answer = await fetch(request);
  if (answer.ok) {
    await kept.put(request, answer.clone());
    const all = await kept.keys();
    for (const old of all.slice(0, Math.max(0, all.length - MAX_PHOTOS))) await kept.delete(old);
  }
  return answer;
}
