/* What a map shows, in its address: so that a view can be sent to somebody, and comes back with the back button. */
import type { QueryPatch } from '../../shared/useQuery.ts';
import { LAYERS, type LayerName, STANDARD, isLayer } from './layers.ts';

export type CrsName = '25832' | '3857';

export interface MapState {
  /** Metres in EPSG:25832; null: nowhere in particular. */
  centre: [number, number] | null;
  /** Metres on the ground a pixel. */
  resolution: number;
  crs: CrsName;
  layers: LayerName[];
  byCondition: boolean;
}

export type Remembered = Pick<MapState, 'crs' | 'layers' | 'byCondition'>;

const RESOLUTION = { standard: 4, min: 0.05, max: 2000 };
/* Metres: what can be in zone 32 at all. */
const X = { min: -1_000_000, max: 2_000_000 };
const Y = { min: 5_500_000, max: 9_500_000 };

export const FIRST: Remembered = { crs: '25832', layers: STANDARD, byCondition: false };

/** A number between bounds, null when it is none. */
function numberIn(text: string | undefined, min: number, max: number): number | null {
  if (!text || !/^-?\d{1,8}(\.\d{1,6})?$/.test(text)) return null;
  const value = Number(text);
  return value >= min && value <= max ? value : null;
}

function layersOf(text: string): LayerName[] {
  const names = text.split(',');
  return LAYERS.filter((layer) => names.includes(layer));
}

/** Whatever is wrong in an address is as if it were not there. */
export function stateOf(address: URLSearchParams, remembered: Remembered = FIRST): MapState {
  const [x, y] = (address.get('c') ?? '').split(',').map((part, i) => numberIn(part, i ? Y.min : X.min, i ? Y.max : X.max));
  const layers = address.get('layers');
  const crs = address.get('crs');
  return {
    centre: x == null || y == null ? null : [x, y],
    resolution: numberIn(address.get('r') ?? undefined, RESOLUTION.min, RESOLUTION.max) ?? RESOLUTION.standard,
    crs: crs === '3857' || crs === '25832' ? crs : remembered.crs,
    layers: layers === null ? remembered.layers : layersOf(layers),
    byCondition: address.has('tg') ? address.get('tg') === '1' : remembered.byCondition,
  };
}

export function movedTo(centre: [number, number], resolution: number): QueryPatch {
  return { c: centre.map((value) => value.toFixed(1)).join(','), r: String(Number(resolution.toPrecision(4))) };
}

/** No layer at all is a choice too: «-». */
export function shownAs(state: Pick<MapState, 'layers' | 'byCondition' | 'crs'>): QueryPatch {
  return {
    layers: LAYERS.filter((layer) => state.layers.includes(layer)).join(',') || '-',
    tg: state.byCondition ? '1' : '0',
    crs: state.crs,
  };
}

/** What was chosen last on this machine, out of what a store held. */
export function rememberedOf(text: string | null): Remembered {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<Record<keyof Remembered, unknown>> | null;
    return {
      crs: kept?.crs === '3857' ? '3857' : '25832',
      layers: Array.isArray(kept?.layers) ? kept.layers.filter((name): name is LayerName => typeof name === 'string' && isLayer(name)) : STANDARD,
      byCondition: kept?.byCondition === true,
    };
  } catch {
    return FIRST;
  }
}
