/* The register's shapes, as GET answers them. */
import type { CaseState, PlaceKind, TaskState } from '../../shared/types.ts';
import type { Value } from '../edits.ts';
import type { GeoPoint } from '../points.ts';

export type { PlaceKind };

export interface PlaceRef {
  id: string;
  name: string;
  kind: PlaceKind;
}

/** A line of a list of places, and a row of the tree. */
export interface PlaceItem extends PlaceRef {
  label: string;
  has_warning?: boolean;
  children?: number;
  component_count?: number;
}

export interface PlaceRow extends PlaceRef {
  label: string;
  parent_id: string | null;
  site_id: string;
  area_no: number | null;
  code?: string | null;
  warning: string | null;
  is_public?: boolean;
  is_bookable?: boolean;
  is_universal?: boolean | null;
  area_m2?: number | null;
  row_v: number;
  x: number | null;
  y: number | null;
  children: number;
  path: PlaceRef[];
  since?: string | null;
  until?: string | null;
  details?: Record<string, Value> | null;
}

export interface ComponentItem {
  id: string;
  place_id: string;
  place_label?: string;
  name: string;
  element: string | null;
  element_name: string | null;
  tag: string | null;
  maker: string | null;
  model: string | null;
  serial?: string | null;
  installed_on: string | null;
  service_life_years: number | null;
  condition_grade: Grade | null;
  quantity?: number | null;
  unit?: string | null;
  replacement_cost_ore?: number | null;
  warranty_until?: string | null;
  parent_id?: string | null;
  code: string | null;
}

export type Grade = 'TG0' | 'TG1' | 'TG2' | 'TG3' | 'TGIU';
export const GRADES: Grade[] = ['TG0', 'TG1', 'TG2', 'TG3', 'TGIU'];

export interface Part {
  id: string;
  name: string;
  tag: string | null;
}

export interface Condition {
  grade: Grade;
  consequence: number | null;
  cause: string | null;
  note: string | null;
  noted_by_name: string | null;
  noted_at: string;
}

export interface ComponentRow extends ComponentItem {
  place_label: string;
  /** Its own; null: it is where its place is. */
  geometry?: GeoPoint | null;
  site_id: string;
  serial: string | null;
  quantity: number | null;
  unit: string | null;
  replacement_cost_ore: number | null;
  warranty_until: string | null;
  row_v: number;
  x: number | null;
  y: number | null;
  parent_name?: string | null;
  parts?: Part[];
  conditions?: Condition[];
  note?: string | null;
  /** What the lenient reading of the TFM tag says; it stops nobody. */
  tag_hint?: { hint: string | null } | null;
  since?: string | null;
  until?: string | null;
}

export interface Code<K extends string | number> {
  code: K;
  name: string;
}

export interface FieldChange {
  field: string;
  old: unknown;
  new: unknown;
  old_label?: string | null;
  new_label?: string | null;
}

export interface ChangedRow {
  tbl: string;
  id: string;
  label: string | null;
  op: string;
  fields: FieldChange[];
}

export interface ChangeSet {
  xid: string;
  at: string;
  actor_name: string | null;
  op: string | null;
  note: string | null;
  valid_from: string | null;
  undoes?: string | null;
  undone_by: string | null;
  /** Rows of a program's load have no number to take back. */
  can_undo?: boolean;
  /** All rows, of which the first are told. */
  count?: number;
  rows: ChangedRow[];
}

export interface UsedBy {
  kind: string;
  count: number;
  examples: { id: string; label: string }[];
}

export type BulkTable = 'component' | 'place';

export interface BulkAnswer {
  /** Rows of the selection that are there. */
  matched?: number;
  /** Rows that differ from what is to be set. */
  count: number;
  changes: { id: string; label: string; fields: FieldChange[] }[];
  xid?: string | null;
}

export interface RelatedCase {
  id: string;
  number: string;
  title: string;
  state: CaseState;
  priority: number;
  deadline: string | null;
  place_label: string;
  created_at: string;
  done_at: string | null;
  owner_name: string | null;
}

export interface RelatedTask {
  id: string;
  number: string;
  title: string;
  state: TaskState;
  priority: number;
  planned_on: string | null;
  deadline: string | null;
  place_label: string;
  component_name: string | null;
  assignee_name: string | null;
  created_at: string;
  done_at: string | null;
  done_note: string | null;
}

export interface RelatedDocument {
  id: string;
  title: string;
  file_name: string | null;
  mime: string | null;
  size: number | null;
  sha256: string | null;
  archive_ref: string | null;
  place_label: string | null;
  component_name: string | null;
  doc_date: string | null;
  created_at: string;
}
