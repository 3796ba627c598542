/* The one way to the server. Throws ApiError, whose `fields` a form can show beside its inputs. */
import { ApiError, NO_ANSWER, problemOf } from './problem.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface ApiOptions {
  signal?: AbortSignal;
  /** Bearer token for callers without the cookie. */
  token?: string;
  /** Asks as nobody in particular: the same answer for everybody, whoever is logged in. */
  anonymous?: boolean;
  /** Milliseconds to wait for an answer. */
  wait_ms?: number;
}

const WAIT_MS = 20_000;
const UPLOAD_WAIT_MS = 300_000;

/** Bodies: a Blob goes as it is (uploads), all else as JSON. */
export async function api<T>(method: Method, path: string, body?: unknown, options: ApiOptions = {}): Promise<T> {
  const isFile = body instanceof Blob;
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': pageLanguage() };
  if (body !== undefined) headers['Content-Type'] = isFile ? body.type || 'application/octet-stream' : 'application/json';
  if (options.token) headers['Authorization'] = `Bearer ${options.token}`;

  const wait = AbortSignal.timeout(options.wait_ms ?? (isFile ? UPLOAD_WAIT_MS : WAIT_MS));
  const signal = options.signal ? AbortSignal.any([options.signal, wait]) : wait;
  const request: RequestInit = { method, headers, signal, credentials: options.anonymous ? 'omit' : 'same-origin', cache: 'no-store' };
  if (body !== undefined) request.body = isFile ? body : JSON.stringify(body);

  const response = await answer(path, request, options.signal);
  const content = await contentOf(response);
  if (!response.ok) throw new ApiError(problemOf(response.status, content));
  return content as T; /* the shapes are the API document's; see types.ts */
}

async function answer(path: string, request: RequestInit, mine?: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, request);
  } catch (error) {
    if (mine?.aborted) throw error;
    throw new ApiError({ type: NO_ANSWER, title: 'No answer', status: 0 });
  }
}

async function contentOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function pageLanguage(): string {
  return typeof document === 'undefined' ? 'nb' : document.documentElement.lang || 'nb';
}

/** `query({ q: 'lys', limit: 20, area: undefined })` is "?q=lys&limit=20". */
export function query(params: Record<string, string | number | boolean | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text ? `?${text}` : '';
}
