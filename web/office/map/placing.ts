/* A drawing, and what it becomes when it is placed. */
import { type Transform, apply } from './affine.ts';
import type { Picture } from './drawingFile.ts';
import type { Drawn } from './planLayer.ts';
import type { DxfRoom, Room } from './types.ts';

export type Shown = { picture: Picture } | { rooms: DxfRoom[] };

/** A drawing is placed in its own units; its image may have more pixels. */
export function placedPicture({ image, unit }: Picture, [a, d, b, e, c, f]: Transform, opacity: number): Drawn {
  return { image, transform: [a * unit, d * unit, b * unit, e * unit, c, f], opacity };
}

export function placedRooms(rooms: DxfRoom[], transform: Transform): Room[] {
  return rooms.map((room, i) => ({
    id: String(i),
    name: room.name,
    kind: 'room',
    geometry: { type: 'Polygon', coordinates: [room.ring.map((point) => apply(transform, point))] },
    area_m2: null,
    components: [],
  }));
}

/** Width and height in the drawing's own units. */
export function sizeOf(shown: Shown): [number, number] {
  if ('picture' in shown) return [shown.picture.width, shown.picture.height];
  const points = shown.rooms.flatMap((room) => room.ring);
  const spread = (axis: 0 | 1): number => {
    const [least, most] = points.reduce(([a, b], point) => [Math.min(a, point[axis]), Math.max(b, point[axis])], [Infinity, -Infinity]);
    return Math.max(most - least, 1e-6);
  };
  return [spread(0), spread(1)];
}
