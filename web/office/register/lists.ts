import type { List } from '../../shared/types.ts';
import { useApi } from '../../shared/useApi.ts';
import type { Code } from './types.ts';

const NO_CODES: never[] = [];

/** The 129 building types of NS 3457-3; empty until they have come. */
export function useBuildingTypes(on: boolean): Code<number>[] {
  return useApi<List<Code<number>>>(on ? '/api/v1/building-types' : null).data?.items ?? NO_CODES;
}

/** The building elements of NS 3451. */
export function useElements(on = true): Code<string>[] {
  return useApi<List<Code<string>>>(on ? '/api/v1/elements' : null).data?.items ?? NO_CODES;
}
