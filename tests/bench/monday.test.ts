// Monday morning: all tablets of a large municipality wake at once, each with what was done in the week-end to send and a week of the office's
// changes to fetch, against one server. Everything must end well, with no request lost; how long it takes is told. FDVU_BENCH=city: 2 000 tablets, or FDVU_TABLETS of them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { world, sleep } from '../integration/harness.ts';
import { fillTasks, Line } from './sync_tools.ts';
import { rssMb } from './tools.ts';

const tablets = Number(process.env.FDVU_TABLETS ?? (process.env.FDVU_BENCH === 'city' ? 2000 : 200));
const perArea = 50; // caretakers, each with a tablet
const tasks = 2000; // of an area
const changed = 200; // of them, by the office since Friday
const written = 5; // on each tablet
const giveUpMs = 240_000;

const w = await world({ demo: true });
const owner = await w.connect('owner');
const s = await w.server();
const uuid = (): string => {
  const hex = randomBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

type Tablet = { device: string; person: string; token: string; area: number; place: string; cursor: string; scope: string };
type Asked = { ms: number; tries: number };

/** Areas with a building and its tasks each. */
async function town(): Promise<{ area: number; place: string }[]> {
  const count = Math.ceil(tablets / perArea);
  const { rows } = await owner.query(`select id from place where kind = 'building' and site_id = id and removed_at is null order by id limit $1`, [count]);
  assert.equal(rows.length, count, 'the demo has as many buildings');
  const areas = rows.map(({ id }, i) => ({ area: 1000 + i, place: id as string }));
  await owner.query(`insert into area (area_no, name) select a, 'Mandag ' || a from unnest($1::int[]) a`, [areas.map(({ area }) => area)]);
  for (const { area, place } of areas) await owner.query('update place set area_no = $1 where id = $2', [area, place]);
  await fillTasks(owner, areas.map(({ area }) => area), tasks * count);
  return areas;
}

/** A tablet that stopped on Friday: with its own caretaker and session, standing where the first one of its area stood. */
async function fleet(): Promise<Tablet[]> {
  const areas = await town();
  const made = Array.from({ length: tablets }, (_, i): Tablet => {
    const token = `f_${randomBytes(32).toString('base64url').slice(0, 43)}`;
    return { ...areas[i % areas.length]!, device: uuid(), person: uuid(), token, cursor: '', scope: '' };
  });
  const [devices, people, numbers] = [made.map((t) => t.device), made.map((t) => t.person), made.map((t) => t.area)];
  await owner.query(`insert into person (id, name) select p::uuid, 'Vaktmester ' || n from unnest($1::text[]) with ordinality u (p, n)`, [people]);
  await owner.query(`insert into person_role (person_id, role, area_no) select p::uuid, 'caretaker', a from unnest($1::text[], $2::int[]) u (p, a)`, [people, numbers]);
  await owner.query(`insert into sync_device (id, person_id, name) select d::uuid, p::uuid, 'mandag' from unnest($1::text[], $2::text[]) u (d, p)`, [devices, people]);
  await owner.query(
    `insert into session (token_hash, person_id, audience, areas, roles, device_id, expires_at)
     select decode(h, 'hex'), p::uuid, 'field', array[a], '{caretaker}', d::uuid, now() + interval '1 day'
       from unnest($1::text[], $2::text[], $3::text[], $4::int[]) u (h, p, d, a)`,
    [made.map((t) => createHash('sha256').update(t.token).digest('hex')), people, devices, numbers],
  );
  return made;
}

/** What the office wrote since. */
async function weekend(): Promise<void> {
  await owner.query(
    `update task set title = 'Endret i helgen' where id in
       (select id from (select id, row_number() over (partition by area_no order by id) as n from task where number like 'B-%') t where n <= $1)`,
    [changed],
  );
}

/** Asks until there is an answer, waiting as long as the server says when it is busy. */
async function ask(line: Line, path: string, body: unknown): Promise<{ answer: Record<string, any>; asked: Asked }> {
  const from = performance.now();
  for (let tries = 1; performance.now() - from < giveUpMs; tries++) {
    const reply = await line.ask('POST', path, body).catch(() => null);
    if (reply?.status === 200) return { answer: reply.body as Record<string, any>, asked: { ms: performance.now() - from, tries } };
    assert.ok(!reply || reply.status === 503 || reply.status === 429, `${path}: ${reply?.status} ${JSON.stringify(reply?.body)}`);
    await sleep(1000 * (reply?.retry_after_s ?? 1) * (0.5 + Math.random()));
  }
  throw new Error(`${path}: no answer`);
}

/** The first one's way to where it stands, and what it holds. */
async function firstFriday(t: Tablet): Promise<string[]> {
  const line = new Line(s.port, t.token);
  const held: string[] = [];
  for (let isDone = false; !isDone; ) {
    const { answer } = await ask(line, '/api/v1/sync/pull', { device: t.device, cursor: t.cursor || undefined, scope: t.scope || undefined, limit: 20000 });
    held.push(...answer.scope.add.map(({ bucket }: { bucket: string }) => bucket));
    t.cursor = answer.cursor;
    t.scope = answer.scope.h;
    isDone = !answer.more && answer.complete;
  }
  line.close();
  return held;
}

/** The others have the same areas: they tell that they hold the same, beside their own. */
async function friday(t: Tablet, first: Tablet, held: string[]): Promise<void> {
  const line = new Line(s.port, t.token);
  const buckets = held.map((bucket) => (bucket === `dev:${first.device}` ? `dev:${t.device}` : bucket));
  const { answer } = await ask(line, '/api/v1/sync/pull', { device: t.device, cursor: first.cursor, buckets });
  assert.equal(answer.complete, true);
  t.cursor = answer.cursor;
  t.scope = answer.scope.h;
  line.close();
}

/** What a tablet does when it wakes: sends what it has, then fetches until it is up to date. */
async function monday(t: Tablet, times: Asked[]): Promise<number> {
  const line = new Line(s.port, t.token);
  const now = new Date().toISOString();
  const mutations = Array.from({ length: written }, (_, i) => ({
    seq: i + 1, mid: uuid(), grp: uuid(), op: 'task.create@1', row: { t: 'task', id: uuid() },
    set: { title: { o: null, n: `Mandag ${i}` }, place_id: { o: null, n: t.place } }, captured_at: now, by: t.person, needs: [], att: [],
  }));
  for (let left = mutations; left.length; ) {
    const { answer, asked } = await ask(line, '/api/v1/sync/push', { device: t.device, sent_at: now, mutations: left });
    const states = new Map<string, string>(answer.results.map((result: { mid: string; state: string }) => [result.mid, result.state]));
    times.push(asked);
    assert.ok([...states.values()].every((state) => state === 'applied' || state === 'retry'), JSON.stringify(answer));
    left = left.filter(({ mid }) => states.get(mid) !== 'applied'); // what the server had no time for
    if (left.length) await sleep(1000 * Math.random());
  }

  let rows = 0;
  for (let isDone = false; !isDone; ) {
    const { answer, asked } = await ask(line, '/api/v1/sync/pull', { device: t.device, cursor: t.cursor, scope: t.scope, limit: 20000 });
    times.push(asked);
    rows += answer.rows.length;
    t.cursor = answer.cursor;
    isDone = !answer.more;
  }
  line.close();
  return rows;
}

test(`${tablets} tablets wake at once, and each gets through`, async () => {
  const all = await fleet();
  const areas = Math.ceil(tablets / perArea), firsts = all.slice(0, areas);
  const held = await Promise.all(firsts.map(firstFriday));
  for (let i = areas; i < all.length; i += 16)
    await Promise.all(all.slice(i, i + 16).map((t, j) => friday(t, firsts[(i + j) % areas]!, held[(i + j) % areas]!)));
  await weekend();

  const times: Asked[] = [];
  const before = rssMb(s.pid);
  const from = performance.now();
  const rows = await Promise.all(all.map((t) => monday(t, times)));
  const took = (performance.now() - from) / 1000;
  const sorted = times.map((t) => t.ms).sort((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]! / 1000).toFixed(2);

  assert.ok(Math.min(...rows) >= changed + written, 'each got what the office changed, and its own back');
  const { rows: kept } = await owner.query(`select count(*)::int as n, count(distinct mid)::int as mids from sync_mutation where state = 'applied'`);
  assert.deepEqual(kept[0], { n: tablets * written, mids: tablets * written });
  console.log(
    `${tablets} tablets of ${areas} areas wake at once, ${written} changes each, ${rows.reduce((sum, n) => sum + n, 0)} rows to fetch\n` +
      `  all through in ${took.toFixed(1)} s; ${times.length} requests answered, ${times.filter((t) => t.tries > 1).length} of them after being asked to wait\n` +
      `  a request with its waiting: p50 ${at(0.5)} s, p99 ${at(0.99)} s, longest ${at(1)} s; server ${before.toFixed(0)} → ${rssMb(s.pid).toFixed(0)} MB`,
  );
});
