// Uploads by tus 1.0.0: what any client of the protocol may count on, answered as its text says.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { before, test } from 'node:test';
import { world, type Api } from './harness.ts';
import { photo, sha256 } from './helpers.ts';

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

/** A PNG of this many bytes: what follows its end is nobody's business. */
const picture = (bytes: number): Buffer => Buffer.concat([photo(String(bytes)), randomBytes(bytes)]).subarray(0, bytes);
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
