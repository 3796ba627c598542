import { useStored } from '../app/useStored.ts';
import { useTablet } from '../app/useTablet.ts';
import { WARNING_READ } from '../sync/lease.ts';
import { getMeta, setMeta } from '../sync/store.ts';

const keyOf = (place: string): string => WARNING_READ + place;

export interface WarningRead {
  /** Undefined until the store has answered. */
  isRead: boolean | undefined;
  read(): void;
}

/** Whether these words at this place were read on this tablet. Kept here alone: it works without a network, and each tablet asks for itself. */
export function useWarningRead(place: string, version: string | null): WarningRead {
  const { store } = useTablet();
  const held = useStored(['meta'], async (tx) => ({ version: await getMeta<string>(tx, keyOf(place)) }), place);
  return {
    isRead: version === null ? true : held && held.version === version,
    read: () => void store.write(['meta'], (tx) => setMeta(tx, keyOf(place), version)),
  };
}
