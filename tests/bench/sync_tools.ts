// A tablet's way to the server for benches: the product's own client core on HTTP, with what goes over the wire counted and, when asked, cut.
import http from 'node:http';
import { gunzipSync } from 'node:zlib';
import type pg from 'pg';
import { Offline, type FilePart, type Reply, type SyncApi } from '../../web/field/sync/api.ts';
import { MemoryStore } from '../../web/field/sync/memory.ts';
import { setWho } from '../../web/field/sync/state.ts';
import { Syncer } from '../../web/field/sync/syncer.ts';

const PART_BYTES = 1 << 20;
const MANY = 100_000; // rows for which indexes are made anew

export type Wire = { requests: number; bytes: number };

export class Line implements SyncApi {
  readonly wire: Wire = { requests: 0, bytes: 0 };
  /** The line goes dead when this many bytes have come. */
  cutAt = Infinity;
  readonly #port: number;
  readonly #token: string;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  constructor(port: number, token: string) {
    this.#port = port;
    this.#token = token;
  }

  pull(body: unknown): Promise<Reply> {
    return this.ask('POST', '/api/v1/sync/pull', body);
  }

  push(body: unknown): Promise<Reply> {
    return this.ask('POST', '/api/v1/sync/push', body);
  }

  quarantine(device: string, reason: string, raw: string): Promise<Reply> {
    return this.ask('POST', '/api/v1/sync/quarantine', { device, reason, raw });
  }

  upload(): Promise<Reply> {
    throw new Error('no photos here');
  }

  close(): void {
    this.#agent.destroy();
  }

  async ask(method: string, path: string, body?: unknown): Promise<Reply> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = { 'accept-encoding': 'gzip' };
    if (text) headers['content-type'] = 'application/json';
    const { status, headers: told, bytes } = await this.#send(method, path, headers, text);
    const plain = told['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    const after = told['retry-after'];

    return { status, body: plain.length ? JSON.parse(plain.toString()) : null, retry_after_s: after ? Number(after) : null };
  }

  /** In parts of a megabyte, as the app does (web/field/app/network.ts). */
  async file(url: string, from: number, etag: string | null): Promise<FilePart> {
    const headers: Record<string, string> = { range: `bytes=${from}-${from + PART_BYTES - 1}` };
    if (etag) headers['if-range'] = etag;
    const { status, headers: told, bytes } = await this.#send('GET', url, headers);
    const total = Number(told['content-range']?.split('/')[1]);

    return { status, etag: told.etag ?? null, total: Number.isFinite(total) ? total : null, bytes };
  }

  #send(method: string, path: string, headers: Record<string, string>, text?: string): Promise<{ status: number; headers: http.IncomingHttpHeaders; bytes: Buffer }> {
    headers.authorization = `Bearer ${this.#token}`;
    this.wire.requests++;

    return new Promise((done, failed) => {
      const rq = http.request({ port: this.#port, host: '127.0.0.1', method, path, headers, agent: this.#agent }, (reply) => {
        const pieces: Buffer[] = [];
        reply.on('data', (piece: Buffer) => {
          pieces.push(piece);
          this.wire.bytes += piece.length;
          if (this.wire.bytes > this.cutAt) reply.destroy(new Error('cut'));
        });
        reply.on('error', () => failed(new Offline()));
        reply.on('end', () => done({ status: reply.statusCode ?? 0, headers: reply.headers, bytes: Buffer.concat(pieces) }));
      });
      rq.on('error', () => failed(new Offline()));
      rq.end(text);
    });
  }
}

export type Tablet = { store: MemoryStore; syncer: Syncer; line: Line };

/** A tablet of this person that holds nothing yet. */
export async function tabletOn(line: Line, person_id: string, device: string): Promise<Tablet> {
  const store = new MemoryStore();
  const lock = { alone: async (work: () => Promise<void>) => (await work(), true) };

  await store.write(['rows', 'staged', 'meta', 'outbox', 'drafts'], (tx) =>
    setWho(tx, { person_id, name: 'Bench', language: 'nb', device, device_name: 'bench' }),
  );
  return { store, syncer: new Syncer({ store, api: line, lock }), line };
}

/** Fills areas up to `count` tasks in all, some 700 bytes of JSON each, with their places in the change feed; triggers aside. Rows go in by the order of
 * their ids and many of them without the indexes that can be made afterwards, or a million would be spread over all of each index;
 * they are as old as the database, so that nobody who listens for changes has to read them. */
export async function fillTasks(owner: pg.Client, areas: number | number[], count: number): Promise<void> {
  await owner.query('begin');
  await owner.query('set local session_replication_role = replica');
  await owner.query(`set local work_mem = '256MB'`);
  await owner.query(`set local maintenance_work_mem = '256MB'`);
  const { rows: indexes } = await owner.query(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as sql from pg_index
      where indrelid in ('task'::regclass, 'sync_entry'::regclass) and not indisunique and $1 > $2`,
    [count, MANY],
  );
  for (const { name } of indexes) await owner.query(`drop index ${name}`);
  await owner.query(
    `with site as (
       select array_agg(p.id order by p.id) as ids, array_agg(p.area_no order by p.id) as areas
         from place p where p.area_no = any ($1) and p.kind = 'building' and p.site_id = p.id
     ), have as (
       select count(*) as n from task where number like 'B-%'
     ), made as (
       insert into task (id, number, place_id, site_id, area_no, title, description, category, priority, planned_on)
       select md5('bench' || i)::uuid, 'B-' || i, s.id, s.id, s.area_no, 'Kontroll av anlegg ' || i,
              md5(i::text) || ' ' || repeat('Filter og reimer sees over. ', 8) || md5(i || 'b'), c.code, 3, date '2027-01-01' + (i % 365)::int
         from have, site, generate_series(have.n + 1, $2::bigint) i,
              lateral (select site.ids[1 + i % cardinality(site.ids)] as id, site.areas[1 + i % cardinality(site.ids)] as area_no) s,
              (select code from category order by code limit 1) c
        order by 1
       returning id, site_id, row_v
     )
     insert into sync_entry (bucket_no, tbl, row_id, op, row_v, xid)
     select b.bucket_no, 3, m.id, 'P', m.row_v, case when $3 then '3' else pg_current_xact_id() end
       from made m join sync_bucket b on b.kind = 'ops' and b.ref_id = m.site_id order by 1, 3`,
    [[areas].flat(), count, count > MANY],
  );
  for (const { sql } of indexes) await owner.query(sql);
  await owner.query('commit');
  await owner.query('analyze task, sync_entry');
}

/** Writes to `count` of those tasks, as the office does. */
export async function touchTasks(owner: pg.Client, count: number, title: string): Promise<void> {
  await owner.query(`update task set title = $2 where id in (select id from task where number like 'B-%' order by id limit $1)`, [count, title]);
}
