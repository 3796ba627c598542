// What the sync core asks of the network. A reply is any HTTP answer; no answer throws Offline.

import type { PullBody } from './pull.ts';
import type { ReconcileBody } from './reconcile.ts';
import type { Mutation, StoredPhoto } from './types.ts';

export class Offline extends Error {}

export interface Reply {
  status: number;
  /** Parsed JSON, or null. */
  body: unknown;
  retry_after_s: number | null;
}

/** A key that only the server can give back: which of its keys it is wrapped for, and how (RFC 9180). */
export interface Wrapped {
  seal_key: string;
  enc: string;
  wrapped: string;
}

export interface PushBody {
  device: string;
  epoch: string | null;
  sent_at: string;
  /** The lowest number that this device may still send: what the server lacks below it never comes. */
  oldest: number;
  mutations: Mutation[];
}

/** Part of a snapshot file. */
export interface FilePart {
  status: number;
  etag: string | null;
  /** Of the whole file; null when it is not told. */
  total: number | null;
  bytes: Uint8Array;
}

export interface SyncApi {
  /** True when the device itself says that it has no network: then nothing is tried. */
  isOffline?(): boolean;
  pull(body: PullBody): Promise<Reply>;
  /** What is held otherwise than at the server. Without it, all rows are fetched anew instead. */
  reconcile?(body: ReconcileBody): Promise<Reply>;
  /** Bytes of a file from `from` on, if it is still the one of `etag`. Without it, no files are taken. */
  file?(url: string, from: number, etag: string | null): Promise<FilePart>;
  push(body: PushBody): Promise<Reply>;
  /** The same for a person who is not at the tablet now. Without it, what they wrote waits for them. */
  pushOther?(body: PushBody): Promise<Reply>;
  /** Sends a photo's bytes, going on at its `upload_url`; `onUrl` hears where, once that is known. */
  upload(photo: Pick<StoredPhoto, 'sha256' | 'blob' | 'upload_url' | 'device'>, onUrl: (url: string) => void): Promise<Reply>;
  /** What the server cannot read, or a revoked tablet's outbox: kept there, for a person to look at. `raw` is sealed when it is told with which key. */
  quarantine(device: string, reason: string, raw: string, sealedWith?: Wrapped): Promise<Reply>;
  /** Asks for the key of what this tablet has sealed. Without it, nothing is sealed. */
  unseal?(device: string, wrapped: Wrapped): Promise<Reply>;
}

/** The name at the end of a problem's type, as `scope_unknown`; '' when the body is no problem. */
export function problemOf(reply: Reply): string {
  const type = (reply.body as { type?: unknown } | null)?.type;
  return typeof type === 'string' ? (type.split(/[/#:]/).pop() ?? '') : '';
}

/** A list that each of our answers has. Without it, a network that waits for a log-in has answered for us with a page of its own. */
export function isOurs(reply: Reply, list: 'rows' | 'results'): boolean {
  return Array.isArray((reply.body as Record<string, unknown> | null)?.[list]);
}

/** Whether what was handed over is kept: the receipt names the device and the SHA-256 of the very bytes. A status alone is any network's. */
export async function isKept(reply: Reply, device: string, raw: string): Promise<boolean> {
  const receipt = reply.body as { device?: unknown; sha256?: unknown; received_at?: unknown } | null;

  if (reply.status !== 200 || receipt?.device !== device || typeof receipt.received_at !== 'string') return false;
  return receipt.sha256 === (await sha256Of(raw));
}

async function sha256Of(text: string): Promise<string> {
  const hash = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export type Stop =
  | { why: 'done' }
  | { why: 'offline' }
  | { why: 'signed_out' }
  | { why: 'busy'; after_s: number | null }
  | { why: 'revoked'; wipe: boolean; salvage: boolean }
  | { why: 'forbidden' }
  | { why: 'unknown_device' }
  | { why: 'too_old' }
  | { why: 'epoch_changed' }
  | { why: 'error'; status: number };

/** What a reply means for everything sent to this server, or null when it is about this request. */
export function stopOf(reply: Reply): Stop | null {
  const body = reply.body as { wipe?: boolean; salvage?: boolean } | null;

  switch (reply.status) {
    case 401:
      return { why: 'signed_out' };
    case 403:
      if (problemOf(reply) === 'device_revoked')
        return { why: 'revoked', wipe: body?.wipe === true, salvage: body?.salvage !== false };
      return { why: problemOf(reply) === 'device_unknown' ? 'unknown_device' : 'forbidden' };
    case 426:
      return { why: 'too_old' };
    case 429:
    case 503:
      return { why: 'busy', after_s: reply.retry_after_s };
    default:
      return null;
  }
}
