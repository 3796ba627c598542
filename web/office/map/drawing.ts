/* Lines and polygons that a person draws, with the pointer or point by point from the keyboard. */
import Feature from 'ol/Feature.js';
import type OlMap from 'ol/Map.js';
import { unByKey } from 'ol/Observable.js';
import type { EventsKey } from 'ol/events.js';
import LineString from 'ol/geom/LineString.js';
import Polygon from 'ol/geom/Polygon.js';
import Draw from 'ol/interaction/Draw.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import { Circle, Fill, Stroke, Style } from 'ol/style.js';
import { type Crs, fromCrs, toCrs } from '../../shared/map/projections.ts';
import type { Xy } from './types.ts';

export type { Xy } from './types.ts';
export type Shape = 'line' | 'polygon';

export interface DrawHandle {
  /** Begins anew; `changed` hears the points so far and whether it is finished. */
  start(shape: Shape, changed: (points: Xy[], isFinished: boolean) => void): void;
  /** Adds the middle of the map as a point: for who has no pointer. */
  addMiddle(): void;
  removeLast(): void;
  finish(): void;
  /** Ends drawing; what was drawn is wiped off unless kept. */
  stop(keep?: boolean): void;
  /** Shows a polygon that was drawn before. */
  show(ring: Xy[] | null): void;
}

const STYLE = new Style({
  fill: new Fill({ color: 'rgba(255, 179, 0, 0.07)' }),
  stroke: new Stroke({ color: '#7a3e00', width: 3, lineDash: [10, 6] }),
  image: new Circle({ radius: 6, fill: new Fill({ color: '#ffb300' }), stroke: new Stroke({ color: '#7a3e00', width: 2 }) }),
});

function pointsOf(geometry: unknown, crs: Crs): Xy[] {
  const flat = geometry instanceof Polygon ? (geometry.getCoordinates()[0] ?? []) : geometry instanceof LineString ? geometry.getCoordinates() : [];
  return flat.map((xy) => fromCrs(xy, crs));
}

/** A ring is closed by its first point; while it grows OpenLayers keeps one more, under the pointer. */
function open(points: Xy[]): Xy[] {
  const [first] = points;
  const last = points.at(-1);
  return first && last && points.length > 1 && first[0] === last[0] && first[1] === last[1] ? points.slice(0, -1) : points;
}

export function makeDrawing(map: OlMap, crs: Crs): { layer: VectorLayer; handle: DrawHandle } {
  const source = new VectorSource();
  const layer = new VectorLayer({ source, style: STYLE });
  let draw: Draw | null = null;
  let listening: EventsKey | null = null;

  const handle: DrawHandle = {
    start(shape, changed) {
      handle.stop();
      draw = new Draw({ source, type: shape === 'line' ? 'LineString' : 'Polygon', style: STYLE });
      draw.on('drawstart', (event) => {
        source.clear();
        const geometry = event.feature.getGeometry();
        if (geometry) listening = geometry.on('change', () => changed(open(pointsOf(geometry, crs)), false));
      });
      draw.on('drawend', (event) => {
        if (listening) unByKey(listening);
        changed(open(pointsOf(event.feature.getGeometry(), crs)), true);
      });
      map.addInteraction(draw);
    },
    addMiddle() {
      const middle = map.getView().getCenter();
      if (middle) draw?.appendCoordinates([middle]);
    },
    removeLast: () => draw?.removeLastPoint(),
    finish: () => draw?.finishDrawing(),
    stop(keep = false) {
      if (draw) map.removeInteraction(draw);
      draw = null;
      if (!keep) source.clear();
    },
    show(ring) {
      source.clear();
      if (ring) source.addFeature(new Feature(new Polygon([[...ring, ring[0]!].map((xy) => toCrs(xy, crs))])));
    },
  };
  return { layer, handle };
}
