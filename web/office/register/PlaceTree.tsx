import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './PlaceTree.module.css';
import { TreeLine } from './TreeLine.tsx';
import type { SelectionHandle } from './selection.ts';
import { type TreeRow, between, keyStep, rowsOf, typedTo } from './tree.ts';
import type { PlaceItem } from './types.ts';
import type { TreeHandle } from './useTree.ts';

const TYPING_MS = 700;

interface Props {
  handle: TreeHandle;
  /** The place that is shown beside. */
  selected: string | null;
  marks: SelectionHandle;
  /** Boxes for marking several are shown. */
  isMarking: boolean;
  onSelect(id: string): void;
  /** Asks for what can be done with a place. */
  onMenu(place: PlaceItem): void;
}

/** The places as a tree: arrows walk, Enter shows, Space marks, letters go to a name. */
export function PlaceTree({ handle, selected, marks, isMarking, onSelect, onMenu }: Props) {
  const { t } = useTexts();
  const rows = rowsOf(handle.tree);
  const [at, setAt] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at_ms: 0 });
  const anchor = useRef<string | null>(null);
  const wantsFocus = useRef(false);
  const marked = new Set(marks.selection.tbl === 'place' ? marks.selection.ids : []);
  const here = rows.some((row) => row.id === at) ? at : rows.find((row) => row.id === selected)?.id ?? rows[0]?.id ?? null;

  /* what is chosen elsewhere is where the next key goes from */
  useEffect(() => setAt(selected), [selected]);
  /* kept in sight while the tree about it still comes in; not once a person has taken hold of the tree */
  const isHeld = useRef(false);
  useEffect(() => {
    isHeld.current = false;
  }, [selected]);
  const shownAt = rows.findIndex((row) => row.id === selected);
  useEffect(() => {
    if (shownAt >= 0 && !isHeld.current) box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected, shownAt]);
  useEffect(() => {
    if (!wantsFocus.current || !here) return;
    wantsFocus.current = false;
    box.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(here)}"]`)?.focus();
  });

  function hold(): void {
    isHeld.current = true;
  }

  function goTo(id: string): void {
    hold();
    wantsFocus.current = true;
    setAt(id);
  }

  function use(row: TreeRow): void {
    if (row.kind === 'place') onSelect(row.id);
    else if (row.kind === 'more' || row.kind === 'failed') {
      const before = rows[rows.indexOf(row) - 1];
      if (row.kind === 'more') handle.more(row.parent);
      else handle.reload(row.parent);
      if (before) goTo(before.id);
    }
  }

  function mark(row: TreeRow, isRange: boolean): void {
    if (row.kind !== 'place') return;
    const ids = isRange && anchor.current ? between(rows, anchor.current, row.id) : [row.id];
    marks.toggle('place', ids, isRange || !marked.has(row.id));
    anchor.current = row.id;
  }

  function onKeyDown(event: KeyboardEvent): void {
    const row = rows.find((each) => each.id === here);
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter') use(row);
    else if (event.key === ' ') mark(row, event.shiftKey);
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      if (row.kind === 'place') onMenu(row.place);
    } else if (event.key.length === 1) {
      const now = Date.now();
      typed.current = { text: now - typed.current.at_ms < TYPING_MS ? typed.current.text + event.key : event.key, at_ms: now };
      const to = typedTo(rows, row.id, typed.current.text);
      if (to) goTo(to);
    } else {
      const step = keyStep(rows, row.id, event.key);
      if (!step) return;
      if (step.open) handle.open(step.open);
      if (step.close) handle.close(step.close);
      if (step.to) {
        if (event.shiftKey && row.kind === 'place') {
          anchor.current ??= row.id;
          marks.toggle('place', between(rows, row.id, step.to), true);
        }
        goTo(step.to);
      }
    }
    event.preventDefault();
  }

  function onClick(event: MouseEvent, row: TreeRow): void {
    setAt(row.id);
    if (row.kind === 'place' && (event.ctrlKey || event.metaKey || event.shiftKey)) mark(row, event.shiftKey);
    else use(row);
  }

  return (
    <div ref={box} className={styles.tree} role="tree" aria-label={t('reg.tree')} aria-multiselectable="true" onKeyDown={onKeyDown} onPointerDown={hold} onWheel={hold}>
      {rows.map((row) => (
        <TreeLine
          key={row.id}
          row={row}
          isHere={row.id === here}
          isSelected={row.id === selected}
          isMarked={isMarking || marked.size > 0 ? marked.has(row.id) : null}
          onClick={(event) => onClick(event, row)}
          onToggle={() => (row.kind === 'place' && row.isOpen ? handle.close(row.id) : handle.open(row.id))}
          onMark={(isRange) => mark(row, isRange)}
          onMenu={() => row.kind === 'place' && onMenu(row.place)}
          onFocus={() => setAt(row.id)}
        />
      ))}
    </div>
  );
}
