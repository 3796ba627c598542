// Sealing for somebody who has a key pair: HPKE (RFC 9180) in base mode, one message for each key,
// with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM. The sender's half; who opens it is the
// server (server/auth/hpke.c).

import { bytesOf } from './base64.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface ForOwner {
  /** The ephemeral key's point. */
  enc: Bytes;
  sealed: Bytes;
}

const P256 = { name: 'ECDH', namedCurve: 'P-256' } as const;
const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;
const HASH = 32;
const KEY = 32;
const IV = 12;
const NONE: Bytes = new Uint8Array();
/** A salt of nothing: WebCrypto takes no empty key, and HMAC fills one up with zeros. */
const NO_SALT: Bytes = new Uint8Array(HASH);

// The suites by their numbers (RFC 9180, section 7).
const KEM = joined(utf8('KEM'), Uint8Array.of(0, 16));
const HPKE = joined(utf8('HPKE'), Uint8Array.of(0, 16, 0, 1, 0, 2));

/** Seals `plain` for the owner of `key` (a point as base64url). `ephemeral` is given by tests alone. */
export async function sealFor(subtle: SubtleCrypto, key: string, info: Bytes, aad: Bytes, plain: Bytes, ephemeral?: CryptoKeyPair): Promise<ForOwner> {
  const point = bytesOf(key);
  const theirs = await subtle.importKey('raw', point, P256, false, []);
  const mine = ephemeral ?? ((await subtle.generateKey(P256, false, ['deriveBits'])) as CryptoKeyPair);
  const enc = new Uint8Array(await subtle.exportKey('raw', mine.publicKey));
  const product = new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: theirs }, mine.privateKey, 8 * HASH));
  const { key: aes, iv } = await messageKey(subtle, product, enc, point, info);
  return { enc, sealed: new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: aad }, aes, plain)) };
}

/** What both sides come to from their common secret (sections 4.1 and 5.1). */
export async function messageKey(subtle: SubtleCrypto, product: Bytes, enc: Bytes, point: Bytes, info: Bytes): Promise<{ key: CryptoKey; iv: Bytes }> {
  const agreed = await extract(subtle, NO_SALT, KEM, 'eae_prk', product);
  const shared = await expand(subtle, agreed, KEM, 'shared_secret', joined(enc, point), HASH);
  const context = joined(
    Uint8Array.of(0), // base mode
    await extract(subtle, NO_SALT, HPKE, 'psk_id_hash', NONE),
    await extract(subtle, NO_SALT, HPKE, 'info_hash', info),
  );
  const secret = await extract(subtle, shared, HPKE, 'secret', NONE);
  const key = await expand(subtle, secret, HPKE, 'key', context, KEY);
  return {
    key: await subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']),
    iv: await expand(subtle, secret, HPKE, 'base_nonce', context, IV),
  };
}

/** LabeledExtract (section 4): HKDF-Extract is one HMAC (RFC 5869). */
function extract(subtle: SubtleCrypto, salt: Bytes, suite: Bytes, label: string, input: Bytes): Promise<Bytes> {
  return hmac(subtle, salt, joined(utf8('HPKE-v1'), suite, utf8(label), input));
}

/** LabeledExpand of at most one hash: then HKDF-Expand is one HMAC too. */
async function expand(subtle: SubtleCrypto, secret: Bytes, suite: Bytes, label: string, context: Bytes, length: number): Promise<Bytes> {
  const text = joined(Uint8Array.of(0, length), utf8('HPKE-v1'), suite, utf8(label), context, Uint8Array.of(1));
  return (await hmac(subtle, secret, text)).slice(0, length);
}

async function hmac(subtle: SubtleCrypto, key: Bytes, text: Bytes): Promise<Bytes> {
  return new Uint8Array(await subtle.sign('HMAC', await subtle.importKey('raw', key, HMAC, false, ['sign']), text));
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text);
}

export function joined(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
