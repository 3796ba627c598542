import { useState } from 'react';
import { useTexts } from '../shared/useTexts.ts';
import { Combobox } from './Combobox.tsx';
import input from './FieldInput.module.css';
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

/** A select one writes in: for lists too long to look through. */
export function SearchSelect({ id, options, none, value, onChange }: Props) {
  const { t } = useTexts();
  const [text, setText] = useState<string | null>(null); /* null: nobody is writing */
  const words = (text ?? '').toLocaleLowerCase('nb').split(/\s+/).filter(Boolean);
  const fits = options.filter((option) => words.every((word) => option.label.toLocaleLowerCase('nb').includes(word)));
  const shown: FieldOption[] = [...(none !== undefined && words.length === 0 ? [{ value: null, label: none }] : []), ...fits.slice(0, SHOWN_MAX)];
  const label = options.find((option) => option.value === value)?.label ?? (value === null ? '' : String(value));
  const close = (): void => setText(null);

  return (
    <Combobox
      id={id}
      className={input.input}
      text={text ?? label}
      placeholder={text === null ? none : label}
      isOpen={text !== null}
      options={shown.map((option) => ({ key: String(option.value), label: option.label }))}
      none={t('command.none', { words: text ?? '' })}
      rest={fits.length > SHOWN_MAX ? t('reg.write_more', { n: fits.length }) : null}
      onText={setText}
      onOpen={() => setText((before) => before ?? '')}
      onChoose={(i) => {
        onChange(shown[i]!.value);
        close();
      }}
      onEscape={close}
      onBlur={close}
    />
  );
}
