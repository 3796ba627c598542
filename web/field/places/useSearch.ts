import { useEffect, useState } from 'react';
import { useTablet } from '../app/useTablet.ts';
import type { Tablet } from '../app/tablet.ts';
import { SearchIndex } from '../logic/search.ts';

/** Made when first needed (a second or two for a whole town) and kept until the rows have changed. */
let kept: { tablet: Tablet; index: Promise<SearchIndex> } | null = null;

function indexOf(tablet: Tablet): Promise<SearchIndex> {
  if (kept?.tablet === tablet) return kept.index;
  const index = tablet.store.read(['rows'], async (tx) => new SearchIndex(await tx.by('rows', 't', 'place'), await tx.by('rows', 't', 'component')));
  const stop = tablet.store.onChange((tables) => {
    if (!tables.includes('rows')) return;
    kept = null;
    stop();
  });
  kept = { tablet, index };
  return index;
}

/** The search over all places and components of the tablet, as they were when the screen was opened. */
export function useSearch(): SearchIndex | undefined {
  const tablet = useTablet();
  const [index, setIndex] = useState<SearchIndex>();

  useEffect(() => {
    let isGone = false;
    void indexOf(tablet).then((made) => {
      if (!isGone) setIndex(made);
    });
    return () => {
      isGone = true;
    };
  }, [tablet]);
  return index;
}
