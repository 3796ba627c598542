/* What is marked for changing together: kept for the tab under one key, which the map writes too. */
import { useCallback, useSyncExternalStore } from 'react';
import type { BulkTable } from './types.ts';

const KEY = 'fdvu.bulk';
const CHANGED = 'fdvu:bulk';
const IDS_MAX = 10_000;
const TEXT_NONE = '';

export interface Selection {
  tbl: BulkTable;
  ids: string[];
}

export const NONE: Selection = { tbl: 'component', ids: [] };

/** What was kept, if it is a selection at all. */
export function selectionOf(text: string): Selection {
  if (!text) return NONE;
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== 'object' || kept === null || !('tbl' in kept) || !('ids' in kept) || !Array.isArray(kept.ids)) return NONE;
    if (kept.tbl !== 'component' && kept.tbl !== 'place') return NONE;
    const ids = kept.ids.filter((id: unknown): id is string => typeof id === 'string').slice(0, IDS_MAX);
    return { tbl: kept.tbl, ids: [...new Set(ids)] };
  } catch {
    return NONE;
  }
}

/** Marks or unmarks; rows of another table begin a new selection. */
export function toggled(selection: Selection, tbl: BulkTable, ids: string[], isOn: boolean): Selection {
  const before = selection.tbl === tbl ? selection.ids : [];
  const rest = before.filter((id) => !ids.includes(id));
  return { tbl, ids: isOn ? [...rest, ...ids] : rest };
}

function kept(): string {
  try {
    return sessionStorage.getItem(KEY) ?? TEXT_NONE;
  } catch {
    return TEXT_NONE;
  }
}

export function keepSelection(selection: Selection): void {
  try {
    if (selection.ids.length === 0) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(selection));
  } catch {
    return; /* storage shut off: nothing can be marked, which shows at once */
  }
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(changed: () => void): () => void {
  window.addEventListener(CHANGED, changed);
  return () => window.removeEventListener(CHANGED, changed);
}

export interface SelectionHandle {
  selection: Selection;
  toggle(tbl: BulkTable, ids: string[], isOn: boolean): void;
  clear(): void;
}

export function useSelection(): SelectionHandle {
  const text = useSyncExternalStore(subscribe, kept);
  return {
    selection: selectionOf(text),
    toggle: useCallback((tbl: BulkTable, ids: string[], isOn: boolean) => keepSelection(toggled(selectionOf(kept()), tbl, ids, isOn)), []),
    clear: useCallback(() => keepSelection(NONE), []),
  };
}
