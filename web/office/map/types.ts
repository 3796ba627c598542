/* What the API answers the map with. */
import type { Grade, LayerName } from './layers.ts';

/** Metres in EPSG:25832, or a drawing's own units. */
export type Xy = [number, number];

export interface Background {
  type: 'wmts' | 'wms' | 'none';
  /** Of a WMTS with {layer}, {matrix_set}, {z}, {x}, {y}; of a WMS without its parameters. */
  url: string;
  layer: string;
  /** Of a WMTS: its name for the grid in each projection; one it does not have is drawn from the other. */
  matrix_sets: { '25832'?: string | null; '3857'?: string | null };
  attribution: string;
}

export interface MapSettings extends Background {
  /** What the server's configuration lets the pages ask. */
  hosts: string[];
  may_change: boolean;
}

/** Something on the map. */
export interface Thing {
  kind: LayerName;
  id: string;
  label: string;
  state: string | null;
  is_late: boolean;
  grade: Grade | null;
  x: number;
  y: number;
}

export interface Selection {
  items: (Thing & { total: number })[];
}

export type PlanKind = 'image' | 'pdf' | 'dxf';

export interface FloorPlan {
  id: string;
  storey_id: string;
  kind: PlanKind;
  title: string;
  sha256: string;
  page: number;
  width: number;
  height: number;
  transform: [number, number, number, number, number, number];
  control_points: { drawing: [number, number]; map: [number, number] }[];
  opacity: number;
  valid_from: string | null;
  created_at: string;
  row_v: number;
}

export interface Room {
  id: string;
  name: string;
  kind: 'room' | 'dwelling';
  geometry: { type: 'Polygon' | 'MultiPolygon'; coordinates: unknown } | null;
  area_m2: number | null;
  components: { id: string; name: string; grade: Grade | null; x: number; y: number }[];
}

export interface DxfRoom {
  name: string;
  layer: string;
  area_m2: number;
  ring: [number, number][];
}

export interface DxfPreview {
  layers: { name: string; rooms: number }[];
  /** Metres a unit of the drawing is, when the file says so. */
  unit_m: number | null;
  skipped: number;
  made: number;
  rooms: DxfRoom[];
}
