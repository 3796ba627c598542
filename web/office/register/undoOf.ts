import { api } from '../../shared/api.ts';

/** The number of the change that an answer tells of. */
export function xidOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null || !('xid' in answer)) return null;
  return typeof answer.xid === 'string' || typeof answer.xid === 'number' ? String(answer.xid) : null;
}

/** What takes back the change that an answer tells of; none when it tells of none. */
export function undoOf(answer: unknown, then: () => void): (() => Promise<void>) | undefined {
  const xid = xidOf(answer);
  if (xid === null) return undefined;
  return async () => {
    await api<unknown>('POST', `/api/v1/changes/${xid}/undo`);
    then();
  };
}
