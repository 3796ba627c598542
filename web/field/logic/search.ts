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

export function foundPlace({ id, d }: StoredRow): Found {
  const at = String(d.label ?? d.name ?? '');
  return { t: 'place', id, name: String(d.name ?? '') || at, at, kind: String(d.kind ?? ''), code: d.code ? String(d.code) : null };
}

export function foundComponent({ id, d }: StoredRow, at: string): Found {
  return { t: 'component', id, name: String(d.name ?? '') || at, at, kind: 'component', code: d.code ? String(d.code) : null };
}

/** All places and components of the tablet, ready to be searched at each key. */
export class SearchIndex {
  readonly #rows: Indexed[];

  constructor(places: StoredRow[], components: StoredRow[]) {
    const labels = new Map(places.map(({ id, d }) => [id, String(d.label ?? d.name ?? '')]));
    this.#rows = [
      ...places.map((row) => indexed(foundPlace(row), row)),
      ...components.map((row) => indexed(foundComponent(row, labels.get(String(row.d.place_id)) ?? ''), row)),
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

function indexed(found: Found, { d }: StoredRow): Indexed {
  const words = [found.name, found.at, found.code, d.tag, d.maker, d.model];
  return { ...found, text: ` ${plain(words.filter(Boolean).join(' '))}`, rank: RANK[found.kind] ?? 9 };
}
