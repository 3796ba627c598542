// What a tablet that has locked itself keeps: sealed under a key that only the server can give back.
// docs/sync-protocol.md, «Lease». Why not under a PIN: docs/decisions/0037-queues-sealed-for-the-server.md.

import { problemOf, stopOf, type Stop, type SyncApi } from './api.ts';
import { base64urlOf, bytesOf } from './base64.ts';
import { sealFor, utf8 } from './hpke.ts';
import { forgetRows } from './lease.ts';
import { overlayOnly } from './outbox.ts';
import { photoPieces, piecesOf, salvageSealed, sealedOf, unsent, type Piece, type Seal } from './salvage.ts';
import { SEALED, type Who } from './state.ts';
import { getMeta, setMeta, type Store, type Tx } from './store.ts';
import type { Draft, MetaEntry, OutboxEntry, StoredPhoto } from './types.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The server's public key. */
export interface SealKey {
  id: string;
  key: string;
}

/** What this tablet seals with. */
export interface Sealer {
  subtle: SubtleCrypto;
  /** The tablet's own public key; null while it has none: then nothing can be sealed. */
  key(): Promise<string | null>;
}

/** What of the store is sealed: all that tells of people. */
interface Clear {
  outbox: OutboxEntry[];
  drafts: Draft[];
  photos: StoredPhoto[];
  names: MetaEntry[];
}

/** What the last pieces say together: all but the photos' bytes. */
interface Rest extends Omit<Clear, 'photos'> {
  photos: Omit<StoredPhoto, 'blob'>[];
}

const SEAL_KEY = 'seal_key';
const PURPOSE = 'fdvu sealed queue 1 ';
const AES = 'AES-GCM';
const IV = 12;
/** Characters of the rest in one piece: as much as the server takes, should it have to. */
const PIECE_CHARACTERS = 1_000_000;
const TABLES = ['rows', 'outbox', 'photos', 'staged', 'drafts', 'meta'] as const;
/** Something was written while it was sealed: once more, but not for ever. */
const MAX_TRIES = 3;

/** Keeps the key that the server told. */
export async function keepSealKey(store: Store, key: SealKey | null | undefined): Promise<void> {
  if (key) await store.write(['meta'], (tx) => setMeta(tx, SEAL_KEY, key));
}

/** How many changes wait in a sealed store; null when it is not sealed. Tables: meta. */
export async function sealedCount(tx: Tx): Promise<number | null> {
  return (await getMeta<Seal>(tx, SEALED))?.waiting ?? null;
}

/**
 * Seals what waits, and forgets what was fetched. The clear rows go in the transaction that the
 * sealed ones come in. False when it cannot be: the server has told no key, or the tablet has none.
 */
export async function seal(store: Store, { subtle, key }: Sealer): Promise<boolean> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { to, clear, isSealed } = await store.read([...TABLES], async (tx) => ({
      to: await getMeta<SealKey>(tx, SEAL_KEY),
      clear: await clearOf(tx),
      isSealed: (await getMeta<Seal>(tx, SEALED)) !== null,
    }));
    const tablet = await key();
    if (isSealed) return true;
    if (!to || !tablet) return false;

    const made = await sealed(subtle, to, tablet, clear);
    const isDone = await store.write([...TABLES], async (tx) => {
      if (JSON.stringify(await clearOf(tx)) !== JSON.stringify(clear)) return false;
      await keepSealed(tx, made.seal, made.pieces, clear.names);
      return true;
    });
    if (isDone) return true;
  }
  return false;
}

async function clearOf(tx: Tx): Promise<Clear> {
  const names = (await tx.all('meta')).filter(({ key }) => key === 'who' || key.startsWith('who:'));
  return { outbox: await tx.all('outbox'), drafts: await tx.all('drafts'), photos: await tx.all('photos'), names };
}

/** A fresh key seals the pieces, is wrapped for the server, and is forgotten. */
async function sealed(subtle: SubtleCrypto, to: SealKey, tablet: string, clear: Clear): Promise<{ seal: Seal; pieces: Piece[] }> {
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const aes = await subtle.importKey('raw', secret, AES, false, ['encrypt']);
  const pieces: Piece[] = [];
  const rest = cut(JSON.stringify({ ...clear, photos: clear.photos.map(({ blob: _, ...photo }) => photo) } satisfies Rest));

  for await (const [owner, text] of textsOf(clear, rest)) {
    const iv = ivOf(pieces.length);
    const bytes = await subtle.encrypt({ name: AES, iv, additionalData: utf8(owner ?? '') }, aes, utf8(text));
    pieces.push({ owner, blob: new Blob([iv, bytes]) });
  }
  const { enc, sealed: wrapped } = await sealFor(subtle, to.key, utf8(PURPOSE + tablet), utf8(to.id), secret);
  secret.fill(0);
  const seal = { seal_key: to.id, enc: base64urlOf(enc), wrapped: base64urlOf(wrapped), pieces: pieces.length, rest: rest.length, waiting: unsent(clear.outbox).length };
  return { seal, pieces };
}

/** First what would be handed over, in the pieces that it would be; last, and nobody's, the rest. */
async function* textsOf({ outbox, photos, names }: Clear, rest: string[]): AsyncGenerator<[owner: string | null, text: string]> {
  const device = (names.find(({ key }) => key === 'who')?.value as Who | undefined)?.device ?? null;

  for (const piece of piecesOf(unsent(outbox))) yield piece;
  for (const photo of photos)
    for await (const text of photoPieces(photo)) yield [photo.state === 'waiting' ? (photo.device ?? device) : null, text];
  for (const text of rest) yield [null, text];
}

/** Never between the two halves of a letter. */
function cut(text: string): string[] {
  const pieces: string[] = [];

  for (let at = 0; at < text.length; ) {
    const end = at + PIECE_CHARACTERS;
    const next = /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) ? end - 1 : end;
    pieces.push(text.slice(at, next));
    at = next;
  }
  return pieces;
}

/** The number of the piece: the key is used for one sealing. */
function ivOf(n: number): Bytes {
  const iv = new Uint8Array(IV);
  new DataView(iv.buffer).setUint32(IV - 4, n);
  return iv;
}

async function keepSealed(tx: Tx, seal: Seal, pieces: Piece[], names: MetaEntry[]): Promise<void> {
  for (const [n, piece] of pieces.entries()) await setMeta(tx, `${SEALED}:${n}`, piece);
  await setMeta(tx, SEALED, seal);
  for (const { key, value } of names) await setMeta(tx, key, { ...(value as Who), name: '', device_name: '' });
  for (const table of ['outbox', 'photos', 'drafts'] as const) await tx.clear(table);
  await forgetRows(tx);
}

/**
 * Opens a sealed store again, when the server gives back the key. Null when the store is open, now
 * or already; else why not. What can never be opened is handed over as it is, and the tablet goes on.
 */
export async function unseal(store: Store, api: SyncApi, subtle: SubtleCrypto, device: string): Promise<Stop | null> {
  const { seal, pieces } = await store.read(['meta'], sealedOf);
  if (!seal) return null;
  if (!api.unseal) return { why: 'error', status: 0 };

  const { seal_key, enc, wrapped } = seal;
  const reply = await api.unseal(device, { seal_key, enc, wrapped });
  const stop = stopOf(reply);
  if (stop) return stop;
  if (['seal_key_unknown', 'seal_torn'].includes(problemOf(reply))) return handOver(store, api, seal, pieces, device, problemOf(reply));

  const answer = reply.body as { device?: unknown; key?: unknown } | null;
  if (reply.status !== 200) return { why: 'error', status: reply.status };
  if (answer?.device !== device || typeof answer.key !== 'string') return { why: 'offline' }; // another network's page
  const texts = await opened(subtle, bytesOf(answer.key), pieces).catch(() => null);
  if (!texts) return handOver(store, api, seal, pieces, device, 'seal_torn');
  await putBack(store, seal, texts);
  return null;
}

async function opened(subtle: SubtleCrypto, secret: Bytes, pieces: Piece[]): Promise<string[]> {
  const aes = await subtle.importKey('raw', secret, AES, false, ['decrypt']);
  const texts: string[] = [];

  for (const [n, { owner, blob }] of pieces.entries()) {
    const bytes = new Uint8Array(await blob.arrayBuffer()).subarray(IV);
    texts.push(new TextDecoder().decode(await subtle.decrypt({ name: AES, iv: ivOf(n), additionalData: utf8(owner ?? '') }, aes, bytes)));
  }
  return texts;
}

async function putBack(store: Store, seal: Seal, texts: string[]): Promise<void> {
  const rest = JSON.parse(texts.splice(-seal.rest).join('')) as Rest;
  const photos = rest.photos.map((photo) => ({ ...photo, blob: blobOf(photo, texts) }));

  await store.write([...TABLES], async (tx) => {
    if ((await getMeta<Seal>(tx, SEALED))?.enc !== seal.enc) return; // another tab has done it
    const devices = await devicesNow(tx, rest.names);
    const now = <T extends { device?: string }>(kept: T): T => ({ ...kept, device: devices.get(kept.device) ?? kept.device });
    await tx.putAll('outbox', rest.outbox.map(now));
    await tx.putAll('photos', photos.map(now));
    await tx.putAll('drafts', rest.drafts);
    for (const entry of rest.names) await nameAgain(tx, entry);
    await forgetSealed(tx, seal);
    const who = await getMeta<Who>(tx, 'who');
    if (who) await overlayOnly(tx, who.person_id);
  });
}

function blobOf({ sha256, mime }: Omit<StoredPhoto, 'blob'>, texts: string[]): Blob {
  const parts = texts.filter((text) => text.startsWith(`{"photo":"${sha256}"`)).map((text) => JSON.parse(text) as { type: string; base64: string });
  return new Blob(parts.map(({ base64 }) => bytesOf(base64)), { type: parts[0]?.type ?? mime });
}

/** Devices that are called otherwise since: the server was restored from before they were enrolled. */
async function devicesNow(tx: Tx, names: MetaEntry[]): Promise<Map<string | undefined, string>> {
  const devices = new Map<string | undefined, string>();

  for (const { key, value } of names) {
    const before = value as Who;
    const now = await getMeta<Who>(tx, key);
    if (now?.person_id === before.person_id) devices.set(before.device, now.device);
  }
  return devices;
}

/** A name that has been told anew stays. */
async function nameAgain(tx: Tx, { key, value }: MetaEntry): Promise<void> {
  const before = value as Who;
  const now = await getMeta<Who>(tx, key);
  if (now?.person_id === before.person_id && !now.name) await setMeta(tx, key, { ...now, name: before.name, device_name: before.device_name });
}

async function forgetSealed(tx: Tx, { pieces }: Seal): Promise<void> {
  for (let n = 0; n < pieces; n++) await tx.remove('meta', `${SEALED}:${n}`);
  await tx.remove('meta', SEALED);
}

/** Null when the server has all of it, as it is. */
async function handOver(store: Store, api: SyncApi, seal: Seal, pieces: Piece[], device: string, reason: string): Promise<Stop | null> {
  for (const { owner, blob } of pieces) {
    const reply = await salvageSealed(api, seal, blob, owner ?? device, reason);
    if (reply) return stopOf(reply) ?? { why: 'error', status: reply.status };
  }
  await store.write(['meta'], (tx) => forgetSealed(tx, seal));
  return null;
}
