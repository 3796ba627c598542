// What a revoked tablet hands over: all that no receipt names, whoever wrote it, in pieces that the
// server takes. docs/sync-protocol.md, «Devices».

import { isKept, type Reply, type SyncApi, type Wrapped } from './api.ts';
import { base64Of, base64urlOf } from './base64.ts';
import { SEALED } from './state.ts';
import { getMeta, type Store, type Tx } from './store.ts';
import type { OutboxEntry, StoredPhoto } from './types.ts';

const REASON = 'device_revoked';
/** Characters of mutations in one piece, and bytes of a photo: well below the server's 4 MiB. */
const PIECE_CHARACTERS = 1_000_000;
const PHOTO_BYTES = 1_500_000;

/** What is told of a sealed store without opening it. */
export interface Seal extends Wrapped {
  pieces: number;
  /** How many of them, at the end, are the rest. */
  rest: number;
  /** How many changes in it wait to be sent. */
  waiting: number;
}

/** Whose it is to hand over when the tablet is revoked (null: nobody's), and the IV with what is sealed. */
export interface Piece {
  owner: string | null;
  blob: Blob;
}

/** Null when everything is kept by the server; else its answer to the first piece that is not. */
export async function salvage(store: Store, api: SyncApi, device: string): Promise<Reply | null> {
  const { entries, photos, sealed } = await store.read(['outbox', 'photos', 'meta'], async (tx) => ({
    entries: unsent(await tx.all('outbox')),
    photos: (await tx.all('photos')).filter((photo) => photo.state === 'waiting'),
    sealed: await sealedOf(tx),
  }));

  for (const { owner, blob } of sealed.pieces) {
    const reply = owner && (await salvageSealed(api, sealed.seal!, blob, owner, REASON));
    if (reply) return reply;
  }
  for (const [owner, raw] of piecesOf(entries)) {
    const reply = await api.quarantine(owner, REASON, raw);
    if (!(await isKept(reply, owner, raw))) return reply;
  }
  for (const photo of photos)
    for await (const raw of photoPieces(photo)) {
      const reply = await api.quarantine(photo.device ?? device, REASON, raw);
      if (!(await isKept(reply, photo.device ?? device, raw))) return reply;
    }
  return null;
}

/** What no receipt names. */
export function unsent(entries: OutboxEntry[]): OutboxEntry[] {
  return entries.filter(({ state }) => state === 'waiting' || state === 'sent');
}

/** Each device's mutations in order, as many in one piece as there is room for. */
export function piecesOf(entries: OutboxEntry[]): [device: string, raw: string][] {
  const pieces: [string, string][] = [];
  let piece: string[] = [];
  let size = 0;

  const sorted = [...entries].sort((a, b) => (a.device < b.device ? -1 : a.device > b.device ? 1 : a.n - b.n));
  for (const [i, { device, mutation }] of sorted.entries()) {
    const text = JSON.stringify(mutation);
    const next = sorted[i + 1];
    piece.push(text);
    size += text.length;
    if (!next || next.device !== device || size + JSON.stringify(next.mutation).length > PIECE_CHARACTERS) {
      pieces.push([device, `[${piece.join(',')}]`]);
      piece = [];
      size = 0;
    }
  }
  return pieces;
}

/** A photo in as many pieces as it takes. */
export async function* photoPieces(photo: StoredPhoto): AsyncGenerator<string> {
  const bytes = new Uint8Array(await photo.blob.arrayBuffer());
  const of = Math.max(1, Math.ceil(bytes.length / PHOTO_BYTES));

  for (let part = 1; part <= of; part++) {
    const base64 = base64Of(bytes.subarray((part - 1) * PHOTO_BYTES, part * PHOTO_BYTES));
    yield JSON.stringify({ photo: photo.sha256, type: photo.blob.type, part, of, base64 });
  }
}

/** A sealed store's pieces, in order. Tables: meta. */
export async function sealedOf(tx: Tx): Promise<{ seal: Seal | null; pieces: Piece[] }> {
  const seal = await getMeta<Seal>(tx, SEALED);
  const pieces: Piece[] = [];

  for (let n = 0; n < (seal?.pieces ?? 0); n++) {
    const piece = await getMeta<Piece>(tx, `${SEALED}:${n}`);
    if (piece) pieces.push(piece);
  }
  return { seal, pieces };
}

/** Hands a piece over as it is. Null when the server has kept it; else its answer. */
export async function salvageSealed(api: SyncApi, { seal_key, enc, wrapped }: Wrapped, blob: Blob, owner: string, reason: string): Promise<Reply | null> {
  const text = base64urlOf(new Uint8Array(await blob.arrayBuffer()));
  const reply = await api.quarantine(owner, reason, text, { seal_key, enc, wrapped });
  return (await isKept(reply, owner, text)) ? null : reply;
}
