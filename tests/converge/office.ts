// The office: one manager, who writes by SQL as the office's own role does, under its rights, and the
// owner for what no person may. What is committed is logged with the version that it made.
import type pg from 'pg';
import type { Fields } from './core.ts';
import type { Slice, World } from './world.ts';

export type Write = { t: string; id: string; v: number; set: Fields; isNew: boolean; isGone: boolean };

/** A transaction that is still open. */
export type Open = { client: pg.Client; writes: Write[]; rows: Set<string> };

export class Office {
  readonly #world: World;
  readonly slice: Slice;
  log: Write[] = [];
  opened: Open[] = [];

  constructor(world: World, slice: Slice) {
    this.#world = world;
    this.slice = slice;
  }

  async begin(): Promise<Open> {
    const client = await this.#world.officeClient();
    await client.query(`begin; select identify(sha256(convert_to('${this.slice.manager.token}', 'UTF8')))`);
    return { client, writes: [], rows: new Set() };
  }

  async commit(open: Open): Promise<void> {
    await open.client.query('commit');
    this.log.push(...open.writes);
    this.#world.giveBack(open.client);
  }

  async rollback(open: Open): Promise<void> {
    await open.client.query('rollback');
    this.#world.giveBack(open.client);
  }

  /** A transaction of its own. */
  async now(work: (open: Open) => Promise<void>): Promise<void> {
    const open = await this.begin();
    try {
      await work(open);
    } catch (error) {
      await this.rollback(open).catch(() => undefined);
      throw error;
    }
    await this.commit(open);
  }

  async edit(open: Open, id: string, set: Fields): Promise<void> {
    const names = Object.keys(set);
    const assign = names.map((name, i) => `${name} = $${i + 2}`).join();
    const { rows } = await open.client.query(`update task set ${assign} where id = $1 returning row_v`, [id, ...Object.values(set)]);
    open.rows.add(id);
    if (rows[0]) open.writes.push({ t: 'task', id, v: Number(rows[0].row_v), set, isNew: false, isGone: false });
  }

  async create(open: Open, id: string, set: Fields): Promise<void> {
    const names = Object.keys(set);
    const values = names.map((_, i) => `$${i + 2}`).join();
    await open.client.query(`insert into task (id, ${names.join()}) values ($1, ${values})`, [id, ...Object.values(set)]);
    open.rows.add(id);
    open.writes.push({ t: 'task', id, v: 1, set, isNew: true, isGone: false });
  }

  /** A key goes out at the counter, when it is in. Whether it did. */
  async lend(open: Open, id: string, key: string, holder: string): Promise<boolean> {
    const { rows } = await open.client.query(
      `insert into key_loan (id, key_id, holder_id, out_name) select $1, k.id, $3, 'Skranken' from key k where k.id = $2 and k.state = 'in' returning out_at, row_v`,
      [id, key, holder],
    );
    for (const { out_at, row_v } of rows) open.writes.push({ t: 'key_loan', id, v: Number(row_v), set: { out_at: out_at.toISOString() }, isNew: true, isGone: false });
    return rows.length > 0;
  }

  /** A key comes in at the counter, when it is out. Whether it did. */
  async takeIn(open: Open, key: string, set: { in_name: string; in_note: string }): Promise<boolean> {
    const { rows } = await open.client.query(
      `update key_loan set in_at = now(), in_name = $2, in_note = $3 where key_id = $1 and in_at is null and lost_at is null returning id, to_json(in_at) #>> '{}' as in_at, row_v`,
      [key, set.in_name, set.in_note],
    );
    for (const { id, in_at, row_v } of rows) open.writes.push({ t: 'key_loan', id, v: Number(row_v), set: { ...set, in_at }, isNew: false, isGone: false });
    return rows.length > 0;
  }

  /** Past all rights, as what was held against each other is settled: something of an inspection is written. */
  async inspect(id: string, set: Fields): Promise<void> {
    const names = Object.keys(set);
    const assign = names.map((name, i) => `${name} = $${i + 2}`).join();
    const { rows } = await this.#world.owner.query(`update inspection set ${assign} where id = $1 returning row_v`, [id, ...Object.values(set)]);
    if (rows[0]) this.log.push({ t: 'inspection', id, v: Number(rows[0].row_v), set, isNew: false, isGone: false });
  }

  /** Past all rights: a task is taken out of the database, if nothing hangs on it. */
  async destroy(id: string): Promise<boolean> {
    const rows = await this.#world.owner.query('delete from task where id = $1 returning row_v', [id]).then(
      (done) => done.rows,
      (error: { code?: string }) => {
        if (error.code === '23503') return []; // something hangs on it
        throw error;
      },
    );
    if (rows[0]) this.log.push({ t: 'task', id, v: Number(rows[0].row_v) + 0.5, set: {}, isNew: false, isGone: true });
    return rows.length > 0;
  }

  async moveBuilding(building: string, area: number): Promise<void> {
    await this.now(async ({ client }) => void (await client.query('update place set area_no = $2 where id = $1', [building, area])));
  }

  /** What is open comes to nothing. */
  async leave(): Promise<void> {
    for (const open of this.opened.splice(0)) await this.rollback(open).catch(() => undefined);
  }
}
