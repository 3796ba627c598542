// The way between a tablet and the servers, and what happens on it. Each request goes to a server
// of its own; which one, and what befalls it, the dice say.
import { Offline, Device, uploader, type FilePart, type Reply, type SyncApi } from './core.ts';
import type { Dice } from './dice.ts';
import { UploadWay } from './uploads.ts';
import type { World } from './world.ts';

const waitMs = 20_000;
const partBytes = 4096; // a small file in a few parts

/** Signs what a tablet that is revoked hands over, and opens the queue of who is away. */
type Signer = Pick<InstanceType<typeof Device>, 'signed' | 'forOther'>;

export type Fault =
  | 'lost' // never sent
  | 'unanswered' // done, and the answer is lost
  | 'torn answer' // cut at some byte
  | 'torn request' // cut at some byte
  | 'twice' // one after the other
  | 'two ways' // to two processes at once
  | 'late' // given up, and arrives after newer ones
  | 'storm' // refused on the way
  | 'portal'; // somebody else answers, with 200 and a page of theirs

const faults: Fault[] = ['lost', 'unanswered', 'torn answer', 'torn request', 'twice', 'two ways', 'late', 'storm', 'portal'];
const partFaults = ['lost', 'torn answer', 'storm', 'portal', 'other file'];
const storms = [500, 503, 429, 413, 502];

export class Network {
  readonly #world: World;
  readonly #dice: Dice;
  /** One request in so many meets a fault; 0: none does. */
  rate = 4;
  /** Which the app speaks. */
  schema: number;
  readonly way: UploadWay;
  #endpoint = '';
  /** Requests that were given up and are still on their way. */
  #late: (() => Promise<unknown>)[] = [];
  /** Answered pulls: when they were asked. */
  pulls: { askedAt: number; rows: number }[] = [];
  /** How many requests there were, and how long they took. */
  requests = 0;
  waitedMs = 0;
  /** How many parts of snapshot files came. */
  files = 0;
  /** What happened, for the message when something goes wrong. */
  tell: (what: string) => void = () => undefined;

  constructor(world: World, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
    this.schema = world.schemas.now;
    this.way = new UploadWay(world, dice);
  }

  async open(): Promise<void> {
    this.#endpoint = await this.way.open();
  }

  heal(schema: number): void {
    this.schema = schema;
    this.rate = this.way.rate = 0;
  }

  /** A tablet's way in, with the session that its person has at that moment. */
  api(token: () => string, device: () => string, limit: () => number, key: Signer): SyncApi {
    return {
      pull: async (body) => {
        const askedAt = Date.now();
        const reply = await this.#ask(token(), 'pull', { ...body, limit: Math.min(body.limit, limit()) });
        const rows = reply.status === 200 ? (reply.body as { rows?: unknown[] } | null)?.rows : undefined;
        if (rows) this.pulls.push({ askedAt, rows: rows.length });
        return reply;
      },
      push: (body) => this.#ask(token(), 'push', body),
      pushOther: (body) => key.forOther(body.device, (theirs) => this.#ask(theirs, 'push', body)),
      quarantine: async (device, reason, raw) => {
        const signed = await key.signed(device, 'salvage', (proof) => this.#ask(token(), 'quarantine', { device, reason, raw, proof }));
        return signed ?? this.#ask(token(), 'quarantine', { device, reason, raw });
      },
      reconcile: (body) => this.#ask(token(), 'reconcile', body),
      file: (url, from, etag) => this.#part(token(), url, from, etag),
      upload: (photo, onUrl) => {
        const send = (own: string): Promise<Reply> => uploader(this.#endpoint, { Authorization: `Bearer ${own}` })(photo, onUrl);
        return photo.device && photo.device !== device() ? key.forOther(photo.device, send) : send(token());
      },
    };
  }

  /** Without a session: what the tablet's key signs. */
  send(path: string, body: unknown): Promise<Reply> {
    return this.#ask(null, path, body);
  }

  /** What was given up arrives after all, in any order. */
  async deliverLate(): Promise<void> {
    const late = this.#late.splice(0);
    while (late.length) await late.splice(this.#dice.below(late.length), 1)[0]!().catch(() => undefined);
    await this.way.deliverLate();
  }

  #server(): string {
    return this.#dice.pick(this.#world.servers).url;
  }

  /** Part of a snapshot file; what can befall a request for bytes. */
  async #part(token: string, url: string, from: number, etag: string | null): Promise<FilePart> {
    const fault = this.rate && this.#dice.below(this.rate) === 0 ? this.#dice.pick(partFaults) : null;
    if (fault) this.tell(`file ${fault}`);
    if (fault === 'lost') throw new Offline();
    if (fault === 'storm') return { status: this.#dice.pick(storms), etag: null, total: null, bytes: new Uint8Array() };
    if (fault === 'portal') return { status: 200, etag: null, total: null, bytes: new TextEncoder().encode('<html>') };
    const part = await getPart(this.#server() + url, token, from, fault === 'other file' ? '"other"' : etag);
    this.files++;
    return fault === 'torn answer' ? { ...part, bytes: part.bytes.slice(0, this.#dice.below(part.bytes.length + 1)) } : part;
  }

  async #ask(token: string | null, what: string, given: unknown): Promise<Reply> {
    const body = JSON.stringify(given);
    const fault = this.rate && this.#dice.below(this.rate) === 0 ? this.#dice.pick(faults) : null;
    const send = async (text = body, at = this.#server()): Promise<Answer> => {
      const from = Date.now();
      this.requests++;
      return post(at, what, token, text, this.schema).finally(() => (this.waitedMs += Date.now() - from));
    };
    if (fault) this.tell(`${what} ${fault}`);
    switch (fault) {
      case 'lost':
        throw new Offline();
      case 'late':
        this.#late.push(send.bind(null, body, this.#server()));
        throw new Offline();
      case 'unanswered':
        await send();
        throw new Offline();
      case 'storm':
        return { status: this.#dice.pick(storms), body: null, retry_after_s: null };
      case 'portal':
        return { status: 200, body: null, retry_after_s: null };
      case 'torn request':
        return reply(await send(body.slice(0, this.#dice.below(body.length))));
      case 'torn answer': {
        const answer = await send();
        return reply({ ...answer, text: answer.text.slice(0, this.#dice.below(answer.text.length + 1)) });
      }
      case 'twice':
        await send();
        return reply(await send());
      case 'two ways': {
        const ways = this.#world.servers.map((s) => send(body, s.url));
        return reply((await Promise.all(ways))[this.#dice.below(ways.length)]!);
      }
      case null:
        return reply(await send());
    }
  }
}

type Answer = { status: number; text: string; retryAfter: string | null };

async function post(url: string, what: string, token: string | null, body: string, schema: number): Promise<Answer> {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'sync-schema': String(schema) };
  if (token) headers.authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(what.startsWith('/') ? url + what : `${url}/api/v1/sync/${what}`, {
      method: 'POST',
      body,
      headers,
      signal: AbortSignal.timeout(waitMs),
    });
    return { status: answer.status, text: await answer.text(), retryAfter: answer.headers.get('retry-after') };
  } catch {
    throw new Offline();
  }
}

async function getPart(url: string, token: string, from: number, etag: string | null): Promise<FilePart> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, range: `bytes=${from}-${from + partBytes - 1}` };
  if (etag) headers['if-range'] = etag;
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(waitMs) });
    const total = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1];
    return { status: answer.status, etag: answer.headers.get('etag'), total: total ? Number(total) : null, bytes: new Uint8Array(await answer.arrayBuffer()) };
  } catch {
    throw new Offline();
  }
}

// As the app's own: what is no JSON is no body.
function reply({ status, text, retryAfter }: Answer): Reply {
  let body: unknown = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    if (status === 200) throw new Offline(); // an answer shorter than it says is none
  }
  return { status, body, retry_after_s: retryAfter === null ? null : Number(retryAfter) };
}
