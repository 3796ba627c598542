import { useEffect, useState } from 'react';
import { api } from '../../../shared/api.ts';
import type { BulkTable } from '../types.ts';

const CODES_MAX = 200;
const AT_ONCE = 4;

/** The label codes of what is marked, as far as a sheet is wanted: of the first 200. Empty until all have come. */
export function useCodes(tbl: BulkTable, ids: string[]): string[] {
  const [codes, setCodes] = useState<string[]>([]);
  const key = ids.slice(0, CODES_MAX).join(',');

  useEffect(() => {
    const stop = new AbortController();
    const wanted = key ? key.split(',') : [];
    const found: (string | null)[] = wanted.map(() => null);
    let next = 0;
    setCodes([]);
    async function work(): Promise<void> {
      while (next < wanted.length) {
        const i = next++;
        const row = await api<{ code?: string | null }>('GET', `/api/v1/${tbl === 'place' ? 'places' : 'components'}/${wanted[i]}`, undefined, { signal: stop.signal });
        found[i] = row.code ?? null;
      }
    }
    Promise.all(Array.from({ length: AT_ONCE }, work))
      .then(() => setCodes(found.filter((code) => code !== null)))
      .catch(() => {}); /* no labels are offered then; the change of many does not need them */
    return () => stop.abort();
  }, [tbl, key]);

  return codes;
}
