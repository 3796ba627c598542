/* Floor plans and rooms of a storey, on the map. */
import Feature from 'ol/Feature.js';
import type { FeatureLike } from 'ol/Feature.js';
import GeoJSON from 'ol/format/GeoJSON.js';
import Point from 'ol/geom/Point.js';
import ImageLayer from 'ol/layer/Image.js';
import ImageCanvas from 'ol/source/ImageCanvas.js';
import { Circle, Fill, RegularShape, Stroke, Style, Text } from 'ol/style.js';
import { type Crs, UTM32 } from '../../shared/map/projections.ts';
import type { Transform } from './affine.ts';
import { GRADE_COLORS } from './layers.ts';
import type { Room } from './types.ts';

/** A drawing that lies on the map: pixels of `image`, put there by `transform`. */
export interface Drawn {
  image: CanvasImageSource;
  transform: Transform;
  opacity: number;
}

/** A point of a pair, with its number. */
export function markStyle(feature: FeatureLike): Style {
  return new Style({
    image: new Circle({ radius: 9, fill: new Fill({ color: 'rgba(255, 179, 0, 0.85)' }), stroke: new Stroke({ color: '#7a3e00', width: 2 }) }),
    text: new Text({ text: String(feature.get('label')), font: '700 12px system-ui, sans-serif', fill: new Fill({ color: '#3a1d00' }) }),
  });
}

/** Draws in zone 32; in another projection OpenLayers bends what is drawn. */
export function makePlanLayer(drawn: Drawn): ImageLayer<ImageCanvas> {
  const [a, d, b, e, c, f] = drawn.transform;
  const source = new ImageCanvas({
    projection: UTM32,
    ratio: 1,
    canvasFunction(extent, resolution, pixelRatio, size) {
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(size[0]!);
      canvas.height = Math.round(size[1]!);
      const pen = canvas.getContext('2d');
      const k = pixelRatio / resolution;
      pen?.setTransform(a * k, -d * k, b * k, -e * k, (c - extent[0]!) * k, (extent[3]! - f) * k);
      pen?.drawImage(drawn.image, 0, 0);
      return canvas;
    },
  });
  return new ImageLayer({ source, opacity: drawn.opacity });
}

const geojson = new GeoJSON();
const ROOM = new Style({ fill: new Fill({ color: 'rgba(11, 100, 119, 0.08)' }), stroke: new Stroke({ color: '#0b6477', width: 1.5 }) });

export function roomStyle(feature: FeatureLike, resolution: number): Style[] {
  const grade = feature.get('grade') as keyof typeof GRADE_COLORS | null | undefined;
  if (feature.get('isComponent') === true)
    return [new Style({
      image: new RegularShape({
        points: 4, radius: 6, fill: new Fill({ color: grade ? GRADE_COLORS[grade] : '#4a5f8a' }), stroke: new Stroke({ color: '#ffffff', width: 1.5 }),
      }),
    })];
  if (resolution > 0.5) return [ROOM];
  return [ROOM, new Style({
    text: new Text({
      text: String(feature.get('label')), font: '12px system-ui, sans-serif', fill: new Fill({ color: '#073b46' }), stroke: new Stroke({ color: '#ffffff', width: 3 }),
    }),
  })];
}

/** Rooms and what stands in them. */
export function roomFeatures(rooms: Room[], crs: Crs): Feature[] {
  return rooms.flatMap((room) => {
    const inside = room.components.map((each) => {
      const feature = new Feature({ geometry: new Point([each.x, each.y]).transform(UTM32, crs), isComponent: true, grade: each.grade, label: each.name });
      feature.setId(each.id);
      return feature as Feature;
    });
    if (!room.geometry) return inside;
    const feature = new Feature({ geometry: geojson.readGeometry(room.geometry, { dataProjection: UTM32, featureProjection: crs }) ?? undefined, label: room.name });
    feature.setId(room.id);
    return [feature as Feature, ...inside];
  });
}
