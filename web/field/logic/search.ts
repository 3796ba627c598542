import type { StoredRow } from '../sync/types.ts';

export interface Found {
  t: 'place' | 'component';
  id: string;
  name: string;
  /** Where it is, in a line. */
  at: string;
  kind: string;
  code: string | null;
}

interface Indexed extends Found {
  text: string;
  rank: number;
}

const MAX_FOUND = 50;
const RANK: Record<string, number> = { building: 0, outdoor_area: 1, property: 2, room: 3, storey: 4, dwelling: 5, component: 6 };

/** Small letters, no accents but those of the alphabet, blanks for all between words. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[éèêë]/g, 'e')
    .replace(/[áàâ]/g, 'a')
    .replace(/[óòôö]/g, 'o')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** All places and components of the tablet, ready to be searched at each key. */
export class SearchIndex {
  readonly #rows: Indexed[];

  constructor(places: StoredRow[], components: StoredRow[]) {
    const labels = new Map(places.map(({ id, d }) => [id, String(d.label ?? d.name ?? '')]));
    this.#rows = [
      ...places.map(({ id, d }) => indexed('place', id, String(d.name ?? ''), labels.get(id) ?? '', String(d.kind ?? ''), d)),
      ...components.map(({ id, d }) =>
        indexed('component', id, String(d.name ?? ''), labels.get(String(d.place_id)) ?? '', 'component', d),
      ),
    ];
  }

  /** Those that hold every word (its beginning), buildings first, then by name. */
  find(words: string, kinds?: string[]): Found[] {
    const wanted = plain(words).split(' ').filter(Boolean).map((word) => ` ${word}`);
    const hits = this.#rows.filter((row) => (!kinds || kinds.includes(row.kind)) && wanted.every((word) => row.text.includes(word)));

    return hits.sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name, 'nb', { numeric: true })).slice(0, MAX_FOUND);
  }

  /** What a QR or NFC label holds: the code alone, or an address that ends with it. */
  byCode(text: string): Found | null {
    const code = text.trim().split('/').pop()!.toUpperCase();
    return this.#rows.find((row) => row.code === code) ?? null;
  }
}

function indexed(t: Found['t'], id: string, name: string, at: string, kind: string, d: StoredRow['d']): Indexed {
  const code = d.code ? String(d.code) : null;
  const text = ` ${plain([name, at, code, d.tag, d.maker, d.model].filter(Boolean).join(' '))}`;

  return { t, id, name: name || at, at, kind, code, text, rank: RANK[kind] ?? 9 };
}
