import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { query } from '../shared/api.ts';
import type { CaseItem, List, TaskItem } from '../shared/types.ts';
import { useApi } from '../shared/useApi.ts';
import { useTexts } from '../shared/useTexts.ts';
import styles from './CommandBox.module.css';
import { openRow } from './links.ts';

const WAIT_MS = 200;
const SHORTEST = 2;
const EACH_MAX = 6;

interface Hit {
  key: string;
  kind: 'case' | 'task';
  id: string;
  text: string;
  hint: string;
}

/** One box to reach any case or task by number, word or place; Ctrl-K goes to it. */
export function CommandBox() {
  const { t, tn } = useTexts();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();

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

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const search = asked.length >= SHORTEST ? query({ q: asked, state: 'all', limit: EACH_MAX }) : null;
  const cases = useApi<List<CaseItem>>(search && `/api/v1/cases${search}`);
  const tasks = useApi<List<TaskItem>>(search && `/api/v1/tasks${search}`);
  const hits: Hit[] = [
    ...(cases.data?.items ?? []).map((each) => ({ key: `c${each.id}`, kind: 'case' as const, id: each.id, text: each.title, hint: `${t('case.title')} ${each.number} · ${each.place_label}` })),
    ...(tasks.data?.items ?? []).map((each) => ({ key: `t${each.id}`, kind: 'task' as const, id: each.id, text: each.title, hint: `${t('office.task')} ${each.number} · ${each.place_label}` })),
  ];
  const shows = isOpen && search !== null;
  const chosen = Math.min(at, hits.length - 1);

  function open(hit: Hit | undefined): void {
    if (!hit) return;
    openRow(hit.kind, hit.id);
    setOpen(false);
    setText('');
    input.current?.blur();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      setOpen(false);
      input.current?.blur();
    } else if (event.key === 'Enter') open(hits[chosen]);
    else if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0));
    else return;
    event.preventDefault();
  }

  return (
    <div className={styles.box} role="search">
      <input
        ref={input}
        className={styles.input}
        type="text"
        role="combobox"
        aria-expanded={shows}
        aria-controls={listId}
        aria-activedescendant={shows && hits[chosen] ? listId + chosen : undefined}
        aria-autocomplete="list"
        aria-label={t('command.label')}
        placeholder={t('command.placeholder')}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <ul id={listId} role="listbox" aria-label={t('command.label')} className={shows ? styles.hits : styles.closed}>
        {hits.map((hit, i) => (
          <li
            key={hit.key}
            id={listId + i}
            role="option"
            aria-selected={i === chosen}
            className={i === chosen ? `${styles.hit} ${styles.at}` : styles.hit}
            onPointerDown={(event) => {
              event.preventDefault();
              open(hit);
            }}
          >
            <span>{hit.text}</span>
            <span className={styles.hint}>{hit.hint}</span>
          </li>
        ))}
        {hits.length === 0 && (
          <li className={styles.hit} role="option" aria-selected="false" aria-disabled="true">
            {cases.loading || tasks.loading ? t('loading') : t('command.none')}
          </li>
        )}
      </ul>
      <p role="status" className="ds-sr-only">{shows && hits.length > 0 ? tn('place.found', hits.length) : ''}</p>
    </div>
  );
}
