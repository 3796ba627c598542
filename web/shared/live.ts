/* What changes on the server, as it happens. A stream holds a thread there, so a browser has one: the tab that holds the lock
 * listens and tells the others. When it closes, another takes over. */

export interface Change {
  /** Table: "task", "cases", … */
  t: string;
  id: string;
}

export type LiveState = 'live' | 'waiting';
type Listener = (changes: Change[]) => void;
type Message = { changes: Change[] } | { state: LiveState };

const NAME = 'fdvu.live';
const RETRY_MS = [1_000, 2_000, 5_000, 15_000];

const listeners = new Set<Listener>();
const stateListeners = new Set<(state: LiveState) => void>();
let state: LiveState = 'waiting';
let started = false;

export function changesOf(data: string): Change[] {
  const body: unknown = JSON.parse(data);
  if (typeof body !== 'object' || body === null || !('items' in body) || !Array.isArray(body.items)) return [];
  return body.items.filter((item: unknown): item is Change => typeof item === 'object' && item !== null
    && 't' in item && typeof item.t === 'string' && 'id' in item && typeof item.id === 'string');
}

function receive(message: Message): void {
  if ('state' in message) {
    state = message.state;
    for (const listener of stateListeners) listener(state);
  } else {
    for (const listener of listeners) listener(message.changes);
  }
}

function listen(tell: (message: Message) => void): void {
  let failures = 0;
  const open = (): void => {
    const source = new EventSource('/api/v1/events');
    source.onopen = () => {
      /* what happened while the line was down is unknown: everybody reads again */
      if (failures > 0) tell({ changes: [{ t: '*', id: '' }] });
      failures = 0;
      tell({ state: 'live' });
    };
    source.addEventListener('change', (event) => tell({ changes: changesOf(event.data as string) }));
    source.addEventListener('reload', () => tell({ changes: [{ t: '*', id: '' }] }));
    source.onerror = () => {
      source.close();
      tell({ state: 'waiting' });
      setTimeout(open, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
    };
  };
  open();
}

function start(): void {
  started = true;
  const channel = new BroadcastChannel(NAME);
  channel.onmessage = (event: MessageEvent<Message | 'state?'>) => {
    if (event.data === 'state?') {
      if (state === 'live') channel.postMessage({ state });
    } else receive(event.data);
  };
  const tell = (message: Message): void => {
    receive(message);
    channel.postMessage(message);
  };
  if (!('locks' in navigator)) {
    listen(receive); /* no secure context: each tab for itself */
    return;
  }
  channel.postMessage('state?');
  void navigator.locks.request(NAME, () => {
    listen(tell);
    return new Promise<never>(() => {}); /* held until the tab goes */
  });
}

/** Calls back with each set of changes; `{ t: '*' }` means that anything may have changed. Returns what ends it. */
export function subscribeLive(listener: Listener): () => void {
  if (!started) start();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function subscribeLiveState(listener: (state: LiveState) => void): () => void {
  stateListeners.add(listener);
  listener(state);
  return () => stateListeners.delete(listener);
}
