import { useEffect, useState } from 'react';
import type { Tx } from '../sync/store.ts';
import type { TableName } from '../sync/types.ts';
import { useTablet } from './useTablet.ts';

/**
 * What the work reads from the tablet's store, read again when one of the tables has changed.
 * Undefined until the first read is done. `key` says when the work is another.
 */
export function useStored<R>(tables: TableName[], work: (tx: Tx) => Promise<R>, key = ''): R | undefined {
  const { store } = useTablet();
  const [read, setRead] = useState<{ key: string; value: R }>();

  useEffect(() => {
    let isGone = false;
    let isReading = false;
    let isStale = false;

    const run = async (): Promise<void> => {
      isStale = true;
      if (isReading) return;
      isReading = true;
      while (isStale && !isGone) {
        isStale = false;
        const value = await store.read(tables, work);
        if (!isGone) setRead({ key, value });
      }
      isReading = false;
    };
    const stop = store.onChange((changed) => {
      if (changed.some((table) => tables.includes(table))) void run();
    });
    void run();
    return () => {
      isGone = true;
      stop();
    };
    // the work is the same as long as its key is
  }, [store, key]);

  return read?.key === key ? read.value : undefined;
}
