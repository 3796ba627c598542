/* The projections of the maps. What goes in and out of a map is metres in EPSG:25832, whatever it is drawn in. */
import { addCoordinateTransforms, addProjection, transform, transformExtent } from 'ol/proj.js';
import Projection from 'ol/proj/Projection.js';
import proj4 from 'proj4';

export type Crs = 'EPSG:25832' | 'EPSG:3857';
export type Bbox = [number, number, number, number];

export const UTM32: Crs = 'EPSG:25832';
export const MERCATOR: Crs = 'EPSG:3857';

/** Norway with margin, in zone 32. */
export const WORLD: Bbox = [-200_000, 6_300_000, 1_500_000, 8_100_000];

// Each pair by itself: ol's register() makes one of every two that PROJ4 knows, which are hundreds, and a slow machine waits a second for it.
proj4.defs(UTM32, '+proj=utm +zone=32 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs');
addProjection(new Projection({ code: UTM32, units: 'm', axisOrientation: 'enu', extent: WORLD }));
for (const other of [MERCATOR, 'EPSG:4326']) {
  const { forward, inverse } = proj4(UTM32, other);
  addCoordinateTransforms(UTM32, other, forward, inverse);
}

export function toCrs(xy: [number, number], crs: Crs): [number, number] {
  return transform(xy, UTM32, crs) as [number, number];
}

/** Also from degrees, longitude first. */
export function fromCrs(xy: number[], crs: Crs | 'EPSG:4326'): [number, number] {
  return transform([xy[0]!, xy[1]!], crs, UTM32) as [number, number];
}

export function bboxToCrs(bbox: Bbox, crs: Crs): Bbox {
  return transformExtent(bbox, UTM32, crs) as Bbox;
}

/** How many units of the projection a metre on the ground is at a point in zone 32: 1 there, 1/cos(latitude) in Mercator. */
export function stretchAt(xy: [number, number], crs: Crs): number {
  if (crs === UTM32) return 1;
  const latitude = transform(xy, UTM32, 'EPSG:4326')[1]!;
  return 1 / Math.cos((latitude * Math.PI) / 180);
}
