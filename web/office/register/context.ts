import { createContext, useContext, useEffect } from 'react';
import { fromInputTime } from '../../shared/format.ts';
import { type Loaded, useApi } from '../../shared/useApi.ts';
import { useLive } from '../../shared/useLive.ts';
import type { Action } from './actions.ts';
import type { SelectionHandle } from './selection.ts';
import type { TreeHandle } from './useTree.ts';

export interface Register {
  /** The day the register is shown as of; null for now. Another day is read only. */
  at: string | null;
  tree: TreeHandle;
  marks: SelectionHandle;
  /** Opens the dialog of an action. */
  act(action: Action): void;
  /** Tells what was done, with a way back. */
  say(text: string, undo?: () => Promise<void>): void;
  /** Grows when this page has changed something: what is shown reads again. */
  round: number;
  changed(): void;
}

export const RegisterContext = createContext<Register | null>(null);

export function useRegister(): Register {
  const register = useContext(RegisterContext);
  if (!register) throw new Error('useRegister outside the register');
  return register;
}

/** A path of the register as of the end of the day that is shown. */
export function asOf(path: string, at: string | null): string {
  return at ? `${path}${path.includes('?') ? '&' : '?'}at=${encodeURIComponent(endOfDay(at))}` : path;
}

export function endOfDay(day: string): string {
  return fromInputTime(`${day}T23:59`);
}

/** Reads a path as of the day shown; again when this page or another changes a place or a component. */
export function useRegisterApi<T>(path: string | null): Loaded<T> {
  const { at, round } = useRegister();
  const loaded = useApi<T>(path && asOf(path, at));
  const { reload } = loaded;
  useLive((change) => REGISTER_TABLES.has(change.t), reload);
  useEffect(() => {
    if (round > 0) reload();
  }, [round, reload]);
  return loaded;
}

const REGISTER_TABLES = new Set(['place', 'component', 'property', 'building', 'storey', 'dwelling', 'condition']);
