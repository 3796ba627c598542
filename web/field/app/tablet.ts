import { recordDrafts } from '../logic/drafts.ts';
import { Device } from '../sync/device.ts';
import { DexieStore } from '../sync/dexie.ts';
import { Hints } from '../sync/events.ts';
import { forgetFetched, keepLease, leaseOf, leavePerson, noteTime } from '../sync/lease.ts';
import { record, type Along, type Change } from '../sync/outbox.ts';
import { keepSealKey } from '../sync/seal.ts';
import type { OutboxEntry } from '../sync/types.ts';
import { uuid7 } from '../sync/uuid.ts';
import { syncState, type Who } from '../sync/state.ts';
import { getMeta } from '../sync/store.ts';
import { Syncer, type Lock, type SyncerState } from '../sync/syncer.ts';
import { enrolAgain } from './enrol.ts';
import { forgetEnrolled } from './marker.ts';
import { BrowserKeychain } from './keychain.ts';
import { listen, networkOf, send, waitOnce } from './network.ts';

const STORE = 'fdvu-field';
/** Where the service worker keeps photos that were looked at. */
const PHOTOS = 'field-photos';
const MIN_WAIT_S = 5;
const MAX_WAIT_S = 300;
/** How often it asks while the server tells it of changes. */
const HINTED_POLL_S = 300;

/** One tab at a time talks to the server. */
const oneTab: Lock = {
  alone: async (work) => {
    if (!navigator.locks) {
      await work();
      return true;
    }
    return navigator.locks.request('fdvu-field-sync', { ifAvailable: true }, async (lock) => {
      if (!lock) return false;
      await work();
      return true;
    });
  },
};

/** One tab at a time trades this tablet's token: two would spend the same one. */
async function oneToken<R>(work: () => Promise<R>): Promise<R> {
  if (!navigator.locks) return work();
  return (await navigator.locks.request('fdvu-field-token', work)) as R;
}

/** This tablet: its store, and when it talks to the server. Says "saved" only for what is on disk. */
export class Tablet {
  readonly store = new DexieStore(STORE);
  readonly device: Device;
  readonly syncer: Syncer;
  readonly #hints: Hints;
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor() {
    this.device = new Device({
      keychain: new BrowserKeychain(),
      subtle: crypto.subtle,
      uuid: () => uuid7(Date.now()),
      send,
      alone: oneToken,
      onTold: async ({ lease, seal }) => {
        await keepLease(this.store, lease);
        await keepSealKey(this.store, seal);
      },
    });
    this.syncer = new Syncer({
      store: this.store,
      api: networkOf(this.device, async () => (await this.#who())?.device ?? null),
      lock: oneTab,
      sealer: { subtle: crypto.subtle, key: () => this.device.key() },
      onState: () => this.#tell(),
      onWiping: () => this.device.leaving(),
      onWiped: () => void this.#wipe(),
    });
    this.#hints = new Hints({
      open: async (onEvent, signal) => {
        const who = await this.#who();
        return who ? listen(this.device, who.device, onEvent, signal) : { status: 401, body: null, retry_after_s: null };
      },
      wait: async (signal) => {
        const who = await this.#who();
        const { cursor } = await this.store.read(['meta'], syncState);
        return who && cursor ? waitOnce(this.device, who.device, cursor, signal) : { status: 401, body: null, retry_after_s: null };
      },
      // A server that has asked for patience, or has no network, is asked again when its time has come.
      onHint: async () => {
        if (!this.#failures) await this.sync();
        return !this.#failures;
      },
      onAlive: () => this.#plan(null),
    });
  }

  /** Starts the triggers: now, when the network or the page comes back, when the server hints, and on a timer. Returns how to stop. */
  start(): () => void {
    const now = (): void => void this.sync();
    const whenSeen = (): void => {
      if (document.visibilityState === 'visible') now();
      else this.#hints.stop();
    };

    addEventListener('online', now);
    document.addEventListener('visibilitychange', whenSeen);
    now();
    return () => {
      removeEventListener('online', now);
      document.removeEventListener('visibilitychange', whenSeen);
      this.#hints.stop();
      clearTimeout(this.#timer);
    };
  }

  async sync(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#keepLease();
    let stop = await this.syncer.sync();
    if (stop.why === 'unknown_device' && (await enrolAgain(this))) stop = await this.syncer.sync();
    this.#failures = stop.why === 'done' ? 0 : this.#failures + 1;
    if (stop.why === 'done' && document.visibilityState === 'visible') this.#hints.start();
    this.#plan(stop.why === 'busy' ? stop.after_s : null);
  }

  /** When to ask next: rarely while hints come, as the server said without them, later and later after failures. */
  #plan(told_s: number | null): void {
    const { next_poll_s, retry_in_s } = this.syncer.state;
    const poll_s = Math.min(this.#hints.isAlive ? Math.max(HINTED_POLL_S, next_poll_s) : next_poll_s, retry_in_s ?? Infinity);
    const wait_s = this.#failures ? (told_s ?? Math.min(MAX_WAIT_S, MIN_WAIT_S * 2 ** this.#failures)) : poll_s;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.sync(), wait_s * 1000);
  }

  /** Records and, with a network, sends. Resolves when it is saved here. */
  async record(changes: Change[], along: Along = {}): Promise<OutboxEntry[]> {
    const made = await record(this.store, changes, along);
    void this.sync();
    return made;
  }

  get state(): SyncerState {
    return this.syncer.state;
  }

  onState(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The person leaves; what they wrote waits here for them. Answers half given become facts first. */
  async signOut(): Promise<void> {
    const who = await this.#who();
    if (!who) return;
    await recordDrafts(this.store, new Date());
    await this.syncer.sync();
    await this.device.signOut(who.device);
    await leavePerson(this.store);
    location.hash = '#/';
  }

  /** A wipe that the server does not know of yet is told again at the next start. */
  async finishWipe(): Promise<void> {
    try {
      await this.device.confirmWiped();
    } catch {
      /* no network: at the next start */
    }
  }

  #who(): Promise<Who | null> {
    return this.store.read(['meta'], (tx) => getMeta<Who>(tx, 'who'));
  }

  async #keepLease(): Promise<void> {
    await noteTime(this.store, new Date());
    const { state } = await this.store.read(['meta'], (tx) => leaseOf(tx, new Date()));
    if (state === 'over') await forgetFetched(this.store);
    if (state === 'over' || state === 'locked') await globalThis.caches?.delete(PHOTOS);
  }

  /** The store is gone: the rest of what this browser keeps for us, then word to the server. */
  async #wipe(): Promise<void> {
    forgetEnrolled();
    for (const name of await caches.keys()) await caches.delete(name);
    await wipeFiles();
    await this.finishWipe();
    location.reload();
  }
}

/** The origin's private file system, where the browser has one. */
async function wipeFiles(): Promise<void> {
  const directory = await navigator.storage?.getDirectory?.().catch(() => null);
  if (!directory) return;
  for await (const name of (directory as unknown as { keys(): AsyncIterable<string> }).keys()) await directory.removeEntry(name, { recursive: true });
}
