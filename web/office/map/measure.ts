/* Lengths and areas on the ground, from coordinates in EPSG:25832.
 *
 * The zone's metre is not the ground's: 0.9996 of it at the central meridian, more than it beyond some 180 km. The scale
 * is that of the transverse Mercator projection, to a few millionths within the zone; a straight line in the zone and the
 * shortest line on the ellipsoid differ by less than that over the lengths people measure on a map. */

import type { Xy } from './types.ts';

const CENTRAL_SCALE = 0.9996;
const FALSE_EASTING = 500_000;
/* Mean radius of curvature of GRS80 at 63° N, squared: within 0.3 % for the whole country, where d² / 2R² is under 0.002. */
const RADIUS_SQUARED = 6_387_000 ** 2;
const M2_IN_A_MAAL = 1000;

/** Grid metres a ground metre is, at an easting. */
export function scaleAt(easting: number): number {
  const d2 = ((easting - FALSE_EASTING) / CENTRAL_SCALE) ** 2 / RADIUS_SQUARED;
  return CENTRAL_SCALE * (1 + d2 / 2 + (d2 * d2) / 24);
}

function segment(a: Xy, b: Xy): number {
  const grid = Math.hypot(b[0] - a[0], b[1] - a[1]);
  /* Simpson's rule over the line */
  const perMetre = (1 / scaleAt(a[0]) + 4 / scaleAt((a[0] + b[0]) / 2) + 1 / scaleAt(b[0])) / 6;
  return grid * perMetre;
}

/** Metres along a line. */
export function lengthOf(line: readonly Xy[]): number {
  return line.slice(1).reduce((sum, to, i) => sum + segment(line[i]!, to), 0);
}

/** Square metres inside a ring, closed or not. */
export function areaOf(ring: readonly Xy[]): number {
  if (ring.length < 3) return 0;
  const [x0, y0] = ring[0]!;
  let twice = 0;
  let moment = 0;
  ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length]!;
    const cross = (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0);
    twice += cross;
    moment += (a[0] - x0 + b[0] - x0) * cross;
  });
  if (twice === 0) return 0;
  const middle = x0 + moment / (3 * twice);
  return Math.abs(twice) / 2 / scaleAt(middle) ** 2;
}

/** «1 234 m», «12,3 km»: as many digits as a map gives. */
export function lengthText(metres: number, locale: string): string {
  if (metres >= 10_000) return `${number(metres / 1000, 2, locale)} km`;
  return `${number(metres, metres < 100 ? 2 : 1, locale)} m`;
}

/** «540 m²», «12 300 m² (12,3 mål)»: a mål is 1000 m². */
export function areaText(m2: number, locale: string, maal: string): string {
  const plain = `${number(m2, m2 < 100 ? 1 : 0, locale)} m²`;
  return m2 < M2_IN_A_MAAL ? plain : `${plain} (${number(m2 / M2_IN_A_MAAL, m2 < 100_000 ? 2 : 0, locale)} ${maal})`;
}

function number(value: number, digits: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}
