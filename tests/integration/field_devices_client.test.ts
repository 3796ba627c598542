// The tablet's own code against the real server: enrols, goes on when its session ends, and whatever
// the server says of the person or the tablet, the queue never shrinks.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Reply } from '../../web/field/sync/api.ts';
import { Refused } from '../../web/field/sync/device.ts';
import { forgetFetched, leaseOf, leavePerson, noteTime } from '../../web/field/sync/lease.ts';
import { record } from '../../web/field/sync/outbox.ts';
import { setWho } from '../../web/field/sync/state.ts';
import { askOf, clientOf, count, waiting, write, type Made } from './field_devices_client.ts';
import { world } from './harness.ts';
import { photo, sha256 } from './helpers.ts';
import { codeFor } from './field_devices_world.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const office = await s.login('manager');
const person: string = (await owner.query(`select id from person where demo_key = 'caretaker'`)).rows[0].id;

const tablet = (skew_s = 0): Promise<Made> => clientOf(s, office, person, skew_s);
const ask = (path: string, body: unknown, token: string | null = null): Promise<Reply> => askOf(s, path, body, token);

test('goes on by itself when its session ends, also with a clock that is hours wrong', async () => {
  for (const skew_s of [0, -7200, 7200]) {
    const t = await tablet(skew_s);
    assert.equal((await t.syncer.sync()).why, 'done');
    await owner.query('delete from session where device_id = $1', [t.id]);
    assert.equal((await t.syncer.sync()).why, 'done');
    assert.equal(count(t, 'self/token'), 1);
  }
});

test('many requests whose session has ended refresh once', async () => {
  const t = await tablet();
  await owner.query('delete from session where device_id = $1', [t.id]);
  const body = { device: t.id, limit: 1 };
  const replies = await Promise.all(Array.from({ length: 6 }, () => t.device.withSession(t.id, (token) => ask('/api/v1/sync/pull', body, token))));
  assert.deepEqual([...new Set(replies.map((r) => r.status))], [200]);
  assert.equal(count(t, 'self/token'), 1);
});

test('a lost answer to a refresh is asked for again, and the tablet goes on', async () => {
  const t = await tablet();
  await owner.query('delete from session where device_id = $1', [t.id]);
  const { refresh } = t.chain.kept!.devices[t.id]!;
  await t.syncer.sync();
  t.chain.kept!.devices[t.id]!.refresh = refresh; // as if the answer had not come
  await owner.query('delete from session where device_id = $1', [t.id]);
  assert.equal((await t.syncer.sync()).why, 'done');
});

test('a network that answers for our server neither gives the tablet a session nor takes it', async () => {
  const t = await tablet();
  const before = { ...t.chain.kept!.devices[t.id] };
  await owner.query('delete from session where device_id = $1', [t.id]);
  const page = (status: number, body: unknown): Reply => ({ status, body, retry_after_s: null });
  for (const reply of [page(200, null), page(200, { welcome: true }), page(401, null), page(403, null), page(511, null)]) {
    t.say = (path) => (path.endsWith('self/token') ? reply : null);
    assert.notEqual((await t.syncer.sync()).why, 'done');
    assert.deepEqual(t.chain.kept!.devices[t.id], before, JSON.stringify(reply));
    assert.equal(await t.device.isSignedOut(t.id), false);
  }
  t.say = () => null;
  assert.equal((await t.syncer.sync()).why, 'done');
});

test('a log-out, 401, 403, 426 and 5xx leave the queue as it is', async () => {
  const t = await tablet();
  await t.syncer.sync();
  await write(t);
  await write(t);
  const problem = (status: number, name: string): Reply => ({ status, body: { type: `/problems/${name}` }, retry_after_s: null });
  for (const reply of [problem(401, 'unauthorized'), problem(403, 'forbidden'), problem(426, 'upgrade'), problem(429, 'too-many'), problem(500, 'internal'), problem(503, 'busy')]) {
    t.say = (path) => (path.includes('/sync/') || (reply.status === 401 && path.endsWith('/token')) ? reply : null);
    await t.syncer.sync();
    assert.equal(await waiting(t), 2, `after ${reply.status}`);
  }
  t.say = () => null;
  await t.device.signOut(t.id);
  await leavePerson(t.store);
  assert.equal((await t.syncer.sync()).why, 'signed_out');
  assert.equal(await waiting(t), 2, 'after a log-out');
  assert.equal(await t.device.isSignedOut(t.id), true);
  assert.equal((await owner.query('select from session where device_id = $1', [t.id])).rowCount, 0);
});

test('a revoked tablet wipes nothing before its queue is taken, then says so, once the key is gone', async () => {
  const t = await tablet();
  await write(t);
  assert.equal((await office.post(`/api/v1/devices/${t.id}/revoke`, {})).status, 204);
  t.say = (path) => (path.endsWith('/quarantine') ? { status: 503, body: null, retry_after_s: null } : null);
  assert.equal((await t.syncer.sync()).why, 'revoked');
  assert.deepEqual([await waiting(t), t.wiped.length], [1, 0], 'it was not taken');
  t.say = () => null;
  assert.equal((await t.syncer.sync()).why, 'revoked');
  assert.deepEqual([await waiting(t), t.wiped.length], [0, 1]);
  const kept = await owner.query(`select convert_from(raw, 'UTF8') as raw from sync_quarantine where device_id = $1`, [t.id]);
  assert.match(kept.rows[0].raw, /Aldri borte/);
  assert.equal(t.chain.kept!.isWiped, true, 'the key outlives the store');
  t.say = (path) => (path.endsWith('/wiped') ? { status: 503, body: null, retry_after_s: null } : null);
  assert.equal(await t.device.confirmWiped(), false);
  t.say = () => null;
  assert.equal(await t.device.confirmWiped(), true);
  assert.equal(t.chain.kept, null);
  assert.equal((await owner.query('select state from sync_device where id = $1', [t.id])).rows[0].state, 'wiped');
});

test('what one wrote is sent in their name while another works here; what they wrote who have left is with the office, photos and all', async () => {
  const t = await tablet();
  await t.syncer.sync();
  const [first] = (await write(t)) as { mid: string }[];
  await t.device.signOut(t.id);
  await leavePerson(t.store);
  const other: string = (await owner.query(`select id from person where demo_key = 'manager'`)).rows[0].id;
  const admin = await s.login('admin');
  const enter = async (who: string): Promise<void> => {
    const told = await t.device.enrol({ code: (await codeFor(admin, who)).body.code });
    await t.store.write(['rows', 'staged', 'meta'], (tx) => setWho(tx, { person_id: who, name: told.person_name, language: 'nb', device: told.id, device_name: told.name }));
  };
  await enter(other);
  const [theirs] = (await write(t)) as { mid: string }[];
  const portal = { status: 200, body: null, retry_after_s: null };
  t.say = (path) => (path.endsWith('/self/queue') ? portal : null);
  await t.syncer.sync();
  assert.equal(await waiting(t), 1, 'a page of a foreign network opens nothing');
  t.say = () => null;
  assert.equal((await t.syncer.sync()).why, 'done');
  assert.equal(await waiting(t), 0);
  const { rows } = await owner.query('select mid, person_id from sync_mutation where mid = any ($1)', [[first!.mid, theirs!.mid]]);
  assert.deepEqual(new Map(rows.map((r) => [r.mid, r.person_id])), new Map([[first!.mid, person], [theirs!.mid, other]]));

  await enter(person);
  const picture = new Blob([new Uint8Array(photo('Skade'))], { type: 'image/png' });
  const sha = sha256(new Uint8Array(await picture.arrayBuffer()));
  const [place] = (await owner.query(`select id from place where kind = 'building' and area_no = 1 limit 1`)).rows;
  const [last] = await record(
    t.store,
    [{ op: 'photo.add@1', t: 'document', id: randomUUID(), isNew: true, set: { place_id: place.id, sha256: sha, mime: 'image/png' }, label: 'Bilde', att: [sha] }],
    { photos: [{ sha256: sha, blob: picture, mime: 'image/png', captured_at: new Date().toISOString(), state: 'waiting', uploaded_at: null }] },
  );
  await enter(other);
  const roles = await owner.query('delete from person_role where person_id = $1 returning person_id, role, area_no', [person]);
  assert.equal((await t.syncer.sync()).why, 'done');
  assert.equal(await waiting(t), 0);
  const [entry] = (await t.store.read(['outbox'], (tx) => tx.all('outbox'))).filter(({ mid }) => mid === last!.mid);
  assert.deepEqual([entry!.state, entry!.result!.reason], ['quarantined', 'not_allowed_now'], 'by name');
  const [sent] = await t.store.read(['photos'], (tx) => tx.all('photos'));
  assert.equal(sent!.state, 'uploaded');
  const { body } = await office.post(`/api/v1/sync/quarantine/${last!.mid}/apply`, {});
  assert.equal(body.results[0].state, 'applied', JSON.stringify(body));
  assert.equal((await office.get(`/api/v1/files/${sha}`)).status, 200, 'the office lets it in, and sees the picture');
  for (const r of roles.rows) await owner.query('insert into person_role (person_id, role, area_no) values ($1, $2, $3)', [r.person_id, r.role, r.area_no]);
});

test('a wipe is told until our server says by name that it knows', async () => {
  const t = await tablet();
  await office.post(`/api/v1/devices/${t.id}/revoke`, {});
  assert.equal((await t.syncer.sync()).why, 'revoked');
  for (const status of [200, 204]) {
    t.say = (path) => (path.endsWith('/wiped') ? { status, body: null, retry_after_s: null } : null);
    assert.equal(await t.device.confirmWiped(), false);
    assert.ok(t.chain.kept, 'the key is still here');
  }
  t.say = () => null;
  assert.equal(await t.device.confirmWiped(), true);
});

test('a refused code makes no device, and the key serves the next one', async () => {
  const t = await tablet();
  const { key } = t.chain.kept!;
  await assert.rejects(t.device.enrol({ code: '2222-2222-2222' }), (e) => e instanceof Refused && e.problem === 'code_unknown');
  const { body } = await codeFor(office, person);
  assert.equal((await t.device.enrol({ code: body.code })).id, t.id, 'the same person on the same tablet');
  assert.equal(t.chain.kept!.key, key);
});

test('the lease warns, locks and ends by the days unheard; a clock turned back gains nothing; the queue stays', async () => {
  const t = await tablet();
  await t.syncer.sync();
  await write(t);
  const at = (days: number): Date => new Date(Date.now() + days * 86_400_000);
  const state = (days: number): Promise<string> => t.store.read(['meta'], async (tx) => (await leaseOf(tx, at(days))).state);
  assert.deepEqual([await state(0), await state(2.9), await state(3.1), await state(13.9), await state(14.1), await state(90.1)], ['free', 'free', 'warned', 'warned', 'locked', 'over']);
  await noteTime(t.store, at(15));
  assert.equal(await state(0), 'locked', 'the clock was turned back');
  await forgetFetched(t.store);
  assert.equal((await t.store.read(['rows'], (tx) => tx.all('rows'))).length, 0);
  assert.equal(await waiting(t), 1);
});
