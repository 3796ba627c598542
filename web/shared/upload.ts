/* Uploads that tell how far they are: fetch() cannot, XMLHttpRequest can. */
import { ApiError, NO_ANSWER, problemOf } from './problem.ts';

function bodyOf(request: XMLHttpRequest): unknown {
  try {
    return JSON.parse(request.responseText) as unknown;
  } catch {
    return undefined;
  }
}

/** Puts a file under its hash. `progress` gets 0 to 1. Rejects with ApiError as api() does. */
export function uploadWithProgress(sha256: string, file: Blob, progress: (part: number) => void): Promise<void> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `/api/v1/files/${sha256}`);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.setRequestHeader('Accept-Language', document.documentElement.lang || 'nb');
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) done();
      else fail(new ApiError(problemOf(request.status, bodyOf(request))));
    };
    request.onerror = () => fail(new ApiError({ type: NO_ANSWER, title: 'No answer', status: 0 }));
    request.send(file);
  });
}
