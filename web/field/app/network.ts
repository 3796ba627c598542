import { Offline, type FilePart, type Reply, type SyncApi } from '../sync/api.ts';

const WAIT_MS = 60_000;
const UPLOAD_WAIT_MS = 300_000;
const SCHEMA = '1';
const PART_BYTES = 1024 * 1024;

/** The sync core's way to the server: every HTTP answer is a reply, no answer is Offline. */
export const network: SyncApi = {
  isOffline: () => !navigator.onLine,
  pull: (body) => ask('POST', '/api/v1/sync/pull', JSON.stringify(body)),
  reconcile: (body) => ask('POST', '/api/v1/sync/reconcile', JSON.stringify(body)),
  file,
  push: (body) => ask('POST', '/api/v1/sync/push', JSON.stringify(body)),
  putFile: (sha256, blob) => ask('PUT', `/api/v1/files/${sha256}`, blob, blob.type, UPLOAD_WAIT_MS),
  quarantine: (device, reason, raw) =>
    ask('POST', '/api/v1/sync/quarantine', JSON.stringify({ device, reason, raw })),
};

async function ask(method: string, path: string, body: string | Blob, type = 'application/json', wait_ms = WAIT_MS): Promise<Reply> {
  const headers = { Accept: 'application/json', 'Content-Type': type, 'Sync-Schema': SCHEMA };

  try {
    const answer = await fetch(path, {
      method,
      body,
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

async function file(url: string, from: number, etag: string | null): Promise<FilePart> {
  const headers: Record<string, string> = { Range: `bytes=${from}-${from + PART_BYTES - 1}`, ...(etag ? { 'If-Range': etag } : {}) };

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
