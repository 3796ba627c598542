/* All that knows OpenLayers. Loaded when a map is shown. Coordinates in and out are metres in EPSG:25832. */
import 'ol/ol.css';
import Feature from 'ol/Feature.js';
import Map from 'ol/Map.js';
import View from 'ol/View.js';
import { defaults as defaultControls } from 'ol/control/defaults.js';
import ScaleLine from 'ol/control/ScaleLine.js';
import { boundingExtent, isEmpty } from 'ol/extent.js';
import MultiPolygon from 'ol/geom/MultiPolygon.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import { get as getProjection } from 'ol/proj.js';
import { register } from 'ol/proj/proj4.js';
import Cluster from 'ol/source/Cluster.js';
import VectorSource from 'ol/source/Vector.js';
import proj4 from 'proj4';
import { buildingStyle, clusterStyle, landStyle, selectedStyle } from './styles.ts';

export interface MapPoint {
  id: string;
  x: number;
  y: number;
  tone: 'normal' | 'late' | 'done';
}

/** A house as the ground of the map: its outline when it is known. */
export interface MapGround {
  x: number;
  y: number;
  label: string;
  outline?: { type: string; coordinates: unknown } | null;
}

export type Bbox = [number, number, number, number];

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

const CODE = 'EPSG:25832';
/* Norway with margin, in this zone */
const WORLD: Bbox = [-200_000, 6_300_000, 1_500_000, 8_100_000];
const BUILDINGS_BELOW = 15; /* metres a pixel: above it houses are dust */
const CLUSTER_PX = 44;
const CLUSTERS_ABOVE = 1; /* metres a pixel: closer than this every point stands alone */
const NEAREST_FIT = 1.5;

proj4.defs(CODE, '+proj=utm +zone=32 +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +units=m +no_defs');
register(proj4);
getProjection(CODE)?.setExtent(WORLD);

type Rings = number[][][];

function toGround(each: MapGround): Feature {
  const at = new Point([each.x, each.y]);
  const outline = each.outline?.type === 'Polygon'
    ? new MultiPolygon([each.outline.coordinates as Rings])
    : each.outline?.type === 'MultiPolygon' ? new MultiPolygon(each.outline.coordinates as Rings[]) : null;
  return new Feature({ geometry: outline ?? at, at, hasOutline: outline !== null, label: each.label });
}

function isShown(map: Map, at: [number, number]): boolean {
  const [left, bottom, right, top] = map.getView().calculateExtent(map.getSize()) as Bbox;
  const margin = (right - left) / 12;
  return at[0] > left + margin && at[0] < right - margin && at[1] > bottom + margin && at[1] < top - margin;
}

function makeMap(options: MapOptions, layers: VectorLayer[]): Map {
  return new Map({
    target: options.target,
    controls: defaultControls({
      attribution: false,
      rotate: false,
      zoomOptions: { zoomInTipLabel: options.labels.zoomIn, zoomOutTipLabel: options.labels.zoomOut },
    }).extend([new ScaleLine()]),
    layers,
    view: new View({
      projection: CODE,
      center: [600_000, 7_000_000],
      resolution: 800,
      minResolution: 0.2,
      maxResolution: 2_000,
      enableRotation: false,
      extent: WORLD,
    }),
  });
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
  const watch = new ResizeObserver(() => {
    map.updateSize();
    if (waitsForRoom) showAll();
    showMarked(); /* a pane that opened beside the map may have covered it */
  });
  watch.observe(options.target);

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
      buildings.addFeatures(list.map(toGround));
    },
    setLand(list) {
      land.clear();
      land.addFeatures(list.map(toGround));
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
    destroy() {
      watch.disconnect();
      map.setTarget(undefined);
      map.dispose();
    },
  };
}
