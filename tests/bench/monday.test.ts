// Monday morning: all tablets of a large municipality wake at once, each with what was done in the week-end to send and a week of the office's
// changes to fetch, against one server. Everything must end well, with no request lost; how long it takes is told. FDVU_BENCH=city: 2 000 tablets, or FDVU_TABLETS of them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { world, sleep } from '../integration/harness.ts';
import { fillTasks, Line, touchTasks } from './sync_tools.ts';
import { rssMb } from './tools.ts';

const tablets = Number(process.env.FDVU_TABLETS ?? (process.env.FDVU_BENCH === 'city' ? 2000 : 200));
const tasks = 2000;
const changed = 200; // by the office since Friday
const written = 5; // on each tablet
const giveUpMs = 240_000;

const w = await world({ demo: true });
const owner = await w.connect('owner');
const s = await w.server();
await s.login('caretaker'); // makes the session that the tablets' are like
const uuid = (): string => {
  const hex = randomBytes(16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};
const { rows: mine } = await owner.query(`select person_id, areas[1] as area from session where audience = 'field' order by created_at desc limit 1`);
await fillTasks(owner, mine[0].area, tasks);

type Tablet = { device: string; token: string; cursor: string; scope: string; task: string };
type Asked = { ms: number; tries: number };

/** A tablet that stopped on Friday: its own device and session, standing where the first one stood. */
async function fleet(): Promise<Tablet[]> {
  const ids = (await owner.query(`select id from task where number like 'B-%' order by id desc limit $1`, [tablets])).rows.map((row) => row.id);
  const made: Tablet[] = [];
  for (let i = 0; i < tablets; i++) {
    const token = `f_${randomBytes(32).toString('base64url').slice(0, 43)}`;
    made.push({ device: uuid(), token, cursor: '', scope: '', task: ids[i % ids.length]! });
  }
  await owner.query(`insert into sync_device (id, person_id, name) select d::uuid, $2, 'mandag' from unnest($1::text[]) d`, [made.map((t) => t.device), mine[0].person_id]);
  await owner.query(
    `insert into session (token_hash, person_id, audience, areas, roles, device_id, expires_at)
     select decode(h, 'hex'), s.person_id, 'field', s.areas, s.roles, d::uuid, now() + interval '1 day'
       from unnest($1::text[], $2::text[]) u (h, d), (select * from session where person_id = $3 and audience = 'field' limit 1) s`,
    [made.map((t) => createHash('sha256').update(t.token).digest('hex')), made.map((t) => t.device), mine[0].person_id],
  );
  return made;
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
    set: { title: { o: null, n: `Mandag ${i}` }, place_id: { o: null, n: place } }, captured_at: now, by: mine[0].person_id, needs: [], att: [],
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

const place: string = (await owner.query(`select place_id from task where number like 'B-%' limit 1`)).rows[0].place_id;

test(`${tablets} tablets wake at once, and each gets through`, async () => {
  const all = await fleet();
  const [first] = all as [Tablet];
  const held = await firstFriday(first);
  for (let i = 1; i < all.length; i += 16) await Promise.all(all.slice(i, i + 16).map((t) => friday(t, first, held)));
  await touchTasks(owner, changed, 'Endret i helgen');

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
    `${tablets} tablets wake at once, ${written} changes each\n` +
      `  all through in ${took.toFixed(1)} s; ${times.length} requests answered, ${times.filter((t) => t.tries > 1).length} of them after being asked to wait\n` +
      `  a request with its waiting: p50 ${at(0.5)} s, p99 ${at(0.99)} s, longest ${at(1)} s; server ${before.toFixed(0)} → ${rssMb(s.pid).toFixed(0)} MB`,
  );
});
