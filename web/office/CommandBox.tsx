import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { TextKey } from '../shared/i18n.ts';
import { go } from '../shared/useQuery.ts';
import { useSession } from '../shared/useSession.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './CommandBox.module.css';
import { CommandOption } from './CommandOption.tsx';
import { HitHint, tellsMore } from './HitHint.tsx';
import { Marked } from './Marked.tsx';
import { type Command, commandsFor } from './commands.ts';
import { addressOf } from './links.ts';
import { recentHits, rememberHit } from './recent.ts';
import type { Found } from './searchTypes.ts';
import { useSearch } from './useSearch.ts';

type Choice = { hit: Found } | { command: Command };

interface Section {
  key: string;
  title: string;
  more: boolean;
  choices: Choice[];
}

const where = (hit: Found): string => hit.path.slice(1).map((place) => place.name).join(' › ');

/** One box to reach anything: places, things, people, cases, documents and the office's views. Ctrl-K goes to it. */
export function CommandBox() {
  const { t, tn } = useTexts();
  const { session } = useSession();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [said, setSaid] = useState('');
  const wantsFirst = useRef(false);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const { words, answer, error, isAsking } = useSearch(text);

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const isEmpty = !text.trim();
  const recent = isOpen && isEmpty ? recentHits() : [];
  const commands = commandsFor(text, t, session);
  const views: Section = { key: 'go', title: t('command.go'), more: false, choices: commands.map((command) => ({ command })) };
  const isNamed = commands.some((command) => t(command.text).toLowerCase() === text.trim().toLowerCase());
  const sections: Section[] = [
    ...(isNamed ? [views] : []),
    { key: 'recent', title: t('command.recent'), more: false, choices: recent.map((hit) => ({ hit })) },
    ...(isEmpty ? [] : answer?.groups ?? []).map((group) => ({
      key: group.kind,
      title: t(`command.kind.${group.kind}` as TextKey),
      more: group.total_at_least > group.items.length,
      choices: group.items.map((hit) => ({ hit })),
    })),
    ...(isNamed ? [] : [views]),
  ].filter((section) => section.choices.length > 0);
  const choices = sections.flatMap((section) => section.choices);
  const chosen = Math.min(at, choices.length - 1);
  const found = isEmpty ? 0 : (answer?.groups ?? []).reduce((sum, group) => sum + group.items.length, 0);

  useEffect(() => {
    if (isOpen) document.getElementById(listId + chosen)?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, listId, chosen]);

  useEffect(() => {
    if (isAsking || !wantsFirst.current) return;
    wantsFirst.current = false;
    choose(choices[0]);
  });

  function close(): void {
    setOpen(false);
    setText('');
    setAt(0);
    input.current?.blur();
  }

  function choose(choice: Choice | undefined): void {
    if (!choice) return;
    if ('command' in choice) {
      if (choice.command.href) location.assign(choice.command.href);
      else go(choice.command.patch ?? {}, { fresh: true });
      close();
      return;
    }
    const address = addressOf(choice.hit);
    if (!address) {
      /* a person has no page of their own here: what one wants is to call or write */
      void navigator.clipboard?.writeText(choice.hit.subtitle ?? choice.hit.title).then(() => setSaid(t('command.copied')));
      return;
    }
    rememberHit(choice.hit);
    go(address, { fresh: true });
    close();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      if (text) setText('');
      else {
        setOpen(false);
        input.current?.blur();
      }
      setAt(0);
    } else if (event.key === 'Enter') {
      if (isAsking) wantsFirst.current = true;
      else choose(choices[chosen]);
    } else if (event.key === 'ArrowDown') {
      setOpen(true);
      setAt(isOpen ? (chosen + 1) % Math.max(choices.length, 1) : 0);
    } else if (event.key === 'ArrowUp') setAt((chosen - 1 + choices.length) % Math.max(choices.length, 1));
    else if (event.key === 'Home' && isOpen && !event.shiftKey) setAt(0);
    else if (event.key === 'End' && isOpen && !event.shiftKey) setAt(choices.length - 1);
    else return;
    event.preventDefault();
  }

  const status = isEmpty ? '' : error ? t('command.failed') : isAsking ? '' : found > 0 ? tn('place.found', found) : t('command.none', { words });
  let number = -1;
  return (
    <div className={styles.box} role="search">
      <input
        ref={input}
        className={styles.input}
        type="text"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-activedescendant={isOpen && choices[chosen] ? listId + chosen : undefined}
        aria-autocomplete="list"
        aria-label={t('command.label')}
        placeholder={t('command.placeholder')}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setSaid('');
          setOpen(true);
          wantsFirst.current = false;
        }}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <div className={isOpen ? styles.hits : styles.closed} aria-busy={isAsking} onPointerDown={(event) => event.preventDefault()}>
        {!isEmpty && (error || (!isAsking && found === 0)) && <p className={error ? styles.failed : styles.nothing}>{status}</p>}
        {isAsking && found === 0 && !error && <p className={styles.nothing}>{t('loading')}</p>}
        <div id={listId} role="listbox" aria-label={t('command.label')}>
          {sections.map((section) => (
            <ul key={section.key} role="group" className={styles.group} aria-labelledby={`${listId}-${section.key}`}>
              <li role="presentation" id={`${listId}-${section.key}`} className={styles.heading}>
                {section.title}
                {section.more && <span className={styles.more}>{t('command.more')}</span>}
              </li>
              {section.choices.map((choice) => {
                const mine = ++number;
                const id = listId + mine;
                if ('command' in choice)
                  return <CommandOption key={choice.command.text} id={id} isChosen={mine === chosen} title={t(choice.command.text)} choose={() => choose(choice)} />;
                const { hit } = choice;
                return (
                  <CommandOption
                    key={hit.id}
                    id={id}
                    isChosen={mine === chosen}
                    title={<Marked text={hit.title} words={isEmpty ? '' : words} />}
                    hint={tellsMore(hit) && <HitHint hit={hit} words={isEmpty ? '' : words} />}
                    where={where(hit)}
                    choose={() => choose(choice)}
                  />
                );
              })}
            </ul>
          ))}
        </div>
        <p className={styles.help} aria-hidden="true">{said || t('command.help')}</p>
      </div>
      <p role="status" className="ds-sr-only">{isOpen ? said || status : ''}</p>
    </div>
  );
}
