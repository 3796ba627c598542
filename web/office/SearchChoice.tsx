import { Field, Label, ValidationMessage } from '@digdir/designsystemet-react';
import { useEffect, useRef, useState } from 'react';
import { api } from '../shared/api.ts';
import type { List } from '../shared/types.ts';
import { useTexts } from '../shared/useTexts.ts';
import { Combobox } from './Combobox.tsx';

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

/** A field that searches on the server while one writes. */
export function SearchChoice<T>({ label, path, choiceOf, chosen, onChoose, error }: Props<T>) {
  const { t } = useTexts();
  const [text, setText] = useState<string | null>(null); /* null: nobody is writing */
  const [found, setFound] = useState<{ words: string; items: T[] }>({ words: '', items: [] });
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

  const choices = found.items.map(choiceOf);
  const forget = (): void => setFound({ words: '', items: [] });

  return (
    <Field>
      <Label>{label}</Label>
      <Combobox
        className="ds-input"
        label={label}
        text={text ?? chosen?.label ?? ''}
        isWrong={error !== undefined}
        isOpen={words.length >= 2 && found.words !== ''}
        options={choices.map((choice) => ({ key: choice.id, label: choice.label }))}
        none={t('keys.search_none')}
        onText={(written) => {
          setText(written);
          if (chosen) onChoose(null);
        }}
        onChoose={(i) => {
          onChoose(choices[i]!, found.items[i]);
          setText(null);
          forget();
        }}
        onEscape={() => setText(null)}
        onBlur={forget}
      />
      {error && <ValidationMessage>{error}</ValidationMessage>}
    </Field>
  );
}
