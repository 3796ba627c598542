// What is dear to arrange, in lives of its own.
import { dice } from './dice.ts';
import type { Life } from './life.ts';

export const kinds = ['ordinary', 'kill', 'restart', 'failover', 'sync failover', 'restore'] as const;
export type Kind = (typeof kinds)[number];

/** Whether another database takes over. */
export const losesTail = (kind: Kind): boolean => kind === 'restore' || kind.endsWith('failover');

export class Catastrophe {
  readonly #life: Life;
  readonly #at: Set<number>;
  readonly #cutAt: number;
  readonly #dumpAt: number;
  #dump = '';
  /** How much of the office's log survives. */
  #kept = -1;

  constructor(life: Life, steps: number) {
    const d = dice(life.seed + 77);
    this.#life = life;
    const first = 10 + d.below(steps - 15);
    this.#at = new Set(life.kind === 'kill' ? [first, 5 + d.below(steps - 10)] : [first]);
    const before = first - 1 - d.below(9);
    this.#cutAt = life.kind === 'failover' ? before : -1;
    this.#dumpAt = life.kind === 'restore' ? before : -1;
  }

  async at(step: number): Promise<void> {
    const { kind, world } = this.#life;
    if (kind === 'ordinary') return;
    if (step === this.#cutAt) await this.#cut();
    if (step === this.#dumpAt) await this.#takeDump();
    if (!this.#at.has(step)) return;
    this.#life.tell(kind);
    if (kind === 'kill') return this.#during(() => world.killServer(this.#life.dice.below(world.servers.length)));
    if (kind === 'restart') return this.#during(() => this.#restart());
    await (kind === 'restore' ? this.#restore() : this.#failOver());
  }

  async end(): Promise<void> {
    if (losesTail(this.#life.kind)) await this.#life.world.cluster.rejoin();
  }

  /** While all tablets talk to the servers. */
  async #during(what: () => Promise<void>): Promise<void> {
    await this.#forget();
    const syncs = this.#life.tablets.filter(({ isWiped }) => !isWiped).map((tablet) => tablet.sync());
    await new Promise((done) => setTimeout(done, this.#life.dice.below(30)));
    await what();
    await Promise.all(syncs);
  }

  /** The office's open transactions end with their connections. */
  async #forget(): Promise<void> {
    await this.#life.office.leave();
  }

  async #restart(): Promise<void> {
    const { world } = this.#life;
    world.cluster.primary.kill();
    world.cluster.primary.start();
    await world.reconnect();
  }

  /** From here on the standby hears nothing. */
  async #cut(): Promise<void> {
    const { cluster } = this.#life.world;
    await this.#forget();
    await cluster.caughtUp();
    cluster.cut();
    this.#kept = this.#life.office.log.length;
    this.#life.tell('the standby is cut off');
  }

  /** As the night's backup; what comes after it is lost. */
  async #takeDump(): Promise<void> {
    await this.#forget();
    this.#dump = this.#life.world.cluster.dump();
    this.#kept = this.#life.office.log.length;
    this.#life.tell('the database is dumped');
  }

  /** All is lost but the dump: the operator's own way to go on, into a cluster that knows nothing. */
  async #restore(): Promise<void> {
    const { world, office } = this.#life;
    await this.#during(async () => {
      world.cluster.restore(this.#dump, world.program);
      await world.reconnect();
    });
    office.log = office.log.slice(0, this.#kept);
  }

  async #failOver(): Promise<void> {
    const { world, office } = this.#life;
    await this.#during(async () => {
      if (this.#cutAt < 0) await world.cluster.caughtUp();
      world.cluster.failOver();
      await world.reconnect();
    });
    if (this.#kept >= 0) office.log = office.log.slice(0, this.#kept);
  }
}
