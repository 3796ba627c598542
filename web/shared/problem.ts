/* RFC 9457 problem details, as every route answers when it cannot do what was asked. */

export interface Fault {
  /** JSON pointer to what is wrong in the body, "/description"; of the query, "?limit". */
  pointer: string;
  detail: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: Fault[];
  /** Problem types may carry more, such as `theirs` of a conflict. */
  [more: string]: unknown;
}

/** No answer came at all: no network, or the server is down. */
export const NO_ANSWER = 'about:no-answer';

export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get isOffline(): boolean {
    return this.problem.type === NO_ANSWER;
  }

  /** Faults by field: the pointer's first part, "photos" for "/photos/2". Faults of the body as a whole are under "". */
  get fields(): Record<string, string> {
    const fields: Record<string, string> = {};
    for (const fault of this.problem.errors ?? []) {
      const field = fieldOf(fault.pointer);
      fields[field] = fields[field] ? `${fields[field]} ${fault.detail}` : fault.detail;
    }
    return fields;
  }
}

function fieldOf(pointer: string): string {
  if (pointer.startsWith('?')) return pointer.slice(1);
  const first = pointer.replace(/^#/, '').split('/')[1] ?? '';
  return first.replace(/~1/g, '/').replace(/~0/g, '~');
}

function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'pointer' in value && typeof value.pointer === 'string'
    && 'detail' in value && typeof value.detail === 'string';
}

/** Makes a problem of any failed answer, also of one that is no problem document (a proxy's 502 page). */
export function problemOf(status: number, body: unknown): Problem {
  if (typeof body !== 'object' || body === null || !('title' in body) || typeof body.title !== 'string')
    return { type: 'about:blank', title: `HTTP ${status}`, status };
  const more: Record<string, unknown> = { ...body };
  return {
    ...more,
    type: typeof more['type'] === 'string' ? more['type'] : 'about:blank',
    title: body.title,
    status,
    detail: typeof more['detail'] === 'string' ? more['detail'] : undefined,
    errors: Array.isArray(more['errors']) ? more['errors'].filter(isFault) : undefined,
  };
}
