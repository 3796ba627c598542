/* What all maps share: controls, view, keyboard, and following the size of what they stand in. */
import 'ol/ol.css';
import Feature from 'ol/Feature.js';
import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import { defaults as defaultControls } from 'ol/control/defaults.js';
import ScaleLine from 'ol/control/ScaleLine.js';
import MultiPolygon from 'ol/geom/MultiPolygon.js';
import Point from 'ol/geom/Point.js';
import type BaseLayer from 'ol/layer/Base.js';
import { type Crs, UTM32, WORLD, bboxToCrs, stretchAt, toCrs } from './projections.ts';

/** A house or a piece of land as the ground of the map: its outline when it is known. */
export interface MapGround {
  x: number;
  y: number;
  label: string;
  outline?: { type: string; coordinates: unknown } | null;
}

export interface BaseMapOptions {
  target: HTMLElement;
  labels: { zoomIn: string; zoomOut: string };
  crs?: Crs;
  centre?: [number, number];
  /** Metres on the ground a pixel. */
  resolution?: number;
  /** For paper: no controls, nothing to press, sharper than the screen. */
  forPrint?: boolean;
}

const PRINT_PIXELS = 2.5; /* a CSS pixel: 240 dots an inch */
const MIDDLE_OF_NORWAY: [number, number] = [600_000, 7_000_000];
const WHOLE_OF_NORWAY = 800; /* metres a pixel */
const NEAREST = 0.05;
const FARTHEST = 2_000;

type Rings = number[][][];

export function toGround(each: MapGround, crs: Crs = UTM32): Feature {
  const at = new Point([each.x, each.y]);
  const outline = each.outline?.type === 'Polygon'
    ? new MultiPolygon([each.outline.coordinates as Rings])
    : each.outline?.type === 'MultiPolygon' ? new MultiPolygon(each.outline.coordinates as Rings[]) : null;
  if (crs !== UTM32) {
    at.transform(UTM32, crs);
    outline?.transform(UTM32, crs);
  }
  return new Feature({ geometry: outline ?? at, at, hasOutline: outline !== null, label: each.label });
}

export function makeMap(options: BaseMapOptions, layers: BaseLayer[]): OlMap {
  const { crs = UTM32, centre = MIDDLE_OF_NORWAY, resolution = WHOLE_OF_NORWAY } = options;
  const stretch = stretchAt(centre, crs);
  return new OlMap({
    target: options.target,
    ...(options.forPrint ? { pixelRatio: PRINT_PIXELS, interactions: [] } : {}),
    controls: options.forPrint ? [] : defaultControls({
      attribution: false,
      rotate: false,
      zoomOptions: { zoomInTipLabel: options.labels.zoomIn, zoomOutTipLabel: options.labels.zoomOut },
    }).extend([new ScaleLine()]),
    layers,
    view: new View({
      projection: crs,
      center: toCrs(centre, crs),
      resolution: resolution * stretch,
      minResolution: NEAREST * stretch,
      maxResolution: FARTHEST * stretch,
      enableRotation: false,
      extent: bboxToCrs(WORLD, crs),
    }),
  });
}

/** Follows the size of the target until the map goes; `resized` is told each time. */
export function followSize(map: OlMap, target: HTMLElement, resized: () => void = () => {}): () => void {
  const watch = new ResizeObserver(() => {
    map.updateSize();
    resized();
  });
  watch.observe(target);
  return () => {
    watch.disconnect();
    map.setTarget(undefined);
    map.dispose();
  };
}
