import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { query } from '../../shared/api.ts';
import type { List } from '../../shared/types.ts';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useApi } from '../../shared/useApi.ts';
import { useTexts } from '../../shared/useTexts.ts';
import { KindIcon } from './KindIcon.tsx';
import styles from './PlaceFilter.module.css';
import { openPlace } from './address.ts';
import type { PlaceItem, PlaceKind } from './types.ts';

const WAIT_MS = 200;
const SHORTEST = 2;
const HITS = 30;

interface Props {
  selected?: string | null;
  /** Only places of these kinds. */
  kinds?: PlaceKind[];
  label?: string;
  /** Instead of opening the place. */
  onPick?(place: PlaceItem): void;
}

/** Finds a place by words of its address, name or number; what is found opens in the tree. */
export function PlaceFilter({ selected = null, kinds, label, onPick }: Props) {
  const { t, tn } = useTexts();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();

  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const found = useApi<List<PlaceItem>>(asked.length >= SHORTEST ? `/api/v1/places${query({ q: asked, kind: kinds?.length === 1 ? kinds[0] : null, limit: HITS })}` : null);
  const hits = (found.data?.items ?? []).filter((place) => !kinds || kinds.includes(place.kind));
  const isOpen = text.trim().length >= SHORTEST;
  const chosen = Math.min(at, hits.length - 1);

  function pick(place: PlaceItem | undefined): void {
    if (!place) return;
    setText('');
    setAsked('');
    if (onPick) onPick(place);
    else openPlace(place.id);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && text) {
      setText('');
      event.stopPropagation();
    } else if (event.key === 'Enter') pick(hits[chosen]);
    else if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0));
    else return;
    event.preventDefault();
  }

  const name = label ?? t('reg.filter');
  return (
    <search className={onPick ? `${styles.box} ${styles.inForm}` : styles.box}>
      {onPick && <span className={styles.label} aria-hidden="true">{name}</span>}
      <input
        className={styles.input}
        type="search"
        role="combobox"
        aria-label={name}
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && hits[chosen] ? `${listId}${chosen}` : undefined}
        placeholder={onPick ? undefined : name}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {isOpen && (
        <ul id={listId} className={styles.hits} role="listbox" aria-label={name}>
          {hits.map((place, i) => (
            <li
              key={place.id}
              id={`${listId}${i}`}
              role="option"
              aria-selected={i === chosen}
              className={`${styles.hit} ${i === chosen ? styles.at : ''} ${place.id === selected ? styles.here : ''}`}
              onClick={() => pick(place)}
            >
              <KindIcon kind={place.kind} />
              <span className={styles.words}>
                {place.label}
                <span className={styles.kind}>{t(`reg.kind.${place.kind}`)}</span>
              </span>
            </li>
          ))}
          {hits.length === 0 && !found.error && (
            <li className={styles.none} role="option" aria-selected="false" aria-disabled="true">
              {found.loading || asked !== text.trim() ? t('loading') : t('command.none', { words: asked })}
            </li>
          )}
        </ul>
      )}
      {isOpen && found.error && <Failure error={found.error} retry={found.reload} />}
      <p role="status" className="ds-sr-only">{isOpen && hits.length > 0 ? tn('place.found', hits.length) : ''}</p>
    </search>
  );
}
