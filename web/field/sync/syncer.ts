import { Offline, isOurs, problemOf, stopOf, type Stop, type SyncApi } from './api.ts';
import { forgetOld } from './keep.ts';
import { keepLease, leaseOf } from './lease.ts';
import { uploadPhotos } from './photos.ts';
import { changeEpoch, nextPull, startOver, takePage } from './pull.ts';
import { pushAll, pushOthers, retryIn } from './push.ts';
import { checkDigests, compare } from './reconcile.ts';
import { salvage } from './salvage.ts';
import { seal, unseal, type Sealer } from './seal.ts';
import { fetchFile } from './snapshot.ts';
import { syncState, type Who } from './state.ts';
import { getMeta, type Store } from './store.ts';
import type { PullAnswer } from './types.ts';

/** More pages than this in one round: go on in the next. */
const MAX_PAGES = 400;
/** An epoch change, an unknown scope and an old cursor each start the pull again, but not for ever. */
const MAX_RESTARTS = 4;
const MAX_ROUNDS = 5;
/** Another tab is talking to the server: its round may have begun before this tab's last change. */
const OTHER_TAB_S = 5;
/** How a server says that it cannot read the cursor: it is another's, from before it was set up anew. */
const UNREADABLE = [400, 422];

export interface Lock {
  /** Runs the work if nobody else on this tablet does; false when somebody does. */
  alone(work: () => Promise<void>): Promise<boolean>;
}

export interface SyncerOptions {
  store: Store;
  api: SyncApi;
  lock: Lock;
  now?: () => Date;
  /** Without it, what waits is not sealed when the lease ends. */
  sealer?: Sealer;
  onState?: (state: SyncerState) => void;
  /** The tablet has been taken out of use, and its store is about to go: the last that is done before. */
  onWiping?: () => Promise<void>;
  /** The store is gone. */
  onWiped?: () => void;
}

export interface SyncerState {
  isBusy: boolean;
  last: Stop | null;
  next_poll_s: number;
  /** When something is to be sent again that the server could not take just then; null when nothing is. */
  retry_in_s: number | null;
}

const POLL_S = 60;

/**
 * The one that talks: push, pull, photos, forget. Rounds do not overlap, in this tab or another;
 * a call during a round makes one more round after it.
 */
export class Syncer {
  readonly #store: Store;
  readonly #api: SyncApi;
  readonly #lock: Lock;
  readonly #now: () => Date;
  readonly #options: SyncerOptions;
  readonly #strikes = new Map<string, number>();
  readonly #later = new Map<string, number>();
  #running: Promise<Stop> | null = null;
  #again = false;
  state: SyncerState = { isBusy: false, last: null, next_poll_s: POLL_S, retry_in_s: null };

  constructor(options: SyncerOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#api = options.api;
    this.#lock = options.lock;
    this.#now = options.now ?? (() => new Date());
  }

  /** One round, or a place in the next one. Never throws for the network's sake. */
  sync(): Promise<Stop> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#rounds().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #rounds(): Promise<Stop> {
    let stop: Stop = { why: 'done' };
    let rounds = 0;

    this.#tell({ isBusy: true });
    try {
      do {
        this.#again = false;
        const wasAlone = await this.#lock.alone(async () => {
          stop = await this.#round();
        });
        if (!wasAlone) stop = { why: 'busy', after_s: OTHER_TAB_S };
      } while (this.#again && stop.why === 'done' && ++rounds < MAX_ROUNDS);
    } finally {
      this.#tell({ isBusy: false, last: stop });
    }
    return stop;
  }

  async #round(): Promise<Stop> {
    const who = await this.#store.read(['meta'], (tx) => getMeta<Who>(tx, 'who'));
    if (!who) return { why: 'signed_out' };
    await this.#sealWhenLocked();
    if (this.#api.isOffline?.()) return { why: 'offline' };

    try {
      return await this.#steps(who);
    } catch (error) {
      if (error instanceof Offline) return { why: 'offline' };
      throw error;
    }
  }

  /** Before anything is asked: a tablet that finds no network is sealed too. */
  async #sealWhenLocked(): Promise<void> {
    const { state } = await this.#store.read(['meta'], (tx) => leaseOf(tx, this.#now()));
    if (this.#options.sealer && (state === 'locked' || state === 'over')) await seal(this.#store, this.#options.sealer);
  }

  async #steps(who: Who): Promise<Stop> {
    const shut = this.#options.sealer ? await unseal(this.#store, this.#api, this.#options.sealer.subtle, who.device) : null;
    if (shut?.why === 'revoked') return this.#leave(who, shut);
    if (shut) return shut;
    const context = { store: this.#store, api: this.#api, person_id: who.person_id, now: this.#now, strikes: this.#strikes, later: this.#later };
    const mine = await pushAll(context);
    const pushed = mine.why === 'done' ? await pushOthers(context) : mine;
    this.#tell({ retry_in_s: retryIn(context) });
    if (pushed.why === 'revoked') return this.#leave(who, pushed);
    if (pushed.why === 'epoch_changed') {
      await changeEpoch(this.#store, this.#canCompare);
      this.#again = true;
      return { why: 'done' }; // first what is kept is sent again, then rows are compared
    } else if (!['done', 'error', 'too_old'].includes(pushed.why)) {
      return pushed;
    }

    const pulled = await this.#pull(who);
    if (pulled.why === 'revoked') return this.#leave(who, pulled);
    if (pulled.why !== 'done' && pulled.why !== 'too_old') return pulled;
    const uploaded = await uploadPhotos(this.#store, this.#api, this.#now);
    await forgetOld(this.#store, this.#now());
    return [pushed, pulled, uploaded].find((stop) => stop.why !== 'done' && stop.why !== 'epoch_changed') ?? { why: 'done' };
  }

  async #pull(who: Who): Promise<Stop> {
    let withBuckets = false;

    for (let pages = 0, restarts = 0; pages < MAX_PAGES && restarts <= MAX_RESTARTS; pages++) {
      const broken = await this.#prepare(who);
      if (broken) return broken;
      const can = { files: this.#api.file !== undefined, compare: this.#canCompare };
      const { body, ticket } = await nextPull(this.#store, who.device, withBuckets, this.#now(), can);
      const reply = await this.#api.pull(body);
      const stop = stopOf(reply);
      if (stop) return stop;

      if (reply.status === 200 && !isOurs(reply, 'rows')) return { why: 'offline' };

      const wereToldBuckets = withBuckets;
      withBuckets = false;
      if (reply.status === 200) {
        const answer = reply.body as PullAnswer;
        const taken = await takePage(this.#store, ticket, answer, this.#now(), this.#canCompare);
        if (taken === 'epoch_changed') return this.#sendFirst();
        if (answer.lease) await keepLease(this.#store, answer.lease);
        if (taken === 'whole') {
          if (answer.digests && !(await checkDigests(this.#store, answer.digests, this.#now()))) this.#again = true;
          this.#tell({ next_poll_s: answer.next_poll_s ?? POLL_S });
          return { why: 'done' };
        }
        continue;
      }

      restarts++;
      const problem = problemOf(reply);
      if (reply.status === 409 && problem === 'scope_unknown' && !wereToldBuckets) {
        withBuckets = true;
      } else if (reply.status === 409 && problem === 'epoch_changed') {
        await changeEpoch(this.#store, this.#canCompare);
        return this.#sendFirst();
      } else if (reply.status === 410 || problem === 'scope_unknown' || (UNREADABLE.includes(reply.status) && body.cursor !== null)) {
        await startOver(this.#store);
      } else {
        return { why: 'error', status: reply.status };
      }
    }
    return { why: 'error', status: 0 };
  }

  get #canCompare(): boolean {
    return this.#api.reconcile !== undefined;
  }

  /** After a change of epoch: what is kept is sent again, and then, in the next round, rows are compared. */
  #sendFirst(): Stop {
    this.#again = true;
    return { why: 'done' };
  }

  /** What comes before a pull: comparing what is held, fetching files. Why that cannot be now, or null. */
  async #prepare(who: Who): Promise<Stop | null> {
    const { isToCompare, files } = await this.#store.read(['meta'], syncState);

    if (isToCompare) {
      const broken = await compare(this.#store, this.#api, who.device, this.#now());
      if (broken === 'reload') await startOver(this.#store);
      else if (broken) return broken;
    }
    for (const url of files) {
      const stop = await fetchFile(this.#store, this.#api, url);
      if (stop) return stop;
    }
    return null;
  }

  /** A revoked tablet hands over what it has not sent, and forgets everything. */
  async #leave(who: Who, stop: Stop & { why: 'revoked' }): Promise<Stop> {
    // What is not kept there yet stays here until it is.
    if (stop.salvage && (await salvage(this.#store, this.#api, who.device))) return stop;
    if (stop.wipe) {
      await this.#options.onWiping?.();
      await this.#store.destroy();
      this.#options.onWiped?.();
    }
    return stop;
  }

  #tell(part: Partial<SyncerState>): void {
    this.state = { ...this.state, ...part };
    this.#options.onState?.(this.state);
  }
}
