// Hints from the server that something of this tablet's has changed: docs/sync-protocol.md, «Hints».
// They carry no data and may be lost; what has changed a pull brings, and polling goes on beside them.

import { Offline, stopOf, type Reply } from './api.ts';

export interface HintsOptions {
  /** Opens the stream of events and stays until it ends; calls with the name of each event. */
  open(onEvent: (name: string) => void, signal: AbortSignal): Promise<Reply>;
  /** Asks once, and stays until something has changed or a while is over: for where no stream comes through. */
  wait(signal: AbortSignal): Promise<Reply>;
  /** Something may have changed. Resolves when that is fetched, with false when it could not be. */
  onHint(): Promise<boolean>;
  /** Hints come, or no more. */
  onAlive?(isAlive: boolean): void;
  greeting_ms?: number;
  random?: () => number;
}

const FIRST_WAIT_S = 1;
const MAX_WAIT_S = 300;
/** The server says something every 20 seconds, or answers within 40: after this, the line is dead and nobody told us. */
const SILENCE_MS = 50_000;
/** The server greets at once. Without it, a proxy keeps the stream to itself until it ends. */
const GREETING_MS = 10_000;

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
    let isMute = false;

    for (let failures = 0; !stop.signal.aborted; ) {
      const { reply, wasHeard, ...line } = isMute ? await this.#ask(stop.signal) : await this.#once(stop.signal);
      if (stop.signal.aborted) break;
      failures = wasHeard ? 0 : failures + 1;
      isMute = line.isMute;
      if (!wasHeard) this.#tell(false);
      if (reply && isFinal(reply)) {
        // Why, the next pull says too, and does what is to be done. A later start tries again.
        if (this.#stop === stop) this.#stop = null;
        if (reply.status !== 404) void this.#options.onHint();
        return;
      }
      await pause(waitOf(reply, failures, this.#options.random ?? Math.random) * 1000, stop.signal);
    }
    this.#tell(false);
  }

  /** One stream, from its beginning to its end. Mute: nothing came of it. */
  async #once(outer: AbortSignal): Promise<Line> {
    let wasHeard = false;

    const { reply, isSilent } = await within(outer, this.#options.greeting_ms ?? GREETING_MS, (signal, goesOn) =>
      this.#options.open((name) => {
        if (signal.aborted) return;
        goesOn(SILENCE_MS);
        this.#tell(true);
        wasHeard = true;
        if (name !== 'ping') void this.#options.onHint();
      }, signal),
    );
    this.#tell(false);
    return { reply, wasHeard, isMute: isSilent && !wasHeard };
  }

  /** One question. It is the next one too, unless no answer of ours came. */
  async #ask(outer: AbortSignal): Promise<Line> {
    const { reply } = await within(outer, SILENCE_MS, (signal) => this.#options.wait(signal));
    const buckets = (reply?.body as { buckets?: unknown } | null)?.buckets;

    if (outer.aborted || reply?.status !== 200 || !Array.isArray(buckets)) return { reply, wasHeard: false, isMute: false };
    this.#tell(true);
    return { reply, wasHeard: !buckets.length || (await this.#options.onHint()), isMute: true };
  }

  #tell(isAlive: boolean): void {
    if (this.isAlive === isAlive) return;
    this.isAlive = isAlive;
    this.#options.onAlive?.(isAlive);
  }
}

/** What a line came to. */
interface Line {
  reply: Reply | null;
  wasHeard: boolean;
  isMute: boolean;
}

/** Runs a request and hangs up with `outer`, or after a silence; `goesOn`: something was heard, and that much silence is allowed now. */
async function within(
  outer: AbortSignal,
  silence_ms: number,
  request: (signal: AbortSignal, goesOn: (silence_ms: number) => void) => Promise<Reply>,
): Promise<{ reply: Reply | null; isSilent: boolean }> {
  const line = new AbortController();
  const end = (): void => line.abort();
  let timer = setTimeout(end, silence_ms);

  outer.addEventListener('abort', end);
  try {
    const reply = await request(line.signal, (next_ms) => {
      clearTimeout(timer);
      timer = setTimeout(end, next_ms);
    });
    return { reply, isSilent: false };
  } catch (error) {
    if (!(error instanceof Offline)) throw error;
    return { reply: null, isSilent: line.signal.aborted };
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', end);
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
