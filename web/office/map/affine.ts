/* Where a drawing lies on the map: the six numbers of a world file, fitted to pairs of points by least squares. */

import type { Xy } from './types.ts';

/** In a world file's order: x = a·u + b·v + c, y = d·u + e·v + f are [a, d, b, e, c, f]. */
export type Transform = readonly [number, number, number, number, number, number];

export interface ControlPoint {
  /** In the drawing: pixels from the top left, v downwards; in a DXF its own units, v upwards. */
  drawing: Xy;
  /** Metres in EPSG:25832. */
  map: Xy;
}

export interface Fit {
  transform: Transform;
  /** Metres between where each point is said to be and where the fit puts it. */
  residuals: number[];
  /** Root of their mean square. */
  rms: number;
  /** Metres a unit of the drawing is, in its two directions. */
  scale: [number, number];
  /** Degrees the drawing is turned, clockwise. */
  turned: number;
}

export type FitKind = 'similarity' | 'affine';

/* Two points nearer each other than this part of the drawing say nothing of its turn and scale. */
const DEGENERATE = 1e-9;

export function apply([a, d, b, e, c, f]: Transform, [u, v]: Xy): [number, number] {
  return [a * u + b * v + c, d * u + e * v + f];
}

/** The other way; null when the drawing is flat. */
export function invert([a, d, b, e, c, f]: Transform): Transform | null {
  const det = a * e - b * d;
  if (!Number.isFinite(det) || Math.abs(det) < 1e-18) return null;
  return [e / det, -d / det, -b / det, a / det, (b * f - e * c) / det, (d * c - a * f) / det];
}

function middle(points: Xy[]): [number, number] {
  const sum = points.reduce<[number, number]>((s, p) => [s[0] + p[0], s[1] + p[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/** Turn, one scale and shift. A picture's v goes down: it is mirrored, `flip`. */
function similarity(pairs: ControlPoint[], flip: boolean): Transform | null {
  const s = flip ? -1 : 1;
  const from = middle(pairs.map((pair) => pair.drawing));
  const to = middle(pairs.map((pair) => pair.map));
  let p = 0;
  let q = 0;
  let weight = 0;
  for (const { drawing, map } of pairs) {
    const u = drawing[0] - from[0];
    const v = s * (drawing[1] - from[1]);
    const x = map[0] - to[0];
    const y = map[1] - to[1];
    p += u * x + v * y;
    q += u * y - v * x;
    weight += u * u + v * v;
  }
  if (weight < DEGENERATE || Math.hypot(p, q) < DEGENERATE) return null;
  const cos = p / weight;
  const sin = q / weight;
  const [a, d, b, e] = [cos, sin, -s * sin, s * cos];
  return [a, d, b, e, to[0] - a * from[0] - b * from[1], to[1] - d * from[0] - e * from[1]];
}

/** All six numbers: a scan may be stretched more in one direction. Needs three points that are not on a line. */
function affine(pairs: ControlPoint[]): Transform | null {
  const from = middle(pairs.map((pair) => pair.drawing));
  const to = middle(pairs.map((pair) => pair.map));
  let [uu, uv, vv, ux, vx, uy, vy] = [0, 0, 0, 0, 0, 0, 0];
  for (const { drawing, map } of pairs) {
    const u = drawing[0] - from[0];
    const v = drawing[1] - from[1];
    uu += u * u;
    uv += u * v;
    vv += v * v;
    ux += u * (map[0] - to[0]);
    vx += v * (map[0] - to[0]);
    uy += u * (map[1] - to[1]);
    vy += v * (map[1] - to[1]);
  }
  const det = uu * vv - uv * uv;
  if (det < DEGENERATE * (uu + vv) ** 2) return null;
  const a = (ux * vv - vx * uv) / det;
  const b = (vx * uu - ux * uv) / det;
  const d = (uy * vv - vy * uv) / det;
  const e = (vy * uu - uy * uv) / det;
  if (Math.abs(a * e - b * d) < 1e-18) return null;
  return [a, d, b, e, to[0] - a * from[0] - b * from[1], to[1] - d * from[0] - e * from[1]];
}

/** Two points are needed for a similarity, three for an affine fit; null when there are too few or they coincide. */
export function fit(pairs: ControlPoint[], kind: FitKind, flip: boolean): Fit | null {
  if (pairs.length < (kind === 'affine' ? 3 : 2)) return null;
  const transform = kind === 'affine' ? affine(pairs) : similarity(pairs, flip);
  if (!transform || transform.some((value) => !Number.isFinite(value))) return null;
  const residuals = pairs.map(({ drawing, map }) => {
    const [x, y] = apply(transform, drawing);
    return Math.hypot(x - map[0], y - map[1]);
  });
  const [a, d, b, e] = transform;
  return {
    transform,
    residuals,
    rms: Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / residuals.length),
    scale: [Math.hypot(a, d), Math.hypot(b, e)],
    turned: (-Math.atan2(d, a) * 180) / Math.PI,
  };
}
