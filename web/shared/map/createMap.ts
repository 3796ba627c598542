/* The plain map of points: work on houses. Loaded when a map is shown. Coordinates in and out are metres in EPSG:25832. */
import Feature from 'ol/Feature.js';
import type Map from 'ol/Map.js';
import { boundingExtent, isEmpty } from 'ol/extent.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import Cluster from 'ol/source/Cluster.js';
import VectorSource from 'ol/source/Vector.js';
import { type MapGround, followSize, makeMap, toGround } from './baseMap.ts';
import type { Bbox } from './projections.ts';
import { buildingStyle, clusterStyle, landStyle, selectedStyle } from './styles.ts';

export type { Bbox, MapGround };

export interface MapPoint {
  id: string;
  x: number;
  y: number;
  tone: 'normal' | 'late' | 'done';
}

export interface MapOptions {
  target: HTMLElement;
  labels: { zoomIn: string; zoomOut: string };
  /** A point was pressed. */
  onPick?(id: string): void;
  /** The map came to rest: what it shows (null when too much to draw buildings for) and its middle. */
  onRest?(bbox: Bbox | null, middle: [number, number]): void;
}

export interface MapHandle {
  setPoints(points: MapPoint[]): void;
  setBuildings(buildings: MapGround[]): void;
  /** What is not sea. */
  setLand(land: MapGround[]): void;
  /** Marks a point and brings it into view. */
  select(point: MapPoint | null): void;
  showAll(): void;
  moveTo(x: number, y: number, metresPerPixel: number): void;
  destroy(): void;
}

const BUILDINGS_BELOW = 15; /* metres a pixel: above it houses are dust */
const CLUSTER_PX = 44;
const CLUSTERS_ABOVE = 1; /* metres a pixel: closer than this every point stands alone */
const NEAREST_FIT = 1.5;

function isShown(map: Map, at: [number, number]): boolean {
  const [left, bottom, right, top] = map.getView().calculateExtent(map.getSize()) as Bbox;
  const margin = (right - left) / 12;
  return at[0] > left + margin && at[0] < right - margin && at[1] > bottom + margin && at[1] < top - margin;
}

function pickOn(map: Map, points: VectorLayer, onPick: (id: string) => void): void {
  map.on('singleclick', (event) => {
    map.forEachFeatureAtPixel(event.pixel, (hit) => {
      const members: Feature[] = hit.get('features') ?? [];
      const only = members.length === 1 ? members[0] : undefined;
      if (only) onPick(String(only.getId()));
      else map.getView().fit(boundingExtent(members.map((each) => (each.getGeometry() as Point).getCoordinates())), {
        padding: [60, 60, 60, 60], minResolution: CLUSTERS_ABOVE / 2, duration: 250,
      });
      return true;
    }, { layerFilter: (layer) => layer === points, hitTolerance: 6 });
  });
  map.on('pointermove', (event) => {
    const isOver = !event.dragging && map.hasFeatureAtPixel(event.pixel, { layerFilter: (layer) => layer === points });
    map.getTargetElement()?.classList.toggle('is-over', isOver);
  });
}

export function createMap(options: MapOptions): MapHandle {
  const points = new VectorSource<Feature<Point>>();
  const cluster = new Cluster({ source: points, distance: CLUSTER_PX });
  const buildings = new VectorSource();
  const selected = new VectorSource<Feature<Point>>();
  const pointLayer = new VectorLayer({ source: cluster, style: clusterStyle });
  const land = new VectorSource();
  const map = makeMap(options, [
    new VectorLayer({ source: land, style: landStyle }),
    new VectorLayer({ source: buildings, style: buildingStyle, maxResolution: BUILDINGS_BELOW, declutter: true }),
    pointLayer,
    new VectorLayer({ source: selected, style: selectedStyle }),
  ]);
  const view = map.getView();

  if (options.onPick) pickOn(map, pointLayer, options.onPick);
  map.on('moveend', () => {
    const resolution = view.getResolution() ?? Infinity;
    cluster.setDistance(resolution > CLUSTERS_ABOVE ? CLUSTER_PX : 0);
    const bbox = resolution < BUILDINGS_BELOW ? (view.calculateExtent(map.getSize()) as Bbox) : null;
    options.onRest?.(bbox, view.getCenter() as [number, number]);
  });
  let marked: [number, number] | null = null;
  const showMarked = (): void => {
    if (marked && !isShown(map, marked)) view.animate({ center: marked, duration: 250 });
  };
  let waitsForRoom = false;
  const showAll = (): void => {
    const extent = points.getExtent();
    waitsForRoom = options.target.clientWidth === 0; /* a hidden pane has no size to fit into */
    if (waitsForRoom || !extent || isEmpty(extent)) return;
    view.fit(extent, { size: map.getSize(), padding: [50, 50, 50, 50], minResolution: NEAREST_FIT });
  };
  const destroy = followSize(map, options.target, () => {
    if (waitsForRoom) showAll();
    showMarked(); /* a pane that opened beside the map may have covered it */
  });

  return {
    setPoints(list) {
      points.clear();
      points.addFeatures(list.map((point) => {
        const feature = new Feature({ geometry: new Point([point.x, point.y]), tone: point.tone });
        feature.setId(point.id);
        return feature;
      }));
    },
    setBuildings(list) {
      buildings.clear();
      buildings.addFeatures(list.map((each) => toGround(each)));
    },
    setLand(list) {
      land.clear();
      land.addFeatures(list.map((each) => toGround(each)));
    },
    select(point) {
      selected.clear();
      marked = point && [point.x, point.y];
      if (!point) return;
      selected.addFeature(new Feature({ geometry: new Point([point.x, point.y]), tone: point.tone }));
      showMarked();
    },
    showAll,
    moveTo(x, y, metresPerPixel) {
      view.setCenter([x, y]);
      view.setResolution(metresPerPixel);
    },
    destroy,
  };
}
