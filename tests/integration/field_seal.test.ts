// A locked tablet against the real server: what it sealed comes back to it alone, a revoked one's comes
// readable into quarantine, and what anybody has changed is refused in words.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Wrapped } from '../../web/field/sync/api.ts';
import { base64urlOf } from '../../web/field/sync/base64.ts';
import { sealedOf } from '../../web/field/sync/salvage.ts';
import { seal, sealedCount } from '../../web/field/sync/seal.ts';
import { getMeta } from '../../web/field/sync/store.ts';
import { clientOf, waiting, write, type Made } from './field_devices_client.ts';
import { enrolled, problem, proofOf, type Purpose } from './field_devices_world.ts';
import { world, type Reply, type Role } from './harness.ts';

const w = await world({ demo: true });
const s = await w.server();
const owner = await w.connect('owner');
const office = await s.login('manager');
const person: string = (await owner.query(`select id from person where demo_key = 'caretaker'`)).rows[0].id;
const keep = { device: '', reason: 'device_revoked' };

/** A tablet that has written, and has locked itself since. */
async function locked(): Promise<Made & { mid: string; seal: Wrapped }> {
  const t = await clientOf(s, office, person);
  assert.equal((await t.syncer.sync()).why, 'done');
  const [made] = (await write(t)) as { mid: string }[];
  t.clock.now = new Date(Date.now() + 15 * 86_400_000);
  t.say = (path) => (path.endsWith('/unseal') ? { status: 503, body: null, retry_after_s: null } : null);
  assert.equal((await t.syncer.sync()).why, 'busy');
  t.say = () => null;
  assert.equal(await t.store.read(['meta'], sealedCount), 1);
  assert.equal(await waiting(t), 0, 'nothing is in clear');
  const { seal_key, enc, wrapped } = (await t.store.read(['meta'], (tx) => getMeta<Wrapped>(tx, 'sealed')))!;
  return Object.assign(t, { mid: made!.mid, seal: { seal_key, enc, wrapped } });
}

const proofBy = async (t: Made, sub: string, aud: Purpose): Promise<string> => proofOf({ key: t.chain.kept!.key, pair: t.chain.kept!.pair as never }, sub, aud);
const ask = async (t: Made, wrapped: Partial<Wrapped>, device = t.id, aud: Purpose = 'unseal'): Promise<Reply> =>
  s.api().post('/api/v1/devices/self/unseal', { device, ...wrapped, proof: await proofBy(t, device, aud) });
const said = (reply: Reply): string => `${reply.status} ${problem(reply)}`;
/** Another letter in this place. */
const changed = (text: string, at: number): string => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

test('a locked tablet unseals with the network and goes on: sent once, and in the trail', async () => {
  const t = await locked();
  assert.equal((await t.syncer.sync()).why, 'done');
  assert.equal(await t.store.read(['meta'], sealedCount), null);
  const { rows } = await owner.query('select person_id from sync_mutation where mid = $1', [t.mid]);
  assert.deepEqual(rows.map((row) => row.person_id), [person]);
  const trail = await owner.query(`select actor, new from audit where tbl = 'sync_device' and row_id = $1 and new ? 'unsealed_with'`, [t.id]);
  assert.deepEqual(trail.rows, [{ actor: person, new: { unsealed_with: t.seal.seal_key } }]);
});

test('the queue of a revoked tablet comes sealed and lands readable in quarantine; then it is wiped', async () => {
  const t = await locked();
  assert.equal((await office.post(`/api/v1/devices/${t.id}/revoke`, {})).status, 204);
  assert.equal(said(await ask(t, t.seal)), '403 device_revoked');
  assert.equal((await t.syncer.sync()).why, 'revoked');
  assert.deepEqual(t.wiped, ['wiped']);
  const admin = await s.login('admin');
  const { items } = (await admin.get('/api/v1/sync/quarantine')).body as { items: { id: string; device_id: string }[] };
  const mine = items.filter((item) => item.device_id === t.id);
  assert.equal(mine.length, 1);
  const { raw } = (await admin.get(`/api/v1/sync/quarantine/${mine[0]!.id}`)).body as { raw: string };
  const [mutation] = JSON.parse(raw) as { mid: string; set: { text: { n: string } } }[];
  assert.deepEqual([mutation!.mid, mutation!.set.text.n], [t.mid, 'Aldri borte']);
});

test('no other tablet opens it, nor this one without standing or with another proof', async () => {
  const t = await locked();
  const other = await clientOf(s, office, person);
  assert.equal(said(await ask(other, t.seal)), '422 seal_torn', 'sealed by another tablet');
  assert.equal(said(await ask(other, t.seal, t.id)), '401 proof_bad');
  assert.equal(said(await ask(t, t.seal, t.id, 'salvage')), '401 proof_bad', 'a proof is for one thing');
  const proof = await proofBy(t, t.id, 'unseal');
  const again = (): Promise<Reply> => s.api().post('/api/v1/devices/self/unseal', { device: t.id, ...t.seal, proof });
  const first = await again();
  assert.deepEqual([first.status, first.body.device, first.body.key.length, first.headers.get('cache-control')], [200, t.id, 43, 'no-store']);
  assert.equal(said(await again()), '401 proof_stale');
  await t.device.signOut(t.id);
  assert.equal(said(await ask(t, t.seal)), '401 refresh_ended');
});

test('any changed byte is refused in words', async () => {
  const t = await locked();
  for (const [name, length] of [['enc', 87], ['wrapped', 64]] as const)
    for (const at of [0, 1, 40, length - 2]) assert.equal(said(await ask(t, { ...t.seal, [name]: changed(t.seal[name], at) })), '422 seal_torn', `${name} ${at}`);
  assert.equal(said(await ask(t, { ...t.seal, enc: t.seal.enc.slice(4) })), '422 seal_torn');
  assert.equal(said(await ask(t, { ...t.seal, wrapped: `${t.seal.wrapped}AAAA` })), '400 invalid');
  assert.equal(said(await ask(t, { ...t.seal, seal_key: randomUUID() })), '410 seal_key_unknown');
  assert.equal(said(await ask(t, { enc: t.seal.enc })), '400 invalid');
  assert.equal((await ask(t, t.seal)).status, 200);
});

test('a piece that cannot be opened is kept as it came, for its device alone and by its proof alone', async () => {
  const t = await locked();
  const { pieces } = await t.store.read(['meta'], sealedOf);
  const sealed = base64urlOf(new Uint8Array(await pieces[0]!.blob.arrayBuffer()));
  const hand = async (body: object, aud: Purpose = 'salvage'): Promise<Reply> =>
    s.api().post('/api/v1/sync/quarantine', { ...keep, device: t.id, ...body, proof: await proofBy(t, t.id, aud) });
  const kept = async (): Promise<string[]> =>
    (await owner.query(`select convert_from(raw, 'UTF8') as raw from sync_quarantine where device_id = $1 order by received_at`, [t.id])).rows.map((r) => r.raw);
  const torn = changed(sealed, 60);
  for (let i = 0; i < 2; i++) assert.equal((await hand({ ...t.seal, sealed: torn })).status, 200);
  assert.deepEqual(JSON.parse((await kept())[0]!), { ...t.seal, sealed: torn });
  assert.equal((await kept()).length, 1, 'the same once');
  assert.equal((await hand({ ...t.seal, seal_key: randomUUID(), sealed })).status, 200);
  assert.equal((await kept()).length, 2);
  assert.equal((await hand({ ...t.seal, sealed })).status, 200);
  assert.match((await kept())[2]!, /Aldri borte/);
  assert.equal(said(await hand({ ...t.seal, sealed }, 'unseal')), '401 proof_bad');
  assert.equal(said(await hand({ ...t.seal, sealed, raw: 'both' })), '400 invalid');
  assert.equal(said(await hand({})), '400 invalid');
  assert.equal(said(await hand({ sealed })), '400 invalid');
  const field = await enrolled(s, office, person);
  assert.equal(said(await field.api.post('/api/v1/sync/quarantine', { ...keep, device: field.id, ...t.seal, sealed })), '401 proof_bad');
});

test('a new key is told at the next refresh, and the old one still opens what was sealed for it', async () => {
  const t = await locked();
  const { code, stdout } = await w.fdvu(['seal-key']);
  assert.equal(code, 0, stdout);
  const { rows } = await owner.query('select id, retired_at is null as is_current from sync_seal_key order by id');
  assert.deepEqual(rows.map((row) => row.is_current), [false, true]);
  assert.equal((await t.syncer.sync()).why, 'done');
  const young = await clientOf(s, office, person);
  assert.equal(await seal(young.store, young.sealer), true);
  const { seal: made } = await young.store.read(['meta'], sealedOf);
  assert.equal(made!.seal_key, rows[1].id);
});

test('no role reads the secret; only the server’s own job is given it', async () => {
  const roles: Role[] = ['office', 'field', 'tenant', 'supplier', 'public', 'job'];
  const may = async (role: Role, sql: string): Promise<boolean> => {
    const db = await w.connect(role);
    return db.query(sql).then(() => true, () => false);
  };
  for (const role of roles) {
    assert.equal(await may(role, 'select secret from sync_seal_key'), false, role);
    assert.equal(await may(role, `select sync_seal_key_add('x', 'x', true)`), false, role);
    const id = randomUUID();
    assert.equal(await may(role, `select * from sync_salvage_secret('${id}', '${id}')`), role === 'job', role);
  }
});
