// A server small enough to be read at one sitting, for the sync core's tests: one row table, a
// change log in commit order, pull windows, exactly-once push. docs/sync-protocol.md § 3.

import { createHash } from 'node:crypto';
import { addTo, emptySum, hexOf, rowDigest, slotOf, told } from '../digest.ts';
import type { PullBody } from '../pull.ts';
import type { ReconcileBody } from '../reconcile.ts';
import type { PushBody, Reply, SyncApi } from '../api.ts';
import type { Conflict, Digest, Fields, Mutation, MutationResult, PullAnswer, PulledRow } from '../types.ts';
import { rowKey } from '../types.ts';

interface ServerRow {
  t: string;
  id: string;
  v: number;
  d: Fields;
}

interface LogEntry {
  at: number;
  bucket: string;
  key: string;
  isGone: boolean;
}

interface Cursor {
  epoch: string;
  hi: number;
  scope: string[];
  window?: { to: number; last: number };
}

/** What names the bytes that were handed over. */
export function receiptOf(device: string, raw: string): Reply {
  return ok({ device, sha256: createHash('sha256').update(raw).digest('hex'), received_at: new Date().toISOString() });
}

export class TestServer {
  epoch = 'epoch-1';
  scope: string[] = ['site:1/ops', 'ref'];
  knownScopes = new Set<string>();
  rows = new Map<string, ServerRow>();
  files = new Map<string, Blob>();
  quarantined: string[] = [];
  received = new Map<string, { hash: string; result: MutationResult }>();
  /** How often the effect of a mutation was applied, by mid: never more than once. */
  effects = new Map<string, number>();
  /** Answers instead of the server, for one request; null lets it answer. */
  intercept: (path: string, body: unknown) => Reply | null = () => null;
  refuses: (mutation: Mutation) => string | null = () => null;
  requests: { path: string; body: unknown }[] = [];
  #log = new Map<string, LogEntry>();
  #clock = 0;

  /** The office writes: a row in a bucket, at its next version. */
  put(bucket: string, t: string, id: string, d: Fields): ServerRow {
    const key = rowKey(t, id);
    const row = { t, id, v: (this.rows.get(key)?.v ?? 0) + 1, d: { ...this.rows.get(key)?.d, ...d, id } };

    this.rows.set(key, row);
    for (const held of new Set([bucket, ...this.#bucketsOf(key)])) this.#note(held, key, false);
    return row;
  }

  remove(bucket: string, t: string, id: string): void {
    this.#note(bucket, rowKey(t, id), true);
  }

  move(from: string, to: string, t: string, id: string): void {
    this.#note(from, rowKey(t, id), true);
    this.#note(to, rowKey(t, id), false);
  }

  /** What a tablet with this scope ought to hold, key to fields. */
  oracle(): Map<string, Fields> {
    const result = new Map<string, Fields>();
    for (const entry of this.#log.values())
      if (!entry.isGone && this.scope.includes(entry.bucket) && !entry.key.startsWith('mutation:'))
        result.set(entry.key, this.rows.get(entry.key)!.d);
    return result;
  }

  api(): SyncApi {
    return {
      pull: async (body) => this.#answer('pull', body, () => this.#pull(body)),
      reconcile: async (body) => this.#answer('reconcile', body, () => this.#reconcile(body)),
      push: async (body) => this.#answer('push', body, () => this.#push(body)),
      upload: async ({ sha256, blob }) => this.#answer(`files/${sha256}`, null, () => this.#file(sha256, blob)),
      quarantine: async (device, _reason, raw) => this.#answer('quarantine', raw, () => {
        this.quarantined.push(raw);
        return receiptOf(device, raw);
      }),
    };
  }

  #answer(path: string, body: unknown, work: () => Reply): Reply {
    const copy = structuredClone(body);
    this.requests.push({ path, body: copy });
    return structuredClone(this.intercept(path, copy) ?? work());
  }

  #bucketsOf(key: string): string[] {
    return [...this.#log.values()].filter((entry) => entry.key === key && !entry.isGone).map((entry) => entry.bucket);
  }

  #note(bucket: string, key: string, isGone: boolean): void {
    this.#log.set(`${bucket} ${key}`, { at: ++this.#clock, bucket, key, isGone });
  }

  #pull(body: PullBody): Reply {
    const held = this.#scopeOf(body);
    if (!held) return problem(409, 'scope_unknown');
    const cursor = body.cursor ? (JSON.parse(body.cursor) as Cursor) : { epoch: this.epoch, hi: 0, scope: [] };
    if (cursor.epoch !== this.epoch) return problem(409, 'epoch_changed');

    const mine = [...this.scope, `dev:${body.device}`];
    const add = mine.filter((bucket) => !held.includes(bucket));
    const drop = held.filter((bucket) => !mine.includes(bucket));
    const to = cursor.window?.to ?? this.#clock;
    const from = cursor.window?.last ?? cursor.hi;
    const inline = [...this.#log.values()].filter((entry) => add.includes(entry.bucket) && !entry.isGone);
    const window = [...this.#log.values()]
      .filter((entry) => entry.at > from && entry.at <= to && mine.includes(entry.bucket) && !add.includes(entry.bucket))
      .sort((a, b) => a.at - b.at);
    const page = window.slice(0, body.limit);
    const more = window.length > page.length;
    const next: Cursor = more
      ? { epoch: this.epoch, hi: cursor.hi, scope: mine, window: { to, last: page.at(-1)!.at } }
      : { epoch: this.epoch, hi: to, scope: mine };
    const h = mine.join(',');
    this.knownScopes.add(h);
    return ok({
      epoch: this.epoch,
      scope: { h, add: add.map((bucket) => ({ bucket })), drop },
      rows: [...inline, ...page].map((entry) => this.#told(entry)),
      cursor: JSON.stringify(next),
      more,
      complete: !more && !cursor.window,
      ...(body.digests && !more && !cursor.window ? { digests: Object.fromEntries(mine.map((b) => [b, this.#sum(this.#kept(b))])) } : {}),
    } satisfies PullAnswer);
  }

  /** The rows of a bucket that tablets keep. */
  #kept(bucket: string): ServerRow[] {
    return [...this.#log.values()]
      .filter((entry) => entry.bucket === bucket && !entry.isGone && !entry.key.startsWith('mutation:'))
      .map((entry) => this.rows.get(entry.key)!);
  }

  #sum(rows: ServerRow[]): Digest {
    const sum = emptySum();
    for (const row of rows) addTo(sum, rowDigest(row.t, row.id, row.d));
    return told(sum);
  }

  #reconcile(body: ReconcileBody): Reply {
    const mine = [...this.scope, `dev:${body.device}`];
    const isSame = ([n, h]: Digest, said: Digest = [0, '0'.repeat(16)]): boolean => n === said[0] && h === said[1];
    const inSlot = (bucket: string, slot: string): ServerRow[] => this.#kept(bucket).filter((row) => slotOf(row.id) === slot);

    if (body.digests) {
      const held = Object.keys(body.digests);
      const kept = held.filter((bucket) => mine.includes(bucket));
      const scope = kept.filter((bucket) => !bucket.startsWith('dev:')); // its receipts come anew
      const cursor: Cursor = { epoch: this.epoch, hi: this.#clock, scope };
      this.knownScopes.add(scope.join(','));
      return ok({
        ...{ epoch: this.epoch, cursor: JSON.stringify(cursor), scope: { h: scope.join(','), drop: held.filter((b) => !kept.includes(b)) } },
        differ: kept.filter((bucket) => !isSame(this.#sum(this.#kept(bucket)), body.digests![bucket])),
      });
    }
    if (body.slots) {
      const slots: Record<string, Record<string, Digest>> = {};
      for (const [bucket, said] of Object.entries(body.slots)) {
        const names = new Set([...Object.keys(said), ...this.#kept(bucket).map((row) => slotOf(row.id))]);
        const sums = [...names].map((slot) => [slot, this.#sum(inSlot(bucket, slot))] as const);
        slots[bucket] = Object.fromEntries(sums.filter(([slot, sum]) => !isSame(sum, said[slot])));
      }
      return ok({ slots });
    }
    const rows: PulledRow[] = [];
    for (const [bucket, slots] of Object.entries(body.rows ?? {}))
      for (const [slot, list] of Object.entries(slots)) {
        const said = new Map(list.map(([t, id, h]) => [rowKey(t, id), h]));
        for (const { t, id, v, d } of inSlot(bucket, slot)) {
          if (said.get(rowKey(t, id)) !== hexOf(rowDigest(t, id, d))) rows.push({ b: bucket, t, id, v, d });
          said.delete(rowKey(t, id));
        }
        for (const [t, id] of list) if (said.has(rowKey(t, id))) rows.push({ b: bucket, t, id, x: 1 });
      }
    return ok({ rows });
  }

  #scopeOf(body: PullBody): string[] | null {
    if (body.buckets) return body.buckets;
    if (!body.scope) return [];
    return this.knownScopes.has(body.scope) ? body.scope.split(',') : null;
  }

  #told({ bucket, key, isGone }: LogEntry): PulledRow {
    const { t, id, v, d } = this.rows.get(key)!;
    return isGone ? { b: bucket, t, id, v, x: 1 } : { b: bucket, t, id, v, d };
  }

  #push(body: PushBody): Reply {
    if (body.epoch !== null && body.epoch !== this.epoch) return problem(409, 'epoch_changed');
    return ok({ results: body.mutations.map((mutation) => this.#take(body.device, mutation)) });
  }

  #take(device: string, mutation: Mutation): MutationResult {
    const hash = JSON.stringify(mutation);
    const known = this.received.get(mutation.mid);
    if (known) return known.hash === hash ? { ...known.result, replay: true } : { ...known.result, state: 'quarantined', reason: 'mid_reuse' };

    const result = this.#merge(mutation);
    this.received.set(mutation.mid, { hash, result });
    const key = rowKey('mutation', mutation.mid);
    this.rows.set(key, { t: 'mutation', id: mutation.mid, v: 1, d: { mid: mutation.mid, seq: mutation.seq, state: result.state, result: result as never } });
    this.#note(`dev:${device}`, key, false);
    return result;
  }

  #merge({ seq, mid, row, set, base_v }: Mutation): MutationResult {
    const reason = this.refuses({ seq, mid, row, set } as Mutation);
    const current = this.rows.get(rowKey(row.t, row.id));
    if (reason) return { seq, mid, state: 'quarantined', reason };
    if (!current && base_v !== undefined) return { seq, mid, state: 'quarantined', reason: 'no_such_row' };

    const conflicts: Conflict[] = [];
    const fields: Fields = {};
    for (const [field, { o, n }] of Object.entries(set)) {
      const theirs = current?.d[field] ?? null;
      if (theirs === o || !current) fields[field] = n;
      else if (theirs !== n)
        conflicts.push({ id: `${mid}-${field}`, field, base: o, mine: n, theirs, theirs_by: 'Kontoret', theirs_at: null, chosen: 'theirs', policy: 'office_wins' });
    }
    this.effects.set(mid, (this.effects.get(mid) ?? 0) + 1);
    const v = this.put('site:1/ops', row.t, row.id, fields).v;
    return { seq, mid, v, state: conflicts.length ? 'merged' : 'applied', ...(conflicts.length ? { conflicts } : {}) };
  }

  #file(sha256: string, blob: Blob): Reply {
    const wasThere = this.files.has(sha256);
    this.files.set(sha256, blob);
    return { status: wasThere ? 200 : 201, body: null, retry_after_s: null };
  }

  /** A failover that lost the last changes: they are gone, and the epoch is another. */
  loseSince(at: number, epoch: string): void {
    for (const [name, entry] of this.#log)
      if (entry.at > at) {
        this.#log.delete(name);
        if (this.#bucketsOf(entry.key).length === 0) this.rows.delete(entry.key);
      }
    for (const mid of this.received.keys()) if (!this.rows.has(rowKey('mutation', mid))) this.received.delete(mid);
    this.effects.clear();
    this.knownScopes.clear();
    this.epoch = epoch;
  }

  get clock(): number {
    return this.#clock;
  }
}

export function ok(body: unknown): Reply {
  return { status: 200, body, retry_after_s: null };
}

export function problem(status: number, name: string, extra: object = {}): Reply {
  return { status, body: { type: `https://fdvu.example/problems/${name}`, ...extra }, retry_after_s: null };
}

/** A server with one open task, t1. */
export function serverWithTask(): TestServer {
  const server = new TestServer();
  server.put('site:1/ops', 'task', 't1', { title: 'Bytt filter', state: 'open', done_note: null, place_id: 'p1' });
  return server;
}

/** A bare answer, without a problem document. */
export function status(code: number, retry_after_s: number | null = null): Reply {
  return { status: code, body: null, retry_after_s };
}
