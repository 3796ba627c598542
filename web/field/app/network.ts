import { Offline, type Reply, type SyncApi } from '../sync/api.ts';
import type { Device } from '../sync/device.ts';
import { gzipped } from '../sync/gzip.ts';

const WAIT_MS = 60_000;
const UPLOAD_WAIT_MS = 300_000;
const SCHEMA = '1';

interface Sent {
  method: 'POST' | 'PUT';
  body: string | Blob;
  type?: string;
  wait_ms?: number;
  token?: string | null;
}

/** The sync core's way to the server, in the name of the device that each request is about. */
export function networkOf(device: Device, current: () => Promise<string | null>): SyncApi {
  const post = (name: string, body: { device: string }): Promise<Reply> =>
    device.withSession(body.device, (token) => ask(`/api/v1/sync/${name}`, { method: 'POST', body: JSON.stringify(body), token }));

  return {
    isOffline: () => !navigator.onLine,
    pull: (body) => post('pull', body),
    push: (body) => post('push', body),
    putFile: async (sha256, blob) =>
      device.withSession(await current(), (token) =>
        ask(`/api/v1/files/${sha256}`, { method: 'PUT', body: blob, type: blob.type, wait_ms: UPLOAD_WAIT_MS, token }),
      ),
    quarantine: async (id, reason, raw) => {
      const body = { device: id, reason, raw };
      return (await device.signed(id, 'salvage', (proof) => send('/api/v1/sync/quarantine', { ...body, proof }))) ?? send('/api/v1/sync/quarantine', body);
    },
  };
}

/** Without a session of ours. */
export function send(path: string, body: unknown): Promise<Reply> {
  return ask(path, { method: 'POST', body: JSON.stringify(body) });
}

/** Every HTTP answer is a reply, no answer is Offline. */
async function ask(path: string, { method, body, type = 'application/json', wait_ms = WAIT_MS, token }: Sent): Promise<Reply> {
  const packed = typeof body === 'string' ? await gzipped(body) : null;
  const headers: Record<string, string> = { Accept: 'application/json', 'Content-Type': type, 'Sync-Schema': SCHEMA };
  if (packed) headers['Content-Encoding'] = 'gzip';
  if (token) headers.Authorization = `Bearer ${token}`;

  try {
    const answer = await fetch(path, {
      method,
      body: packed ?? body,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(wait_ms),
    });
    return { status: answer.status, body: parsed(await answer.text()), retry_after_s: secondsOf(answer.headers.get('Retry-After')) };
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
