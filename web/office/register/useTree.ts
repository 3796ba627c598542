import { useCallback, useEffect, useRef, useState } from 'react';
import { api, query } from '../../shared/api.ts';
import { subscribeLive } from '../../shared/live.ts';
import { ApiError } from '../../shared/problem.ts';
import type { List } from '../../shared/types.ts';
import { endOfDay } from './context.ts';
import { EMPTY, ROOT, type Tree, closed, itemsOf, ledTo, missing, opened, withBranch } from './tree.ts';
import type { PlaceItem, PlaceRow } from './types.ts';

/* A municipality holds 20 000 buildings: what is fetched and drawn is a page at a time. */
const PAGE = 200;
const GATHER_MS = 300;
/** Above this many changed places at once, all that is loaded is read again instead of each. */
const EACH_MAX = 20;

export interface TreeHandle {
  tree: Tree;
  open(id: string): void;
  close(id: string): void;
  more(parent: string): void;
  /** Shows a place in the tree, with the way down to it. */
  lead(place: PlaceRow): void;
  reload(parent: string): void;
}

function pathOf(parent: string, at: string | null, after: string | null): string {
  return parent === ROOT
    ? `/api/v1/places${query({ kind: 'municipality', limit: PAGE, after })}`
    : `/api/v1/places/${parent}/children${query({ at: at && endOfDay(at), limit: PAGE, after })}`;
}

async function read(parent: string, at: string | null, from: string | null, count: number): Promise<{ items: PlaceItem[]; next: string | null }> {
  const items: PlaceItem[] = [];
  let next: string | null = from;
  do {
    const page: List<PlaceItem> = await api<List<PlaceItem>>('GET', pathOf(parent, at, next));
    items.push(...page.items);
    next = page.next ?? null;
  } while (next && items.length < count);
  return { items, next };
}

/** The register's tree, its children read when a place is opened, kept fresh by what the server tells. */
export function useTree(at: string | null): TreeHandle {
  const [tree, setTree] = useState<Tree>(EMPTY);
  const latest = useRef(tree);
  const asked = useRef(new Set<string>());
  const day = useRef(at);
  latest.current = tree;

  const change = useCallback((make: (before: Tree) => Tree) => {
    latest.current = make(latest.current);
    setTree(latest.current);
  }, []);

  const fetchBranch = useCallback((parent: string, isMore: boolean) => {
    const key = `${at ?? ''}/${parent}`;
    if (asked.current.has(key)) return;
    asked.current.add(key);
    const held = latest.current.branches[parent];
    const kept = held?.items ?? [];
    if (!held || isMore) change((before) => withBranch(before, parent, { items: kept, next: held?.next ?? null, state: 'loading' }));
    /* what was asked of another day comes too late: it is not of this tree */
    const put = (make: (before: Tree) => Tree): void => {
      if (day.current === at) change(make);
    };
    read(parent, at, isMore ? held?.next ?? null : null, isMore ? PAGE : kept.length)
      .then(({ items, next }) => put((before) => {
        const all = isMore ? [...kept, ...items] : items;
        const { [parent]: pin, ...pinned } = before.pinned;
        const isGone = next === null && pin && !all.some((item) => item.id === pin.id);
        return withBranch(isGone ? { ...before, pinned } : before, parent, { items: all, next, state: 'ready' });
      }))
      .catch((failure: unknown) => {
        if (!(failure instanceof ApiError)) throw failure;
        put((before) => withBranch(before, parent, { items: kept, next: held?.next ?? null, state: 'failed' }));
      })
      .finally(() => asked.current.delete(key));
  }, [at, change]);

  /* another day is another tree; what was open stays so */
  useEffect(() => {
    day.current = at;
    change((before) => ({ ...before, branches: {}, pinned: {} }));
    fetchBranch(ROOT, false);
  }, [at, change, fetchBranch]);

  useEffect(() => {
    const top = tree.branches[ROOT];
    const only = top?.items.length === 1 && top.next === null ? top.items[0] : undefined;
    if (only && !(only.id in tree.open) && !tree.branches[only.id]) change((before) => opened(before, only.id));
    for (const parent of missing(tree)) fetchBranch(parent, false);
  }, [tree, change, fetchBranch]);

  useEffect(() => {
    const waiting = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;

    async function settle(): Promise<void> {
      timer = undefined;
      const ids = [...waiting];
      waiting.clear();
      const loaded = Object.keys(latest.current.branches);
      if (ids.includes('*') || ids.length > EACH_MAX) return loaded.forEach((parent) => fetchBranch(parent, false));
      const stale = new Set<string>();
      for (const id of ids) {
        if (latest.current.branches[id]) stale.add(id);
        const parents = loaded.filter((parent) => itemsOf(latest.current, parent).some((item) => item.id === id));
        parents.forEach((parent) => stale.add(parent));
        const now = await api<PlaceRow>('GET', `/api/v1/places/${id}`).catch(() => null);
        if (now && latest.current.branches[now.parent_id ?? ROOT]) stale.add(now.parent_id ?? ROOT);
      }
      stale.forEach((parent) => fetchBranch(parent, false));
    }

    const end = subscribeLive((changes) => {
      for (const each of changes) if (each.t === 'place' || each.t === '*') waiting.add(each.t === '*' ? '*' : each.id);
      if (waiting.size > 0) timer ??= setTimeout(() => void settle(), GATHER_MS);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [fetchBranch]);

  return {
    tree,
    open: useCallback((id: string) => change((before) => opened(before, id)), [change]),
    close: useCallback((id: string) => change((before) => closed(before, id)), [change]),
    more: useCallback((parent: string) => fetchBranch(parent, true), [fetchBranch]),
    reload: useCallback((parent: string) => fetchBranch(parent, false), [fetchBranch]),
    lead: useCallback((place: PlaceRow) => change((before) => ledTo(before, place.path, place)), [change]),
  };
}
