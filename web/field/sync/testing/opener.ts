// The server's half of a sealed queue, for the sync core's tests: its key pair, and what opens a
// tablet's key and its pieces. server/auth/hpke.c is held to the same vector.

import { type Reply, type SyncApi, type Wrapped } from '../api.ts';
import { base64urlOf, bytesOf } from '../base64.ts';
import { messageKey, utf8 } from '../hpke.ts';
import type { SealKey, Sealer } from '../seal.ts';
import { ok, problem, receiptOf } from './server.ts';

const { subtle } = globalThis.crypto;

export class Opener {
  readonly #pair: CryptoKeyPair;
  readonly #point: Uint8Array<ArrayBuffer>;
  /** The tablet whose seals are opened. */
  readonly tablet = 'the-tablets-own-key';
  readonly sealer: Sealer = { subtle, key: async () => this.tablet };
  readonly key: SealKey;
  /** How often a tablet asked. */
  asked = 0;
  /** What was handed over, opened. */
  taken: { device: string; reason: string; text: string }[] = [];
  /** Answers instead, when it is not null. */
  instead: Reply | null = null;

  private constructor(pair: CryptoKeyPair, point: Uint8Array<ArrayBuffer>) {
    this.#pair = pair;
    this.#point = point;
    this.key = { id: '01941f29-7c00-78cd-9dd9-0000000000aa', key: base64urlOf(point) };
  }

  static async make(): Promise<Opener> {
    const pair = (await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])) as CryptoKeyPair;
    return new Opener(pair, new Uint8Array(await subtle.exportKey('raw', pair.publicKey)));
  }

  /** A server's other doors, and these. */
  api(others: SyncApi): SyncApi {
    return {
      ...others,
      unseal: async (device, wrapped) => {
        this.asked++;
        if (this.instead) return this.instead;
        const key = await this.#unwrap(wrapped).catch(() => null);
        return key ? ok({ device, key: base64urlOf(key) }) : problem(422, 'seal_torn');
      },
      quarantine: async (device, reason, raw, sealedWith) => {
        const text = sealedWith ? await this.#open(device, raw, sealedWith).catch(() => raw) : raw;
        this.taken.push({ device, reason, text });
        return receiptOf(device, raw);
      },
    };
  }

  async #unwrap({ seal_key, enc, wrapped }: Wrapped): Promise<Uint8Array<ArrayBuffer>> {
    const theirs = await subtle.importKey('raw', bytesOf(enc), { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    const product = new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: theirs }, this.#pair.privateKey, 256));
    const { key, iv } = await messageKey(subtle, product, bytesOf(enc), this.#point, utf8(`fdvu sealed queue 1 ${this.tablet}`));
    return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(seal_key) }, key, bytesOf(wrapped)));
  }

  async #open(device: string, raw: string, wrapped: Wrapped): Promise<string> {
    const key = await subtle.importKey('raw', await this.#unwrap(wrapped), 'AES-GCM', false, ['decrypt']);
    const bytes = bytesOf(raw);
    const of = { name: 'AES-GCM', iv: bytes.slice(0, 12), additionalData: utf8(device) };
    return new TextDecoder().decode(await subtle.decrypt(of, key, bytes.slice(12)));
  }
}
