import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { api, query } from './api.ts';
import { ApiError } from './problem.ts';

async function withServer(status: number, body: string, run: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0);
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

test('query leaves out what is not set and escapes the rest', () => {
  assert.equal(query({ q: 'lås & dør', limit: 20, area: undefined, state: '', mine: false }), '?q=l%C3%A5s+%26+d%C3%B8r&limit=20&mine=false');
  assert.equal(query({ area: null }), '');
});

test('gives the answer', () => withServer(200, '{"items":[1]}', async (url) => {
  assert.deepEqual(await api('GET', `${url}/x`), { items: [1] });
}));

test('an empty answer is no answer to read', () => withServer(204, '', async (url) => {
  assert.equal(await api('DELETE', `${url}/x`), undefined);
}));

test('throws problem details', () => withServer(422, '{"type":"t","title":"Ugyldig","errors":[{"pointer":"/a","detail":"b"}]}', async (url) => {
  await assert.rejects(api('POST', url, {}), (error) => error instanceof ApiError && error.status === 422 && error.fields['a'] === 'b');
}));

test('says so when no server answers', async () => {
  await assert.rejects(api('GET', 'http://127.0.0.1:1/x'), (error) => error instanceof ApiError && error.isOffline);
});
