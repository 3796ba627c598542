/* Coordinates as people read and write them. */
import type { Xy } from './drawing.ts';
import type { CrsName } from './mapState.ts';

/** What people write besides what the map is drawn in: degrees, latitude first. */
type WrittenCrs = CrsName | '4326';

/* Zone 32's own bounds with room for all of Norway, and Mercator's over Norway: what lies outside is a slip of the fingers. */
const WITHIN: Record<CrsName, [number, number, number, number]> = {
  '25832': [-200_000, 6_300_000, 1_500_000, 8_100_000],
  '3857': [-500_000, 7_500_000, 4_500_000, 12_500_000],
};

/* Degrees east and north: apart from each other, so that either order is understood. Fewer than three decimals (a hundred metres) are no place. */
const DEGREES_WITHIN: [number, number, number, number] = [2, 56, 34, 82];
const IN_DEGREES = /[.,]\d{3}.*[.,]\d{3}/;

/** The axes' names in the order of their definitions: both projections have east first. */
export function axesOf(crs: CrsName): [string, string] {
  return crs === '25832' ? ['E', 'N'] : ['X', 'Y'];
}

export function coordinateText(value: number, language: string): string {
  return new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'nb-NO', { maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(value);
}

function isWithin([x, y]: Xy, [left, bottom, right, top]: [number, number, number, number]): boolean {
  return x >= left && x <= right && y >= bottom && y <= top;
}

/** «598 123,4 6 642 900», «N 6642900 Ø 598123.4», «598123;6642900»: two numbers in any of the ways they are written, or degrees,
 * «63,1107 7,7279», to metres in EPSG:25832. The other order is understood when only that makes sense. Null when it is no place in Norway. */
export function parseCoordinate(text: string, crs: CrsName, from: (at: Xy, crs: WrittenCrs) => Xy): Xy | null {
  const numbers = numbersOf(text);
  if (!numbers) return null;
  const turned: Xy = [numbers[1], numbers[0]];
  if (isWithin(numbers, WITHIN[crs])) return from(numbers, crs);
  if (isWithin(turned, WITHIN[crs])) return from(turned, crs);
  if (!IN_DEGREES.test(text)) return null;
  if (isWithin(turned, DEGREES_WITHIN)) return from(turned, '4326');
  if (isWithin(numbers, DEGREES_WITHIN)) return from(numbers, '4326');
  return null;
}

function numbersOf(text: string): Xy | null {
  const letters = text.replace(/[A-Za-zØøÅåÆæ:=°]+/g, ' ; ').replace(/[\u00a0\u202f]/g, ' ').trim();
  const parts = letters.split(/\s*[;,]?\s*;[\s,]*|,\s+/).filter(Boolean);
  const found = parts.length === 2 ? parts : splitSpaces(parts.length === 1 ? parts[0]! : '');
  if (!found) return null;
  const [a, b] = found.map((part) => Number(part.replaceAll(' ', '').replace(',', '.')));
  return a !== undefined && b !== undefined && Number.isFinite(a) && Number.isFinite(b) ? [a, b] : null;
}

/** One text with two numbers in it, whose thousands may be set off by spaces; or «x,y» without any. */
function splitSpaces(text: string): [string, string] | null {
  const tight = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(text);
  if (tight) return [tight[1]!, tight[2]!];
  const words = text.split(/\s+/);
  if (words.length === 2) return [words[0]!, words[1]!];
  /* «598 123,4 6 642 900»: the second number begins where a group is shorter than three digits */
  const cut = words.findIndex((word, i) => i > 0 && !/^\d{3}([.,]\d+)?$/.test(word));
  return cut > 0 ? [words.slice(0, cut).join(''), words.slice(cut).join('')] : null;
}
