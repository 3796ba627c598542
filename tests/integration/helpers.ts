// What several test files need beside the harness: sessions of anybody, answers taken apart byte by
// byte, event streams, routes out of the API document, numbers that look random and are not.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type pg from 'pg';
import { eventually, type Api, type Server } from './harness.ts';

export type Audience = 'office' | 'field' | 'tenant' | 'supplier';

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

export function token(audience: Audience): string {
  return `${audience[0]}_${randomBytes(32).toString('base64url')}`;
}

/** A session of any person, opened as the log-in does it. */
export async function sessionOf(
  s: Server,
  owner: pg.Client,
  person: string,
  audience: Audience,
): Promise<Api> {
  const made = token(audience);
  await owner.query(`select session_open($1, $2, sha256(convert_to($3, 'UTF8')), 12)`, [
    person,
    audience,
    made,
  ]);
  return s.api(made);
}

/** The person and first home of a demo person, or of a tenant who is not the demo's. */
export async function tenantHome(
  owner: pg.Client,
  isDemo: boolean,
): Promise<{ person: string; dwelling: string; site: string }> {
  const { rows } = await owner.query(
    `select p.id as person, d.id as dwelling, d.site_id as site
       from lease l
       join lease_party lp on lp.lease_id = l.id and lp.role = 'tenant'
       join person p on p.id = lp.person_id and p.protection = 'none'
       join place d on d.id = l.dwelling_id and d.area_no = 1
      where (p.demo_key = 'tenant') is ${isDemo ? '' : 'not'} true
        and l.starts_on <= current_date and (l.ends_on is null or l.ends_on > current_date)
        and (l.state = 'active' or ${isDemo})
        and exists (select from person_role r where r.person_id = p.id and r.role = 'tenant')
      order by p.id limit 1`,
  );
  assert.equal(rows.length, 1, 'the demo has such a tenant');
  return rows[0];
}

export type Answer = { status: number; headers: Map<string, string>; body: string };

/** Takes apart the answers in what came over a socket, up to one that closes. A torn one fails. */
export function answers(bytes: string, method = 'GET'): Answer[] {
  const found: Answer[] = [];
  for (let rest = bytes; rest; ) {
    const end = rest.indexOf('\r\n\r\n');
    assert.ok(end > 0, `headers end: ${rest.slice(0, 200)}`);
    const [line, ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(line ?? '')?.[1]);
    assert.ok(status, `a status line: ${line}`);
    const headers = new Map(
      lines.map((l) => {
        const colon = l.indexOf(':');
        return [l.slice(0, colon).toLowerCase(), l.slice(colon + 1).trim()] as [string, string];
      }),
    );
    rest = rest.slice(end + 4);
    if (status === 100) continue;
    const length = method === 'HEAD' ? 0 : Number(headers.get('content-length') ?? 0);
    assert.ok(rest.length >= length, `a whole body: ${rest.length} of ${length}`);
    found.push({ status, headers, body: rest.slice(0, length) });
    rest = rest.slice(length);
    // libmicrohttpd 0.9.75 sends the headers of its own refusals twice; nobody reads on after this.
    if (headers.get('connection')?.toLowerCase() === 'close') break;
  }
  return found;
}

export type Change = { t: string; id: string; at: number };
export type Stream = { changes: Change[]; names: string[]; close(): void; ended: Promise<void> };

/** Listens to the event stream; returns when it has greeted. */
export async function listen(s: Server, api: Api): Promise<Stream> {
  const stop = new AbortController();
  const reply = await fetch(`${s.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${api.token}` },
    signal: stop.signal,
  });
  assert.equal(reply.status, 200);
  assert.match(reply.headers.get('content-type') ?? '', /^text\/event-stream/);
  const stream: Stream = {
    changes: [],
    names: [],
    close: () => stop.abort(),
    ended: Promise.resolve(),
  };
  const read = async (): Promise<void> => {
    let text = '';
    assert.ok(reply.body);
    for await (const piece of reply.body) {
      text += Buffer.from(piece as Uint8Array).toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        const name = /^event: (\w+)$/m.exec(event)?.[1] ?? '';
        const data = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '{}');
        stream.names.push(name);
        for (const item of data.items ?? []) stream.changes.push({ ...item, at: Date.now() });
      }
    }
  };
  stream.ended = read().catch(() => undefined);
  await eventually('the stream greets', async () => stream.names.length > 0);
  return stream;
}

export type Parameter = {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  schema: Record<string, unknown>;
};
export type Route = {
  method: string;
  path: string;
  roles: string[];
  parameters: Parameter[];
  /** JSON members, null when it takes no JSON by its inputs. */
  members: Record<string, Record<string, unknown>> | null;
  required: string[];
};

/** Every route there is, as the server itself describes them. */
export async function routes(s: Server): Promise<Route[]> {
  const { status, body } = await s.api().get('/api/v1/openapi.json');
  assert.equal(status, 200);
  const found: Route[] = [];
  for (const [path, methods] of Object.entries(body.paths as Record<string, object>))
    for (const [method, given] of Object.entries(methods)) {
      const schema = given.requestBody?.content['application/json']?.schema;
      found.push({
        method: method.toUpperCase(),
        path,
        roles: given['x-roles'],
        parameters: given.parameters ?? [],
        members: schema?.properties ?? null,
        required: schema?.required ?? [],
      });
    }
  assert.ok(found.length > 40, `only ${found.length} routes`);
  return found;
}

/** The path with every {…} filled by something that could be one. */
export function filled(path: string, id = '01941f29-7c00-78cd-9dd9-000000000000'): string {
  return path
    .replace('{id}', id)
    .replace('{sha256}', 'ab'.repeat(32))
    .replace(/\{\w+\}/g, 'ABCD2345');
}

/** mulberry32: small, good enough for junk, and the same everywhere. */
export function prng(seed: number): { next(): number; below(n: number): number; pick<T>(of: T[]): T } {
  let a = seed >>> 0;
  const next = (): number => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = a;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { next, below, pick: (of) => of[below(of.length)] as never };
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  let crc = 0xffffffff;
  for (const byte of body) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, body.length + 4);
  return out;
}

/** A PNG of one grey pixel; each `note` makes another file. */
export function photo(note: string): Buffer {
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.from('00000001000000010800000000', 'hex')),
    chunk('tEXt', Buffer.from(`Comment\0${note}`, 'latin1')),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PNG of this many bytes: what follows its end is nobody's business. */
export const picture = (bytes: number): Buffer =>
  Buffer.concat([photo(String(bytes)), randomBytes(bytes)]).subarray(0, bytes);

export type Mutation = {
  seq: number;
  mid: string;
  grp?: string;
  op: string;
  row: { t: string; id: string };
  set: Record<string, { o?: unknown; n: unknown }>;
  captured_at: string;
  by?: string;
  needs?: string[];
  att?: string[];
};

/** A mutation as a tablet makes it. */
export function mutation(
  seq: number,
  op: string,
  t: string,
  id: string,
  set: Mutation['set'],
  more: Partial<Mutation> = {},
): Mutation {
  return {
    ...{ seq, mid: randomUUID(), op, row: { t, id }, set },
    ...{ captured_at: new Date().toISOString(), ...more },
  };
}

/** Enrols a tablet. */
export async function tablet(api: Api, name = 'Nettbrett'): Promise<string> {
  const { status, body } = await api.post('/api/v1/devices', { name });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
}
