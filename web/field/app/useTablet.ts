import { createContext, useContext, useSyncExternalStore } from 'react';
import type { SyncerState } from '../sync/syncer.ts';
import type { Who } from '../sync/state.ts';
import type { Tablet } from './tablet.ts';

export const TabletContext = createContext<Tablet | null>(null);
export const WhoContext = createContext<Who | null>(null);

export function useTablet(): Tablet {
  const tablet = useContext(TabletContext);
  if (!tablet) throw new Error('useTablet outside FieldPage');
  return tablet;
}

/** Who the tablet works for; the screens inside the frame always have somebody. */
export function useWho(): Who {
  const who = useContext(WhoContext);
  if (!who) throw new Error('useWho before the tablet belongs to somebody');
  return who;
}

export function useSyncState(): SyncerState {
  const tablet = useTablet();
  return useSyncExternalStore(
    (listener) => tablet.onState(listener),
    () => tablet.state,
  );
}
