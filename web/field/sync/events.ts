// Hints from the server that something of this tablet's has changed: docs/sync-protocol.md, «Hints».
// They carry no data and may be lost; what has changed a pull brings, and polling goes on beside them.

import { Offline, stopOf, type Reply } from './api.ts';

export interface HintsOptions {
  /** Opens the stream of events and stays until it ends; calls with the name of each event. */
  open(onEvent: (name: string) => void, signal: AbortSignal): Promise<Reply>;
  /** Something may have changed. */
  onHint(): void;
  /** The stream began, or is no more. */
  onAlive?(isAlive: boolean): void;
  random?: () => number;
}

const FIRST_WAIT_S = 1;
const MAX_WAIT_S = 300;
/** The server says something every 20 seconds: after this, the line is dead and nobody told us. */
const SILENCE_MS = 50_000;

/** Listens while it is started; after a break it listens again, each time later. */
export class Hints {
  readonly #options: HintsOptions;
  #stop: AbortController | null = null;
  isAlive = false;

  constructor(options: HintsOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stop) return;
    this.#stop = new AbortController();
    void this.#listen(this.#stop);
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
  }

  async #listen(stop: AbortController): Promise<void> {
    for (let failures = 0; !stop.signal.aborted; ) {
      const { reply, wasHeard } = await this.#once(stop.signal);
      if (stop.signal.aborted) return;
      failures = wasHeard ? 0 : failures + 1;
      if (reply && isFinal(reply)) {
        // Why, the next pull says too, and does what is to be done. A later start tries again.
        if (this.#stop === stop) this.#stop = null;
        if (reply.status !== 404) this.#options.onHint();
        return;
      }
      await pause(waitOf(reply, failures, this.#options.random ?? Math.random) * 1000, stop.signal);
    }
  }

  /** One stream, from its beginning to its end. */
  async #once(outer: AbortSignal): Promise<{ reply: Reply | null; wasHeard: boolean }> {
    const line = new AbortController();
    const end = (): void => line.abort();
    let silence = setTimeout(end, SILENCE_MS);
    let wasHeard = false;

    outer.addEventListener('abort', end);
    try {
      const reply = await this.#options.open((name) => {
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MS);
        if (line.signal.aborted) return;
        if (!wasHeard) this.#tell(true);
        wasHeard = true;
        if (name !== 'ping') this.#options.onHint();
      }, line.signal);
      return { reply, wasHeard };
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
      return { reply: null, wasHeard };
    } finally {
      clearTimeout(silence);
      outer.removeEventListener('abort', end);
      if (wasHeard) this.#tell(false);
    }
  }

  #tell(isAlive: boolean): void {
    this.isAlive = isAlive;
    this.#options.onAlive?.(isAlive);
  }
}

/** The tablet may not listen, or the server knows no streams. */
function isFinal(reply: Reply): boolean {
  return reply.status === 404 || ['revoked', 'forbidden', 'unknown_device', 'signed_out', 'too_old'].includes(stopOf(reply)?.why ?? '');
}

/** At least what the server asks for; not all tablets at once. */
function waitOf(reply: Reply | null, failures: number, random: () => number): number {
  const own_s = Math.min(MAX_WAIT_S, FIRST_WAIT_S * 2 ** failures) * (0.5 + random() / 2);
  return Math.max(own_s, reply?.retry_after_s ?? 0);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

/** Reads an event stream (WHATWG HTML section 9.2) to its end; calls with the name of each event. */
export async function readEvents(stream: ReadableStream<Uint8Array>, onEvent: (name: string) => void): Promise<void> {
  const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let text = '';

  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) onEvent(/^event: (.*)$/m.exec(event)?.[1] ?? 'message');
  }
}
