// A queue sealed otherwise than the standard says could be opened by nobody but this very version.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { base64urlOf, bytesOf } from './base64.ts';
import { sealFor } from './hpke.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const vector = JSON.parse(readFileSync(new URL('../../../tests/data/hpke.json', import.meta.url), 'utf8')) as Record<string, string>;
const hex = (name: string): Bytes => Uint8Array.from(Buffer.from(vector[name]!, 'hex'));
const { subtle } = globalThis.crypto;

async function pairOf(secret: Bytes, point: Bytes): Promise<CryptoKeyPair> {
  const jwk = { kty: 'EC', crv: 'P-256', x: base64urlOf(point.slice(1, 33)), y: base64urlOf(point.slice(33)) };
  const of = { name: 'ECDH', namedCurve: 'P-256' };
  return {
    publicKey: await subtle.importKey('jwk', jwk, of, true, []),
    privateKey: await subtle.importKey('jwk', { ...jwk, d: base64urlOf(secret) }, of, false, ['deriveBits']),
  };
}

test('seals the vector of the standard as the standard does', async () => {
  const pair = await pairOf(hex('skEm'), hex('enc'));
  const made = await sealFor(subtle, base64urlOf(hex('pkRm')), hex('info'), hex('aad'), hex('pt'), pair);
  assert.deepEqual(made.enc, hex('enc'));
  assert.deepEqual(made.sealed, hex('ct'));
});

test('the same is never sealed alike twice', async () => {
  const seal = () => sealFor(subtle, base64urlOf(hex('pkRm')), hex('info'), hex('aad'), hex('pt'));
  const [one, two] = [await seal(), await seal()];
  assert.notDeepEqual(one.enc, two.enc);
  assert.notDeepEqual(one.sealed, two.sealed);
});

test('base64url is read as it is written, for each length', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (251 * i + length) & 255);
    assert.deepEqual(bytesOf(base64urlOf(bytes)), bytes);
  }
});
