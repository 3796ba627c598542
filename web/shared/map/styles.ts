/* How points and houses are drawn. Colours are those of theme.css, which a canvas cannot read as variables. */
import type { FeatureLike } from 'ol/Feature.js';
import type Point from 'ol/geom/Point.js';
import { Circle, Fill, RegularShape, Stroke, Style, Text } from 'ol/style.js';

const COLORS = { normal: '#0b6477', late: '#b3261e', done: '#5b6b70' };
const FONT = '600 13px system-ui, sans-serif';
const HOUSE = { fill: '#c3d2d2', line: '#8fa5a6' };
const LAND = { fill: '#f3f1ea', line: '#c9c5b6' };
const LABELS_BELOW = 1.2; /* metres a pixel */
const OUTLINES_BELOW = 4;

type Tone = keyof typeof COLORS;

const made = new Map<string, Style>();

function once(key: string, make: () => Style): Style {
  const style = made.get(key) ?? make();
  made.set(key, style);
  return style;
}

function dot(radius: number, color: string, text = ''): Style {
  return new Style({
    image: new Circle({ radius, fill: new Fill({ color }), stroke: new Stroke({ color: '#fff', width: 2 }) }),
    text: new Text({ text, font: FONT, fill: new Fill({ color: '#fff' }) }),
  });
}

export function landStyle(): Style {
  return once('land', () => new Style({ fill: new Fill({ color: LAND.fill }), stroke: new Stroke({ color: LAND.line, width: 1 }) }));
}

/** One point, or many as one with their number; it is red when half of them are late. */
export function clusterStyle(feature: FeatureLike): Style {
  const members: FeatureLike[] = feature.get('features') ?? [];
  const tones = members.map((each) => each.get('tone') as Tone);
  const count = members.length;
  const late = tones.filter((each) => each === 'late').length;
  const tone: Tone = late * 2 >= count ? 'late' : tones.includes('normal') ? 'normal' : 'done';
  if (count === 1) return once(tone, () => dot(8, COLORS[tone]));
  return once(`${tone} ${count}`, () => dot(Math.min(22, 12 + 2 * Math.log2(count)), COLORS[tone], String(count)));
}

export function selectedStyle(feature: FeatureLike): Style {
  const tone = feature.get('tone') as Tone;
  return once(`selected ${tone}`, () => new Style({
    image: new Circle({
      radius: 12,
      fill: new Fill({ color: COLORS[tone] }),
      stroke: new Stroke({ color: '#ffb300', width: 5 }),
    }),
  }));
}

/** Close by a house is its outline, further off a small square at its middle. */
export function buildingStyle(feature: FeatureLike, resolution: number): Style[] {
  const middle = feature.get('at') as Point;
  const side = Math.max(3, Math.min(9, 9 / Math.sqrt(resolution)));
  const hasOutline = feature.get('hasOutline') === true && resolution < OUTLINES_BELOW;
  const house = hasOutline
    ? new Style({ fill: new Fill({ color: HOUSE.fill }), stroke: new Stroke({ color: HOUSE.line, width: 1 }) })
    : new Style({
      geometry: middle,
      image: new RegularShape({
        points: 4, radius: side, angle: Math.PI / 4, fill: new Fill({ color: HOUSE.fill }), stroke: new Stroke({ color: HOUSE.line, width: 1 }),
      }),
    });
  if (resolution >= LABELS_BELOW) return [house];
  return [house, new Style({
    geometry: middle,
    text: new Text({
      text: String(feature.get('label')), font: '12px system-ui, sans-serif', offsetY: 16,
      fill: new Fill({ color: '#3c4d52' }), stroke: new Stroke({ color: '#eef4f3', width: 3 }),
    }),
  })];
}
