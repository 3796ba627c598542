import { Offline, type Reply, type SyncApi } from '../sync/api.ts';
import { uploader } from '../sync/uploads.ts';

const WAIT_MS = 60_000;
const SCHEMA = '1';

/** The sync core's way to the server: every HTTP answer is a reply, no answer is Offline. */
export const network: SyncApi = {
  isOffline: () => !navigator.onLine,
  pull: (body) => ask('POST', '/api/v1/sync/pull', JSON.stringify(body)),
  push: (body) => ask('POST', '/api/v1/sync/push', JSON.stringify(body)),
  upload: uploader('/api/v1/uploads'),
  quarantine: (device, reason, raw) =>
    ask('POST', '/api/v1/sync/quarantine', JSON.stringify({ device, reason, raw })),
};

async function ask(method: string, path: string, body: string): Promise<Reply> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'Sync-Schema': SCHEMA };

  try {
    const answer = await fetch(path, {
      method,
      body,
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
