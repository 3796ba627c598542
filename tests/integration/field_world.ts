// A tablet's store for the tests of the feed: what it holds by bucket, and where it is. It knows of
// the protocol no more than docs/sync-protocol.md says.
import assert from 'node:assert/strict';
import type pg from 'pg';
import { addTo, emptySum, hexOf, rowDigest, slotOf, told, type Sum } from '../../web/field/sync/digest.ts';
import type { Api, Reply } from './harness.ts';
import { tablet } from './helpers.ts';

export type Row = { b: string; t: string; id: string; v: number; d?: Record<string, unknown>; x?: 1 };
export type Told = [number, string];

export class Tablet {
  rows = new Map<string, Row>();
  cursor?: string;
  scope?: string;
  buckets: string[] = [];
  device: string;
  api: Api;

  constructor(api: Api, device: string) {
    this.api = api;
    this.device = device;
  }

  static async enrolled(api: Api): Promise<Tablet> {
    return new Tablet(api, await tablet(api));
  }

  ask(more: Record<string, unknown> = {}): Promise<Reply> {
    const { device, cursor, scope } = this;
    return this.api.post('/api/v1/sync/pull', { device, cursor, scope, ...more });
  }

  take({ status, body }: Reply): Reply['body'] {
    assert.equal(status, 200, JSON.stringify(body));
    for (const b of body.scope.drop as string[]) this.drop(b);
    for (const { bucket, snapshot } of body.scope.add) if (!snapshot) this.buckets.push(bucket);
    for (const row of body.rows as Row[]) this.put(row);
    this.cursor = body.cursor;
    this.scope = body.scope.h;
    return body;
  }

  put(row: Row): void {
    const key = `${row.b} ${row.t} ${row.id}`;
    if (row.x) this.rows.delete(key);
    else this.rows.set(key, row);
  }

  drop(bucket: string): void {
    this.buckets = this.buckets.filter((held) => held !== bucket);
    for (const [key, row] of this.rows) if (row.b === bucket) this.rows.delete(key);
  }

  /** Pulls until a window is finished; returns how many pages it was. */
  async pull(limit?: number, between?: () => Promise<void>): Promise<number> {
    for (let pages = 1; ; pages++) {
      const body = this.take(await this.ask({ limit }));
      if (!body.more) return pages;
      await between?.();
    }
  }

  has(t: string, id: string): Row | undefined {
    return [...this.rows.values()].find((r) => r.t === t && r.id === id);
  }

  /** What it holds of a bucket, summed up: as a whole (slot '') or by slot. */
  sums(bucket: string, isBySlot: boolean): Map<string, Sum> {
    const sums = new Map<string, Sum>(isBySlot ? [] : [['', emptySum()]]);
    for (const row of this.rows.values()) {
      if (row.b !== bucket || row.t === 'mutation') continue;
      const slot = isBySlot ? slotOf(row.id) : '';
      const sum = sums.get(slot) ?? emptySum();
      addTo(sum, rowDigest(row.t, row.id, row.d ?? {}));
      sums.set(slot, sum);
    }
    return sums;
  }

  digests(): Record<string, Told> {
    return Object.fromEntries(this.buckets.map((b) => [b, told(this.sums(b, false).get('') ?? emptySum())]));
  }

  /** The rows of slots as they are listed to the server. */
  listed(bucket: string, slots: string[]): Record<string, [string, string, string][]> {
    const lists = Object.fromEntries(slots.map((slot) => [slot, [] as [string, string, string][]]));
    for (const row of this.rows.values())
      if (row.b === bucket && row.t !== 'mutation')
        lists[slotOf(row.id)]?.push([row.t, row.id, hexOf(rowDigest(row.t, row.id, row.d ?? {}))]);
    return lists;
  }

  reconcile(what: Record<string, unknown>): Promise<Reply> {
    return this.api.post('/api/v1/sync/reconcile', { device: this.device, ...what });
  }

  /** All three steps. Returns how many rows were told. */
  async mend(): Promise<number> {
    const first = await this.reconcile({ digests: this.digests() });
    assert.equal(first.status, 200, JSON.stringify(first.body));
    let count = 0;
    for (const b of first.body.differ as string[]) {
      const sums = this.sums(b, true);
      const mine = Object.fromEntries([...sums].map(([slot, sum]) => [slot, told(sum)]));
      const second = await this.reconcile({ slots: { [b]: mine } });
      assert.equal(second.status, 200, JSON.stringify(second.body));
      const slots = Object.keys(second.body.slots[b]);
      const third = await this.reconcile({ rows: { [b]: this.listed(b, slots) } });
      assert.equal(third.status, 200, JSON.stringify(third.body));
      for (const row of third.body.rows as Row[]) this.put(row);
      count += third.body.rows.length;
    }
    for (const b of first.body.scope.drop as string[]) this.drop(b);
    this.cursor = first.body.cursor;
    this.scope = first.body.scope.h;
    return count;
  }
}

/** Fails unless the tablet has the rows that it should have, as they are. */
export async function isWhole(owner: pg.Client, held: Tablet, areas = [1, 2, 4]): Promise<void> {
  const { rows } = await owner.query(
    `select b.bucket || ' ' || case e.tbl when 1 then 'place' when 2 then 'component' when 3 then 'task'
              when 4 then 'answer' when 5 then 'document' when 6 then 'checklist' when 7 then 'checklist_item'
              when 8 then 'category' when 9 then 'mutation' when 12 then 'conflict'
              when 26 then 'meter_reading' when 27 then 'key_loan' when 28 then 'key' when 29 then 'meter' else e.tbl::text end || ' ' || e.row_id as key,
            e.row_v as v
       from sync_entry e join sync_bucket b using (bucket_no)
      where e.op = 'P' and (b.kind in ('ops', 'keys') and b.area_no = any ($1) or b.kind = 'ref'
            or b.kind = 'dev' and b.ref_id = $2)`,
    [areas, held.device],
  );
  const wanted = new Map(rows.map((r) => [r.key, Number(r.v)]));
  const missing = [...wanted].filter(([key, v]) => held.rows.get(key)?.v !== v);
  const extra = [...held.rows.keys()].filter((key) => !wanted.has(key));
  assert.deepEqual({ missing, extra }, { missing: [], extra: [] });
  assert.ok(wanted.size > 100);
}
