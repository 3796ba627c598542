// A tablet's push: each mutation is answered, applied exactly once whatever happens on the way, and
// what cannot be applied is kept where a person finds it, never in the way of the next.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import net from 'node:net';
import { before, test } from 'node:test';
import { eventually, world, type Api, type Reply, type Server } from './harness.ts';
import { mutation, photo, sessionOf, sha256, tablet, type Mutation } from './helpers.ts';

const w = await world({ demo: true });
const s = await w.server({ env: { FDVU_STATEMENT_TIMEOUT_MS: '1500' } });
const owner = await w.connect('owner');
let caretaker: Api, manager: Api, device: string, site: string, checklist: string, items: string[];
let seq = 0;

before(async () => {
  caretaker = await s.login('caretaker');
  manager = await s.login('manager');
  device = await tablet(caretaker);
  site = (await owner.query(`select id from place where kind = 'building' and area_no = 1 limit 1`)).rows[0].id;
  const { rows } = await owner.query(
    'select checklist_id, array_agg(id) as items from checklist_item group by 1 limit 1',
  );
  checklist = rows[0].checklist_id;
  items = rows[0].items;
});

type Result = {
  seq: number;
  mid: string;
  state: string;
  reason?: string;
  replay?: true;
  v?: number;
  conflicts?: { field: string; mine: string; theirs: string; chosen: string; policy: string }[];
  att_missing?: string[];
};

async function task(fields: Record<string, unknown> = {}): Promise<string> {
  const given = { title: 'Oppdrag', place_id: site, ...fields };
  const names = Object.keys(given);
  const { rows } = await owner.query(
    `insert into task (${names.join()}) values (${names.map((_, i) => `$${i + 1}`).join()}) returning id`,
    Object.values(given),
  );
  return rows[0].id;
}

const now = async (id: string): Promise<Record<string, unknown>> =>
  (await owner.query('select * from task where id = $1', [id])).rows[0];

const update = (id: string, set: Mutation['set'], more: Partial<Mutation> = {}): Mutation =>
  mutation(++seq, 'task.update@1', 'task', id, set, more);

const pushBy = (api: Api, mutations: unknown[], by = device): Promise<Reply> =>
  api.post('/api/v1/sync/push', { device: by, sent_at: new Date().toISOString(), mutations });

async function push(...mutations: unknown[]): Promise<Result[]> {
  const { status, body } = await pushBy(caretaker, mutations);
  assert.equal(status, 200, JSON.stringify(body));
  return body.results;
}
const states = (results: Result[]): string[] => results.map((r) => r.state);

test('applies what a caretaker did: a task found, closed, answered, photographed', async () => {
  const id = randomUUID();
  const hash = sha256(photo('not sent yet'));
  const results = await push(
    mutation(++seq, 'task.create@1', 'task', id, { place_id: { n: site }, title: { n: 'Knust rute' }, checklist_id: { n: checklist } }),
    mutation(++seq, 'answer.add@1', 'answer', randomUUID(), { task_id: { n: id }, item_id: { n: items[0] }, is_ok: { n: true } }),
    mutation(++seq, 'photo.add@1', 'document', randomUUID(), { task_id: { n: id }, sha256: { n: hash }, mime: { n: 'image/png' } }, { att: [`sha256:${hash}`] }),
    mutation(++seq, 'task.close@1', 'task', id, { state: { o: 'open', n: 'done' }, done_note: { n: 'Byttet' }, done_at: { n: '2026-11-20T10:00:00Z' } }),
  );
  assert.deepEqual(states(results), ['applied', 'applied', 'applied', 'applied']);
  assert.deepEqual(results[2]?.att_missing, [`sha256:${hash}`], 'the picture may come later');
  const seen = (await manager.get(`/api/v1/tasks/${id}`)).body;
  assert.equal(seen.state, 'done');
  assert.equal(seen.done_note, 'Byttet');
  assert.equal(new Date(seen.device_done_at).toISOString(), '2026-11-20T10:00:00.000Z');
  assert.equal(seen.done_by_name, 'Kåre Honnstad');
  assert.equal(seen.answers[0].is_ok, true);
  assert.equal(seen.photos[0].has_arrived, false);
  await caretaker.put(`/api/v1/files/${hash}`, photo('not sent yet'), 'image/png');
  assert.equal((await manager.get(`/api/v1/tasks/${id}`)).body.photos[0].has_arrived, true);
});

type Meeting = [field: string, o: unknown, office: unknown, mine: unknown, becomes: unknown, chosen: string, isOpen: boolean];
const meetings: Meeting[] = [
  ['priority', 3, 1, 4, 1, 'theirs', true],
  ['title', 'Oppdrag', 'Kontorets', 'Nettbrettets', 'Kontorets', 'theirs', true],
  ['planned_on', null, '2026-12-01', '2026-12-02', '2026-12-01', 'theirs', true],
  ['state', 'open', 'cancelled', 'done', 'done_after_cancel', 'both', true],
  ['state', 'open', 'in_progress', 'done', 'done', 'mine', false],
  ['state', 'open', 'waiting', 'in_progress', 'waiting', 'theirs', true],
  ['state', 'open', 'done', 'in_progress', 'done', 'theirs', false],
];
for (const [field, o, office, mine, becomes, chosen, isOpen] of meetings)
  test(`lets ${field} be ${becomes} when the office said ${office} and the tablet ${mine}`, async () => {
    const id = await task();
    await owner.query(`update task set ${field} = $2 where id = $1`, [id, office]);
    const [result] = await push(update(id, { [field]: { o, n: mine } }));
    assert.equal(result?.state, 'merged', JSON.stringify(result));
    const [conflict] = result?.conflicts ?? [];
    assert.deepEqual([conflict?.field, conflict?.chosen], [field, chosen]);
    assert.deepEqual([conflict?.mine, conflict?.theirs], [String(mine), String(office)]);
    const { rows } = await owner.query(`select ${field}::text as is from task where id = $1`, [id]);
    assert.equal(rows[0].is, String(becomes));
    const { rows: noted } = await owner.query('select state, area_no from sync_conflict where row_id = $1', [id]);
    assert.deepEqual(noted, [{ state: isOpen ? 'open' : 'resolved', area_no: 1 }]);
  });

test('keeps both notes when the office and the tablet wrote one', async () => {
  const id = await task({ done_note: 'Fra kontoret' });
  const [result] = await push(update(id, { done_note: { o: null, n: 'Fra brettet' } }));
  assert.equal(result?.state, 'merged');
  assert.match(String((await now(id)).done_note), /^Fra kontoret\n— Kåre Honnstad, .*: Fra brettet$/);
});

test('is not a conflict when both said the same, or spoke of different fields', async () => {
  const id = await task();
  await owner.query(`update task set priority = 1, title = 'Nytt' where id = $1`, [id]);
  const [result] = await push(update(id, { priority: { o: 3, n: 1 }, done_note: { o: null, n: 'x' } }));
  assert.equal(result?.state, 'applied');
  const { priority, title, done_note } = await now(id);
  assert.deepEqual([priority, title, done_note], [1, 'Nytt', 'x']);
});

test('keeps the first time that work was done', async () => {
  const id = await task();
  await push(update(id, { done_at: { n: '2026-11-20T10:00:00Z' } }));
  await push(update(id, { done_at: { n: '2026-11-21T10:00:00Z' } }));
  assert.deepEqual((await now(id)).device_done_at, new Date('2026-11-20T10:00:00Z'));
});

test('keeps what it cannot apply, with the reason, and applies what stands beside it', async () => {
  const good = await task();
  const { rows } = await owner.query('select id from task where area_no = 3 limit 1');
  const poison: [unknown, string][] = [
    [update(good, { wings: { n: 2 } }), 'unknown_field'],
    [update(good, { title: { n: { deep: 1 } } }), 'wrong_type'],
    [update(good, { title: {} as { n: unknown } }), 'malformed'],
    [update(good, { title: { n: 7 } }), 'wrong_type'],
    [update(good, { title: { n: '' } }), 'too_short'],
    [update(good, { title: { n: 'x'.repeat(201) } }), 'too_long'],
    [update(good, { planned_on: { n: '2026-02-30' } }), 'malformed_value'],
    [update(good, { priority: { n: '3' } }), 'wrong_type'],
    [mutation(++seq, 'task.close@1', 'task', good, { done_note: { n: 'x' } }), 'missing_field'],
    [mutation(++seq, 'task.explode@1', 'task', good, {}), 'unknown_op'],
    [mutation(++seq, 'task.update@1', 'person', good, {}), 'wrong_table'],
    [update(randomUUID(), { title: { n: 'x' } }), 'not_found'],
    [update(rows[0].id, { title: { n: 'x' } }), 'not_found'],
    [update(good, { title: { n: 'x' } }, { by: randomUUID() }), 'another_author'],
    [update(good, { priority: { o: 3, n: 9 } }), 'out_of_range'],
    [update(good, { state: { o: 'open', n: 'sunk' } }), 'unknown_value'],
    [update(good, { visits: { n: 100 } }, { mid: randomUUID(), grp: 'x' }), 'malformed'],
    [update(good, { category: { n: 'no_such_category' } }), 'task_category_fkey'],
    [mutation(++seq, 'answer.add@1', 'answer', randomUUID(), { task_id: { n: rows[0].id }, item_id: { n: items[0] } }), 'forbidden'],
    ['not even an object', 'malformed'],
    [{ seq: -1 }, 'malformed'],
    [{ ...update(good, {}), mid: 'x' }, 'malformed'],
  ];
  for (const [bad, reason] of poison) {
    const title = `Etter ${reason}`;
    const { title: before } = await now(good);
    const results = await push(bad, update(good, { title: { o: before, n: title } }));
    assert.deepEqual(states(results), ['quarantined', 'applied'], `${reason}: ${JSON.stringify(results)}`);
    assert.equal(results[0]?.reason, reason);
    assert.equal((await now(good)).title, title);
  }
  const kept = await owner.query(`select count(*)::int as n from sync_mutation where state = 'quarantined'`);
  const aside = await owner.query(`select count(*)::int as n from sync_quarantine`);
  assert.equal(kept.rows[0].n + aside.rows[0].n, poison.length, 'nothing of it is lost');
});

test('applies a group whole or not at all', async () => {
  const [a, b] = [await task(), await task()];
  const grp = randomUUID();
  const results = await push(
    update(a, { title: { o: 'Oppdrag', n: 'Halv' } }, { grp }),
    update(b, { title: { o: 'Oppdrag', n: 'Hel' } }),
    update(a, { priority: { o: 3, n: 99 } }, { grp }),
  );
  assert.deepEqual(new Map(results.map((r) => [r.seq, r.state])), new Map([[seq - 2, 'quarantined'], [seq - 1, 'applied'], [seq, 'quarantined']]));
  assert.equal((await now(a)).title, 'Oppdrag');
  assert.equal((await now(b)).title, 'Hel');
});

test('answers a repeat as it answered the first time, and does nothing again', async () => {
  const id = await task();
  const m = update(id, { done_note: { o: null, n: 'Én gang' } });
  const [first] = await push(m);
  await owner.query(`update task set done_note = 'Endret' where id = $1`, [id]);
  const [again] = await push(m);
  assert.deepEqual(again, { ...first, replay: true });
  assert.equal((await now(id)).done_note, 'Endret');
});

test('does not take another mutation under a name or a number that is used', async () => {
  const id = await task();
  const m = update(id, { title: { o: 'Oppdrag', n: 'Den rette' } });
  await push(m);
  const other = { title: { o: 'Den rette', n: 'En annen' } };
  const [mid] = await push({ ...m, set: other });
  assert.deepEqual([mid?.state, mid?.reason], ['quarantined', 'mid_reuse']);
  const [number] = await push({ ...m, mid: randomUUID(), set: other });
  assert.deepEqual([number?.state, number?.reason], ['quarantined', 'seq_reuse']);
  assert.equal((await now(id)).title, 'Den rette');
});

test('gives a final answer to a tablet that was enrolled anew and sends what it sent before', async () => {
  const id = await task();
  const m = update(id, { done_note: { o: null, n: 'Sendt' } });
  await push(m);
  const anew = await tablet(caretaker);
  const { body } = await pushBy(caretaker, [{ ...m, seq: 1 }], anew);
  assert.equal(body.results[0].state, 'quarantined', 'never «retry» for ever');
  assert.equal(body.acked_through, 1);
  assert.equal((await now(id)).done_note, 'Sendt');
});

test('is sent only by the tablet’s own user, and by no tablet that is revoked', async () => {
  const id = await task();
  const { rows } = await owner.query(
    `select p.id from person p join person_role r on r.person_id = p.id
      where r.role = 'caretaker' and p.demo_key is null limit 1`,
  );
  const colleague = await sessionOf(s, owner, rows[0].id, 'field');
  const m = update(id, { title: { o: 'Oppdrag', n: 'x' } });
  const theirs = await pushBy(colleague, [m]);
  assert.deepEqual([theirs.status, theirs.body.type], [403, '/problems/device_unknown']);
  const lost = await tablet(caretaker);
  await owner.query(`update sync_device set state = 'revoked' where id = $1`, [lost]);
  const revoked = await pushBy(caretaker, [m], lost);
  assert.deepEqual([revoked.status, revoked.body.type, revoked.body.salvage], [403, '/problems/device_revoked', true]);
  const epoch = await caretaker.post('/api/v1/sync/push', { device, epoch: 'another-1-0', mutations: [m] });
  assert.deepEqual([epoch.status, epoch.body.type], [409, '/problems/epoch_changed']);
  assert.equal((await now(id)).title, 'Oppdrag');
});

test('refuses a batch that is too large, and one that cannot be read', async () => {
  const many = Array.from({ length: 201 }, () => update(randomUUID(), {}));
  assert.equal((await pushBy(caretaker, many)).status, 413);
  const large = update(randomUUID(), { title: { n: 'x'.repeat(1 << 20) } });
  assert.equal((await pushBy(caretaker, [large])).status, 413);
  for (const body of [[], 'x', { device }, { mutations: [] }, { device: 'x', mutations: [] }])
    assert.equal((await caretaker.post('/api/v1/sync/push', body)).status, 400);
  const [big] = await push(update(randomUUID(), { title: { n: 'x'.repeat(300_000) } }));
  assert.deepEqual([big?.state, big?.reason], ['quarantined', 'too_large']);
});

test('says how far it got: nothing that must come again is counted as done', async () => {
  const [held, free] = [await task(), await task()];
  const busy = await w.connect('owner');
  await busy.query('begin');
  await busy.query('select from task where id = $1 for update', [held]);
  const [a, b] = [update(held, { title: { o: 'Oppdrag', n: 'A' } }), update(free, { title: { o: 'Oppdrag', n: 'B' } })];
  const { body } = await pushBy(caretaker, [b, a]);
  await busy.query('rollback');
  assert.deepEqual(states(body.results), ['applied', 'retry']);
  assert.ok(body.acked_through < a.seq, `${body.acked_through}: ${a.seq} is not done`);
  const again = await pushBy(caretaker, [a, b]);
  assert.deepEqual(states(again.body.results), ['applied', 'applied']);
  assert.equal(again.body.acked_through, b.seq);
});

test('applies a batch once though eight of it arrive at two servers at once', async () => {
  const two = await w.server();
  const id = await task({ description: 'Start' });
  const batch = Array.from({ length: 5 }, (_, i) =>
    i % 2
      ? mutation(++seq, 'task.create@1', 'task', randomUUID(), { place_id: { n: site }, title: { n: `Funnet ${seq}` } })
      : update(id, { description: { o: 'noe annet', n: `Tillegg ${i}` } }),
  );
  const apis = [caretaker, two.api(caretaker.token)];
  const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => pushBy(apis[i % 2] as Api, batch)));
  const plain = (results: Result[]): object[] => results.map(({ replay: _, ...rest }) => rest);
  for (const { status, body } of replies) {
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(states(body.results), ['merged', 'applied', 'merged', 'applied', 'merged']);
    assert.deepEqual(plain(body.results), plain(replies[0]?.body.results), 'all are told the same');
  }
  const firsts = replies.flatMap((r) => r.body.results).filter((r: Result) => !r.replay);
  assert.equal(firsts.length, batch.length, 'each was applied by one of them');
  const { description } = await now(id);
  assert.equal(String(description).match(/Tillegg/g)?.length, 3);
  await two.stop();
});

/** Sends a push and never reads an answer; gives the socket. */
function shout(to: Server, mutations: unknown[]): net.Socket {
  const body = JSON.stringify({ device, mutations });
  const socket = net.connect(to.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(
    `POST /api/v1/sync/push HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${caretaker.token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  return socket;
}

test('tells the stored result when the server was killed between commit and answer', async () => {
  for (let round = 0; round < 3; round++) {
    const victim = await w.server();
    const id = await task({ description: 'Start' });
    const batch = Array.from({ length: 20 }, (_, i) => update(id, { description: { o: 'noe', n: `Nr ${i}.` } }));
    const socket = shout(victim, batch);
    // Killed when some of it is committed: round by round at another place.
    await eventually('something is committed', async () => {
      const { rows } = await owner.query('select count(*)::int as n from sync_mutation where mid = any ($1)', [
        batch.map((m) => m.mid),
      ]);
      return rows[0].n > round * 5;
    });
    await victim.kill();
    socket.destroy();
    const { rows } = await owner.query('select mid from sync_mutation where mid = any ($1)', [batch.map((m) => m.mid)]);
    const committed = new Set(rows.map((r) => r.mid));
    assert.ok(committed.size > 0);
    const results = await push(...batch);
    assert.deepEqual(
      results.map((r) => [r.mid, r.replay === true, r.state]),
      batch.map((m) => [m.mid, committed.has(m.mid), 'merged']),
    );
    const { description } = await now(id);
    for (let i = 0; i < batch.length; i++)
      assert.equal(String(description).split(`: Nr ${i}.`).length, 2, `number ${i} once`);
  }
});

test('keeps unopened what a tablet hands over because nobody could read it', async () => {
  const given = { device, reason: 'unreadable', raw: '{"mutations":[{"bro\\u0000ken' };
  const receipt = await caretaker.post('/api/v1/sync/quarantine', given);
  assert.deepEqual([receipt.status, receipt.body.device, receipt.body.sha256], [200, device, createHash('sha256').update(given.raw).digest('hex')]);
  const { rows } = await owner.query(
    `select convert_from(raw, 'UTF8') as raw from sync_quarantine where reason = 'unreadable'`,
  );
  assert.deepEqual(rows, [{ raw: given.raw }]);
});
