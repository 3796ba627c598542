import type { MouseEvent } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { KindIcon } from './KindIcon.tsx';
import styles from './PlaceTree.module.css';
import type { TreeRow } from './tree.ts';

interface Props {
  row: TreeRow;
  isHere: boolean;
  isSelected: boolean;
  /** Whether it is marked; null when boxes for marking are not shown. */
  isMarked: boolean | null;
  onClick(event: MouseEvent): void;
  onToggle(): void;
  onMark(isRange: boolean): void;
  onMenu(): void;
  onFocus(): void;
}

/** One row of the tree. */
export function TreeLine({ row, isHere, isSelected, isMarked, onClick, onToggle, onMark, onMenu, onFocus }: Props) {
  const { t } = useTexts();
  const tabIndex = isHere ? 0 : -1;

  if (row.kind !== 'place') {
    return (
      <div
        className={row.kind === 'more' || row.kind === 'failed' ? `${styles.row} ${styles.more}` : `${styles.row} ${styles.quiet}`}
        role="treeitem"
        aria-level={row.level}
        aria-selected={false}
        data-row={row.id}
        tabIndex={tabIndex}
        onClick={onClick}
        onFocus={onFocus}
      >
        {t(`reg.tree_${row.kind}`)}
      </div>
    );
  }

  const { place, isOpen } = row;
  return (
    <div
      className={isSelected ? `${styles.row} ${styles.selected}` : styles.row}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.at}
      aria-setsize={row.of}
      aria-expanded={isOpen ?? undefined}
      aria-selected={isSelected}
      aria-checked={isMarked ?? undefined}
      data-row={row.id}
      tabIndex={tabIndex}
      onClick={onClick}
      onFocus={onFocus}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu();
      }}
    >
      <span
        className={isOpen === null ? styles.leaf : isOpen ? `${styles.arrow} ${styles.isOpen}` : styles.arrow}
        aria-hidden="true"
        onClick={(event) => {
          if (isOpen === null) return;
          event.stopPropagation();
          onToggle();
        }}
      />
      {isMarked !== null && (
        <span
          className={isMarked ? `${styles.box} ${styles.marked}` : styles.box}
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            onMark(event.shiftKey);
          }}
        />
      )}
      <KindIcon kind={place.kind} />
      <span className={styles.name}>{place.name}</span>
      {place.has_warning && <span className={styles.warning} title={t('reg.has_warning')}><span className="ds-sr-only">{t('reg.has_warning')}</span></span>}
      {place.children !== undefined && place.children > 0 && <span className={styles.count} aria-hidden="true">{place.children}</span>}
    </div>
  );
}
