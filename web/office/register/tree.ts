/* The register's tree as data: what is loaded, what is open, and the rows that follow from it. No React here. */
import type { PlaceItem, PlaceRef } from './types.ts';

/** The places at the top lie in this. */
export const ROOT = '';

export interface Branch {
  items: PlaceItem[];
  /** Where the next page begins; null when all are here. */
  next: string | null;
  state: 'loading' | 'ready' | 'failed';
}

export interface Tree {
  branches: Record<string, Branch>;
  open: Record<string, true>;
  /** A place that a link leads to, by what it lies in: shown although its page has not been fetched. */
  pinned: Record<string, PlaceItem>;
}

export const EMPTY: Tree = { branches: {}, open: {}, pinned: {} };

export type TreeRow =
  | { kind: 'place'; id: string; parent: string; level: number; at: number; of: number; place: PlaceItem; isOpen: boolean | null }
  | { kind: 'more' | 'loading' | 'failed' | 'none'; id: string; parent: string; level: number };

export function itemsOf(tree: Tree, parent: string): PlaceItem[] {
  const branch = tree.branches[parent];
  /* the server pages by letters; a branch that is whole is put as people count: 121/2 before 121/11 */
  const items = !branch ? [] : branch.next === null ? branch.items.toSorted((a, b) => a.name.localeCompare(b.name, 'nb', { numeric: true })) : branch.items;
  const pinned = tree.pinned[parent];
  return pinned && !items.some((item) => item.id === pinned.id) ? [...items, pinned] : items;
}

/** What can be opened: unless it is known that nothing lies there. */
export function canOpen(place: PlaceItem): boolean {
  return place.kind !== 'room' && place.children !== 0;
}

/** The rows one sees, from the top: places that are open are followed by what lies in them. */
export function rowsOf(tree: Tree): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (parent: string, level: number): void => {
    const branch = tree.branches[parent];
    const items = itemsOf(tree, parent);
    /* -1: not known, as long as there is more to fetch */
    const of = branch && branch.next === null && branch.state === 'ready' ? items.length : -1;
    items.forEach((place, i) => {
      const isOpen = canOpen(place) ? place.id in tree.open : null;
      rows.push({ kind: 'place', id: place.id, parent, level, at: i + 1, of, place, isOpen });
      if (isOpen) add(place.id, level + 1);
    });
    if (branch?.state === 'failed') rows.push({ kind: 'failed', id: `failed ${parent}`, parent, level });
    else if (branch?.state === 'loading') rows.push({ kind: 'loading', id: `loading ${parent}`, parent, level });
    else if (branch?.next) rows.push({ kind: 'more', id: `more ${parent}`, parent, level });
    else if (branch && items.length === 0) rows.push({ kind: 'none', id: `none ${parent}`, parent, level });
  };
  add(ROOT, 1);
  return rows;
}

export function opened(tree: Tree, id: string): Tree {
  return { ...tree, open: { ...tree.open, [id]: true } };
}

export function closed(tree: Tree, id: string): Tree {
  const { [id]: _, ...open } = tree.open;
  return { ...tree, open };
}

export function withBranch(tree: Tree, parent: string, branch: Branch): Tree {
  return { ...tree, branches: { ...tree.branches, [parent]: branch } };
}

/** The way down to a place opened, and each step in sight. */
export function ledTo(tree: Tree, path: PlaceRef[], place: PlaceItem): Tree {
  const steps: PlaceItem[] = [...path.map((step) => ({ ...step, label: step.name })), place];
  const open = { ...tree.open };
  const pinned = { ...tree.pinned };
  steps.forEach((step, i) => {
    const parent = steps[i - 1]?.id ?? ROOT;
    pinned[parent] = step;
    if (parent !== ROOT) open[parent] = true;
  });
  return { ...tree, open, pinned };
}

/** Branches that are open and whose children nobody has asked for. */
export function missing(tree: Tree): string[] {
  const wanted: string[] = [];
  for (const row of rowsOf(tree))
    if (row.kind === 'place' && row.isOpen && !tree.branches[row.id]) wanted.push(row.id);
  return wanted;
}

export interface Step {
  /** The row to go to. */
  to?: string;
  open?: string;
  close?: string;
}

/** What a key does in a tree (WAI-ARIA authoring practices); null when the key is not the tree's. */
export function keyStep(rows: TreeRow[], at: string, key: string): Step | null {
  const i = rows.findIndex((row) => row.id === at);
  const row = rows[i];
  if (!row) return rows[0] && key === 'Home' ? { to: rows[0].id } : null;
  switch (key) {
    case 'ArrowDown': return { to: rows[i + 1]?.id ?? at };
    case 'ArrowUp': return { to: rows[i - 1]?.id ?? at };
    case 'Home': return { to: rows[0]!.id };
    case 'End': return { to: rows[rows.length - 1]!.id };
    case 'ArrowRight':
      if (row.kind !== 'place' || row.isOpen === null) return {};
      if (!row.isOpen) return { open: row.id };
      return rows[i + 1] && rows[i + 1]!.level > row.level ? { to: rows[i + 1]!.id } : {};
    case 'ArrowLeft':
      if (row.kind === 'place' && row.isOpen) return { close: row.id };
      return row.parent === ROOT ? {} : { to: row.parent };
    default: return null;
  }
}

/** The next row after `at` whose name begins with what was typed, round the end; the row itself while it still fits. */
export function typedTo(rows: TreeRow[], at: string, text: string): string | null {
  const wanted = text.toLocaleLowerCase('nb');
  const i = Math.max(0, rows.findIndex((row) => row.id === at));
  const start = text.length > 1 ? i : i + 1;
  for (let step = 0; step < rows.length; step++) {
    const row = rows[(start + step) % rows.length]!;
    if (row.kind === 'place' && row.place.name.toLocaleLowerCase('nb').startsWith(wanted)) return row.id;
  }
  return null;
}

/** The places from one row to another, both with it, for a selection with Shift. */
export function between(rows: TreeRow[], from: string, to: string): string[] {
  const a = rows.findIndex((row) => row.id === from);
  const b = rows.findIndex((row) => row.id === to);
  if (a < 0 || b < 0) return [to];
  return rows.slice(Math.min(a, b), Math.max(a, b) + 1).filter((row) => row.kind === 'place').map((row) => row.id);
}
