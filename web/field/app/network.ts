import { Offline, type FilePart, type Reply, type SyncApi } from '../sync/api.ts';
import type { Device } from '../sync/device.ts';
import { readEvents } from '../sync/events.ts';
import { gzipped } from '../sync/gzip.ts';
import { uploader } from '../sync/uploads.ts';

const WAIT_MS = 60_000;
const SCHEMA = '3';
const PART_BYTES = 1024 * 1024;
/** Of a question for hints: below the minute after which proxies give up, and shorter than the silence that is borne. */
const HINT_S = 40;

/** The sync core's way to the server, in the name of the device that each request is about. */
export function networkOf(device: Device, current: () => Promise<string | null>): SyncApi {
  const post = (name: string, body: { device: string }): Promise<Reply> =>
    device.withSession(body.device, (token) => ask(`/api/v1/sync/${name}`, JSON.stringify(body), token));

  return {
    isOffline: () => !navigator.onLine,
    pull: (body) => post('pull', body),
    reconcile: (body) => post('reconcile', body),
    file: async (url, from, etag) => {
      let part: FilePart | null = null;
      const reply = await device.withSession(await current(), async (token) => {
        part = await fetchPart(url, from, etag, token);
        return { status: part.status, body: null, retry_after_s: null };
      });
      return part ?? { status: reply.status, etag: null, total: null, bytes: new Uint8Array() };
    },
    push: (body) => post('push', body),
    pushOther: (body) => device.forOther(body.device, (token) => ask('/api/v1/sync/push', JSON.stringify(body), token)),
    upload: async (photo, onUrl) => {
      const mine = await current();
      const send = (token: string | null): Promise<Reply> => uploader('/api/v1/uploads', token ? { Authorization: `Bearer ${token}` } : {})(photo, onUrl);
      const isOthers = photo.device && photo.device !== mine && (await device.has(photo.device));
      return isOthers ? device.forOther(photo.device!, send) : device.withSession(mine, send);
    },
    unseal: (id, wrapped) => device.unseal(id, wrapped),
    quarantine: async (id, reason, raw, sealedWith) => {
      const body = { device: id, reason, ...(sealedWith ? { ...sealedWith, sealed: raw } : { raw }) };
      return (await device.signed(id, 'salvage', (proof) => send('/api/v1/sync/quarantine', { ...body, proof }))) ?? send('/api/v1/sync/quarantine', body);
    },
  };
}

/** Stays until something has changed since the cursor, or for a while. */
export function waitOnce(device: Device, id: string, cursor: string, signal: AbortSignal): Promise<Reply> {
  return device.withSession(id, async (token) => {
    const headers: Record<string, string> = token ? { Authorization: `Bearer ${token}` } : {};
    const query = new URLSearchParams({ device: id, c: cursor, t: String(HINT_S) });

    try {
      const answer = await fetch(`/api/v1/sync/wait?${query}`, { headers, credentials: 'same-origin', cache: 'no-store', signal });
      return { status: answer.status, body: parsed(await answer.text()), retry_after_s: secondsOf(answer.headers.get('Retry-After')) };
    } catch {
      throw new Offline();
    }
  });
}

/** Stays until the stream of hints ends, which it does with each session. */
export function listen(device: Device, id: string, onEvent: (name: string) => void, signal: AbortSignal): Promise<Reply> {
  return device.withSession(id, async (token) => {
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (token) headers.Authorization = `Bearer ${token}`;

    try {
      const answer = await fetch(`/api/v1/sync/events?device=${id}`, { headers, credentials: 'same-origin', cache: 'no-store', signal });
      const isStream = answer.ok && answer.headers.get('Content-Type')?.startsWith('text/event-stream') === true;
      if (isStream && answer.body) await readEvents(answer.body, onEvent);
      const body = isStream ? null : parsed(await answer.text());
      return { status: answer.status, body, retry_after_s: secondsOf(answer.headers.get('Retry-After')) };
    } catch {
      throw new Offline();
    }
  });
}

/** Without a session of ours. */
export function send(path: string, body: unknown): Promise<Reply> {
  return ask(path, JSON.stringify(body));
}

/** Every HTTP answer is a reply, no answer is Offline. */
async function ask(path: string, body: string, token: string | null = null): Promise<Reply> {
  const packed = await gzipped(body);
  const headers: Record<string, string> = { Accept: 'application/json', 'Content-Type': 'application/json', 'Sync-Schema': SCHEMA };
  if (packed) headers['Content-Encoding'] = 'gzip';
  if (token) headers.Authorization = `Bearer ${token}`;

  try {
    const answer = await fetch(path, {
      method: 'POST',
      body: packed ?? body,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(WAIT_MS),
    });
    return { status: answer.status, body: parsed(await answer.text()), retry_after_s: secondsOf(answer.headers.get('Retry-After')) };
  } catch {
    throw new Offline();
  }
}

async function fetchPart(url: string, from: number, etag: string | null, token: string | null): Promise<FilePart> {
  const headers: Record<string, string> = { Range: `bytes=${from}-${from + PART_BYTES - 1}` };
  if (etag) headers['If-Range'] = etag;
  if (token) headers.Authorization = `Bearer ${token}`;

  try {
    const answer = await fetch(url, { headers, credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(WAIT_MS) });
    const total = Number(answer.headers.get('Content-Range')?.split('/')[1]);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return { status: answer.status, etag: answer.headers.get('ETag'), total: Number.isInteger(total) ? total : null, bytes };
  } catch {
    throw new Offline();
  }
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function secondsOf(header: string | null): number | null {
  const seconds = Number(header);
  return header !== null && Number.isFinite(seconds) ? seconds : null;
}
