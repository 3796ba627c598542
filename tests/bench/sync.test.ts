// What a tablet waits for, beside the same rows in PouchDB 9 and its own server, in one run: both clients are the real ones, in this process,
// with their stores in memory. FDVU_BENCH=city takes 10 000 and 50 000 rows, and a million for the delta; without it a fifth and less.
// A first load is of snapshot files, as the app takes them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { record } from '../../web/field/sync/outbox.ts';
import { list } from '../../web/field/sync/view.ts';
import { world } from '../integration/harness.ts';
import { pouch, type Pouch } from './pouch.ts';
import { fillTasks, Line, tabletOn, touchTasks, type Tablet } from './sync_tools.ts';
import { bound, median, roundsOf, stopwatch, wrk } from './tools.ts';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';

const isCity = process.env.FDVU_BENCH === 'city';
const sizes = isCity ? [10_000, 50_000] : [2_000, 5_000];
const many = isCity ? 1_000_000 : 50_000;
const edits = 100;
const rounds = roundsOf(7);
const loads = 3; // of tablets that hold nothing yet

const w = await world({ demo: true });
const owner = await w.connect('owner');
const s = await w.server();
const caretaker = await s.login('caretaker');
const me = (await caretaker.get('/api/v1/session')).body;
const area: number = (await owner.query(`select areas[1] as no from session where person_id = $1 and audience = 'field' limit 1`, [me.person_id ?? me.id])).rows[0].no;
const person: string = me.person_id ?? me.id;

const figure = (n: number, digits = 0): string => n.toFixed(digits).padStart(9);
const line = (name: string, ours: number, theirs: number): string => `  ${name.padEnd(30)}${figure(ours, 1)} ms ${figure(theirs, 1)} ms ${figure(theirs / ours, 1)} ×\n`;

async function ms(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

async function tablet(): Promise<Tablet> {
  const device = (await caretaker.post('/api/v1/devices', { name: 'bench' })).body.id;
  return tabletOn(new Line(s.port, caretaker.token), person, device);
}

/** One round that must end well. */
async function sync(t: Tablet): Promise<void> {
  const stop = await t.syncer.sync();
  assert.deepEqual(stop, { why: 'done' });
}

type Stored = { t: string; id: string; d: Record<string, unknown> };

async function rowsOf(t: Tablet): Promise<Stored[]> {
  return t.store.read(['rows'], (tx) => tx.all('rows'));
}

async function edit(t: Tablet, title: string): Promise<void> {
  const tasks = (await t.store.read(['rows', 'outbox'], (tx) => list(tx, 'task'))).filter((row) => String(row.d.number).startsWith('B-')).slice(0, edits);
  assert.equal(tasks.length, edits);
  for (const { id } of tasks) await record(t.store, [{ op: 'task.update@1', t: 'task', id, isNew: false, set: { description: title }, label: id }]);
}

/** A first load that loses its line at half of what it takes, and is taken up again: how long the second part takes. */
async function resumed(bytes: number): Promise<{ took: number; again: number }> {
  const t = await tablet();
  t.line.cutAt = bytes / 2;
  assert.equal((await t.syncer.sync()).why, 'offline');
  const before = t.line.wire.bytes;
  t.line.cutAt = Infinity;
  const took = await ms(() => sync(t));
  const again = t.line.wire.bytes - before;
  t.line.close();
  return { took, again };
}

for (const size of sizes)
  test(`${size} rows beside PouchDB`, async () => {
    await fillTasks(owner, area, size);
    await w.fdvu(['snapshots']); // as each night; their peer's server has its index warm too
    const first: number[] = [], listed: number[] = [], theirFirst: number[] = [], theirListed: number[] = [];
    let ours = await tablet();
    let tasks = 0;
    for (let i = 0; i < loads; i++) {
      if (i > 0) ours.line.close();
      if (i > 0) ours = await tablet();
      first.push(await ms(() => sync(ours)));
      listed.push(await ms(async () => (tasks = (await ours.store.read(['rows', 'outbox'], (tx) => list(tx, 'task'))).length)));
      assert.ok(tasks >= size, `${tasks} tasks`);
    }
    const { ...wire } = ours.line.wire;
    const rows = await rowsOf(ours);
    assert.ok(rows.length >= size, `${rows.length} rows`);

    const peer: Pouch = await pouch(rows.map(({ t, id, d }) => ({ ...d, _id: `${t}:${id}`, t })));
    let theirs = peer.tablet();
    for (let i = 0; i < loads; i++) {
      if (i > 0) await theirs.close();
      if (i > 0) theirs = peer.tablet();
      theirFirst.push(await ms(async () => assert.equal(await theirs.pull(), rows.length)));
      theirListed.push(await ms(async () => assert.equal(await theirs.list('task'), tasks)));
    }

    const empty: number[] = [], theirEmpty: number[] = [], delta: number[] = [], theirDelta: number[] = [], push: number[] = [], theirPush: number[] = [];
    for (let i = 0; i < rounds; i++) {
      empty.push(await ms(() => sync(ours)));
      theirEmpty.push(await ms(() => theirs.pull()));
      await touchTasks(owner, edits, `Endret ${size} ${i}`);
      await peer.change(edits, `Endret ${i}`);
      delta.push(await ms(() => sync(ours)));
      theirDelta.push(await ms(async () => assert.equal(await theirs.pull(), edits)));
      await edit(ours, `Sett ${size} ${i}`);
      await theirs.edit(edits, `Sett ${i}`);
      push.push(await ms(() => sync(ours)));
      theirPush.push(await ms(async () => assert.equal(await theirs.push(), edits)));
    }
    const cut = await resumed(wire.bytes);
    const half = peer.tablet();
    await half.pullPart(rows.length / 2);
    const theirRest = await ms(() => half.pull());

    console.log(
      `${rows.length} rows on a tablet (medians of ${rounds} rounds, of loads ${loads})\n${' '.repeat(38)}fdvu      PouchDB\n` +
        line('first load', median(first), median(theirFirst)) +
        line('  the first of its process', first[0]!, theirFirst[0]!) +
        line('all tasks listed after it', median(listed), median(theirListed)) +
        line('both', median(first) + median(listed), median(theirFirst) + median(theirListed)) +
        `  ${'over the wire'.padEnd(30)}${figure(wire.bytes / 1e6, 2)} MB in ${wire.requests} requests\n` +
        line('nothing new', median(empty), median(theirEmpty)) +
        line(`${edits} rows changed there`, median(delta), median(theirDelta)) +
        line(`${edits} changes made here`, median(push), median(theirPush)) +
        line('the rest after a cut at half', cut.took, theirRest) +
        `  ${'of which over the wire'.padEnd(30)}${figure(cut.again / 1e6, 2)} MB`,
    );
    ours.line.close();
    await theirs.close();
    await half.close();
    peer.stop();
    if (size === 50_000) {
      const times = median(theirFirst) / median(first);
      bound(times >= 20, `the first load is ${times.toFixed(1)} times as fast as PouchDB's, not 20`);
      bound(wire.bytes < 9e6, `${(wire.bytes / 1e6).toFixed(1)} MB, not under 9`);
    }
  });

test('pushes a hundred changes in one request within 150 ms', async () => {
  await fillTasks(owner, area, sizes[0]!);
  const t = await tablet();
  await sync(t);
  const times = [];
  for (let i = 0; i < rounds; i++) {
    await edit(t, `Skrevet ${i}`);
    const entries = await t.store.read(['outbox'], (tx) => tx.by('outbox', 'state', 'waiting'));
    const body = { device: entries[0]!.device, epoch: null, sent_at: new Date().toISOString(), mutations: entries.map((entry) => entry.mutation) };
    times.push(
      await ms(async () => {
        const { status, body: said } = await t.line.push(body);
        assert.equal(status, 200);
        const states = new Set((said as { results: { state: string }[] }).results.map((result) => result.state));
        assert.deepEqual([...states].filter((state) => state !== 'applied' && state !== 'merged'), []);
      }),
    );
    await sync(t);
  }
  t.line.close();
  console.log(`${edits} changes in one request, ${rounds} times\n  median ${median(times).toFixed(0)} ms`);
  bound(median(times) < 150, `${median(times).toFixed(0)} ms, not under 150`);
});

/** Where a tablet that is up to date stands. */
async function upToDate(): Promise<{ device: string; cursor: string; scope: string }> {
  const device = (await caretaker.post('/api/v1/devices', { name: 'bench' })).body.id;
  let cursor: string | undefined, scope: string | undefined;
  for (;;) {
    const page = await caretaker.post('/api/v1/sync/pull', { device, cursor, scope, limit: 20000 });
    assert.equal(page.status, 200, JSON.stringify(page.body));
    ({ cursor } = page.body);
    scope = page.body.scope.h;
    if (!page.body.more && page.body.rows.length === 0) return { device, cursor: cursor!, scope: scope! };
  }
}

test('answers tablets that are up to date', async () => {
  const body = JSON.stringify(await upToDate());
  const watch = stopwatch(s.port, caretaker.token);
  const times = [];
  for (let i = 0; i < 500; i++) times.push(await watch.time('POST', '/api/v1/sync/pull', body));
  watch.close();
  const path = join(w.var, '..', 'pulls');
  writeFileSync(path, ['POST', '/api/v1/sync/pull', body].join('\t') + '\n');
  const loads = [];
  for (let i = 0; i < roundsOf(3); i++) loads.push(await wrk({ url: s.url, requests: path, connections: 16, seconds: 3, token: caretaker.token }));
  const rate = median(loads.map((load) => load.rps));
  console.log(`an empty pull\n  one connection, median ${median(times).toFixed(2)} ms; 16 connections ${rate.toFixed(0)} /s, p99 ${median(loads.map((l) => l.p99Ms)).toFixed(1)} ms`);
  bound(median(times) < 1, `${median(times).toFixed(2)} ms, not under 1`);
  bound(rate >= 5000, `${rate.toFixed(0)} a second, not 5000`);
});

/** How long the answer with a hundred changed rows takes. */
async function deltaTime(): Promise<number> {
  const watch = stopwatch(s.port, caretaker.token);
  const times = [];
  for (let i = 0; i < 2 * rounds + 1; i++) {
    const at = JSON.stringify(await upToDateFrom(i));
    await touchTasks(owner, edits, `Igjen ${i} ${Date.now()}`);
    times.push(await watch.time('POST', '/api/v1/sync/pull', at));
  }
  watch.close();
  return median(times);
}

let stand: { device: string; cursor: string; scope: string } | null = null;

/** A tablet that says what it holds, as it does when the server has forgotten: a million rows need not be fetched to stand at their end. */
async function standing(): Promise<{ device: string; cursor: string; scope: string }> {
  const device = (await caretaker.post('/api/v1/devices', { name: 'bench' })).body.id;
  const { rows } = await owner.query(
    `select b.bucket from sync_bucket b where b.kind = 'ref' or b.ref_id = $2
        or b.kind in ('ops', 'keys') and b.area_no = any (array(select unnest(areas) from session where person_id = $1 and audience = 'field'))`,
    [person, device],
  );
  const { cursor } = (await caretaker.post('/api/v1/sync/reconcile', { device, digests: {} })).body;
  const page = await caretaker.post('/api/v1/sync/pull', { device, cursor, buckets: rows.map(({ bucket }) => bucket) });
  assert.deepEqual([page.status, page.body.complete, page.body.rows, page.body.scope.add, page.body.scope.drop], [200, true, [], [], []], JSON.stringify(page.body));
  return { device, cursor: page.body.cursor, scope: page.body.scope.h };
}

/** Where that tablet stands now, read from where it stood. */
async function upToDateFrom(round: number): Promise<{ device: string; cursor: string; scope: string }> {
  if (round === 0 || !stand) return (stand = await standing());
  const page = await caretaker.post('/api/v1/sync/pull', { ...stand, limit: 20000 });
  assert.equal(page.body.complete, true);
  return (stand = { ...stand, cursor: page.body.cursor });
}

test('a delta costs the same whatever the table holds', async () => {
  await fillTasks(owner, area, sizes[0]!);
  const { rows } = await owner.query(`select count(*)::int as n from task where number like 'B-%'`); // more, when those beside PouchDB were first
  const few = await deltaTime();
  await fillTasks(owner, area, many);
  const lots = await deltaTime();
  console.log(`${edits} changed rows in a pull\n  of ${rows[0].n} tasks ${few.toFixed(1)} ms, of ${many} ${lots.toFixed(1)} ms: ${(lots / few).toFixed(2)}`);
  bound(lots / few <= 1.2, `${(lots / few).toFixed(2)} times as long with ${many} rows`);
});

after(() => owner.end().catch(() => undefined));
