// What is sent may be large, broken, packed, late or by a clock that is wrong: it harms itself at
// most, and values that meet are compared as what they are.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { world } from './harness.ts';
import { states, tabletOf, type Result, type Tablet } from './field_tablet.ts';

const w = await world({ demo: true });
const s = await w.server();
let t: Tablet;

before(async () => {
  t = await tabletOf(w, s);
});

async function raw(body: Uint8Array | string, headers: Record<string, string> = {}): Promise<{ status: number; results: Result[]; type: string }> {
  const reply = await fetch(`${s.url}/api/v1/sync/push`, {
    method: 'POST',
    headers: { authorization: `Bearer ${t.api.token}`, 'content-type': 'application/json', ...headers },
    body: body as BodyInit,
  });
  const told = await reply.json();
  return { status: reply.status, results: told.results, type: told.type };
}

const batchOf = (...mutations: string[]): string => `{"device":"${t.id}","mutations":[${mutations.join()}]}`;

test('lets what nobody can read harm nothing but itself', async () => {
  const id = await t.task();
  const bad: [string, string][] = [
    [JSON.stringify(t.update(id, { title: { n: 'a\u0000b' } })), 'nul'],
    ['{"seq":1,"a\\u0000":1}', 'malformed'],
    [`{"seq":1,"deep":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'too_deep'],
    [JSON.stringify({ ...t.update(id, {}), needs: 'x' }), 'malformed'],
    ['{"seq":1,"seq":2}', 'malformed'],
    ['{"seq":1 "mid":2}', 'malformed'],
    ['{"seq":1]', 'malformed'],
    ['tru', 'malformed'],
    [JSON.stringify(t.update(id, { title: { n: 'x'.repeat(270_000) } })), 'too_large'],
  ];
  for (const [text, reason] of bad) {
    const good = t.update(id, { visits: { n: 1 } });
    const { status, results } = await raw(batchOf(text, JSON.stringify(good)));
    assert.equal(status, 200, text.slice(0, 80));
    assert.deepEqual(results.map((r) => [r.state, r.reason]), [['quarantined', reason], ['applied', undefined]], text.slice(0, 80));
    assert.equal(results[0]?.index, 0, 'which it was is told by its place');
  }
  assert.equal(await t.value('select visits from task where id = $1', [id]), bad.length);
  const kept = await t.rows('select reason, raw from sync_quarantine order by received_at');
  assert.deepEqual(kept.map((k) => [k.raw.toString(), k.reason]), bad, 'byte by byte as it came');
});

test('keeps bytes that are no text', async () => {
  const id = await t.task();
  const body = Buffer.from(batchOf('{"x":"@"}', JSON.stringify(t.update(id, { visits: { n: 1 } }))), 'latin1');
  body[body.indexOf('@')] = 0xff;
  const { results } = await raw(body);
  assert.deepEqual(states(results), ['quarantined', 'applied']);
  const [kept] = await t.rows('select raw from sync_quarantine order by received_at desc limit 1');
  assert.deepEqual(kept.raw, Buffer.from('{"x":"\u00ff"}', 'latin1'));
});

test('takes a packed body, and no more than may come of it', async () => {
  const id = await t.task();
  const gzip = { 'content-encoding': 'gzip' };
  const good = await raw(gzipSync(batchOf(JSON.stringify(t.update(id, { title: { o: 'Oppdrag', n: 'Pakket' } })))), gzip);
  assert.deepEqual([good.status, states(good.results)], [200, ['applied']]);
  assert.equal(await t.value('select title from task where id = $1', [id]), 'Pakket');
  const large = batchOf(JSON.stringify(t.update(id, { title: { n: ' '.repeat(1_048_576) } })));
  assert.equal((await raw(gzipSync(large), gzip)).status, 413, 'the limit is on what comes of it');
  const before = await memory();
  const bomb = gzipSync(Buffer.alloc(512 * 1024 * 1024), { level: 9 });
  assert.ok(bomb.length < 1_048_576, 'it would come in');
  for (let i = 0; i < 5; i++) assert.equal((await raw(bomb, gzip)).status, 413);
  assert.ok((await memory()) - before < 64 * 1024, 'and takes no memory');
  assert.equal((await raw('{}', gzip)).status, 400);
  assert.equal((await raw(gzipSync('{}').subarray(0, 15), gzip)).status, 400);
  assert.equal((await raw('{}', { 'content-encoding': 'br' })).status, 415);
});

/** Resident memory of the server in KiB. */
async function memory(): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${s.pid}/status`, 'utf8'))?.[1]);
}

type Meeting = [field: string, o: unknown, office: unknown, mine: unknown, becomes: string, chosen: string | null, policy?: string];
const at = (hour: number): string => `2026-11-20T${String(hour).padStart(2, '0')}:00:00+01:00`;
const meetings: Meeting[] = [
  // Typed: what is written otherwise is the same.
  ['started_at', null, '2026-11-20 09:00:00+00', at(10), '2026-11-20 09:00:00+00', null],
  ['started_at', '2026-11-20T08:00:00.000Z', '2026-11-20 08:00:00+00', at(12), '2026-11-20 11:00:00+00', null],
  ['progress', 10.0, 10, 20, '20', null],
  ['assignee_id', null, '{me}', '{ME}', '{me}', null],
  // By their policies.
  ['started_at', null, '2026-11-20 09:00:00+00', at(9), '2026-11-20 08:00:00+00', 'mine', 'min'],
  ['started_at', null, '2026-11-20 09:00:00+00', at(11), '2026-11-20 09:00:00+00', 'theirs', 'min'],
  ['progress', 10, 9, 100, '100', 'mine', 'max'],
  ['progress', 10, 90, 80, '90', 'theirs', 'max'],
  ['access_note', null, 'Nøkkel i resepsjonen', 'Ring på', 'Ring på', 'mine', 'tablet_wins'],
  ['visits', 0, 5, 2, '7', null, 'add'],
  ['done_at', null, '2026-11-19 09:00:00+00', at(10), '2026-11-19 09:00:00+00', 'theirs', 'set_once'],
];
for (const [field, o, office, mine, becomes, chosen, policy] of meetings)
  test(`lets ${field} be ${becomes} when the office said ${office} and the tablet ${mine}`, async () => {
    const me: string = await t.value(`select person_id from sync_device where id = $1`, [t.id]);
    const said = (value: unknown): unknown => (value === '{me}' ? me : value === '{ME}' ? me.toUpperCase() : value);
    const column = field === 'done_at' ? 'device_done_at' : field;
    const id = await t.task();
    await t.owner.query(`update task set ${column} = $2 where id = $1`, [id, said(office)]);
    const [result] = await t.push(t.update(id, { [field]: { o: said(o), n: said(mine) } }));
    assert.equal(await t.value(`select ${column}::text from task where id = $1`, [id]), said(becomes), JSON.stringify(result));
    const conflict = result?.conflicts?.[0];
    assert.deepEqual([result?.state, conflict?.chosen ?? null], [chosen ? 'merged' : 'applied', chosen]);
    if (chosen) assert.deepEqual([conflict?.policy, conflict?.severity, conflict?.kind], [policy, 'soft', 'field']);
  });

test('counts each step once, whoever adds and however often it is sent', async () => {
  const id = await t.task();
  const steps = [1, 2, 3].map((n) => t.update(id, { visits: { n } }));
  await t.push(...steps, steps[0], ...steps);
  await t.push(...steps);
  assert.equal(await t.value('select visits from task where id = $1', [id]), 6);
});

test('keeps a hard conflict hard, and lets only a person close it', async () => {
  const id = await t.task({ title: 'Kontorets' });
  const [result] = await t.push(t.update(id, { title: { o: 'Oppdrag', n: 'Mitt' } }));
  const conflict = result?.conflicts?.[0]?.id;
  await assert.rejects(t.owner.query(`update sync_conflict set severity = 'soft' where id = $1`, [conflict]), /stays hard/);
  await assert.rejects(t.owner.query(`update sync_conflict set state = 'resolved' where id = $1`, [conflict]), /closed_by_a_person/);
  await t.owner.query(`update sync_conflict set state = 'resolved', resolved_by = (select id from person limit 1) where id = $1`, [conflict]);
});

test('tells a tablet whose clock is wrong, and reckons with it', async () => {
  const id = await t.task();
  const late = new Date(Date.now() - 3_600_000).toISOString();
  const m = t.make('task.update@1', 'task', id, { visits: { n: 1 } }, { captured_at: late });
  const { results } = await t.batch([m], { sent_at: late });
  assert.ok(Math.abs((results[0]?.skew_s ?? 0) + 3600) < 60, JSON.stringify(results));
  const [kept] = await t.rows('select captured_at, happened_at, skew_s from sync_mutation where mid = $1', [m.mid]);
  assert.equal(kept.captured_at.toISOString(), late, 'as it was told');
  assert.ok(Math.abs(kept.happened_at - Date.now()) < 60_000, 'as it was');
  await t.batch([t.update(id, { visits: { n: 1 } })], { sent_at: late });
  const flags = await t.rows(`select severity, state from sync_conflict where kind = 'clock' and device_id = $1`, [t.id]);
  assert.deepEqual(flags, [{ severity: 'soft', state: 'resolved' }], 'once a day');
  const [fine] = await t.push(t.update(id, { visits: { n: 1 } }));
  assert.equal(fine?.skew_s, undefined);
});

test('applies a hundred edits of one request in one go', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 100; i++) ids.push(await t.task());
  const took: number[] = [];
  for (let round = 0; round < 5; round++) {
    const edits = ids.map((id) => t.update(id, { title: { o: round ? `Runde ${round - 1}` : 'Oppdrag', n: `Runde ${round}` } }));
    const began = performance.now();
    const results = await t.push(...edits);
    took.push(Math.round(performance.now() - began));
    assert.deepEqual(new Set(states(results)), new Set(['applied']));
    assert.deepEqual(new Set(results.map((r) => r.v)), new Set([round + 2]));
    const transactions = await t.value('select count(distinct xid)::int from sync_mutation where mid = any ($1)', [results.map((r) => r.mid)]);
    assert.equal(transactions, 2, 'fifty in each transaction');
  }
  console.log(`# a hundred edits: ${took.join(', ')} ms`);
});
