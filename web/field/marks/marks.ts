import type { Change } from '../sync/outbox.ts';
import type { Value } from '../sync/types.ts';
import { uuid7 } from '../sync/uuid.ts';
import type { Row } from '../sync/view.ts';

/** A place in the photo, in its own dots. */
export type Point = [number, number];

/** circle: its middle and a point of its rim. text: where it begins. */
export interface Shape {
  kind: 'line' | 'arrow' | 'circle' | 'text';
  points: Point[];
  text?: string;
  color: string;
}

/** What is drawn over a photo of `w` by `h` dots. The photo's own bytes are never touched. */
export interface Layer {
  w: number;
  h: number;
  shapes: Shape[];
}

export const TOOLS = ['arrow', 'circle', 'line', 'text'] as const;
export type Tool = (typeof TOOLS)[number];
export const COLORS = ['#d00000', '#ffd60a', '#0353d6'] as const;

/** All that is drawn on one photo at once: well within what an operation may hold. */
export const MAX_POINTS = 5000;
const HEAD = 0.035;
const HEAD_ANGLE = Math.PI / 7;

/** A finished drawing of a tool; null for a slip of the finger. `path` is where the pointer went. */
export function shapeOf(tool: Tool, path: Point[], text: string, color: string): Shape | null {
  const from = path[0];
  const to = path.at(-1);

  if (!from || !to) return null;
  if (tool === 'text') return text.trim() ? { kind: 'text', points: [to], text: text.trim(), color } : null;
  if (Math.hypot(to[0] - from[0], to[1] - from[1]) < 1 && path.length < 3) return null;
  return { kind: tool, points: tool === 'line' ? path : [from, to], color };
}

/** Whether a point says more than the last one of a path in a photo so wide. */
export function isFar(path: Point[], [x, y]: Point, w: number): boolean {
  const last = path.at(-1);
  return !last || Math.hypot(x - last[0], y - last[1]) >= w / 300;
}

export function pointsIn(shapes: Shape[]): number {
  return shapes.reduce((total, { points }) => total + points.length, 0);
}

/** The shape as the `d` of an SVG path; empty for text. */
export function pathOf({ kind, points }: Shape, w: number): string {
  const [from, to] = [points[0]!, points.at(-1)!];

  if (kind === 'text') return '';
  if (kind === 'circle') {
    const r = Math.hypot(to[0] - from[0], to[1] - from[1]).toFixed(1);
    const [x, y] = from;
    return `M${x} ${y}m-${r} 0a${r} ${r} 0 1 0 ${2 * Number(r)} 0a${r} ${r} 0 1 0 -${2 * Number(r)} 0`;
  }
  const line = points.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join('');
  if (kind === 'line') return line;
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const head = [-HEAD_ANGLE, HEAD_ANGLE].map((turn) => {
    const [x, y] = [to[0] - HEAD * w * Math.cos(angle + turn), to[1] - HEAD * w * Math.sin(angle + turn)];
    return `M${to[0]} ${to[1]}L${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return line + head.join('');
}

/** The layers of a photo's marks; what another version drew and this one cannot read is left out. */
export function layersOf(marks: Row[]): Layer[] {
  return marks.flatMap(({ d }) => {
    const layer = d.layer as unknown as Layer | null | undefined;
    return layer && Array.isArray(layer.shapes) && layer.w > 0 && layer.h > 0 ? [layer] : [];
  });
}

/** One layer more over a photo, and a word about it. */
export function markChange(photo: Row, layer: Layer, note: string, label: string, now: Date): Change {
  return {
    op: 'photo.mark@1',
    t: 'photo_mark',
    id: uuid7(now.getTime()),
    isNew: true,
    set: { document_id: photo.id, layer: { ...layer } satisfies Value, note: note.trim() || null, captured_at: now.toISOString() },
    label,
  };
}

/** What is kept of a drawing under way, and back. */
export function shapesOf(text: string): Shape[] {
  return text ? (JSON.parse(text) as Shape[]) : [];
}
