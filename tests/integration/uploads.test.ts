// Uploads by tus 1.0.0: what any client of the protocol may count on, answered as its text says.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { before, test } from 'node:test';
import { eventually, raw, sleep, world, type Api } from './harness.ts';
import { answers, photo, picture, sha256 } from './helpers.ts';

const w = await world({ demo: true, env: { FDVU_FILE_MIB: '8' } });
const s = await w.server();
const owner = await w.connect('owner');
let caretaker: Api, manager: Api;

before(async () => {
  caretaker = await s.login('caretaker');
  manager = await s.login('manager');
});

type Headers = Record<string, string>;
const b64 = (text: string | Uint8Array): string => Buffer.from(text as string).toString('base64');
const octets = { 'content-type': 'application/offset+octet-stream' };
const uploads = '/api/v1/uploads';

async function tus(method: string, path: string, headers: Headers = {}, body?: Uint8Array, as: Api = caretaker): Promise<Response> {
  const reply = await fetch(s.url + path, {
    method,
    headers: { authorization: `Bearer ${as.token}`, 'tus-resumable': '1.0.0', ...headers },
    body: body as BodyInit | undefined,
  });
  assert.equal(reply.headers.get('tus-resumable'), method === 'OPTIONS' ? null : '1.0.0', `${method} names the version`);
  return reply;
}

async function said(reply: Response, status: number): Promise<Response> {
  assert.equal(reply.status, status, await reply.clone().text());
  return reply;
}

async function create(length: number, metadata: Headers = {}, as: Api = caretaker): Promise<string> {
  const pairs = Object.entries(metadata).map(([key, value]) => `${key} ${b64(value)}`);
  const made = await said(await tus('POST', uploads, { 'upload-length': String(length), ...(pairs.length ? { 'upload-metadata': pairs.join(',') } : {}) }, undefined, as), 201);
  return made.headers.get('location') as string;
}

const patch = (path: string, offset: number, bytes: Uint8Array, more: Headers = {}): Promise<Response> =>
  tus('PATCH', path, { ...octets, 'upload-offset': String(offset), ...more }, bytes);

async function offset(path: string): Promise<number> {
  const reply = await said(await tus('HEAD', path), 200);
  assert.equal(reply.headers.get('cache-control'), 'no-store');
  return Number(reply.headers.get('upload-offset'));
}

const spooled = (): string[] => readdirSync(`${w.var}/files/upload`);

test('an upload in pieces becomes a file, the same as one that was put whole', async () => {
  const bytes = picture(700_000);
  const hash = sha256(bytes);
  const path = await create(bytes.length, { sha256: hash, filename: 'vann.png' });
  assert.match(path, /^\/api\/v1\/uploads\/[0-9a-f-]{36}$/);
  const first = await said(await patch(path, 0, bytes.subarray(0, 300_000)), 204);
  assert.equal(first.headers.get('upload-offset'), '300000');
  assert.ok(Date.parse(first.headers.get('upload-expires') ?? '') > Date.now() + 6 * 86_400_000);
  const stands = await said(await tus('HEAD', path), 200);
  assert.deepEqual(
    ['upload-offset', 'upload-length', 'upload-metadata'].map((name) => stands.headers.get(name)),
    ['300000', '700000', `sha256 ${b64(hash)},filename ${b64('vann.png')}`],
  );
  const last = await said(await patch(path, 300_000, bytes.subarray(300_000)), 204);
  assert.equal(last.headers.get('content-location'), `/api/v1/files/${hash}`);
  assert.equal(await offset(path), bytes.length);
  const file = await fetch(`${s.url}/api/v1/files/${hash}`, { headers: { authorization: `Bearer ${caretaker.token}` } });
  assert.equal(file.headers.get('content-type'), 'image/png');
  assert.equal(sha256(new Uint8Array(await file.arrayBuffer())), hash);
  assert.deepEqual(spooled(), [], 'nothing is left beside it');
  await said(await patch(path, 700_000, new Uint8Array()), 204);
  await said(await patch(path, 700_000, bytes.subarray(0, 1)), 413);
  await said(await patch(path, 300_000, bytes.subarray(300_000)), 409);
});

test('a small one comes with its creation, in one request', async () => {
  const bytes = photo('at once');
  const metadata = `sha256 ${b64(sha256(bytes))}`;
  const made = await said(await tus('POST', uploads, { ...octets, 'upload-length': String(bytes.length), 'upload-metadata': metadata }, bytes), 201);
  assert.equal(made.headers.get('upload-offset'), String(bytes.length));
  assert.equal(await offset(made.headers.get('location') as string), bytes.length);
  assert.equal((await caretaker.get(`/api/v1/files/${sha256(bytes)}`)).status, 200);
  const big = picture(900_000);
  const begun = await said(await tus('POST', uploads, { ...octets, 'upload-length': String(big.length) }, big.subarray(0, 600_000)), 201);
  assert.equal(begun.headers.get('upload-offset'), '600000');
  const path = begun.headers.get('location') as string;
  const done = await said(await patch(path, 600_000, big.subarray(600_000)), 204);
  assert.equal(done.headers.get('content-location'), `/api/v1/files/${sha256(big)}`);
  const none = await said(await tus('POST', uploads, { 'upload-length': '0' }), 201);
  assert.equal(await offset(none.headers.get('location') as string), 0, 'nothing is complete at once');
});

test('says what it speaks, to anybody', async () => {
  for (const path of [uploads, `${uploads}/${randomUUID()}`]) {
    const reply = await fetch(s.url + path, { method: 'OPTIONS' });
    assert.equal(reply.status, 204);
    assert.equal(reply.headers.get('tus-version'), '1.0.0');
    assert.equal(reply.headers.get('tus-extension'), 'creation,creation-with-upload,checksum,termination,expiration');
    assert.equal(reply.headers.get('tus-checksum-algorithm'), 'sha1,sha256');
    assert.equal(reply.headers.get('tus-max-size'), String(8 << 20));
  }
});

test('another version is not listened to', async () => {
  const path = await create(10);
  for (const version of ['0.2.2', '1.0.1', '']) {
    const reply = await said(await tus('PATCH', path, { ...octets, 'upload-offset': '0', 'tus-resumable': version }, Buffer.from('x')), 412);
    assert.equal(reply.headers.get('tus-version'), '1.0.0');
    assert.equal((await tus('HEAD', path, { 'tus-resumable': version })).status, 412);
    assert.equal((await tus('DELETE', path, { 'tus-resumable': version })).status, 412);
  }
  assert.equal(await offset(path), 0);
});

test('refuses what the protocol refuses, and stands where it stood', async () => {
  const path = await create(1000);
  await said(await patch(path, 0, Buffer.alloc(400)), 204);
  await said(await patch(path, 300, Buffer.alloc(10)), 409);
  await said(await patch(path, 500, Buffer.alloc(10)), 409);
  await said(await tus('PATCH', path, { ...octets, 'upload-offset': 'x' }, Buffer.alloc(10)), 400);
  await said(await tus('PATCH', path, { ...octets, 'upload-offset': '-1' }, Buffer.alloc(10)), 400);
  await said(await tus('PATCH', path, octets, Buffer.alloc(10)), 400);
  await said(await tus('PATCH', path, { 'content-type': 'application/octet-stream', 'upload-offset': '400' }, Buffer.alloc(10)), 415);
  await said(await patch(path, 400, Buffer.alloc(601)), 413);
  await said(await patch(`${uploads}/${randomUUID()}`, 0, Buffer.alloc(1)), 404);
  assert.equal((await tus('HEAD', `${uploads}/${randomUUID()}`)).headers.get('upload-offset'), null);
  assert.equal(await offset(path), 400);
});

test('creation wants one length, known pairs and no more than is taken', async () => {
  const post = async (headers: Headers): Promise<number> => (await tus('POST', uploads, headers)).status;
  assert.equal(await post({}), 400);
  assert.equal(await post({ 'upload-length': 'ten' }), 400);
  assert.equal(await post({ 'upload-length': '-1' }), 400);
  assert.equal(await post({ 'upload-length': '1', 'upload-defer-length': '1' }), 400);
  assert.equal(await post({ 'upload-defer-length': '2' }), 400);
  assert.equal(await post({ 'upload-length': String((8 << 20) + 1) }), 413);
  assert.equal(await post({ 'upload-length': '99999999999999999999' }), 400);
  assert.equal(await post({ 'upload-length': '1', 'upload-concat': 'partial' }), 400);
  for (const metadata of ['a YQ==,a YQ==', ',', 'a YQ', 'a !!', ' ,b', 'sha256 Zm9v', 'a YQ== b', 'sha256'])
    assert.equal(await post({ 'upload-length': '1', 'upload-metadata': metadata }), metadata === 'sha256' || metadata === 'a YQ' ? 201 : 400, metadata);
  assert.equal(await post({ 'upload-length': '1', 'upload-metadata': `a ${'QUFB'.repeat(1100)}` }), 413);
  assert.equal(await post({ 'upload-length': '1', 'upload-metadata': 'a YQ==, b ,c Yw==' }), 201);
});

test('a length that is told later is told once', async () => {
  const bytes = picture(500_000);
  const made = await said(await tus('POST', uploads, { 'upload-defer-length': '1' }), 201);
  const path = made.headers.get('location') as string;
  await said(await patch(path, 0, bytes.subarray(0, 300_000)), 204);
  const stands = await said(await tus('HEAD', path), 200);
  assert.equal(stands.headers.get('upload-defer-length'), '1');
  assert.equal(stands.headers.get('upload-length'), null);
  await said(await patch(path, 300_000, bytes.subarray(300_000, 400_000), { 'upload-length': '500000' }), 204);
  await said(await patch(path, 400_000, bytes.subarray(400_000), { 'upload-length': '500001' }), 409);
  const done = await said(await patch(path, 400_000, bytes.subarray(400_000)), 204);
  assert.equal(done.headers.get('content-location'), `/api/v1/files/${sha256(bytes)}`);
  const late = (await said(await tus('POST', uploads, { 'upload-defer-length': '1' }), 201)).headers.get('location') as string;
  await said(await patch(late, 0, bytes), 204);
  const told = await said(await patch(late, bytes.length, new Uint8Array(), { 'upload-length': String(bytes.length) }), 204);
  assert.equal(told.headers.get('content-location'), `/api/v1/files/${sha256(bytes)}`, 'told when all has come');
});

test('a chunk that did not come as it was sent is not taken', async () => {
  const bytes = picture(900_000);
  const digest = (how: string, of: Uint8Array): string => `${how} ${createHash(how).update(of).digest('base64')}`;
  const path = await create(bytes.length, { sha256: sha256(bytes) });
  await said(await patch(path, 0, bytes.subarray(0, 400_000), { 'upload-checksum': digest('sha1', bytes.subarray(0, 400_000)) }), 204);
  const wrong = Buffer.from(bytes.subarray(400_000));
  wrong[300_000] = (wrong[300_000] as number) ^ 1;
  await said(await patch(path, 400_000, wrong, { 'upload-checksum': digest('sha256', bytes.subarray(400_000)) }), 460);
  assert.equal(await offset(path), 400_000);
  await said(await patch(path, 400_000, bytes.subarray(400_000), { 'upload-checksum': 'md5 AAAA' }), 400);
  await said(await patch(path, 400_000, bytes.subarray(400_000), { 'upload-checksum': 'sha1 AAAA' }), 400);
  const done = await said(await patch(path, 400_000, bytes.subarray(400_000), { 'upload-checksum': digest('sha256', bytes.subarray(400_000)) }), 204);
  assert.equal(done.headers.get('content-location'), `/api/v1/files/${sha256(bytes)}`);
  const both = await tus('POST', uploads, { ...octets, 'upload-length': '5', 'upload-checksum': digest('sha1', Buffer.from('other')) }, Buffer.from('bytes'));
  assert.equal(both.status, 460);
});

test('bytes of another hash, or of no type that is taken, are refused and forgotten', async () => {
  const bytes = picture(300_000);
  const path = await create(bytes.length, { sha256: sha256('something else') });
  await said(await patch(path, 0, bytes.subarray(0, 290_000)), 204);
  await said(await patch(path, 290_000, bytes.subarray(290_000)), 422);
  await said(await tus('HEAD', path), 410);
  const script = Buffer.from('<html><script>alert(1)</script></html>');
  const bad = await create(script.length);
  await said(await patch(bad, 0, script), 415);
  await said(await patch(bad, 0, script), 410);
  assert.deepEqual(spooled().filter((name) => name.startsWith(path.slice(-36))), []);
  const { rows } = await owner.query(`select from file where sha256 in (sha256($1), sha256($2))`, [bytes, script]);
  assert.equal(rows.length, 0);
});

test('an upload is its sender\'s alone', async () => {
  const bytes = picture(1000);
  const path = await create(bytes.length);
  for (const [method, headers] of [['HEAD', {}], ['DELETE', {}], ['PATCH', { ...octets, 'upload-offset': '0' }]] as const)
    await said(await tus(method, path, headers, method === 'PATCH' ? bytes : undefined, manager), 404);
  await said(await patch(path, 0, bytes.subarray(0, 500)), 204);
  assert.equal((await fetch(s.url + path, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })).status, 401);
});

test('ended means ended, and what lay there is gone', async () => {
  const path = await create(600_000);
  await said(await patch(path, 0, Buffer.alloc(300_000)), 204);
  assert.ok(spooled().some((name) => name.startsWith(path.slice(-36))));
  await said(await tus('DELETE', path), 204);
  assert.ok(!spooled().some((name) => name.startsWith(path.slice(-36))));
  await said(await tus('HEAD', path), 410);
  await said(await patch(path, 300_000, Buffer.alloc(1)), 410);
  await said(await tus('DELETE', path), 404);
});

test('the method may be told in a header', async () => {
  const path = await create(8);
  const as = (method: string, headers: Headers = {}, body?: Uint8Array): Promise<Response> =>
    tus('POST', path, { 'x-http-method-override': method, ...headers }, body);
  await said(await as('PATCH', { ...octets, 'upload-offset': '0' }, Buffer.from('four')), 204);
  assert.equal((await said(await as('HEAD'), 200)).headers.get('upload-offset'), '4');
  await said(await as('DELETE'), 204);
  await said(await tus('HEAD', path), 410);
  const other = await fetch(`${s.url}/api/v1/tasks`, { method: 'POST', headers: { authorization: `Bearer ${caretaker.token}`, 'x-http-method-override': 'GET' } });
  assert.notEqual(other.status, 200, 'nowhere else');
});

test('two ways at once: the last to come has the turn, and nobody is locked out', async () => {
  const bytes = picture(2_000_000);
  const path = await create(bytes.length, { sha256: sha256(bytes) });
  const old = net.connect(s.port, '127.0.0.1');
  const heard: Buffer[] = [];
  old.on('data', (piece) => heard.push(piece));
  old.on('error', () => undefined);
  old.write(
    `PATCH ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${caretaker.token}\r\nTus-Resumable: 1.0.0\r\n` +
      `Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\nContent-Length: ${bytes.length}\r\n\r\n`,
  );
  const junk = randomBytes(bytes.length);
  old.write(bytes.subarray(0, 300_000));
  await sleep(400);
  old.write(bytes.subarray(300_000, 600_000)); // then it hangs, as behind a proxy whose client has gone
  await eventually('the old one\'s bytes', async () => (await owner.query('select off from upload where id = $1', [path.slice(-36)])).rows[0].off >= 262_144);
  const before = await offset(path);
  assert.ok(before >= 262_144 && before < 600_000, `a step: ${before}`);
  await sleep(300);
  old.write(junk.subarray(0, 700_000)); // it wakes up with something else
  await eventually('the old one is told', async () => Buffer.concat(heard).length > 0 || old.destroyed || (old.write(junk.subarray(0, 65_536)), false));
  assert.match(Buffer.concat(heard).toString('latin1'), /^HTTP\/1\.1 409/);
  old.destroy();
  assert.equal(await offset(path), before, 'it added nothing');
  const done = await said(await patch(path, before, bytes.subarray(before)), 204);
  assert.equal(done.headers.get('content-location'), `/api/v1/files/${sha256(bytes)}`);
  assert.equal(sha256(readFileSync(`${w.var}/files/${sha256(bytes).slice(0, 2)}/${sha256(bytes).slice(2)}`)), sha256(bytes));
});

test('what came before a connection broke is kept', async () => {
  const bytes = picture(400_000);
  const path = await create(bytes.length, { sha256: sha256(bytes) });
  for (const [from, to] of [[0, 100_000], [100_000, 333_333]] as const) {
    const head =
      `PATCH ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${caretaker.token}\r\nTus-Resumable: 1.0.0\r\n` +
      `Content-Type: application/offset+octet-stream\r\nUpload-Offset: ${from}\r\nContent-Length: ${bytes.length - from}\r\n\r\n`;
    await raw(s.port, Buffer.concat([Buffer.from(head), bytes.subarray(from, to)]), 300);
    await eventually('its bytes', async () => Number((await owner.query('select off from upload where id = $1', [path.slice(-36)])).rows[0].off) === to);
  }
  const done = await said(await patch(path, 333_333, bytes.subarray(333_333)), 204);
  assert.equal(done.headers.get('content-location'), `/api/v1/files/${sha256(bytes)}`);
});

test('waits to be asked for a body, and refuses one it will not take before it comes', async () => {
  const path = await create(5);
  const head = (at: number): string =>
    `PATCH ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${caretaker.token}\r\nTus-Resumable: 1.0.0\r\nExpect: 100-continue\r\n` +
    `Content-Type: application/offset+octet-stream\r\nUpload-Offset: ${at}\r\nContent-Length: 3\r\n\r\n`;
  assert.equal(answers(await raw(s.port, head(1), 300))[0]?.status, 409);
  assert.match(await raw(s.port, head(0), 300), /^HTTP\/1\.1 100 /);
  assert.equal(answers(await raw(s.port, `${head(0)}abc`, 300))[0]?.status, 204);
  const both = `${head(3).replace('Expect: 100-continue', 'Transfer-Encoding: chunked')}2\r\nab\r\n0\r\n\r\n`;
  assert.equal(answers(await raw(s.port, both, 300))[0]?.status, 422, 'the framing guard');
  const chunked = head(3).replace(/Expect.*?\r\n/, '').replace('Content-Length: 3', 'Transfer-Encoding: chunked');
  assert.equal(answers(await raw(s.port, `${chunked}1\r\nd\r\n0\r\n\r\n`, 300))[0]?.status, 204);
  assert.equal(await offset(path), 4);
});

test('a person has at most a hundred under way', async () => {
  const frontdesk = await s.login('frontdesk');
  for (let i = 0; i < 100; i++) await create(10, {}, frontdesk);
  const reply = await tus('POST', uploads, { 'upload-length': '10' }, undefined, frontdesk);
  assert.equal(reply.status, 429);
  assert.ok(reply.headers.get('retry-after'));
  await create(10);
});

test('the night forgets what nobody went on with, and nothing else', async () => {
  const old = await create(600_000);
  const current = await create(600_000);
  for (const path of [old, current]) await said(await patch(path, 0, Buffer.alloc(300_000)), 204);
  await owner.query(`update upload set expires_at = now() - interval '1 minute' where id = $1`, [old.slice(-36)]);
  await said(await tus('HEAD', old), 410);
  await said(await patch(old, 300_000, Buffer.alloc(1)), 410);
  writeFileSync(`${w.var}/files/upload/${randomUUID()}.1`, 'left by a server that died');
  const hours = Date.now() / 1000 - 7200;
  for (const name of spooled()) utimesSync(`${w.var}/files/upload/${name}`, hours, hours);
  const keeper = await w.server({ env: { FDVU_JOBS: 'true' } });
  await owner.query(`insert into job (kind) values ('uploads')`);
  await eventually('the sweep', async () => (await owner.query(`select from job where kind = 'uploads' and state = 'done' and key is null`)).rowCount === 1, 15_000);
  await keeper.stop();
  await said(await tus('HEAD', old), 404);
  const open = (await owner.query(`select id from upload where state = 'open'`)).rows.map((row) => row.id);
  assert.deepEqual(spooled().filter((name) => !open.includes(name.slice(0, 36))), [], 'nor is anything left of it');
  assert.ok(spooled().some((name) => name.startsWith(current.slice(-36))));
  assert.equal(await offset(current), 300_000);
});

test('documents whose bytes stay away for three days are told to the office until they come', async () => {
  const bytes = photo('came late');
  const { rows } = await owner.query(
    `insert into document (title, kind, task_id, sha256)
     select t, 'photo', (select id from task where area_no = 1 order by id limit 1), sha256($1) from unnest(array['Sent', 'Nytt']) t returning id, title`,
    [bytes],
  );
  await owner.query(`update document set created_at = now() - interval '73 hours' where id = $1`, [rows[0].id]);
  const night = async (): Promise<void> => {
    const keeper = await w.server({ env: { FDVU_JOBS: 'true' } });
    await owner.query(`insert into job (kind) values ('documents_outstanding')`);
    await eventually('the look', async () => !(await owner.query(`select from job where kind = 'documents_outstanding' and state <> 'done' and key is null`)).rowCount, 15_000);
    await keeper.stop();
  };
  const told = async (): Promise<string[]> => (await manager.get('/api/v1/documents/outstanding')).body.items.map((d: { title: string }) => d.title);
  await night();
  assert.deepEqual(await told(), ['Sent']);
  await said(await tus('POST', uploads, { ...octets, 'upload-length': String(bytes.length) }, bytes), 201);
  await night();
  assert.deepEqual(await told(), []);
});

test('memory stays flat while bytes stream in', async () => {
  const resident = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${s.pid}/status`, 'utf8'))?.[1]);
  const bytes = picture(8 << 20);
  const send = async (): Promise<void> => {
    const path = await create(bytes.length);
    await said(await patch(path, 0, bytes), 204);
  };
  await send();
  const before = resident();
  await Promise.all([send(), send(), send(), send(), send(), send()]);
  const grown = resident() - before;
  assert.ok(grown < 8 * 1024, `six of 8 MiB at once took ${grown} kB`);
});
