// What stands between the server and a proxy that reads a request differently: every way to hide a
// second request in the first is refused and the connection closed (RFC 9112, section 11.2).
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { raw, sleep, world } from './harness.ts';
import { answers, type Answer } from './helpers.ts';

const w = await world();
const s = await w.server();
const host = 'Host: fdvu.test\r\n';
const smuggled = `GET /healthz HTTP/1.1\r\n${host}X-Smuggled: yes\r\n\r\n`;

/** How many requests were answered: no status is sent but for one, or for a refusal. */
const oks = (bytes: string): number => bytes.match(/^HTTP\/1\.1 200 /gm)?.length ?? 0;

const send = async (bytes: string | Uint8Array, method = 'GET'): Promise<Answer[]> =>
  answers(await raw(s.port, bytes, 400), method);

/** One refusal, a closed connection, and no answer to what was hidden behind it. */
async function isRefused(bytes: string | Uint8Array, status: number): Promise<void> {
  const heard = await raw(s.port, bytes, 400);
  const [got] = answers(heard);
  assert.equal(got?.status, status);
  assert.equal(got?.headers.get('connection')?.toLowerCase(), 'close');
  assert.equal(oks(heard), 0, heard);
}

const post = `POST /api/v1/session/demo HTTP/1.1\r\n${host}Content-Type: application/json\r\n`;

const hidden: [string, string][] = [
  ['Content-Length and Transfer-Encoding', `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n`],
  ['Transfer-Encoding and Content-Length', `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n`],
  ['two different Content-Lengths', `Content-Length: 2\r\nContent-Length: 40\r\n`],
  ['the same Content-Length twice', `Content-Length: 2\r\nContent-Length: 2\r\n`],
  ['a list as Content-Length', `Content-Length: 2, 2\r\n`],
  ['a signed Content-Length', `Content-Length: +2\r\n`],
  ['a hexadecimal Content-Length', `Content-Length: 0x2\r\n`],
  ['a Content-Length beyond 64 bits', `Content-Length: 99999999999999999999\r\n`],
  ['a coding that is nearly chunked', `Transfer-Encoding: xchunked\r\n`],
  ['two codings', `Transfer-Encoding: gzip, chunked\r\n`],
  ['chunked twice', `Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n`],
  ['a space before the colon', `Transfer-Encoding : chunked\r\nContent-Length: 2\r\n`],
];
for (const [what, headers] of hidden)
  test(`never answers a request hidden behind ${what}`, async () => {
    const heard = await raw(s.port, `${post}${headers}\r\n{}\r\n0\r\n\r\n${smuggled}`, 400);
    const [got] = answers(heard);
    assert.ok([400, 413, 422].includes(got?.status ?? 0), `refused: ${heard}`);
    assert.equal(got?.headers.get('connection')?.toLowerCase(), 'close');
    assert.equal(oks(heard), 0, heard);
  });

test('refuses a header whose name ends in a space, that a proxy would drop', () =>
  isRefused(`GET /healthz HTTP/1.1\r\n${host}X-A : b\r\n\r\n${smuggled}`, 422));

test('refuses two Hosts, so that nobody chooses which site a cache keeps it for', () =>
  isRefused(`GET /healthz HTTP/1.1\r\n${host}Host: evil.test\r\n\r\n${smuggled}`, 422));

test('refuses a request without Host', async () => {
  const got = await send(`GET /healthz HTTP/1.1\r\n\r\n`);
  assert.equal(got[0]?.status, 400);
});

for (const target of ['/healthz%00', '/admin%00/x', '/api/v1/places?q=a%00b', '/q/\x01', '/q/a\x7fb'])
  test(`refuses ${JSON.stringify(target)}, which ends early in C`, async () => {
    const [got] = await send(`GET ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    assert.equal(got?.status, 400);
  });

test('puts nothing of an address into its headers', async () => {
  const bytes = await raw(
    s.port,
    `GET /api/v1/nothing%0d%0aX-Injected:%20yes HTTP/1.1\r\n${host}\r\n`,
    400,
  );
  assert.doesNotMatch(bytes, /^X-Injected/im);
  assert.match(bytes, /^HTTP\/1\.1 404 /);
});

test('does not let ../ or %2F reach a route that a proxy has closed', async () => {
  const status = async (path: string): Promise<number | undefined> =>
    (await send(`GET ${path} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`))[0]?.status;
  assert.equal(await status('/api/v1/../../healthz'), 404);
  assert.equal(await status('/api%2Fv1/categories'), 400);
  assert.equal(await status('/assets/..%2f..%2fetc/passwd'), 400);
  assert.equal(await status('/api/v1/categories?from=%2Foffice'), 400, 'in a query it is a value');
  assert.equal(await status('/api/v1/places?q=a%2Fb'), 200);
});

test('refuses headers that are larger than anybody needs', async () => {
  const bytes = await raw(
    s.port,
    `GET /healthz HTTP/1.1\r\n${host}X-Big: ${'a'.repeat(64 * 1024)}\r\n\r\n`,
    400,
  );
  assert.match(bytes, /^(HTTP\/1\.1 (400|413|414|431) |$)/);
});

test('survives bytes that are no HTTP', async () => {
  for (const junk of ['\0\0\0\0', '\x16\x03\x01\x02\0', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', '\r\n\r\n\r\n'])
    await raw(s.port, junk, 100);
  assert.equal((await s.api().get('/healthz')).status, 200);
});

test('says 413 before a body that is too large is sent, and reads none of it', async () => {
  const headers = `${post}Content-Length: 10000000\r\nExpect: 100-continue\r\n\r\n`;
  const bytes = await raw(s.port, headers, 600);
  assert.match(bytes, /^HTTP\/1\.1 413 /, 'no «100 Continue» first');
  assert.match(bytes, /^Connection: close/im);
  assert.equal(oks(await raw(s.port, headers + smuggled, 400)), 0, 'nothing after it is answered');
});

test('invites a body that fits and answers it', async () => {
  const body = '{"person":"nobody"}';
  const socket = net.connect(s.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (piece) => (heard += piece.toString()));
  socket.write(`${post}Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`);
  for (let i = 0; i < 40 && !heard; i++) await sleep(25);
  assert.match(heard, /^HTTP\/1\.1 100 /);
  socket.write(body);
  for (let i = 0; i < 40 && !heard.includes('HTTP/1.1 4'); i++) await sleep(25);
  socket.destroy();
  assert.match(heard, /HTTP\/1\.1 400 /);
});

test('answers two requests sent at once, in their order', async () => {
  const got = await send(
    `GET /healthz HTTP/1.1\r\n${host}\r\nGET /api/v1/nothing HTTP/1.1\r\n${host}\r\n`,
  );
  assert.deepEqual(
    got.map((a) => a.status),
    [200, 404],
  );
});

test('reads a body to its end and answers the request after it', async () => {
  const body = '{"person":"nobody"}';
  const chunked = `5\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)}\r\n${body.slice(5)}\r\n0\r\n\r\n`;
  for (const request of [
    `${post}Content-Length: ${body.length}\r\n\r\n${body}`,
    `${post}Transfer-Encoding: chunked\r\n\r\n${chunked}`,
  ]) {
    const got = await send(request + smuggled);
    assert.deepEqual(
      got.map((a) => a.status),
      [400, 200],
    );
  }
});

test('keeps the connection after a reply and after an error that had no body', async () => {
  for (const [path, status] of [
    ['/healthz', 200],
    ['/api/v1/nothing', 404],
    ['/api/v1/cases', 401],
    ['/api/v1/places?near=x', 400],
    ['/api/v1/places/01941f29-7c00-78cd-9dd9-000000000000', 404],
  ] as [string, number][]) {
    const request = `GET ${path} HTTP/1.1\r\n${host}`;
    const got = await send(`${request}\r\n${request}Connection: close\r\n\r\n`);
    assert.deepEqual(
      got.map((a) => a.status),
      [status, status],
      path,
    );
    assert.notEqual(got[0]?.headers.get('connection')?.toLowerCase(), 'close', path);
  }
});

test('answers HEAD like GET, without the body', async () => {
  for (const path of ['/healthz', '/api/v1/categories', '/api/v1/nothing']) {
    const request = (method: string): string => `${method} ${path} HTTP/1.1\r\n${host}`;
    const last = 'Connection: close\r\n\r\n';
    const [get] = await send(request('GET') + last);
    const [head, next] = await send(`${request('HEAD')}\r\n${request('HEAD')}${last}`, 'HEAD');
    assert.equal(head?.status, get?.status, path);
    assert.equal(head?.headers.get('content-type'), get?.headers.get('content-type'), path);
    assert.equal(head?.headers.get('content-length'), get?.headers.get('content-length'), path);
    assert.equal(next?.status, get?.status, 'no byte of a body lies between two answers');
  }
});

test('ends the connection when it is asked to', async () => {
  const request = `GET /healthz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`;
  assert.equal(oks(await raw(s.port, request + smuggled, 400)), 1);
});
