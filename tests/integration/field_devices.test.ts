// A tablet's life: the office makes a code, the tablet enrols with a key of its own, goes on by
// proofs and refresh tokens, is revoked, hands over what it has, and says that it has wiped itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { world } from './harness.ts';
import { mutation, sha256 } from './helpers.ts';
import { codeFor, enrolled, enrolWith, makeKeys, next, problem, proofOf, seconds, type Purpose } from './field_devices_world.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const office = await s.login('manager');

const personOf = async (key: string): Promise<string> =>
  (await owner.query('select id from person where demo_key = $1', [key])).rows[0].id;
const caretaker = await personOf('caretaker');
const pull = (device: string): object => ({ device, limit: 1 });
const stateOf = async (id: string): Promise<string> =>
  (await owner.query('select state from sync_device where id = $1', [id])).rows[0].state;

test('a code enrols one tablet, which works as its person', async () => {
  const made = await codeFor(office, caretaker, 'Nettbrett Sør');
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.match(made.body.code, /^([2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}$/);
  assert.equal(made.body.link, `${s.url}/field#/enrol/${made.body.code}`);
  assert.match(made.body.qr, /^<svg /);
  const keys = await makeKeys();
  const typed = ` ${made.body.code.toLowerCase().replaceAll('-', ' ')} `;
  const reply = await enrolWith(s, typed, keys);
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  assert.equal(reply.headers.get('cache-control'), 'no-store');
  assert.match(reply.headers.get('set-cookie') ?? '', /^fdvu_session=f_[\w-]{43}; .*Max-Age=900;/);
  const { id, token, refresh, device } = reply.body;
  assert.match(refresh, /^r_[\w-]{43}$/);
  assert.equal(device.name, 'Nettbrett Sør');
  assert.equal(device.person_id, caretaker);
  assert.deepEqual(device.lease, { warn_s: 72 * 3600, lock_s: 14 * 86400, wipe_s: 90 * 86400 });
  assert.equal((await s.api(token).post('/api/v1/sync/pull', pull(id))).status, 200);

  const seen = await office.get(`/api/v1/devices/codes/${made.body.made.id}`);
  assert.equal(seen.body.device_id, id, 'the office sees that it was used');
  assert.equal((await (await s.login('admin')).get(`/api/v1/devices/codes/${made.body.made.id}`)).status, 404);
  const again = await enrolWith(s, made.body.code, keys);
  assert.equal(again.body.id, id, 'the same tablet asks again when the answer was lost');
  const other = await enrolWith(s, made.body.code, await makeKeys());
  assert.deepEqual([other.status, problem(other)], [410, 'code_unknown']);
});

test('a code ends after a quarter of an hour, and a wrong one opens nothing', async () => {
  const made = await codeFor(office, caretaker);
  await owner.query(`update sync_device_code set expires_at = now() where id = $1`, [made.body.made.id]);
  for (const code of [made.body.code, '2222-2222-2222']) {
    const reply = await enrolWith(s, code, await makeKeys());
    assert.deepEqual([reply.status, problem(reply)], [410, 'code_unknown']);
  }
  const kept = await owner.query('select code_hash from sync_device_code where id = $1', [made.body.made.id]);
  assert.equal(kept.rows[0].code_hash.toString('hex'), sha256(made.body.code.replaceAll('-', '')));
});

test('a tablet shows that it has the key it names', async () => {
  const { body } = await codeFor(office, caretaker);
  const [mine, theirs] = [await makeKeys(), await makeKeys()];
  const ask = (more: object): Promise<{ status: number; body: never }> =>
    s.api().post('/api/v1/devices', { code: body.code, ...more }) as never;
  const wrong = await ask({ key: mine.key, proof: await proofOf(theirs, 'new', 'enrol') });
  assert.equal(wrong.status, 401);
  assert.equal((await ask({ key: mine.key, proof: await proofOf(mine, 'new', 'token') })).status, 401);
  assert.equal((await ask({ key: `B${'A'.repeat(86)}`, proof: await proofOf(mine, 'new', 'enrol') })).status, 400);
  assert.equal((await ask({})).status, 400);
  assert.equal((await ask({ key: mine.key, proof: await proofOf(mine, 'new', 'enrol') })).status, 201);
});

test('nobody makes a code for somebody who sees more, or who has no tablet', async () => {
  for (const [who, wanted] of [['admin', 403], ['tenant', 409]] as const) {
    const reply = await codeFor(office, await personOf(who));
    assert.equal(reply.status, wanted, JSON.stringify(reply.body));
  }
  assert.equal((await codeFor(await s.login('frontdesk'), caretaker)).status, 403);
  assert.equal((await codeFor(await s.login('caretaker'), caretaker)).status, 403);
  assert.equal((await codeFor(await s.login('admin'), await personOf('admin'))).status, 201);
});

test('a refresh token gives a session and the next token, once', async () => {
  const t = await enrolled(s, office, caretaker);
  const one = await next(s, t);
  assert.equal(one.status, 200, JSON.stringify(one.body));
  assert.notEqual(one.body.refresh, t.refresh);
  const session = await owner.query(
    `select extract(epoch from expires_at - now()) as left, areas from session where token_hash = sha256(convert_to($1, 'UTF8'))`,
    [one.body.token],
  );
  assert.ok(Math.abs(session.rows[0].left - 900) < 30, 'a quarter of an hour');
  assert.equal((await s.api(one.body.token).post('/api/v1/sync/pull', pull(t.id))).status, 200);
  const two = await next(s, { ...t, refresh: one.body.refresh });
  assert.equal(two.status, 200, JSON.stringify(two.body));
  const stored = JSON.stringify((await owner.query('select * from sync_device_token where device_id = $1', [t.id])).rows);
  for (const secret of [t.refresh, one.body.refresh, two.body.refresh]) assert.ok(!stored.includes(secret.slice(2)));
});

test('the same token gives the same successor until that one is used, however late', async () => {
  const t = await enrolled(s, office, caretaker);
  const lost = await next(s, t);
  await owner.query(`update sync_device_token set spent_at = now() - interval '20 days' where device_id = $1 and spent_at is not null`, [t.id]);
  const again = await next(s, t);
  assert.equal(again.status, 200, JSON.stringify(again.body));
  assert.equal(again.body.refresh, lost.body.refresh);
  assert.equal((await next(s, { ...t, refresh: again.body.refresh })).status, 200);
});

test('many that ask at once get one successor', async () => {
  const t = await enrolled(s, office, caretaker);
  const replies = await Promise.all(Array.from({ length: 8 }, () => next(s, t)));
  assert.deepEqual([...new Set(replies.map((r) => r.status))], [200]);
  assert.equal(new Set(replies.map((r) => r.body.refresh)).size, 1);
});

test('a spent token that comes back after its successor was used ends them all', async () => {
  const t = await enrolled(s, office, caretaker);
  const one = await next(s, t);
  const two = await next(s, { ...t, refresh: one.body.refresh });
  const reused = await next(s, t);
  assert.deepEqual([reused.status, problem(reused)], [401, 'refresh_reused']);
  for (const refresh of [t.refresh, one.body.refresh, two.body.refresh]) {
    const reply = await next(s, { ...t, refresh });
    assert.deepEqual([reply.status, problem(reply)], [401, 'refresh_ended']);
  }
  assert.equal((await s.api(two.body.token).post('/api/v1/sync/pull', pull(t.id))).status, 401, 'sessions too');
  const trail = await owner.query(`select new from audit where tbl = 'sync_device' and row_id = $1 and op = 'U'`, [t.id]);
  assert.ok(trail.rows.some((r) => r.new.alert_at), 'it is in the trail');
  const listed = (await office.get('/api/v1/devices')).body.items.find((d: { id: string }) => d.id === t.id);
  assert.ok(listed.alert_at, 'the office is warned');
  assert.match(s.log(), /"event":"refresh_reused"/);
  const back = await enrolled(s, office, caretaker, t.keys);
  assert.equal(back.id, t.id, 'a new code gives the same device, and its queue goes on');
});

test('the token alone, or the key alone, is worth nothing', async () => {
  const t = await enrolled(s, office, caretaker);
  const thief = await makeKeys();
  const stolen = await next(s, { ...t, keys: thief });
  assert.deepEqual([stolen.status, problem(stolen)], [401, 'proof_bad']);
  const guessed = await next(s, { ...t, refresh: `r_${'A'.repeat(43)}` });
  assert.deepEqual([guessed.status, problem(guessed)], [401, 'refresh_unknown']);
  const proof = await proofOf(t.keys, t.id, 'token');
  assert.equal((await next(s, t, proof)).status, 200);
  const replayed = await next(s, t, proof);
  assert.deepEqual([replayed.status, problem(replayed)], [401, 'proof_stale'], 'each proof once');
});

test('a tablet whose clock is wrong learns the time and goes on', async () => {
  const t = await enrolled(s, office, caretaker);
  for (const skew of [-7200, 7200, -40 * 365 * 86400]) {
    const iat = seconds() + skew;
    const wrong = await next(s, t, await proofOf(t.keys, t.id, 'token', { iat, exp: iat + 60 }));
    if (iat > 0) assert.deepEqual([wrong.status, problem(wrong)], [401, 'proof_stale']);
    const now = wrong.body.now_s as number;
    assert.ok(Math.abs(now - seconds()) <= 2);
    const right = await next(s, t, await proofOf(t.keys, t.id, 'token', { iat: now, exp: now + 60 }));
    assert.equal(right.status, 200);
    t.refresh = right.body.refresh;
  }
});

test('after a restore that has forgotten the newest tokens, the key begins anew', async () => {
  const t = await enrolled(s, office, caretaker);
  const one = await next(s, t);
  await owner.query(`delete from sync_device_token where token_hash = sha256(convert_to($1, 'UTF8'))`, [one.body.refresh]);
  assert.equal((await next(s, { ...t, refresh: one.body.refresh })).status, 401, 'not without a restore');
  await owner.query(`update sync_device_token set epoch = 'before' where device_id = $1`, [t.id]);
  const back = await next(s, { ...t, refresh: one.body.refresh });
  assert.equal(back.status, 200, JSON.stringify(back.body));
  assert.equal((await next(s, { ...t, refresh: back.body.refresh })).status, 200);
});

test('a revoked tablet ends at once, hands over its queue with its key, and says that it is wiped', async () => {
  const t = await enrolled(s, office, caretaker);
  const early = await s.api().post('/api/v1/devices/self/wiped', { device: t.id, proof: await proofOf(t.keys, t.id, 'wiped') });
  assert.deepEqual([early.status, problem(early)], [409, 'device_active']);
  assert.equal((await (await s.login('frontdesk')).post(`/api/v1/devices/${t.id}/revoke`, {})).status, 404);
  assert.equal((await office.post(`/api/v1/devices/${t.id}/revoke`, { is_lost: true })).status, 204);
  assert.equal((await t.api.post('/api/v1/sync/pull', pull(t.id))).status, 401, 'its session is gone');
  const told = await next(s, t);
  assert.deepEqual([told.status, problem(told), told.body.wipe, told.body.salvage], [403, 'device_revoked', true, true]);

  const raw = JSON.stringify([mutation(1, 'comment.add@1', 'comment', crypto.randomUUID(), { text: { n: 'Aldri sendt' } })]);
  const salvage = async (proof: string): Promise<number> =>
    (await s.api().post('/api/v1/sync/quarantine', { device: t.id, reason: 'device_revoked', raw, proof })).status;
  assert.equal(await salvage(await proofOf(await makeKeys(), t.id, 'salvage')), 401);
  assert.equal(await salvage(await proofOf(t.keys, t.id, 'wiped')), 401, 'a proof is for one thing');
  for (let i = 0; i < 2; i++) assert.equal(await salvage(await proofOf(t.keys, t.id, 'salvage')), 200);
  const kept = await owner.query('select person_id, convert_from(raw, $2) as raw from sync_quarantine where device_id = $1', [t.id, 'UTF8']);
  assert.deepEqual(kept.rows, [{ person_id: caretaker, raw }], 'once, though it came twice');

  const wiped = async (): Promise<number> =>
    (await s.api().post('/api/v1/devices/self/wiped', { device: t.id, proof: await proofOf(t.keys, t.id, 'wiped') })).status;
  assert.equal(await wiped(), 200);
  assert.equal(await wiped(), 200, 'the answer may have been lost');
  const listed = (await office.get('/api/v1/devices')).body.items.find((d: { id: string }) => d.id === t.id);
  assert.equal(listed.state, 'wiped');
  assert.ok(listed.wiped_at && listed.revoked_at && listed.is_lost);
  const states = await owner.query(`select new ->> 'state' as state from audit where tbl = 'sync_device' and row_id = $1 and op = 'U' order by at`, [t.id]);
  assert.deepEqual(states.rows.map((r) => r.state).filter((state) => state !== 'active'), ['revoked', 'wiped']);
  const code = await codeFor(office, caretaker);
  const back = await enrolWith(s, code.body.code, t.keys);
  assert.deepEqual([back.status, problem(back)], [403, 'device_revoked'], 'its key is dead');
});

test('a lost role ends the sessions, and the next one has what is left', async () => {
  const t = await enrolled(s, office, caretaker);
  const role = await owner.query('delete from person_role where person_id = $1 returning person_id, role, area_no', [caretaker]);
  assert.equal((await t.api.post('/api/v1/sync/pull', pull(t.id))).status, 401);
  const refused = await next(s, t);
  assert.equal(refused.status, 403);
  assert.notEqual(problem(refused), 'device_revoked', 'nothing is wiped for that');
  for (const r of role.rows) await owner.query('insert into person_role (person_id, role, area_no) values ($1, $2, $3)', [r.person_id, r.role, r.area_no]);
  assert.equal((await next(s, t)).status, 200, 'the refused token was not spent');
});

test('two people on one tablet have a device each, and neither sees the other’s', async () => {
  const keys = await makeKeys();
  const admin = await s.login('admin');
  const mine = await enrolled(s, admin, caretaker, keys);
  const manager = await personOf('manager');
  const theirs = await enrolled(s, admin, manager, keys);
  assert.notEqual(mine.id, theirs.id);
  assert.equal(problem(await mine.api.post('/api/v1/sync/pull', pull(theirs.id))), 'device_unknown');
  assert.equal(problem(await theirs.api.post('/api/v1/sync/pull', pull(mine.id))), 'device_unknown');
  const push = await theirs.api.post('/api/v1/sync/push', { device: mine.id, epoch: null, sent_at: new Date().toISOString(), mutations: [mutation(1, 'comment.add@1', 'comment', crypto.randomUUID(), { text: { n: 'Ikke min' } })] });
  assert.deepEqual([push.status, problem(push)], [403, 'device_unknown'], 'nobody pushes another’s queue under their own login');
  assert.equal((await next(s, { ...theirs, refresh: mine.refresh })).status, 401);

  const out = await s.api().post('/api/v1/devices/self/sign-out', { device: mine.id, proof: await proofOf(keys, mine.id, 'sign_out') });
  assert.equal(out.status, 204);
  assert.equal((await mine.api.post('/api/v1/sync/pull', pull(mine.id))).status, 401);
  assert.equal((await theirs.api.post('/api/v1/sync/pull', pull(theirs.id))).status, 200);
  assert.equal(problem(await next(s, mine)), 'refresh_ended');
  assert.equal((await office.post(`/api/v1/devices/${theirs.id}/revoke`, {})).status, 204);
  assert.deepEqual([await stateOf(mine.id), await stateOf(theirs.id)], ['revoked', 'revoked'], 'a lost tablet is lost for all');
});

test('the key alone sends what a person wrote who is away, as theirs, and reads nothing', async () => {
  const keys = await makeKeys();
  const admin = await s.login('admin');
  const away = await enrolled(s, admin, caretaker, keys);
  const here = await enrolled(s, admin, await personOf('manager'), keys);
  await s.api().post('/api/v1/devices/self/sign-out', { device: away.id, proof: await proofOf(keys, away.id, 'sign_out') });
  const open = async (device: string, by = keys, aud: Purpose = 'queue') =>
    s.api().post('/api/v1/devices/self/queue', { device, proof: await proofOf(by, device, aud) });
  assert.equal((await open(away.id, await makeKeys())).status, 401, 'another tablet’s key');
  assert.equal((await open(away.id, keys, 'salvage')).status, 401, 'a proof is for one thing');
  const opened = await open(away.id);
  assert.equal(opened.status, 200, JSON.stringify(opened.body));
  const queue = s.api(opened.body.token);
  const { id: place } = (await owner.query(`select id from place where kind = 'building' and area_no = any (select area_no from person_role where person_id = $1 and area_no is not null) limit 1`, [caretaker])).rows[0] ?? (await owner.query(`select id from place where kind = 'building' limit 1`)).rows[0];
  const task = crypto.randomUUID();
  const mine = { ...mutation(1, 'task.create@1', 'task', task, { title: { n: 'Is i trappa' }, place_id: { n: place } }), by: caretaker };
  const push = (api: typeof queue, device: string, ...mutations: unknown[]) => api.post('/api/v1/sync/push', { device, epoch: null, sent_at: new Date().toISOString(), mutations });
  const taken = await push(queue, away.id, mine);
  assert.deepEqual(taken.body.results?.map((r: { state: string }) => r.state), ['applied'], JSON.stringify(taken.body));
  const kept = await owner.query('select person_id from sync_mutation where mid = $1', [mine.mid]);
  assert.equal(kept.rows[0].person_id, caretaker);
  const trail = await owner.query(`select actor from audit where tbl = 'task' and row_id = $1`, [task]);
  assert.equal(trail.rows[0].actor, caretaker, 'never under another’s name');

  const stranger = { ...mutation(2, 'comment.add@1', 'case_message', crypto.randomUUID(), { text: { n: 'x' }, case_id: { n: task } }), by: await personOf('tenant') };
  const forged = await push(queue, away.id, stranger);
  assert.deepEqual([forged.body.results[0].state, forged.body.results[0].reason], ['quarantined', 'another_author']);
  assert.equal(problem(await push(queue, here.id, mine)), 'device_unknown', 'nor a device of another');
  for (const reply of [await queue.post('/api/v1/sync/pull', pull(away.id)), await queue.get('/api/v1/tasks'), await queue.get('/api/v1/areas')])
    assert.equal(reply.status, 403, 'it reads nothing');

  const roles = await owner.query('delete from person_role where person_id = $1 returning person_id, role, area_no', [caretaker]);
  assert.equal((await push(queue, away.id, mine)).status, 401);
  const left = s.api((await open(away.id)).body.token);
  const late = { ...mutation(3, 'task.create@1', 'task', crypto.randomUUID(), { title: { n: 'Is i trappa' }, place_id: { n: place } }), by: caretaker };
  const answered = await push(left, away.id, mine, late);
  assert.deepEqual(answered.body.results.map((r: { state: string; reason?: string }) => r.reason ?? r.state), ['applied', 'not_allowed_now'], 'nothing new of who has left');
  for (const reply of [await left.post('/api/v1/sync/pull', pull(away.id)), await left.get('/api/v1/tasks')]) assert.equal(reply.status, 403);
  for (const r of roles.rows) await owner.query('insert into person_role (person_id, role, area_no) values ($1, $2, $3)', [r.person_id, r.role, r.area_no]);
  await office.post(`/api/v1/devices/${here.id}/revoke`, {});
  assert.equal(problem(await open(away.id)), 'device_revoked');
});

test('writes no secret to the log', async () => {
  const t = await enrolled(s, office, caretaker);
  const proof = await proofOf(t.keys, t.id, 'token');
  const one = await next(s, t, proof);
  for (const secret of [t.refresh, t.api.token, proof, one.body.refresh, one.body.token])
    assert.ok(!s.log().includes(secret), 'a secret in the log');
});

test('without a demo no session enrols a tablet', async () => {
  const real = await w.server({ env: { FDVU_DEMO: 'false' } });
  const mine = await s.login('caretaker');
  const reply = await real.api(mine.token).post('/api/v1/devices', { name: 'Mitt' });
  assert.equal(reply.status, 400);
  await real.stop();
});
