// A caretaker's tablet in the demo's first area, for the tests of what it pushes.
import assert from 'node:assert/strict';
import type pg from 'pg';
import type { Api, Reply, Server, World } from './harness.ts';
import { mutation, tablet, type Mutation } from './helpers.ts';

export type Conflict = {
  id: string;
  field: string;
  base: string | null;
  mine: string | null;
  theirs: string | null;
  theirs_by: string | null;
  chosen: string;
  policy: string;
  severity: string;
  kind: string;
};

export type Result = {
  index?: number;
  seq: number;
  mid: string;
  state: string;
  reason?: string;
  field?: string;
  replay?: true;
  v?: number;
  held_for?: string;
  after_s?: number;
  skew_s?: number;
  conflicts?: Conflict[];
  att_missing?: string[];
};

export type Batch = { results: Result[]; acked_through: number };

export class Tablet {
  seq = 0;
  readonly api: Api;
  readonly owner: pg.Client;
  readonly id: string;
  readonly site: string;

  constructor(api: Api, owner: pg.Client, id: string, site: string) {
    this.api = api;
    this.owner = owner;
    this.id = id;
    this.site = site;
  }

  make(op: string, t: string, id: string, set: Mutation['set'], more: Partial<Mutation> = {}): Mutation {
    return mutation(++this.seq, op, t, id, set, more);
  }

  update(id: string, set: Mutation['set'], more: Partial<Mutation> = {}): Mutation {
    return this.make('task.update@1', 'task', id, set, more);
  }

  /** What is sent with the batch besides its mutations: `oldest`, `sent_at`. */
  send(mutations: unknown[], more: Record<string, unknown> = {}): Promise<Reply> {
    return this.api.post('/api/v1/sync/push', { device: this.id, sent_at: new Date().toISOString(), ...more, mutations });
  }

  async batch(mutations: unknown[], more: Record<string, unknown> = {}): Promise<Batch> {
    const { status, body } = await this.send(mutations, more);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  async push(...mutations: unknown[]): Promise<Result[]> {
    return (await this.batch(mutations)).results;
  }

  /** A task that the office made. */
  async task(fields: Record<string, unknown> = {}): Promise<string> {
    const given = { title: 'Oppdrag', place_id: this.site, ...fields };
    const names = Object.keys(given);
    return this.value(
      `insert into task (${names.join()}) values (${names.map((_, i) => `$${i + 1}`).join()}) returning id`,
      Object.values(given),
    );
  }

  // Rows of ad hoc queries; the tests look into them freely.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async rows(sql: string, params: unknown[] = []): Promise<any[]> {
    return (await this.owner.query(sql, params)).rows;
  }

  /** The first column of the first row. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async value(sql: string, params: unknown[] = []): Promise<any> {
    const [row] = await this.rows(sql, params);
    assert.ok(row, sql);
    return Object.values(row)[0];
  }

  /** What the server has written down of a mutation. */
  async stored(m: Mutation): Promise<{ state: string; result: Result; held_for: string | null; held_until: Date | null }> {
    const [row] = await this.rows('select state, result, held_for, held_until from sync_mutation where mid = $1', [m.mid]);
    assert.ok(row, `${m.mid} is written down`);
    return row;
  }
}

export async function tabletOf(w: World, s: Server): Promise<Tablet> {
  const owner = await w.connect('owner');
  const api = await s.login('caretaker');
  const { rows } = await owner.query(`select id from place where kind = 'building' and area_no = 1 order by id limit 1`);
  return new Tablet(api, owner, await tablet(api), rows[0].id);
}

export const states = (results: Result[]): string[] => results.map((r) => r.state);
