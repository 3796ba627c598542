// The way of a tablet's photos: an HTTP proxy that hands each request to a server of its own choice, and what happens on it. The bytes
// are real ones, so that what breaks in the midst of them breaks in the server, too.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Dice } from './dice.ts';
import type { World } from './world.ts';

export type UploadFault =
  | 'lost' // never sent
  | 'unanswered' // done, and the answer is lost
  | 'torn' // cut at some byte
  | 'half open' // cut at some byte, and the rest arrives after newer requests
  | 'late' // given up, and arrives after newer ones
  | 'two ways' // to two processes at once
  | 'storm' // refused on the way
  | 'portal'; // somebody else answers, with 200 and a page of theirs

const faults: UploadFault[] = ['lost', 'unanswered', 'torn', 'torn', 'half open', 'half open', 'late', 'two ways', 'storm', 'portal'];
const storms = [500, 503, 429, 502];
const ofTheWay = new Set(['connection', 'keep-alive', 'transfer-encoding']);

type Answer = { status: number; headers: http.IncomingHttpHeaders; body: Buffer };
type Asked = { method: string; path: string; headers: http.IncomingHttpHeaders; body: Buffer };

export class UploadWay {
  readonly #world: World;
  readonly #dice: Dice;
  readonly #proxy: http.Server;
  /** What is still on its way. */
  #late: (() => Promise<unknown>)[] = [];
  /** One request in so many meets a fault; 0: none does. */
  rate = 3;
  tell: (what: string) => void = () => undefined;

  constructor(world: World, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
    this.#proxy = http.createServer((asked, answer) => void this.#take(asked, answer).catch(() => asked.socket.destroy()));
  }

  async open(): Promise<string> {
    await new Promise<void>((done) => void this.#proxy.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.#proxy.address() as AddressInfo).port}/api/v1/uploads`;
  }

  close(): void {
    this.#proxy.closeAllConnections();
    this.#proxy.close();
  }

  /** What was held back or given up arrives after all, in any order. */
  async deliverLate(): Promise<void> {
    const late = this.#late.splice(0);
    while (late.length) await late.splice(this.#dice.below(late.length), 1)[0]!().catch(() => undefined);
  }

  async #take(incoming: http.IncomingMessage, answer: http.ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const { method = '', url: path = '', headers } = incoming;
    const asked: Asked = { method, path, headers, body: Buffer.concat(pieces) };
    const fault = this.rate && this.#dice.below(this.rate) === 0 ? this.#dice.pick(faults) : null;
    if (fault) this.tell(`upload ${method} ${fault}`);
    const given = await this.#befalls(asked, fault);
    if (!given) return void incoming.socket.destroy();
    for (const [name, value] of Object.entries(given.headers)) if (!ofTheWay.has(name) && value) answer.setHeader(name, value);
    answer.writeHead(given.status);
    answer.end(given.body);
  }

  /** The answer that the tablet sees; null when its connection breaks. */
  async #befalls(asked: Asked, fault: UploadFault | null): Promise<Answer | null> {
    const at = this.#server();
    const cut = this.#dice.below(asked.body.length + 1);
    switch (fault) {
      case 'lost':
        return null;
      case 'unanswered':
        await send(at, asked);
        return null;
      case 'torn':
        await (await begin(at, asked, cut)).breakOff();
        return null;
      case 'half open': {
        const held = await begin(at, asked, cut);
        this.#late.push(() => held.goOn());
        return null;
      }
      case 'late':
        this.#late.push(() => send(this.#server(), asked));
        return null;
      case 'two ways': {
        const ways = await Promise.all(this.#world.servers.map(({ url }) => send(url, asked).catch(() => null)));
        return ways[this.#dice.below(ways.length)]!;
      }
      case 'storm':
        return { status: this.#dice.pick(storms), headers: {}, body: Buffer.alloc(0) };
      case 'portal':
        return { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>') };
      case null:
        return send(at, asked).catch(() => null);
    }
  }

  #server(): string {
    return this.#dice.pick(this.#world.servers).url;
  }
}

type Begun = { breakOff(): Promise<void>; goOn(): Promise<Answer> };

const settleMs = 5; // so that the server has read what came before it sees the break

/** Sends so many of a request's bytes and keeps the connection. */
async function begin(url: string, { method, path, headers, body }: Asked, bytes: number): Promise<Begun> {
  const request = http.request(url + path, { method, headers: { ...headers, connection: 'close', 'content-length': String(body.length) } });
  const answered = new Promise<Answer>((done, fail) => {
    request.on('error', fail);
    request.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece)).on('error', fail);
      response.on('end', () => done({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(pieces) }));
    });
  });
  answered.catch(() => undefined);
  request.flushHeaders();
  if (bytes) await new Promise<void>((done) => request.write(body.subarray(0, bytes), () => done()));
  return {
    breakOff: async () => {
      await new Promise((done) => setTimeout(done, settleMs));
      request.destroy();
    },
    goOn: () => {
      request.end(body.subarray(bytes));
      return answered;
    },
  };
}

const send = async (url: string, asked: Asked): Promise<Answer> => (await begin(url, asked, 0)).goOn();
