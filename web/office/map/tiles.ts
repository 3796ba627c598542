/* The register's vector tiles and how each of their layers is drawn. */
import type { FeatureLike } from 'ol/Feature.js';
import MVT from 'ol/format/MVT.js';
import VectorTileLayer from 'ol/layer/VectorTile.js';
import VectorTileSource from 'ol/source/VectorTile.js';
import { Circle, Fill, RegularShape, Stroke, Style, Text } from 'ol/style.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import { createXYZ } from 'ol/tilegrid.js';
import { type Crs, UTM32 } from '../../shared/map/projections.ts';
import { GRADE_COLORS, GRADE_EDGE, GRADE_EDGES, type Grade, LAYERS, type LayerName, SHOWN_BELOW, TONE_COLORS, type WorkTone, isGrade, isLayer, toneOf } from './layers.ts';

/** The national grid of zone 32, which Kartverket's cache has too. */
export const UTM32_GRID = { origin: [-2_000_000, 9_045_984], resolution: 21_664 };
/* Closer than this the same tile is drawn larger. At these zooms components are no longer counted but stand one by one. */
const TILES_TO = { utm32n: 16, WebMercatorQuad: 18 };
const FONT = '12px system-ui, sans-serif';
const LABELS_BELOW = 0.9; /* metres a pixel */
const SELECTED = '#ffb300';
const COMPONENT = '#4a5f8a';
const AREAS: Record<'property' | 'outdoor_area' | 'building', { fill: string; line: string }> = {
  property: { fill: 'rgba(255, 255, 255, 0.05)', line: '#8a5a00' },
  outdoor_area: { fill: 'rgba(146, 186, 140, 0.45)', line: '#4d7f46' },
  building: { fill: 'rgba(168, 190, 192, 0.9)', line: '#4f6b6e' },
};

export function utm32Grid(levels: number): TileGrid {
  return new TileGrid({
    origin: UTM32_GRID.origin,
    resolutions: Array.from({ length: levels }, (_, z) => UTM32_GRID.resolution / 2 ** z),
    tileSize: 256,
  });
}

export function makeTiles(crs: Crs, shown: LayerName[]): VectorTileSource {
  const grid = crs === UTM32 ? 'utm32n' : 'WebMercatorQuad';
  const names = LAYERS.filter((layer) => shown.includes(layer)).join(',');
  return new VectorTileSource({
    format: new MVT(),
    projection: crs,
    tileGrid: crs === UTM32 ? utm32Grid(TILES_TO.utm32n + 1) : createXYZ({ maxZoom: TILES_TO.WebMercatorQuad, tileSize: 256 }),
    url: names ? `/api/v1/tiles/${grid}/{z}/{x}/{y}?layers=${names}` : '',
  });
}

export interface Look {
  byCondition: boolean;
  selected: ReadonlySet<string>;
  /** Units of the projection a metre on the ground is. */
  stretch: number;
}

const made = new Map<string, Style[]>();

function once(key: string, make: () => Style[]): Style[] {
  const styles = made.get(key) ?? make();
  made.set(key, styles);
  return styles;
}

function label(text: string, offsetY = 0): Style {
  return new Style({
    zIndex: 10, /* what has a higher one is placed first, and a name gives way to it */
    text: new Text({
      text, font: FONT, offsetY, overflow: true, fill: new Fill({ color: '#22343a' }), stroke: new Stroke({ color: '#ffffff', width: 3 }),
    }),
  });
}

function gradeOf(feature: FeatureLike, look: Look): Grade | null {
  const grade: unknown = look.byCondition ? feature.get('condition') : null;
  return isGrade(grade) ? grade : null;
}

function area(layer: 'property' | 'outdoor_area' | 'building', grade: Grade | null, isSelected: boolean, isPoint: boolean): Style[] {
  const fill = new Fill({ color: grade ? GRADE_COLORS[grade] : AREAS[layer].fill });
  const edge = grade && GRADE_EDGES[grade];
  const line = isSelected ? new Stroke({ color: SELECTED, width: 4 })
    : edge ? new Stroke({ color: GRADE_EDGE, width: edge.width, lineDash: edge.dash })
    : new Stroke({ color: AREAS[layer].line, width: layer === 'property' ? 1.5 : 1, lineDash: layer === 'property' ? [8, 4] : [] });
  const zIndex = LAYERS.indexOf(layer) + (isSelected ? 40 : 0);
  return isPoint
    ? [new Style({ zIndex, image: new RegularShape({ points: 4, radius: isSelected ? 9 : 6, angle: Math.PI / 4, fill, stroke: line, declutterMode: 'obstacle' }) })]
    : [new Style({ zIndex, fill, stroke: line })];
}

function dot(grade: Grade | null, isSelected: boolean): Style[] {
  return [new Style({
    zIndex: isSelected ? 60 : 30,
    image: new RegularShape({
      points: 4, radius: isSelected ? 9 : 6, declutterMode: 'obstacle',
      fill: new Fill({ color: grade ? GRADE_COLORS[grade] : COMPONENT }),
      stroke: new Stroke({ color: isSelected ? SELECTED : '#ffffff', width: isSelected ? 3 : 1.5 }),
    }),
  })];
}

/** Tasks are round and lie to the left, cases are triangles to the right; late ones have an exclamation mark and lie on top. */
export function work(kind: 'task' | 'case', tone: WorkTone, isSelected: boolean): Style[] {
  const fill = new Fill({ color: TONE_COLORS[tone] });
  const stroke = new Stroke({ color: isSelected ? SELECTED : '#ffffff', width: isSelected ? 4 : 2 });
  const displacement = [kind === 'task' ? -8 : 8, 0];
  return [new Style({
    zIndex: 50 + (tone === 'late' ? 5 : tone === 'ended' ? -5 : 0) + (isSelected ? 20 : 0),
    image: kind === 'task'
      ? new Circle({ radius: 8, fill, stroke, displacement, declutterMode: 'obstacle' })
      : new RegularShape({ points: 3, radius: 11, fill, stroke, displacement, declutterMode: 'obstacle' }),
    text: tone === 'late'
      ? new Text({ text: '!', font: '700 12px system-ui, sans-serif', fill: new Fill({ color: '#ffffff' }), offsetX: displacement[0], offsetY: kind === 'task' ? 1 : 2, declutterMode: 'none' })
      : undefined,
  })];
}

/** Many in one place, or too many to draw: their number, with what is worst among them. */
function counted(layer: LayerName, feature: FeatureLike, look: Look): Style[] {
  const n = Number(feature.get('count'));
  const late = Number(feature.get('late') ?? 0);
  const grade = gradeOf(feature, look);
  const color = grade ? GRADE_COLORS[grade]
    : layer === 'component' ? COMPONENT : layer === 'building' ? AREAS.building.line : TONE_COLORS[late > 0 ? 'late' : 'open'];
  const text = n < 1000 ? String(n) : `${Math.round(n / 100) / 10}k`;
  const radius = Math.min(20, 9 + 2 * Math.log10(n + 1) * 2);
  const isWork = layer === 'task' || layer === 'case';
  const displacement = isWork ? [layer === 'task' ? -radius : radius, 0] : layer === 'component' ? [0, -radius] : [0, 0];
  return once(`${layer} ${text} ${color} ${late > 0}`, () => [new Style({
    zIndex: isWork ? 45 : 25,
    image: layer === 'case'
      ? new RegularShape({ points: 3, radius: radius * 1.35, fill: new Fill({ color }), stroke: new Stroke({ color: '#ffffff', width: 2 }), displacement, declutterMode: 'obstacle' })
      : layer === 'task'
        ? new Circle({ radius, fill: new Fill({ color }), stroke: new Stroke({ color: '#ffffff', width: 2 }), displacement, declutterMode: 'obstacle' })
        : new RegularShape({
          points: 4, radius: radius * 1.2, angle: layer === 'building' ? Math.PI / 4 : 0, fill: new Fill({ color }), stroke: new Stroke({ color: '#ffffff', width: 2 }), displacement,
          declutterMode: 'obstacle',
        }),
    text: new Text({
      text: late > 0 ? `${text}!` : text, font: '600 11px system-ui, sans-serif', fill: new Fill({ color: '#ffffff' }), declutterMode: 'none',
      offsetX: displacement[0], offsetY: -displacement[1]! + (layer === 'case' ? 4 : 0),
    }),
  })]);
}

function isPoint(feature: FeatureLike): boolean {
  const type = feature.getGeometry()?.getType();
  return type === 'Point' || type === 'MultiPoint';
}

function symbol(layer: LayerName, feature: FeatureLike, look: Look): Style[] {
  const isSelected = look.selected.has(String(feature.get('id')));
  const chosen = isSelected ? 's' : '';
  if (layer === 'task' || layer === 'case') {
    const tone = toneOf(String(feature.get('state')), feature.get('is_late') === true);
    return once(`${layer} ${tone} ${chosen}`, () => work(layer, tone, isSelected));
  }
  const grade = gradeOf(feature, look);
  if (layer === 'component') return once(`component ${grade} ${chosen}`, () => dot(grade, isSelected));
  const point = isPoint(feature);
  return once(`${layer} ${grade} ${chosen} ${point}`, () => area(layer, grade, isSelected, point));
}

export function styleOf(feature: FeatureLike, resolution: number, look: Look): Style[] {
  const name = String(feature.get('layer'));
  if (!isLayer(name)) return [];
  const metres = resolution / look.stretch;
  if (metres > SHOWN_BELOW[name]) return [];
  if (feature.get('count') != null) return counted(name, feature, look);
  const styles = symbol(name, feature, look);
  if (metres > LABELS_BELOW || name === 'task' || name === 'case') return styles;
  const grade = gradeOf(feature, look);
  const text = [feature.get('label'), grade].filter(Boolean).join('\n');
  return text ? [...styles, label(String(text), isPoint(feature) ? 16 : 0)] : styles;
}

export function makeTileLayer(look: () => Look): VectorTileLayer {
  return new VectorTileLayer({
    declutter: true,
    renderMode: 'hybrid',
    renderBuffer: 128,
    style: (feature, resolution) => styleOf(feature, resolution, look()),
  });
}
