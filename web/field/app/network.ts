import { Offline, type Reply, type SyncApi } from '../sync/api.ts';
import { gzipped } from '../sync/gzip.ts';

const WAIT_MS = 60_000;
const UPLOAD_WAIT_MS = 300_000;
const SCHEMA = '1';

/** The sync core's way to the server: every HTTP answer is a reply, no answer is Offline. */
export const network: SyncApi = {
  isOffline: () => !navigator.onLine,
  pull: (body) => ask('POST', '/api/v1/sync/pull', JSON.stringify(body)),
  push: (body) => ask('POST', '/api/v1/sync/push', JSON.stringify(body)),
  putFile: (sha256, blob) => ask('PUT', `/api/v1/files/${sha256}`, blob, blob.type, UPLOAD_WAIT_MS),
  quarantine: (device, reason, raw) =>
    ask('POST', '/api/v1/sync/quarantine', JSON.stringify({ device, reason, raw })),
};

async function ask(method: string, path: string, body: string | Blob, type = 'application/json', wait_ms = WAIT_MS): Promise<Reply> {
  const packed = typeof body === 'string' ? await gzipped(body) : null;
  const headers = { ...(packed ? { 'Content-Encoding': 'gzip' } : {}), Accept: 'application/json', 'Content-Type': type, 'Sync-Schema': SCHEMA };

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
