/* The map others have made that ours lies on: the municipality's own, or Kartverket's. */
import type TileLayer from 'ol/layer/Tile.js';
import Tile from 'ol/layer/Tile.js';
import type UrlTile from 'ol/source/UrlTile.js';
import TileWMS from 'ol/source/TileWMS.js';
import XYZ from 'ol/source/XYZ.js';
import { type Crs, MERCATOR, UTM32 } from '../../shared/map/projections.ts';
import type { Background } from './types.ts';
import { utm32Grid } from './tiles.ts';

const LEVELS = 19;
/* So many tiles failing, with none that came, and it does not answer. */
const FAILURES = 3;

function makeSource(background: Background, crs: Crs): UrlTile {
  if (background.type === 'wms')
    return new TileWMS({ url: background.url, params: { LAYERS: background.layer, FORMAT: 'image/png' }, projection: crs });
  const sets = background.matrix_sets;
  const first = crs === UTM32 ? sets['25832'] : sets['3857'];
  const drawn: Crs = first ? crs : crs === UTM32 ? MERCATOR : UTM32;
  const set = first ?? sets['25832'] ?? sets['3857'] ?? '';
  return new XYZ({
    url: background.url.replaceAll('{layer}', encodeURIComponent(background.layer)).replaceAll('{matrix_set}', encodeURIComponent(set)),
    projection: drawn,
    ...(drawn === UTM32 ? { tileGrid: utm32Grid(LEVELS) } : { maxZoom: LEVELS - 1 }),
  });
}

/** The layer; `told` hears whether it answers, each time that changes. */
export function makeBackground(background: Background, crs: Crs, told: (answers: boolean) => void): TileLayer {
  const source = makeSource(background, crs);
  const layer: TileLayer = new Tile({ source });
  let failures = 0;
  let answers: boolean | null = null;
  source.on('tileloadend', () => {
    failures = 0;
    if (answers !== true) told((answers = true));
  });
  source.on('tileloaderror', () => {
    if (answers !== false && ++failures >= FAILURES) told((answers = false));
  });
  return layer;
}
