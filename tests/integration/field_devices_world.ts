// A tablet for tests: Node's own WebCrypto makes the key and signs, as the browser's does.
import assert from 'node:assert/strict';
import { randomUUID, webcrypto } from 'node:crypto';
import type { Api, Reply, Server } from './harness.ts';

export type Purpose = 'enrol' | 'token' | 'queue' | 'salvage' | 'wiped' | 'sign_out' | 'unseal';
export type Keys = { key: string; pair: webcrypto.CryptoKeyPair };

export const base64url = (bytes: Uint8Array | ArrayBuffer | string): string =>
  Buffer.from(bytes as Uint8Array).toString('base64url');

export async function makeKeys(): Promise<Keys> {
  const pair = (await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  return { pair, key: base64url(await webcrypto.subtle.exportKey('raw', pair.publicKey)) };
}

export const seconds = (): number => Math.floor(Date.now() / 1000);

/** A proof as the tablet makes it; `more` overrides its claims. */
export async function proofOf(
  keys: Keys,
  sub: string,
  aud: Purpose,
  more: Record<string, unknown> = {},
): Promise<string> {
  const claims = { sub, aud, jti: randomUUID(), iat: seconds(), exp: seconds() + 60, ...more };
  const text = `${base64url('{"alg":"ES256","typ":"JWT"}')}.${base64url(JSON.stringify(claims))}`;
  const how = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await webcrypto.subtle.sign(how, keys.pair.privateKey, Buffer.from(text));
  return `${text}.${base64url(signature)}`;
}

export type Enrolled = { keys: Keys; id: string; refresh: string; api: Api };

export async function codeFor(office: Api, person: string, name = 'Nettbrett 1'): Promise<Reply> {
  return office.post('/api/v1/devices/codes', { person, name });
}

export async function enrolWith(s: Server, code: string, keys: Keys): Promise<Reply> {
  const proof = await proofOf(keys, 'new', 'enrol');
  return s.api().post('/api/v1/devices', { code, key: keys.key, proof });
}

/** From the office's code to a tablet with a session. */
export async function enrolled(
  s: Server,
  office: Api,
  person: string,
  given?: Keys,
): Promise<Enrolled> {
  const keys = given ?? (await makeKeys());
  const code = await codeFor(office, person);
  assert.equal(code.status, 201, JSON.stringify(code.body));
  const reply = await enrolWith(s, code.body.code, keys);
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  const { id, refresh, token } = reply.body;
  return { keys, id, refresh, api: s.api(token) };
}

/** Asks for the next tokens. */
export async function next(
  s: Server,
  t: { keys: Keys; id: string; refresh: string },
  proof?: string,
): Promise<Reply> {
  return s.api().post('/api/v1/devices/self/token', {
    device: t.id,
    refresh: t.refresh,
    proof: proof ?? (await proofOf(t.keys, t.id, 'token')),
  });
}

export const problem = (reply: Reply): string => String(reply.body?.type ?? '').split('/').pop() ?? '';
