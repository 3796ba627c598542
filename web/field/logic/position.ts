/** A point in EPSG:25832 (UTM zone 32 on GRS80), metres. */
export interface Point {
  x: number;
  y: number;
}

const A = 6_378_137;
const F = 1 / 298.257222101;
const SCALE = 0.9996;
const FALSE_EASTING = 500_000;
const CENTRAL_MERIDIAN = 9;

/**
 * Degrees to UTM 32 by Krüger's series to the third order: well within a millimetre of PROJ in
 * Norway, also where zone 33 would be nearer. (Karney 2011, "Transverse Mercator with an accuracy
 * of a few nanometers", eqs. 7–11 and 35.)
 */
export function toUtm32(longitude: number, latitude: number): Point {
  const n = F / (2 - F);
  const e = Math.sqrt(F * (2 - F));
  const radius = (A / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64);
  const alpha = [n / 2 - (2 * n ** 2) / 3 + (5 * n ** 3) / 16, (13 * n ** 2) / 48 - (3 * n ** 3) / 5, (61 * n ** 3) / 240];
  const phi = (latitude * Math.PI) / 180;
  const lambda = ((longitude - CENTRAL_MERIDIAN) * Math.PI) / 180;
  const sin = Math.sin(phi);
  const t = Math.sinh(Math.atanh(sin) - e * Math.atanh(e * sin));
  const xi = Math.atan2(t, Math.cos(lambda));
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(t, Math.cos(lambda)));
  let north = xi;
  let east = eta;

  alpha.forEach((a, i) => {
    const k = 2 * (i + 1);
    north += a * Math.sin(k * xi) * Math.cosh(k * eta);
    east += a * Math.cos(k * xi) * Math.sinh(k * eta);
  });
  return { x: FALSE_EASTING + SCALE * radius * east, y: SCALE * radius * north };
}

/** The nearest first, within a distance. What has no point is left out. */
export function nearest<T extends { x: number | null; y: number | null }>(from: Point, all: T[], within_m: number, count: number): T[] {
  const away = (to: T): number => Math.hypot(Number(to.x) - from.x, Number(to.y) - from.y);

  return all
    .filter((one) => one.x !== null && one.y !== null && away(one) <= within_m)
    .sort((a, b) => away(a) - away(b))
    .slice(0, count);
}
