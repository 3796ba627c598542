import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import styles from './Combobox.module.css';

export interface ComboOption {
  key: string;
  label: string;
}

interface Props {
  id?: string | undefined;
  className: string | undefined;
  /** Of the list, where the field's own name does not tell. */
  label?: string;
  text: string;
  placeholder?: string | undefined;
  isWrong?: boolean;
  isOpen: boolean;
  options: ComboOption[];
  /** Said when there is none. */
  none: string;
  /** Said when there are more than are shown. */
  rest?: string | null;
  onText(text: string): void;
  onChoose(index: number): void;
  /** It was pressed, or the arrow down was, while closed. */
  onOpen?(): void;
  onEscape(): void;
  onBlur(): void;
}

/** A field one writes in with a list to choose from (WAI-ARIA combobox). What is in the list its owner says. */
export function Combobox({ id, className, label, text, placeholder, isWrong = false, isOpen, options, none, rest, onText, onChoose, onOpen, onEscape, onBlur }: Props) {
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const listId = useId();
  const active = Math.min(at, options.length - 1);

  useEffect(() => {
    if (!isOpen) setAt(0);
  }, [isOpen]);

  function move(to: number): void {
    setAt(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  }

  function choose(index: number): void {
    if (options[index]) onChoose(index);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!isOpen && event.key === 'ArrowDown' && onOpen) onOpen();
    else if (!isOpen) return;
    else if (event.key === 'Escape') onEscape();
    else if (event.key === 'Enter') choose(active);
    else if (event.key === 'ArrowDown') move(Math.min(active + 1, options.length - 1));
    else if (event.key === 'ArrowUp') move(Math.max(active - 1, 0));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <span className={styles.box}>
      <input
        id={id}
        className={className}
        type="text"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && options[active] ? `${listId}${active}` : undefined}
        aria-invalid={isWrong || undefined}
        autoComplete="off"
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          setAt(0);
        }}
        onClick={onOpen}
        onBlur={onBlur}
        onKeyDown={onKeyDown}
      />
      {isOpen && (
        <ul ref={list} id={listId} className={styles.list} role="listbox" aria-label={label}>
          {options.map((option, i) => (
            <li
              key={option.key}
              id={`${listId}${i}`}
              role="option"
              aria-selected={i === active}
              className={i === active ? `${styles.option} ${styles.at}` : styles.option}
              onPointerDown={(event) => {
                event.preventDefault();
                onChoose(i);
              }}
            >
              {option.label}
            </li>
          ))}
          {options.length === 0 && <li className={styles.rest} role="option" aria-selected="false" aria-disabled="true">{none}</li>}
          {rest && <li className={styles.rest} role="presentation">{rest}</li>}
        </ul>
      )}
    </span>
  );
}
