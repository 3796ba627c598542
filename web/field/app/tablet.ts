import { DexieStore } from '../sync/dexie.ts';
import { record, type Along, type Change } from '../sync/outbox.ts';
import type { OutboxEntry } from '../sync/types.ts';
import { Syncer, type Lock, type SyncerState } from '../sync/syncer.ts';
import { enrolAgain } from './enrol.ts';
import { forgetEnrolled } from './marker.ts';
import { network } from './network.ts';

const STORE = 'fdvu-field';
const MIN_WAIT_S = 5;
const MAX_WAIT_S = 300;

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

/** This tablet: its store, and when it talks to the server. Says "saved" only for what is on disk. */
export class Tablet {
  readonly store = new DexieStore(STORE);
  readonly syncer: Syncer;
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor() {
    this.syncer = new Syncer({
      store: this.store,
      api: network,
      lock: oneTab,
      onState: () => this.#tell(),
      onWiped: () => void this.#wipeCaches(),
    });
  }

  /** Starts the triggers: now, when the network or the page comes back, and on a timer. Returns how to stop. */
  start(): () => void {
    const now = (): void => void this.sync();
    const whenSeen = (): void => {
      if (document.visibilityState === 'visible') now();
    };

    addEventListener('online', now);
    document.addEventListener('visibilitychange', whenSeen);
    now();
    return () => {
      removeEventListener('online', now);
      document.removeEventListener('visibilitychange', whenSeen);
      clearTimeout(this.#timer);
    };
  }

  async sync(): Promise<void> {
    clearTimeout(this.#timer);
    let stop = await this.syncer.sync();
    if (stop.why === 'unknown_device' && (await enrolAgain(this))) stop = await this.syncer.sync();
    this.#failures = stop.why === 'done' ? 0 : this.#failures + 1;
    const told_s = stop.why === 'busy' ? stop.after_s : null;
    const wait_s = this.#failures ? (told_s ?? Math.min(MAX_WAIT_S, MIN_WAIT_S * 2 ** this.#failures)) : this.syncer.state.next_poll_s;
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

  async #wipeCaches(): Promise<void> {
    forgetEnrolled();
    for (const name of await caches.keys()) await caches.delete(name);
    location.reload();
  }
}
