import Feature from 'ol/Feature.js';
import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import ScaleLine from 'ol/control/ScaleLine.js';
import Zoom from 'ol/control/Zoom.js';
import { boundingExtent } from 'ol/extent.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import Projection from 'ol/proj/Projection.js';
import VectorSource from 'ol/source/Vector.js';
import CircleStyle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';
import 'ol/ol.css';
import type { Point as Metres } from '../logic/position.ts';
import { GROUPS, type Group } from '../logic/today.ts';

export interface MapPoint {
  id: string;
  group: Group;
  x: number;
  y: number;
  label: string;
}

export interface MapHandle {
  show(points: MapPoint[], me: Metres | null): void;
  remove(): void;
}

/** Points are in metres already, so the map needs no projection library. */
const UTM32 = new Projection({ code: 'EPSG:25832', units: 'm' });
const COLORS: Record<Group, string> = { acute: '#c01b1b', late: '#a56d13', today: '#0b6477', coming: '#535f64', done: '#068718' };
const FINGER_PX = 24;
const MIN_RESOLUTION = 0.3;

export function drawMap(target: HTMLElement, onChosen: (ids: string[]) => void): MapHandle {
  const source = new VectorSource();
  const map = new OlMap({
    target,
    layers: [new VectorLayer({ source, declutter: true })],
    controls: [new Zoom(), new ScaleLine()],
    view: new View({ projection: UTM32, center: [436_000, 6_998_000], zoom: 12, minResolution: MIN_RESOLUTION, enableRotation: false }),
  });
  let shown = '';

  map.on('click', (event) => {
    const ids = map.getFeaturesAtPixel(event.pixel, { hitTolerance: FINGER_PX }).map((feature) => feature.getId());
    onChosen(ids.filter((id) => typeof id === 'string'));
  });
  return {
    show(points, me) {
      const now = JSON.stringify([points, me]);
      if (now === shown) return;
      shown = now;
      source.clear();
      source.addFeatures(points.map(dot));
      if (me) source.addFeature(meDot(me));
      if (points.length) map.getView().fit(boundingExtent(points.map(({ x, y }) => [x, y])), { padding: [50, 90, 50, 90], minResolution: 2 });
    },
    remove: () => map.setTarget(undefined),
  };
}

function dot({ id, group, x, y, label }: MapPoint): Feature {
  const feature = new Feature(new Point([x, y]));
  feature.setId(id);
  feature.setStyle(circle(12, COLORS[group], '#ffffff', label, GROUPS.length - GROUPS.indexOf(group)));
  return feature;
}

function meDot({ x, y }: Metres): Feature {
  const feature = new Feature(new Point([x, y]));
  feature.setStyle(circle(8, '#ffffff', '#042d4d'));
  return feature;
}

/** Dots always show, the most pressing on top; a name gives way where it would cover another. */
function circle(radius: number, fill: string, stroke: string, label = '', zIndex = 0): Style {
  return new Style({
    zIndex,
    image: new CircleStyle({ radius, declutterMode: 'none', fill: new Fill({ color: fill }), stroke: new Stroke({ color: stroke, width: 3 }) }),
    text: new Text({
      text: label,
      font: '600 15px system-ui, sans-serif',
      offsetY: radius + 12,
      fill: new Fill({ color: '#1f2d33' }),
      stroke: new Stroke({ color: '#ffffff', width: 4 }),
    }),
  });
}
