// A virtual tablet: the app's own core on a store that may lose power between any two writes or be
// full, a clock that is wrong, and a person.
import { createHmac } from 'node:crypto';
import { Device, MemoryStore, PowerLoss, Syncer, leavePerson, list, overlayOnly, putSyncState, record, setWho, syncState, type Along, type Change, type Credential, type Fields, type Memory, type Mutation, type OutboxEntry, type Stop, type StoredPhoto, type StoredRow } from './core.ts';
import type { Dice } from './dice.ts';
import type { Network } from './network.ts';
import type { Person, Schemas } from './world.ts';

const skewMs = 2 * 3600_000;
const pageRows = [1, 3, 50, 2000];
const largePageRows = [50, 2000]; // of many rows one by one no round would come to an end

const macDigits = 32;

class StoreFull extends Error {}

/** One person's use of one tablet. */
export type Use = { person: Person; device: string };

export class Tablet {
  readonly name: string;
  /** Who works with it, each under a device of their own; the first is here now. */
  uses: [Use, Use];
  readonly network: Network;
  readonly dice: Dice;
  store: Memory = new MemoryStore();
  skewMs: number;
  limit = 2000;
  isLarge = false;
  /** What was called saved, in order. */
  saved: Mutation[] = [];
  photos: StoredPhoto[] = [];
  isWiped = false;
  #syncer!: InstanceType<typeof Syncer>;
  #isSyncing = false;
  #credential: Credential | null = null;
  readonly #key = new Device({
    keychain: { read: async () => this.#credential, write: async (next) => void (this.#credential = next), clear: async () => void (this.#credential = null) },
    subtle: crypto.subtle,
    uuid: () => crypto.randomUUID(),
    send: (path, body) => this.network.send(path, body),
    now_s: () => Math.floor(this.now().getTime() / 1000),
  });

  constructor(name: string, uses: [Use, Use], network: Network, dice: Dice) {
    [this.name, this.uses, this.network, this.dice] = [name, uses, network, dice];
    this.skewMs = dice.below(2 * skewMs) - skewMs;
  }

  get person(): Person {
    return this.uses[0].person;
  }

  get device(): string {
    return this.uses[0].device;
  }

  /** A key of its own, as enrolment makes it. Returns its public half, as the server keeps it. */
  async makeKey(): Promise<string> {
    const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])) as CryptoKeyPair;
    const key = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
    const devices = Object.fromEntries(this.uses.map(({ device, person }) => [device, { person_id: person.id, refresh: null }]));
    this.#credential = { pair, key, skew_s: 0, devices, isWiped: false };
    return key;
  }

  /** The app starts: what it knew only in its memory is gone. */
  async start(): Promise<void> {
    this.store.faults = null;
    const { id, name } = this.person;
    await this.store.write(['rows', 'outbox', 'staged', 'drafts', 'meta'], async (tx) => {
      await setWho(tx, { person_id: id, name, language: 'nb', device: this.device, device_name: this.name });
      await overlayOnly(tx, id);
    });
    this.#syncer = this.#newSyncer();
  }

  /** The other person takes over: who was here has signed out, or not. False when the power went. */
  async swap(faults = true): Promise<boolean> {
    const hasLeft = await this.#survives(faults, async () => {
      if (this.dice.below(2)) await leavePerson(this.store);
    });
    if (!hasLeft) return false;
    this.uses = [this.uses[1], this.uses[0]];
    await this.start();
    return true;
  }

  #newSyncer(): InstanceType<typeof Syncer> {
    return new Syncer({
      store: this.store,
      api: this.network.api(() => this.person.token, () => this.device, () => this.limit, this.#key),
      lock: { alone: (work) => this.#alone(work) },
      now: () => this.now(),
      onWiped: () => (this.isWiped = true),
    });
  }

  async #alone(work: () => Promise<void>): Promise<boolean> {
    if (this.#isSyncing) return false;
    this.#isSyncing = true;
    await work().finally(() => (this.#isSyncing = false));
    return true;
  }

  now(): Date {
    return new Date(Date.now() + this.skewMs);
  }

  /** Until what the server could not take just then may be sent again: by its own clock, and nobody waits for it. */
  waitForRetry(): void {
    this.skewMs += (this.#syncer.state.retry_in_s ?? 0) * 1000;
  }

  /**
   * What it holds becomes what a server of the schema before told: rows of the tables that became more since lack a field, and the cursor says
   * so. False when there is no whole window.
   */
  async wereToldLess({ now, newest, cursorKey }: Schemas): Promise<boolean> {
    return this.store.write(['rows', 'meta'], async (tx) => {
      const state = await syncState(tx);
      if (!state.cursor || state.isOpen || state.reset || state.staged || state.files.length || state.late.length) return false;
      for (const row of (await tx.all('rows')).filter(({ t }) => newest.includes(t))) await tx.put('rows', { ...row, d: Object.fromEntries(Object.entries(row.d).slice(0, -1)) });
      await putSyncState(tx, { ...state, cursor: older(state.cursor, now - 1, cursorKey) });
      return true;
    });
  }

  jumpClock(): void {
    this.skewMs = this.dice.below(2 * skewMs) - skewMs;
  }

  /** Records changes as one group; false when the power went, and then it is not known to be saved. */
  async record(changes: Change[], along: Along = {}): Promise<boolean> {
    return this.#survives(true, async () => {
      const made = await record(this.store, changes, along, this.now());
      this.saved.push(...made.map((entry) => entry.mutation));
      this.photos.push(...(along.photos ?? []));
    });
  }

  /** A round of sync, now and then by two tabs of one browser that know nothing of each other. */
  async sync(faults = true): Promise<Stop | null> {
    this.limit = faults ? this.dice.pick(this.isLarge ? largePageRows : pageRows) : 2000;
    let stop: Stop | null = null;
    await this.#survives(faults, async () => {
      stop = await this.#syncer.sync();
    });
    return stop;
  }

  async #survives(faults: boolean, work: () => Promise<void>): Promise<boolean> {
    const kind = faults ? this.dice.below(8) : 7;
    if (kind < 2) this.store.faults = cut(this.dice.below(40), kind === 0 ? new PowerLoss() : new StoreFull());
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof PowerLoss) && !(error instanceof StoreFull)) throw error;
      await this.start();
      return false;
    } finally {
      this.store.faults = null;
    }
  }

  outbox(): Promise<OutboxEntry[]> {
    return this.store.read(['outbox'], (tx) => tx.all('outbox'));
  }

  /** Whether somebody has written here who is not at the tablet now. */
  async hasOthersWork(): Promise<boolean> {
    return (await this.outbox()).some(({ mutation }) => mutation.by !== this.person.id);
  }

  photosLeft(): Promise<StoredPhoto[]> {
    return this.store.read(['photos'], (tx) => tx.all('photos'));
  }

  rows(): Promise<StoredRow[]> {
    return this.store.read(['rows'], (tx) => tx.all('rows'));
  }

  state(): ReturnType<typeof syncState> {
    return this.store.read(['meta'], syncState);
  }

  /** What the person sees: rows of the server with their own changes on top. */
  async seen(t: string): Promise<{ id: string; d: Fields }[]> {
    return this.store.read(['rows', 'outbox'], (tx) => list(tx, t));
  }
}

/** The same place in the feed, as a server of that schema says it. */
function older(cursor: string, sv: number, key: string): string {
  const [version, content] = cursor.split('.') as [string, string];
  const told = JSON.parse(Buffer.from(content, 'base64').toString()) as object;
  const text = `${version}.${Buffer.from(JSON.stringify({ ...told, sv })).toString('base64')}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('hex').slice(0, macDigits)}`;
}

/** Fails at the n-th step of the store from now. */
function cut(at: number, error: Error): { before(step: string): void } {
  let steps = 0;
  return {
    before(step) {
      // A disk is full before a transaction is complete, not after.
      if (steps++ < at || (error instanceof StoreFull && step === 'after commit')) return;
      throw error;
    },
  };
}
