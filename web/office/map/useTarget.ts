import { useEffect, useRef } from 'react';
import { api } from '../../shared/api.ts';
import type { PlaceKind } from '../../shared/types.ts';
import { isLayer } from './layers.ts';
import type { Thing } from './types.ts';

interface Answer {
  id: string;
  kind?: PlaceKind;
  name?: string;
  label?: string;
  title?: string;
  state?: string;
  x: number | null;
  y: number | null;
}

const PATHS = { place: '/api/v1/places/', component: '/api/v1/components/', task: '/api/v1/tasks/', case: '/api/v1/cases/' } as const;
type Name = keyof typeof PATHS;
const NAMES: Name[] = ['place', 'component', 'task', 'case'];

/** What an address points at (`&place=…`, `&task=…`): looked up once, when it is new. */
export function useTarget(address: URLSearchParams, found: (thing: Thing) => void): void {
  const name = NAMES.find((each) => address.has(each));
  const id = name ? address.get(name) : null;
  const latest = useRef(found);
  latest.current = found;

  useEffect(() => {
    if (!name || !id) return;
    const stop = new AbortController();
    api<Answer>('GET', PATHS[name] + encodeURIComponent(id), undefined, { signal: stop.signal }).then((answer) => {
      if (answer.x === null || answer.y === null) return;
      const kind = name === 'place' ? (answer.kind && isLayer(answer.kind) ? answer.kind : 'building') : name;
      latest.current({
        kind, id, label: answer.label ?? answer.title ?? answer.name ?? '', state: answer.state ?? null, is_late: false, grade: null, x: answer.x, y: answer.y,
      });
    }).catch(() => {}); /* a place that is gone: the map shows what it would without */
    return () => stop.abort();
  }, [name, id]);
}
