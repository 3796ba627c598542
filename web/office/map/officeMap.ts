/* The office's map. Loaded when shown. Coordinates in and out are metres in EPSG:25832, resolutions metres on the ground a
 * pixel, whatever projection it is drawn in. Another projection is another map. */
import Feature from 'ol/Feature.js';
import type { FeatureLike } from 'ol/Feature.js';
import type OlMap from 'ol/Map.js';
import Point from 'ol/geom/Point.js';
import VectorLayer from 'ol/layer/Vector.js';
import type TileLayer from 'ol/layer/Tile.js';
import VectorSource from 'ol/source/Vector.js';
import { type BaseMapOptions, type MapGround, followSize, makeMap, toGround } from '../../shared/map/baseMap.ts';
import { type Bbox, type Crs, bboxToCrs, fromCrs, stretchAt, toCrs } from '../../shared/map/projections.ts';
import { landStyle } from '../../shared/map/styles.ts';
import { makeBackground } from './background.ts';
import { type DrawHandle, type Xy, makeDrawing } from './drawing.ts';
import { type LayerName, isGrade, isLayer } from './layers.ts';
import { type Drawn, makePlanLayer, markStyle, roomFeatures, roomStyle } from './planLayer.ts';
import { type Look, makeTileLayer, makeTiles } from './tiles.ts';
import type { Background, Room, Thing } from './types.ts';

export interface OfficeMapOptions extends BaseMapOptions {
  crs: Crs;
  /** It came to rest. */
  onRest?(centre: Xy, resolution: number): void;
  onPointer?(at: Xy | null): void;
  /** Something was pressed, or nothing; `isMore` with the shift key. */
  onPick?(things: Thing[], isMore: boolean, at: Xy): void;
  onBackground?(answers: boolean): void;
}

export interface OfficeMapHandle {
  setShown(layers: LayerName[], byCondition: boolean): void;
  setSelected(ids: ReadonlySet<string>): void;
  setBackground(background: Background | null): void;
  setLand(land: MapGround[]): void;
  setPlans(plans: Drawn[]): void;
  setRooms(rooms: Room[]): void;
  /** Numbered points. */
  setMarks(points: Xy[]): void;
  middle(): Xy;
  moveTo(centre: Xy, resolution?: number): void;
  fit(bbox: Bbox): void;
  /** What is in view, as a ring. */
  view(): Xy[];
  /** Reads the tiles anew: something has changed. */
  refresh(): void;
  drawing: DrawHandle;
  /** Tells when everything asked for is drawn. */
  whenDrawn(): Promise<void>;
  destroy(): void;
}

const FIT_NEAREST = 0.15;
const TOUCH_PX = 6;
const DRAWN_WAIT_MS = 15_000;

function toThing(feature: FeatureLike, at: Xy): Thing | null {
  const layer = String(feature.get('layer'));
  const id: unknown = feature.get('id');
  if (!isLayer(layer) || typeof id !== 'string') return null;
  const grade: unknown = feature.get('condition');
  return {
    kind: layer,
    id,
    label: String(feature.get('label') ?? ''),
    state: typeof feature.get('state') === 'string' ? (feature.get('state') as string) : null,
    is_late: feature.get('is_late') === true,
    grade: isGrade(grade) ? grade : null,
    x: at[0],
    y: at[1],
  };
}

function listen(map: OlMap, tiles: ReturnType<typeof makeTileLayer>, options: OfficeMapOptions): void {
  const { crs } = options;
  const view = map.getView();
  map.on('moveend', () => {
    const centre = fromCrs(view.getCenter() ?? [0, 0], crs);
    options.onRest?.(centre, (view.getResolution() ?? 1) / stretchAt(centre, crs));
  });
  map.on('pointermove', (event) => options.onPointer?.(fromCrs(event.coordinate, crs)));
  options.target.addEventListener('pointerleave', () => options.onPointer?.(null));
  map.on('singleclick', (event) => {
    const at = fromCrs(event.coordinate, crs);
    const found = map.getFeaturesAtPixel(event.pixel, { layerFilter: (layer) => layer === tiles, hitTolerance: TOUCH_PX });
    const things = found.map((feature) => toThing(feature, at)).filter((thing) => thing !== null);
    const once = things.filter((thing, i) => things.findIndex((other) => other.id === thing.id) === i);
    options.onPick?.(once, event.originalEvent instanceof MouseEvent && event.originalEvent.shiftKey, at);
  });
}

export function createOfficeMap(options: OfficeMapOptions): OfficeMapHandle {
  const { crs } = options;
  const look: Look = { byCondition: false, selected: new Set(), stretch: stretchAt(options.centre ?? [600_000, 7_000_000], crs) };
  const land = new VectorSource();
  const rooms = new VectorSource();
  const tiles = makeTileLayer(() => look);
  const roomLayer = new VectorLayer({ source: rooms, style: (feature, resolution) => roomStyle(feature, resolution / look.stretch), declutter: true });
  const map = makeMap(options, [new VectorLayer({ source: land, style: landStyle }), tiles, roomLayer]);
  const view = map.getView();
  const { layer, handle: drawing } = makeDrawing(map, crs);
  const marks = new VectorSource();
  map.addLayer(layer);
  map.addLayer(new VectorLayer({ source: marks, style: markStyle }));
  if (!options.forPrint) listen(map, tiles, options);
  const destroy = followSize(map, options.target);

  let background: TileLayer | null = null;
  let plans: ReturnType<typeof makePlanLayer>[] = [];
  let shown = '';
  let names: LayerName[] = [];

  return {
    setShown(layers, byCondition) {
      look.byCondition = byCondition;
      names = layers;
      if (shown === layers.join()) tiles.changed();
      else tiles.setSource(layers.length ? makeTiles(crs, layers) : null);
      shown = layers.join();
    },
    setSelected(ids) {
      look.selected = ids;
      tiles.changed();
    },
    setBackground(next) {
      if (background) map.removeLayer(background);
      background = next && next.type !== 'none' ? makeBackground(next, crs, (answers) => {
        background?.setVisible(answers);
        options.onBackground?.(answers);
      }) : null;
      if (background) map.getLayers().insertAt(1, background);
    },
    setLand(list) {
      land.clear();
      land.addFeatures(list.map((each) => toGround(each, crs)));
    },
    setPlans(list) {
      for (const plan of plans) map.removeLayer(plan);
      plans = list.map(makePlanLayer);
      const under = map.getLayers().getArray().indexOf(roomLayer);
      for (const plan of plans) map.getLayers().insertAt(under, plan);
    },
    setRooms(list) {
      rooms.clear();
      rooms.addFeatures(roomFeatures(list, crs));
    },
    setMarks(points) {
      marks.clear();
      marks.addFeatures(points.map((at, i) => new Feature({ geometry: new Point(toCrs(at, crs)), label: String(i + 1) })));
    },
    middle: () => fromCrs(view.getCenter() ?? [0, 0], crs),
    moveTo(centre, resolution) {
      view.setCenter(toCrs(centre, crs));
      if (resolution) view.setResolution(resolution * stretchAt(centre, crs));
    },
    fit(bbox) {
      view.fit(bboxToCrs(bbox, crs), { padding: [40, 40, 40, 40], minResolution: FIT_NEAREST * look.stretch });
    },
    view() {
      const [left, bottom, right, top] = view.calculateExtent(map.getSize()) as Bbox;
      return [[left, bottom], [right, bottom], [right, top], [left, top]].map((xy) => fromCrs(xy, crs));
    },
    refresh() {
      if (names.length) tiles.getSource()?.refresh();
    },
    drawing,
    whenDrawn: () => new Promise((done) => {
      const timer = setTimeout(done, DRAWN_WAIT_MS);
      map.once('rendercomplete', () => {
        clearTimeout(timer);
        done();
      });
      map.render();
    }),
    destroy,
  };
}

