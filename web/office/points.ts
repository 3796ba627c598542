/* A position as the value of a field: metres in EPSG:25832 to the millimetre, as one text, so that two are the same when their texts are. */
import type { Value } from './edits.ts';

export type Xy = [number, number];

export interface GeoPoint {
  type: 'Point';
  coordinates: Xy;
}

export function pointValue([x, y]: Xy): string {
  return `${x.toFixed(3)} ${y.toFixed(3)}`;
}

export function pointOf(value: Value): Xy | null {
  const [x, y] = typeof value === 'string' ? value.split(' ').map(Number) : [];
  return x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null;
}

export function geoJsonOf(value: Value): GeoPoint | null {
  const at = pointOf(value);
  return at && { type: 'Point', coordinates: at };
}

/** «E 437 778,12 N 6 998 420,9». */
export function pointText(value: Value): string {
  const at = pointOf(value);
  const part = (metres: number): string => new Intl.NumberFormat('nb-NO', { maximumFractionDigits: 3 }).format(metres);
  return at ? `E ${part(at[0])} N ${part(at[1])}` : '';
}
