// Junk for every route as everybody: whatever a program sends, the answer is not a 500, is a problem
// when it is a refusal, and the log tells of no internal error. The seeds are fixed; a failure names
// the seed and the request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { world, type Person } from './harness.ts';
import { photo, prng, routes, sha256, type Route } from './helpers.ts';

const seeds = [1, 2, 20261122];
const tries = 3; // for each seed, role and route

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
// An event stream never ends by itself; its answers are in cases.test.ts.
const all = (await routes(s)).filter((r) => r.path !== '/api/v1/events');
const { rows: known } = await owner.query<{ id: string }>(
  `select id from (select id from place tablesample bernoulli (2) repeatable (1)) a union all
   (select id from cases limit 5) union all (select id from task limit 5) union all
   (select id from component limit 3) union all (select id from person limit 3)`,
);
const { rows: codes } = await owner.query<{ code: string }>(
  `select code from place where code is not null limit 3`,
);

type Random = ReturnType<typeof prng>;
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const texts = [
  '',
  ' ',
  'a',
  '0',
  '-1',
  'null',
  'true',
  "' or 1=1; drop table cases; --",
  '%',
  '\\',
  '%_\\%',
  '${7*7}{{7*7}}',
  '../../../etc/passwd',
  '<script>alert(1)</script>',
  'æøåÆØÅ',
  '\u202e\u0301\u200b',
  '👩‍👩‍👧‍👦',
  '\u0001\u001f\u007f',
  '\ufffe\uffff',
  'x'.repeat(3999),
  'æ'.repeat(4001),
  ' \n\t',
  '2026-02-30',
  '2026-11-22',
  '9999-12-31T23:59:59+15:59',
  '0001-01-01T00:00:00-15:59',
  '2026-11-22T12:00:00Z',
  '1e308',
  'NaN',
  '9223372036854775807',
  '9223372036854775808',
  '2147483648',
  '[object Object]',
  '"',
  'open',
  'done',
  'other',
  'building',
  'caretaker',
  '({[',
  'a & b | !c <-> "d',
];

function identifier(random: Random): string {
  return random.pick([
    () => random.pick(known).id,
    () => '00000000-0000-0000-0000-000000000000',
    () => 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    () => random.pick(known).id.toUpperCase(),
  ])();
}

function point(random: Random): number[] {
  return random.pick([[435000, 7000000], [0, 0], [-1e8, 1e8], [1e300, 0], [0.1, -0.0]]);
}

/** A value of the kind the document tells of, or nearly. */
function fitting(random: Random, schema: Record<string, unknown>): Json {
  if (schema.format === 'uuid') return identifier(random);
  if (schema.format === 'date') return random.pick(['2026-11-22', '0001-01-01', '9999-12-31']);
  if (schema.format === 'date-time')
    return random.pick(['2026-11-22T12:00:00Z', '0001-01-01T00:00:00+15:59', '9999-12-31T23:59:59-15:59']);
  if (schema.type === 'integer')
    return random.pick([Number(schema.minimum), Number(schema.maximum), 1, 2]);
  if (schema.type === 'boolean') return random.below(2) === 0;
  if (schema.type === 'array')
    return schema.minItems === 2
      ? point(random)
      : [0, 1].map(() => fitting(random, schema.items as Record<string, unknown>));
  if (String(schema.description ?? '').startsWith('xmin'))
    return random.pick(['0,0,1,1', '1,1,0,0', '-1e8,-1e8,1e8,1e8']);
  if (String(schema.description ?? '').startsWith('x,y')) return point(random).join(',');
  if (String(schema.pattern ?? '').includes('64'))
    return random.pick([sha256('x'), sha256(photo('junk')), '0'.repeat(64)]);
  return random.pick(texts);
}

function anything(random: Random, depth = 0): Json {
  const kind = random.below(depth > 3 ? 5 : 7);
  if (kind === 0) return null;
  if (kind === 1) return random.below(2) === 0;
  if (kind === 2)
    return random.pick([0, -1, 1.5, 1e308, -1e-308, 2 ** 31, 2 ** 53, -(2 ** 63), 4, 32768]);
  if (kind === 3) return random.pick(texts);
  if (kind === 4) return identifier(random);
  if (kind === 5) return Array.from({ length: random.below(4) }, () => anything(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [random.pick(texts), anything(random, depth + 1)]),
  );
}

const value = (random: Random, schema: Record<string, unknown>): Json =>
  random.below(5) ? fitting(random, schema) : anything(random);

function pathOf(random: Random, r: Route): string {
  const path = r.path
    .replace('{id}', () => identifier(random))
    .replace('{sha256}', () => random.pick([sha256(photo('junk')), '0'.repeat(64)]))
    .replace(/\{\w+\}/g, () =>
      encodeURIComponent(random.pick([random.pick(codes).code, ...texts.filter((t) => !t.includes('/'))]).replaceAll('\0', '') || 'x'),
    );
  const query = r.parameters
    .filter((p) => p.in === 'query' && (p.required || random.below(3) === 0))
    .map((p) => `${p.name}=${encodeURIComponent(String(value(random, p.schema)))}`);
  if (random.below(12) === 0) query.push(random.pick(['x=1', '=', '&&', 'limit', 'q=%ff', '%']));
  return query.length ? `${path}?${query.join('&')}` : path;
}

/** A batch of a tablet: well formed, nearly, or not at all. */
function batch(random: Random, device: string): Json {
  const mutation = (i: number): Json => ({
    seq: random.pick([i + 1, random.below(1e6), -1, 2 ** 53]),
    mid: random.pick([`01941f29-7c00-78cd-9dd9-${String(random.below(1e9)).padStart(12, '0')}`, 'x', identifier(random)]),
    grp: random.pick([null, identifier(random), 'x']),
    op: random.pick(['task.update@1', 'task.close@1', 'task.create@1', 'answer.add@1', 'photo.add@1', 'comment.add@1', 'x']),
    row: random.pick<Json>([
      { t: random.pick(['task', 'answer', 'document', 'case_message', 'person']), id: identifier(random) },
      anything(random),
    ]),
    set: random.pick<Json>([
      Object.fromEntries(
        ['title', 'state', 'priority', 'done_at', 'planned_on', 'assignee_id', 'place_id', 'task_id', 'item_id', 'sha256', 'size', 'is_ok', 'case_id', 'text', 'captured_at', 'row_v']
          .filter(() => random.below(3) === 0)
          .map((name): [string, Json] => [name, { o: anything(random, 9), n: anything(random, 9) }]),
      ),
      anything(random),
    ]),
    captured_at: random.pick<Json>(['2026-11-22T12:00:00Z', '9999-12-31T23:59:59-15:59', 'x', null]),
    by: random.pick<Json>([null, identifier(random)]),
    needs: anything(random),
    att: anything(random),
  });
  return random.pick<Json>([
    { device, mutations: Array.from({ length: 3 }, (_, i) => mutation(i)) },
    { device, mutations: anything(random), epoch: random.pick(texts) },
    { device: anything(random), mutations: [anything(random), mutation(1)] },
    anything(random),
  ]);
}

function bodyOf(random: Random, r: Route, device: string): string | Uint8Array | undefined {
  if (r.method === 'GET' || r.method === 'HEAD') return undefined;
  if (r.method === 'PUT') return random.pick([photo('junk'), Buffer.from('x'), new Uint8Array(0)]);
  if (r.path.endsWith('/sync/push')) return JSON.stringify(batch(random, device));
  if (!r.members) return random.pick([undefined, '{}', '[', 'x']);
  if (random.below(10) === 0) return JSON.stringify(anything(random));
  const body: Record<string, Json> = {};
  for (const [name, schema] of Object.entries(r.members))
    if (name === 'device' && random.below(4)) body[name] = device;
    else if (r.required.includes(name) || random.below(2) === 0) body[name] = value(random, schema);
  return JSON.stringify(body);
}

/** Headers of tus as a client writes them, nearly, or not at all. */
function tusHeaders(random: Random): Record<string, string> {
  const odd = ['', '-1', '0', '3', '1e3', '9223372036854775807', '99999999999999999999', 'x y', ',', 'sha1 =', 'sha256 AAAA'];
  const given = {
    'tus-resumable': random.pick(['1.0.0', '1.0.0', '1.0.0', '0.2.2']),
    'upload-length': random.pick(odd),
    'upload-offset': random.pick(odd),
    'upload-defer-length': random.pick(['1', '2']),
    'upload-metadata': random.pick([...odd, 'sha256 Zm9v', 'a YQ==,b', 'a,a']),
    'upload-checksum': random.pick(odd),
    'x-http-method-override': random.pick(['PATCH', 'DELETE', 'HEAD', 'x']),
    'content-type': 'application/offset+octet-stream',
  };
  return Object.fromEntries(Object.entries(given).filter(([name]) => name === 'tus-resumable' || random.below(2)));
}

type Who = { name: string; token: string };

async function everybody(): Promise<Who[]> {
  const people: Person[] = ['admin', 'frontdesk', 'caretaker', 'tenant', 'supplier'];
  const sessions = await Promise.all(people.map((p) => s.login(p)));
  return [
    { name: 'nobody', token: '' },
    { name: 'a forger', token: `o_${'A'.repeat(43)}` },
    ...people.map((name, i) => ({ name, token: sessions[i]?.token ?? '' })),
  ];
}

// More than a request's head may hold is answered by libmicrohttpd itself (414), before there is a request.
const PATH_MAX = 16_000;

async function throwAt(random: Random, r: Route, who: Who, device: string): Promise<string | null> {
  const path = pathOf(random, r).slice(0, PATH_MAX);
  const body = bodyOf(random, r, device);
  const reply = await fetch(s.url + path, {
    method: r.method,
    headers: {
      ...(who.token ? { authorization: `Bearer ${who.token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(r.path.startsWith('/api/v1/uploads') ? tusHeaders(random) : {}),
    },
    body: body as BodyInit | undefined,
  });
  const bytes = await reply.arrayBuffer();
  const said = `${who.name}: ${r.method} ${path} ${String(body).slice(0, 2000)} -> ${reply.status}`;
  if (reply.status >= 500) return `${said} ${Buffer.from(bytes).toString()}`;
  const type = reply.headers.get('content-type') ?? '';
  if (reply.status >= 400 && type !== 'application/problem+json') return `${said} as ${type}`;
  if (/json/.test(type) && r.method !== 'HEAD') {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    try {
      JSON.parse(text);
    } catch {
      return `${said} is no JSON: ${text.slice(0, 300)}`;
    }
  }
  return null;
}

for (const seed of seeds)
  test(`answers junk of seed ${seed} without a fault of its own`, async () => {
    const random = prng(seed);
    const wrong: string[] = [];
    for (const who of await everybody()) {
      const mine = await s.api(who.token).post('/api/v1/devices', { name: 'junk' });
      const device = mine.status === 201 ? mine.body.id : identifier(random);
      for (const r of all) {
        // Logging out would end the session for all that follows.
        if (r.method === 'DELETE' && r.path === '/api/v1/session') continue;
        for (let i = 0; i < tries; i++) {
          const fault = await throwAt(random, r, who, device);
          if (fault) wrong.push(fault);
        }
      }
    }
    assert.deepEqual(wrong, [], `seed ${seed}`);
    assert.doesNotMatch(s.log(), /SQLSTATE|ERROR|runtime error/, `the log after seed ${seed}`);
  });
