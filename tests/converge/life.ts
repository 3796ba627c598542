// One life: three tablets, an office and everything that may go wrong, as the seed's dice say; then
// everything is healed, and the invariants must hold.
import { randomBytes } from 'node:crypto';
import { dice, oneIn, weighted, type Dice } from './dice.ts';
import { Catastrophe, losesTail, type Kind } from './catastrophe.ts';
import { broken } from './broken.ts';
import { atTheEnd, duringLife, type Ended } from './invariants.ts';
import { Network } from './network.ts';
import { Office } from './office.ts';
import type { Stop } from './core.ts';
import { officeWrite, work } from './operations.ts';
import { Tablet, type Use } from './tablet.ts';
import type { Person, Slice, World } from './world.ts';

const steps = 45;
const tabletCount = 3;
const groupsMax = 4; // that are recorded at one go
const roundsMax = 10;
const largeOneIn = 4;

const said = (stop: Stop | null): string => (stop ? [stop.why, 'status' in stop ? stop.status : ''].join(' ').trim() : 'power lost');

export class Life {
  readonly world: World;
  readonly seed: number;
  readonly kind: Kind;
  readonly dice: Dice;
  slice!: Slice;
  office!: Office;
  tablets: Tablet[] = [];
  step = 0;
  /** What was done, newest last; the end of it is told when something goes wrong. */
  story: string[] = [];
  revokedAt = new Map<string, number>();
  /** Who works here no more, and where they did. */
  left: { person: Person; areas: number[]; at: number } | null = null;
  /** Rows and buildings that the office moved, and areas that people lost or got: there, then was not as now. */
  moved = new Set<string>();
  unsteady = new Set<number>();
  readonly #prefix = randomBytes(4).toString('hex');
  #ids = 0;

  constructor(world: World, seed: number, kind: Kind) {
    [this.world, this.seed, this.kind, this.dice] = [world, seed, kind, dice(seed)];
  }

  /** Ids are as random as the order of rows must not be: that a seed chooses the same again. */
  newId(): string {
    return `${this.#prefix}-0000-4000-8000-${String(++this.#ids).padStart(12, '0')}`;
  }

  tell(what: string): void {
    this.story.push(`${this.step}: ${what}`);
  }

  async live(): Promise<void> {
    this.slice = await this.world.slice(() => this.newId(), this.seed % largeOneIn === 0);
    if (this.slice.isLarge) await this.#makeFiles();
    this.office = new Office(this.world, this.slice);
    for (let i = 0; i < tabletCount; i++) this.tablets.push(this.#tablet(i));
    const catastrophe = new Catastrophe(this, steps);
    try {
      for (const tablet of this.tablets) {
        await this.world.owner.query('update sync_device set public_key = $2 where id = any ($1)', [tablet.uses.map(({ device }) => device), await tablet.makeKey()]);
        await tablet.network.open();
        await tablet.start();
      }
      for (; this.step < steps; this.step++) {
        await catastrophe.at(this.step);
        await this.#one();
      }
      await catastrophe.end();
      await atTheEnd(await this.#quiesce());
    } finally {
      for (const { network } of this.tablets) network.way.close();
      await this.office.leave();
    }
  }

  /** With dice of its own, so that it does the same again whoever else does something meanwhile. */
  #tablet(i: number): Tablet {
    const own = dice(this.seed + (i + 1) * 1_000_003);
    const network = new Network(this.world, own);
    network.tell = network.way.tell = (what) => this.tell(`    tablet ${i}: ${what}`);
    const use = (at: number): Use => ({ device: this.slice.devices[at]!, person: this.slice.people[at % 2]! });
    const tablet = new Tablet(`tablet ${i}`, [use(i), use(i + tabletCount)], network, own);
    tablet.isLarge = this.slice.isLarge;
    return tablet;
  }

  async #one(): Promise<void> {
    const tablet = this.dice.pick(this.tablets);
    const what = weighted<() => Promise<void>>(this.dice, [
      [14, () => this.#work(tablet)],
      [14, () => this.#sync(tablet)],
      [12, () => officeWrite(this)],
      [3, () => this.#close()],
      [2, () => this.#crowd()],
      [1, () => this.#rights()],
      [1, () => this.#purge()],
      [this.slice.isLarge ? 2 : 0, () => this.#makeFiles()],
      [1, () => this.#restart(tablet)],
      [1, () => tablet.network.deliverLate()],
      [1, () => this.#revoke(tablet)],
      [2, () => this.#swap(tablet)],
      [1, () => this.#leave()],
      [1, () => this.#outdate(tablet)],
      [1, () => this.#grow(tablet)],
    ]);
    await what();
  }

  /** A few things after another, as between two looks at the network. */
  async #work(tablet: Tablet): Promise<void> {
    for (let left = this.dice.below(groupsMax); left >= 0; left--) await this.#record(tablet);
  }

  async #record(tablet: Tablet): Promise<void> {
    if (tablet.isWiped) return;
    const { changes, photos } = await work(this, tablet);
    if (!changes.length) return;
    const isSaved = await tablet.record(changes, { photos });
    this.tell(`${tablet.name} ${isSaved ? 'saves' : 'loses power over'} ${changes.map(({ op, id, set }) => `${op} ${id.slice(-2)} ${JSON.stringify(set)}`).join(', ')}`);
    await duringLife(this, tablet);
  }

  async #sync(tablet: Tablet): Promise<void> {
    if (tablet.isWiped) return;
    if (oneIn(this.dice, 2)) tablet.waitForRetry();
    const stop = await tablet.sync();
    this.tell(`${tablet.name} syncs: ${said(stop)}`);
    if (stop?.why === 'signed_out') await this.#logIn(tablet.person);
    if (!tablet.isWiped) await duringLife(this, tablet);
  }

  /** An open transaction of the office ends, one way or the other. */
  async #close(): Promise<void> {
    const open = this.office.opened.shift();
    if (!open) return;
    const isKept = !oneIn(this.dice, 4);
    await (isKept ? this.office.commit(open) : this.office.rollback(open));
    this.tell(`office ${isKept ? 'commits' : 'rolls back'}`);
  }

  /** Everybody at once. */
  async #crowd(): Promise<void> {
    this.tell('everybody at once');
    const syncs = this.tablets.filter(({ isWiped }) => !isWiped).map((tablet) => this.#sync(tablet));
    const writes = async (): Promise<void> => {
      for (let i = 0; i < 8; i++) await officeWrite(this, 'short');
    };
    await Promise.all([...syncs, writes()]);
  }

  /** The second caretaker loses an area or gets it back. */
  async #rights(): Promise<void> {
    const person = this.dice.pick(this.slice.people);
    const area = this.dice.pick(this.slice.areas);
    const isTaken = person.areas.includes(area);
    if ((isTaken && person.areas.length === 1) || this.hasLeft(person)) return;
    this.unsteady.add(area);
    person.areas = isTaken ? person.areas.filter((no) => no !== area) : [...person.areas, area];
    await this.world.owner.query(
      isTaken
        ? 'delete from person_role where person_id = $1 and area_no = $2'
        : `insert into person_role (person_id, role, area_no) values ($1, 'caretaker', $2)`,
      [person.id, area],
    );
    await this.world.logIn(person, 'field');
    this.tell(`${person.name} ${isTaken ? 'loses' : 'gets'} area ${area}`);
  }

  /** One person at most, and not in every life, works here no more. Another database might not have heard of it. */
  async #leave(): Promise<void> {
    if (this.left || losesTail(this.kind) || !oneIn(this.dice, 4)) return;
    const person = this.dice.pick(this.slice.people);
    await this.world.owner.query('delete from person_role where person_id = $1', [person.id]);
    this.left = { person, areas: person.areas, at: Date.now() };
    person.areas = [];
    this.tell(`${person.name} has left`);
  }

  hasLeft(person: Person): boolean {
    return this.left?.person === person;
  }

  /** The app is too old for the servers, or is renewed. */
  async #outdate(tablet: Tablet): Promise<void> {
    const { schemas } = this.world;
    const { network } = tablet;
    network.schema = network.schema === schemas.now ? schemas.oldest - 1 : schemas.now;
    this.tell(`${tablet.name} speaks schema ${network.schema}`);
  }

  /** The servers tell more fields than those that this tablet was told by. */
  async #grow(tablet: Tablet): Promise<void> {
    if (!tablet.isWiped && (await tablet.wereToldLess(this.world.schemas))) this.tell(`${tablet.name} holds rows of schema ${this.world.schemas.now - 1}`);
  }

  async #makeFiles(): Promise<void> {
    await this.world.makeFiles();
    this.tell('snapshot files are made');
  }

  async #purge(): Promise<void> {
    await this.world.owner.query('select sync_purge(pg_snapshot_xmin(pg_current_snapshot()))');
    this.tell('tombstones are purged');
  }

  async #restart(tablet: Tablet): Promise<void> {
    if (tablet.isWiped) return;
    tablet.jumpClock();
    await tablet.start();
    this.tell(`${tablet.name} starts anew, its clock off by ${Math.round(tablet.skewMs / 60_000)} min`);
  }

  async #swap(tablet: Tablet): Promise<void> {
    if (tablet.isWiped) return;
    const before = tablet.person.name;
    this.tell((await tablet.swap()) ? `${tablet.name} goes from ${before} to ${tablet.person.name}` : `${tablet.name} loses power while ${before} leaves`);
    await duringLife(this, tablet);
  }

  /** One tablet at most, and not in every life, is lost. Another database might not have what it handed over. */
  async #revoke(tablet: Tablet): Promise<void> {
    if (this.revokedAt.size || losesTail(this.kind) || !oneIn(this.dice, 3)) return;
    await this.world.owner.query(`update sync_device set state = 'revoked' where id = any ($1)`, [tablet.uses.map(({ device }) => device)]);
    this.revokedAt.set(tablet.name, Date.now());
    this.tell(`${tablet.name} is revoked`);
  }

  async #logInAll(): Promise<void> {
    for (const person of this.slice.people) await this.#logIn(person);
  }

  async #logIn(person: Person): Promise<void> {
    if (!this.hasLeft(person)) await this.world.logIn(person, 'field');
  }

  /** The faults end. All must come to rest in a bounded number of rounds. */
  async #quiesce(): Promise<Ended> {
    this.tell('healed');
    await this.world.owner.query('insert into healed select unnest($1::uuid[]) on conflict do nothing', [this.slice.devices]);
    for (const { network } of this.tablets) network.heal(this.world.schemas.now);
    for (const open of this.office.opened.splice(0)) await this.office.commit(open);
    for (const { network } of this.tablets) await network.deliverLate();
    await this.#logInAll();
    const here = this.tablets.filter(({ isWiped }) => !isWiped);
    for (const tablet of here) await (this.hasLeft(tablet.person) ? tablet.swap(false) : tablet.start());
    const rounds = await this.#rest(here);
    // What was sent for who is away they see when they come back.
    const back: Tablet[] = [];
    for (const tablet of here)
      if (!tablet.isWiped && !this.hasLeft(tablet.uses[1].person) && (await tablet.hasOthersWork()) && (await tablet.swap(false))) back.push(tablet);
    return { life: this, rounds: Math.max(rounds, back.length ? await this.#rest(back) : 0) };
  }

  /** Syncs until nothing waits and nothing comes any more. Returns after how many rounds. */
  async #rest(here: Tablet[]): Promise<number> {
    for (let round = 0; round < roundsMax; round++) {
      for (const { network } of here) network.pulls = [];
      for (const tablet of here) if (!tablet.isWiped) this.tell(`${tablet.name} syncs: ${said(await tablet.sync(false))}`);
      const isEmpty = here.every(({ network }) => network.pulls.every(({ rows }) => rows === 0));
      const outboxes = await Promise.all(here.map((tablet) => tablet.outbox()));
      const isSent = outboxes.flat().every(({ state }) => state !== 'waiting' && state !== 'sent');
      const photos = await Promise.all(here.map((tablet) => tablet.photosLeft()));
      if (round > 0 && isEmpty && isSent && photos.flat().every(({ state }) => state !== 'waiting')) return round;
      for (const tablet of here) tablet.waitForRetry();
    }
    throw broken('liveness', `not at rest after ${roundsMax} rounds without faults`);
  }
}
