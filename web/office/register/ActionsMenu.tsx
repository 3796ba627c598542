import { Button } from '@digdir/designsystemet-react';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import styles from './ActionsMenu.module.css';

interface Item {
  key: string;
  text: string;
  isDangerous?: boolean;
  use(): void;
}

interface Props {
  text: string;
  items: Item[];
  isOpen: boolean;
  onOpen(isOpen: boolean): void;
}

/** A button with a menu of what can be done (WAI-ARIA menu button). */
export function ActionsMenu({ text, items, isOpen, onOpen }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const menu = useRef<HTMLUListElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!isOpen) return;
    menu.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const onPointer = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) onOpen(false);
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [isOpen, onOpen]);

  function onKeyDown(event: KeyboardEvent): void {
    const all = [...(menu.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const i = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape' || event.key === 'Tab') {
      onOpen(false);
      button.current?.focus();
      if (event.key === 'Tab') return;
    } else if (event.key === 'ArrowDown') all[(i + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all[(i - 1 + all.length) % all.length]?.focus();
    else if (event.key === 'Home') all[0]?.focus();
    else if (event.key === 'End') all.at(-1)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div ref={box} className={styles.box}>
      <Button ref={button} type="button" variant="secondary" data-size="sm" aria-haspopup="menu" aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} onClick={() => onOpen(!isOpen)}>
        {text}
      </Button>
      {isOpen && (
        <ul ref={menu} id={id} className={styles.menu} role="menu" aria-label={text} onKeyDown={onKeyDown}>
          {items.map((item) => (
            <li key={item.key} role="none">
              <button
                type="button"
                role="menuitem"
                tabIndex={-1}
                className={item.isDangerous ? `${styles.item} ${styles.danger}` : styles.item}
                onClick={() => {
                  onOpen(false);
                  button.current?.focus(); /* where the dialog's focus comes back to */
                  item.use();
                }}
              >
                {item.text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
