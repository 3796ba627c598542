import { Field, Input, Label, ValidationMessage } from '@digdir/designsystemet-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { api } from '../shared/api.ts';
import type { List } from '../shared/types.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './SearchChoice.module.css';

const WAIT_MS = 200;

export interface Choice {
  id: string;
  label: string;
}

interface Props<T> {
  label: string;
  /** Where to ask for what is written. */
  path(words: string): string;
  choiceOf(item: T): Choice;
  chosen: Choice | null;
  onChoose(choice: Choice | null, item?: T): void;
  error?: string | undefined;
}

/** A field that searches on the server while one writes (WAI-ARIA combobox). */
export function SearchChoice<T>({ label, path, choiceOf, chosen, onChoose, error }: Props<T>) {
  const { t } = useTexts();
  const [text, setText] = useState<string | null>(null); /* null: nobody is writing */
  const [found, setFound] = useState<{ words: string; items: T[] }>({ words: '', items: [] });
  const [at, setAt] = useState(0);
  const id = useId();
  const paths = useRef(path);
  paths.current = path;
  const words = text?.trim() ?? '';

  useEffect(() => {
    if (words.length < 2) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api<List<T>>('GET', paths.current(words), undefined, { signal: stop.signal })
        .then(({ items }) => setFound({ words, items }))
        .catch(() => undefined); /* the list then stays as it was; sending tells what is wrong */
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [words]);

  const isOpen = words.length >= 2 && found.words !== '';
  const choices = found.items.map(choiceOf);
  const active = Math.min(at, choices.length - 1);

  function choose(index: number): void {
    const choice = choices[index];
    if (!choice) return;
    onChoose(choice, found.items[index]);
    setText(null);
    setFound({ words: '', items: [] });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!isOpen) return;
    if (event.key === 'Enter') choose(active);
    else if (event.key === 'ArrowDown') setAt(Math.min(active + 1, choices.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(active - 1, 0));
    else if (event.key === 'Escape') setText(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <Field>
      <Label>{label}</Label>
      <span className={styles.box}>
        <Input
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && choices[active] ? `${id}-${active}` : undefined}
          aria-invalid={error ? true : undefined}
          autoComplete="off"
          value={text ?? chosen?.label ?? ''}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
            if (chosen) onChoose(null);
          }}
          onBlur={() => setFound({ words: '', items: [] })}
          onKeyDown={onKeyDown}
        />
        {isOpen && (
          <ul id={id} className={styles.list} role="listbox" aria-label={label}>
            {choices.map((choice, i) => (
              <li
                key={choice.id}
                id={`${id}-${i}`}
                role="option"
                aria-selected={i === active}
                className={i === active ? `${styles.option} ${styles.at}` : styles.option}
                onPointerDown={(event) => {
                  event.preventDefault();
                  choose(i);
                }}
              >
                {choice.label}
              </li>
            ))}
            {choices.length === 0 && <li className={styles.none} role="presentation">{t('keys.search_none')}</li>}
          </ul>
        )}
      </span>
      {error && <ValidationMessage>{error}</ValidationMessage>}
    </Field>
  );
}
