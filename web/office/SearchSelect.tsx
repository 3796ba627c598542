import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useTexts } from '../shared/useTexts.ts';
import input from './FieldInput.module.css';
import styles from './SearchSelect.module.css';
import type { Value } from './edits.ts';
import type { FieldOption } from './fields.ts';

const SHOWN_MAX = 60;

interface Props {
  id: string;
  options: FieldOption[];
  /** The empty choice; without it the field cannot be emptied. */
  none?: string | undefined;
  value: Value;
  onChange(value: Value): void;
}

/** A select one writes in: for lists too long to look through (WAI-ARIA combobox). */
export function SearchSelect({ id, options, none, value, onChange }: Props) {
  const { t } = useTexts();
  const [text, setText] = useState<string | null>(null); /* null: nobody is writing */
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const listId = useId();
  const words = (text ?? '').toLocaleLowerCase('nb').split(/\s+/).filter(Boolean);
  const fits = options.filter((option) => words.every((word) => option.label.toLocaleLowerCase('nb').includes(word)));
  const shown: FieldOption[] = [...(none !== undefined && words.length === 0 ? [{ value: null, label: none }] : []), ...fits.slice(0, SHOWN_MAX)];
  const isOpen = text !== null;
  const chosen = Math.min(at, shown.length - 1);
  const label = options.find((option) => option.value === value)?.label ?? (value === null ? '' : String(value));

  function choose(option: FieldOption | undefined): void {
    if (!option) return;
    onChange(option.value);
    setText(null);
  }

  function move(to: number): void {
    setAt(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && isOpen) {
      setText(null);
      event.stopPropagation();
    } else if (event.key === 'Enter' && isOpen) choose(shown[chosen]);
    else if (event.key === 'ArrowDown') {
      if (isOpen) move(Math.min(chosen + 1, shown.length - 1));
      else setText('');
    } else if (event.key === 'ArrowUp' && isOpen) move(Math.max(chosen - 1, 0));
    else return;
    event.preventDefault();
  }

  return (
    <span className={styles.box}>
      <input
        id={id}
        className={input.input}
        type="text"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && shown[chosen] ? `${listId}${chosen}` : undefined}
        autoComplete="off"
        placeholder={isOpen ? label : none}
        value={text ?? label}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onClick={() => {
          setText((before) => before ?? '');
          setAt(0);
        }}
        onBlur={() => setText(null)}
        onKeyDown={onKeyDown}
      />
      {isOpen && (
        <ul ref={list} id={listId} className={styles.list} role="listbox">
          {shown.map((option, i) => (
            <li
              key={String(option.value)}
              id={`${listId}${i}`}
              role="option"
              aria-selected={i === chosen}
              className={i === chosen ? `${styles.option} ${styles.at}` : styles.option}
              onPointerDown={(event) => {
                event.preventDefault();
                choose(option);
              }}
            >
              {option.label}
            </li>
          ))}
          {shown.length === 0 && <li className={styles.option} role="option" aria-selected="false" aria-disabled="true">{t('command.none', { words: text ?? '' })}</li>}
          {fits.length > SHOWN_MAX && <li className={styles.rest} role="presentation">{t('reg.write_more', { n: fits.length })}</li>}
        </ul>
      )}
    </span>
  );
}
