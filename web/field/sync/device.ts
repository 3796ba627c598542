// The tablet's own key and what it is traded for: docs/sync-protocol.md, «Devices». No DOM: the
// browser's WebCrypto or Node's, and a keychain that is kept apart from the store, since the key
// outlives what is wiped until the server knows of it.

import { Offline, problemOf, stopOf, type Reply, type Wrapped } from './api.ts';
import { base64urlOf } from './base64.ts';
import type { SealKey } from './seal.ts';

export type Purpose = 'enrol' | 'token' | 'queue' | 'salvage' | 'wiped' | 'sign_out' | 'unseal';

export interface Held {
  person_id: string;
  /** Null: signed out, or ended by the server. The key still proves whose queue this is. */
  refresh: string | null;
}

export interface Credential {
  pair: CryptoKeyPair;
  /** The public key's point, as base64url. */
  key: string;
  /** Server's clock minus ours, in seconds. */
  skew_s: number;
  devices: Record<string, Held>;
  /** Wiped, and the server does not know it yet. */
  isWiped: boolean;
}

export interface Keychain {
  read(): Promise<Credential | null>;
  write(credential: Credential): Promise<void>;
  clear(): Promise<void>;
}

/** Sends JSON without a session. Throws Offline when nobody answers. */
export type Send = (path: string, body: unknown) => Promise<Reply>;

export interface Lease {
  warn_s: number;
  lock_s: number;
  wipe_s: number;
}

export interface Told {
  id: string;
  name: string;
  person_id: string;
  person_name: string;
  language: string;
  lease: Lease;
  /** What a locked tablet seals its queue for; null from a server of before. */
  seal?: SealKey | null;
}

interface Granted {
  id: string;
  token: string;
  refresh: string;
  now_s: number;
  device: Told;
}

export interface DeviceOptions {
  keychain: Keychain;
  subtle: SubtleCrypto;
  uuid: () => string;
  send: Send;
  /** Seconds since 1970, by this tablet's clock. */
  now_s?: () => number;
  /** One tab at a time. */
  alone?: <R>(work: () => Promise<R>) => Promise<R>;
  /** What the server says of the tablet, whenever it says it. */
  onTold?: (told: Told) => Promise<void>;
}

/** The server said no to an enrolment: `problem` is the end of its problem's type. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: string;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.status = reply.status;
    this.problem = problemOf(reply);
  }
}

/** Why our server gives no next session, whatever is asked. A 401 of another network is none of them. */
const ENDED = ['refresh_unknown', 'refresh_ended', 'refresh_reused', 'proof_bad'];
const PROOF_S = 60;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;
const HEADER = base64urlOf(new TextEncoder().encode('{"alg":"ES256","typ":"JWT"}'));

/** What was granted. A network that waits for a log-in answers with a page of its own: then nobody has answered. */
function grantedBy(reply: Reply): Granted {
  const granted = reply.body as Partial<Granted> | null;
  if (typeof granted?.token !== 'string' || typeof granted.refresh !== 'string' || typeof granted.device?.id !== 'string') throw new Offline();
  return granted as Granted;
}

/** This tablet towards the server: enrols, goes on, hands over. Sessions live in memory only. */
export class Device {
  readonly #options: DeviceOptions;
  readonly #tokens = new Map<string, string>();
  readonly #queues = new Map<string, string>();
  readonly #underWay = new Map<string, Promise<Reply>>();

  constructor(options: DeviceOptions) {
    this.#options = options;
  }

  /** Trades a code from the office, or the demo's log-in and a name, for a device of its person. */
  async enrol(by: { code: string } | { name: string }): Promise<Told> {
    return this.#alone(async () => {
      const credential = (await this.#options.keychain.read()) ?? (await this.#newCredential());
      await this.#options.keychain.write(credential); // before it is used: an answer may be lost
      const reply = await this.#prove(credential, 'new', 'enrol', (proof) =>
        this.#options.send('/api/v1/devices', { ...by, key: credential.key, proof }),
      );
      if (reply.status !== 201) throw new Refused(reply);
      return this.#take(grantedBy(reply));
    });
  }

  /** This tablet's public key; null while it has none. */
  async key(): Promise<string | null> {
    return (await this.#options.keychain.read())?.key ?? null;
  }

  /** Whether this tablet has a device that proves itself by key. */
  async has(device: string): Promise<boolean> {
    return (await this.#options.keychain.read())?.devices[device] !== undefined;
  }

  /** Whether its person has left, or the server has ended it: it needs a new code. */
  async isSignedOut(device: string): Promise<boolean> {
    return (await this.#options.keychain.read())?.devices[device]?.refresh === null;
  }

  /**
   * Runs a request in the name of a device. With a session that has ended it is run once more, with
   * the next one; what the server says instead of a next one is the answer. `token` is null for a
   * device without a key, whose session is the browser's.
   */
  async withSession(device: string | null, request: (token: string | null) => Promise<Reply>): Promise<Reply> {
    if (device === null || !(await this.has(device))) return request(null);

    const before = this.#tokens.get(device);
    if (before) {
      const reply = await request(before);
      if (reply.status !== 401) return reply;
    }
    const refused = await this.#refresh(device, before);
    return refused ?? request(this.#tokens.get(device)!);
  }

  /** Runs a request that sends what a person wrote who is not here: the key opens so much of their device, and no more. */
  async forOther(device: string, request: (token: string) => Promise<Reply>): Promise<Reply> {
    const before = this.#queues.get(device);
    if (before) {
      const reply = await request(before);
      if (reply.status !== 401) return reply;
    }
    const opened = await this.signed(device, 'queue', (proof) => this.#options.send('/api/v1/devices/self/queue', { device, proof }));
    if (!opened) return { status: 401, body: null, retry_after_s: null };
    const token = (opened.body as { token?: unknown } | null)?.token;
    if (stopOf(opened)) return opened;
    if (typeof token !== 'string') throw new Offline(); // no answer to the request itself, nor to be taken for one
    this.#queues.set(device, token);
    return request(token);
  }

  /** Runs a request that the device's key signs: it needs no session and works when revoked. Null: there is no such key. */
  async signed(device: string, purpose: Purpose, request: (proof: string) => Promise<Reply>): Promise<Reply | null> {
    const credential = await this.#options.keychain.read();
    return credential?.devices[device] ? this.#prove(credential, device, purpose, request) : null;
  }

  /** Asks for the key of what this tablet has sealed: a device that may have a session may have that too. */
  async unseal(device: string, wrapped: Wrapped): Promise<Reply> {
    const ask = (): Promise<Reply | null> =>
      this.signed(device, 'unseal', (proof) => this.#options.send('/api/v1/devices/self/unseal', { device, ...wrapped, proof }));
    return this.withSession(device, async () => (await ask()) ?? { status: 401, body: null, retry_after_s: null });
  }

  /** A person leaves the tablet. Done here in any case; told to the server when it answers. */
  async signOut(device: string): Promise<void> {
    await this.#forget(device);
    try {
      await this.signed(device, 'sign_out', (proof) => this.#options.send('/api/v1/devices/self/sign-out', { device, proof }));
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
    }
  }

  /** Notes that everything but the key is about to be gone. */
  async leaving(): Promise<void> {
    const credential = await this.#options.keychain.read();
    if (credential) await this.#options.keychain.write({ ...credential, isWiped: true });
  }

  /** Tells the server of a wipe that is done; then the key goes too. False while it has to be told again. */
  async confirmWiped(): Promise<boolean> {
    const credential = await this.#options.keychain.read();
    if (!credential?.isWiped) return true;

    for (const device of Object.keys(credential.devices)) {
      const reply = await this.#prove(credential, device, 'wiped', (proof) => this.#options.send('/api/v1/devices/self/wiped', { device, proof }));
      const told = reply.body as { device?: unknown; state?: unknown } | null;
      const isTold = reply.status === 200 && told?.device === device && told.state === 'wiped';
      if (!isTold && problemOf(reply) !== 'proof_bad') return false;
    }
    await this.#options.keychain.clear();
    return true;
  }

  /** One at a time for each device: who comes meanwhile gets the same answer. Null: there is a new session. */
  async #refresh(device: string, spent: string | undefined): Promise<Reply | null> {
    if (this.#tokens.get(device) !== spent) return null;
    const asked = this.#underWay.get(device) ?? this.#alone(() => this.#next(device)).finally(() => this.#underWay.delete(device));
    this.#underWay.set(device, asked);
    const reply = await asked;
    return reply.status === 200 ? null : reply;
  }

  async #next(device: string): Promise<Reply> {
    const credential = (await this.#options.keychain.read())!; // another tab may have written it
    const refresh = credential.devices[device]?.refresh;
    if (!refresh) return { status: 401, body: null, retry_after_s: null };

    const reply = await this.#prove(credential, device, 'token', (proof) => this.#options.send('/api/v1/devices/self/token', { device, refresh, proof }));
    if (reply.status === 200) await this.#take(grantedBy(reply));
    else if (reply.status === 401 && ENDED.includes(problemOf(reply))) await this.#forget(device);
    else this.#tokens.delete(device);
    return reply;
  }

  /** What was granted is kept before it is used. */
  async #take({ token, refresh, now_s, device }: Granted): Promise<Told> {
    const credential = (await this.#options.keychain.read())!;
    const devices = { ...credential.devices, [device.id]: { person_id: device.person_id, refresh } };

    await this.#options.keychain.write({ ...credential, devices, skew_s: now_s - this.#now() });
    this.#tokens.set(device.id, token);
    await this.#options.onTold?.(device);
    return device;
  }

  async #forget(device: string): Promise<void> {
    const credential = await this.#options.keychain.read();
    const held = credential?.devices[device];

    this.#tokens.delete(device);
    if (credential && held) await this.#options.keychain.write({ ...credential, devices: { ...credential.devices, [device]: { ...held, refresh: null } } });
  }

  /** Signs and asks; a server that finds our clock wrong says its own, and is asked once more by that. */
  async #prove(credential: Credential, device: string, purpose: Purpose, request: (proof: string) => Promise<Reply>): Promise<Reply> {
    const reply = await request(await this.#sign(credential, device, purpose, credential.skew_s));
    const now_s = (reply.body as { now_s?: unknown } | null)?.now_s;

    if (reply.status !== 401 || problemOf(reply) !== 'proof_stale') return reply;
    return request(await this.#sign(credential, device, purpose, typeof now_s === 'number' ? now_s - this.#now() : credential.skew_s));
  }

  async #sign(credential: Credential, sub: string, aud: Purpose, skew_s: number): Promise<string> {
    const iat = this.#now() + skew_s;
    const claims = JSON.stringify({ sub, aud, jti: this.#options.uuid(), iat, exp: iat + PROOF_S });
    const text = `${HEADER}.${base64urlOf(new TextEncoder().encode(claims))}`;
    const signature = await this.#options.subtle.sign(SIGNATURE, credential.pair.privateKey, new TextEncoder().encode(text));
    return `${text}.${base64urlOf(new Uint8Array(signature))}`;
  }

  /** The private half never leaves WebCrypto: not even our own script can read it. */
  async #newCredential(): Promise<Credential> {
    const pair = (await this.#options.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])) as CryptoKeyPair;
    const key = base64urlOf(new Uint8Array(await this.#options.subtle.exportKey('raw', pair.publicKey)));
    return { pair, key, skew_s: 0, devices: {}, isWiped: false };
  }

  #now(): number {
    return this.#options.now_s?.() ?? Math.floor(Date.now() / 1000);
  }

  #alone<R>(work: () => Promise<R>): Promise<R> {
    return this.#options.alone ? this.#options.alone(work) : work();
  }
}
