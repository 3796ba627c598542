/* The drawing that is being placed, in a pane of its own. Coordinates are the drawing's: of a picture v goes down. */
import 'ol/ol.css';
import Feature from 'ol/Feature.js';
import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import { defaults as defaultControls } from 'ol/control/defaults.js';
import Point from 'ol/geom/Point.js';
import Polygon from 'ol/geom/Polygon.js';
import ImageLayer from 'ol/layer/Image.js';
import VectorLayer from 'ol/layer/Vector.js';
import Projection from 'ol/proj/Projection.js';
import ImageCanvas from 'ol/source/ImageCanvas.js';
import VectorSource from 'ol/source/Vector.js';
import { followSize } from '../../shared/map/baseMap.ts';
import type { Xy } from './drawing.ts';
import type { Picture } from './drawingFile.ts';
import { markStyle, roomStyle } from './planLayer.ts';
import type { DxfRoom } from './types.ts';

export interface DrawingPane {
  setMarks(points: Xy[]): void;
  middle(): Xy;
  destroy(): void;
}

interface Options {
  target: HTMLElement;
  labels: { zoomIn: string; zoomOut: string };
  drawing: { picture: Picture } | { rooms: DxfRoom[] };
  onPick(at: Xy): void;
}

function pictureLayer(picture: Picture): ImageLayer<ImageCanvas> {
  return new ImageLayer({
    source: new ImageCanvas({
      ratio: 1,
      canvasFunction(extent, resolution, pixelRatio, size) {
        const canvas = document.createElement('canvas');
        canvas.width = Math.round(size[0]!);
        canvas.height = Math.round(size[1]!);
        const k = pixelRatio / resolution;
        const pen = canvas.getContext('2d');
        pen?.setTransform(picture.unit * k, 0, 0, picture.unit * k, -extent[0]! * k, extent[3]! * k);
        pen?.drawImage(picture.image, 0, 0);
        return canvas;
      },
    }),
  });
}

/** Of a DXF: around all its rooms. */
export function boundsOf(rooms: DxfRoom[]): [number, number, number, number] {
  const xs = rooms.flatMap((room) => room.ring.map(([x]) => x));
  const ys = rooms.flatMap((room) => room.ring.map(([, y]) => y));
  const least = (all: number[]): number => all.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (all: number[]): number => all.reduce((a, b) => Math.max(a, b), -Infinity);
  return [least(xs), least(ys), most(xs), most(ys)];
}

export function createDrawingPane({ target, labels, drawing, onPick }: Options): DrawingPane {
  const isPicture = 'picture' in drawing;
  const down = isPicture ? -1 : 1;
  const extent = isPicture ? [0, -drawing.picture.height, drawing.picture.width, 0] : boundsOf(drawing.rooms);
  const marks = new VectorSource();
  const rooms = new VectorSource();
  if (!isPicture) rooms.addFeatures(drawing.rooms.map((room) => new Feature({ geometry: new Polygon([room.ring]), label: room.name })));
  const map = new OlMap({
    target,
    controls: defaultControls({ attribution: false, rotate: false, zoomOptions: { zoomInTipLabel: labels.zoomIn, zoomOutTipLabel: labels.zoomOut } }),
    layers: [
      ...(isPicture ? [pictureLayer(drawing.picture)] : [new VectorLayer({ source: rooms, style: (feature) => roomStyle(feature, 0), declutter: true })]),
      new VectorLayer({ source: marks, style: markStyle }),
    ],
    view: new View({ projection: new Projection({ code: 'drawing', units: 'm', extent }), showFullExtent: true }),
  });
  map.getView().fit(extent, { size: map.getSize(), padding: [20, 20, 20, 20] });
  map.on('singleclick', (event) => onPick([event.coordinate[0]!, event.coordinate[1]! * down]));
  let isFitted = target.clientWidth > 0;
  const destroy = followSize(map, target, () => {
    if (!isFitted) map.getView().fit(extent, { size: map.getSize(), padding: [20, 20, 20, 20] });
    isFitted = true;
  });
  return {
    setMarks(points) {
      marks.clear();
      marks.addFeatures(points.map(([u, v], i) => new Feature({ geometry: new Point([u, v * down]), label: String(i + 1) })));
    },
    middle() {
      const [x, y] = map.getView().getCenter() ?? [0, 0];
      return [x!, y! * down];
    },
    destroy,
  };
}
