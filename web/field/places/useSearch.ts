import { useStored } from '../app/useStored.ts';
import { SearchIndex } from '../logic/search.ts';

/** The search over all places and components of the tablet, made when first needed. */
export function useSearch(): SearchIndex | undefined {
  return useStored(['rows'], async (tx) => new SearchIndex(await tx.by('rows', 't', 'place'), await tx.by('rows', 't', 'component')));
}
