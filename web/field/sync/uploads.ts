import { Upload, type DetailedError, type FileSource } from 'tus-js-client';
import { Offline, type Reply, type SyncApi } from './api.ts';

/** So much a request: behind a proxy that gathers bodies, what arrived whole is safe. */
const CHUNK_BYTES = 1 << 20;
/** What fits is sent with its creation: one request instead of two. */
const AT_ONCE_BYTES = 256 << 10;
const STALL_MS = 60_000;

/**
 * Sends photos by tus 1.0.0 to this endpoint, going on where an earlier try stood. The same in a
 * browser and in Node; a browser's cookie says who sends, elsewhere `headers` do.
 */
export function uploader(endpoint: string, headers: Record<string, string> = {}, stall_ms = STALL_MS): SyncApi['upload'] {
  return ({ sha256, blob, upload_url }, onUrl) =>
    new Promise((done, fail) => {
      const giveUp = (): void => {
        void upload.abort();
        fail(new Offline());
      };
      let timer = setTimeout(giveUp, stall_ms);
      const end = (finish: () => void): void => {
        clearTimeout(timer);
        finish();
      };
      const upload = new Upload(blob, {
        endpoint,
        headers,
        uploadUrl: upload_url ?? null,
        metadata: { sha256 },
        chunkSize: CHUNK_BYTES,
        uploadDataDuringCreation: blob.size <= AT_ONCE_BYTES,
        storeFingerprintForResuming: false,
        retryDelays: null, // the next round tries again
        fileReader: { openFile: async () => sourceOf(blob) },
        onUploadUrlAvailable: () => upload.url && onUrl(upload.url),
        onProgress: () => {
          clearTimeout(timer);
          timer = setTimeout(giveUp, stall_ms);
        },
        onSuccess: ({ lastResponse }) =>
          end(() => (isNamed(lastResponse.getHeader('Content-Location'), sha256) ? done({ status: 201, body: null, retry_after_s: null }) : fail(new Offline()))),
        onError: (error) => {
          const reply = replyOf(error);
          end(() => (reply ? done(reply) : fail(new Offline())));
        },
      });
      upload.start();
    });
}

/** Bytes, which both a browser and Node can send; their `size` is what tus-js-client asks for. */
function sourceOf(blob: Blob): FileSource {
  return {
    size: blob.size,
    slice: async (start, end) => {
      const bytes = new Uint8Array(await blob.slice(start, end).arrayBuffer());
      return { value: Object.assign(bytes, { size: bytes.length }), done: end >= blob.size };
    },
    close: () => undefined,
  };
}

/** The last answer says which file it keeps now. */
function isNamed(location: string | undefined, sha256: string): boolean {
  return location?.endsWith(`/${sha256}`) === true;
}

/** What the server said, or null when it said nothing. A success that says nothing of the upload is a page of the network's own. */
function replyOf(error: Error | DetailedError): Reply | null {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  const status = response?.getStatus();
  if (!response || !status || status < 300) return null;
  return { status, body: parsed(response.getBody()), retry_after_s: Number(response.getHeader('Retry-After') ?? NaN) || null };
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
