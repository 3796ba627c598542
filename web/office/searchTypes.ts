/* What GET /api/v1/search answers. */
import type { CaseState, PlaceKind, TaskState } from '../shared/types.ts';

export type FoundKind = Exclude<PlaceKind, 'storey'> | 'component' | 'person' | 'case' | 'task' | 'document' | 'archive_case' | 'key';

export interface Found {
  id: string;
  kind: FoundKind;
  title: string;
  subtitle: string | null;
  path: { id: string; name: string; kind: PlaceKind }[];
  state?: CaseState | TaskState;
  /** What a document, or a case of an archive, belongs to. */
  case_id?: string | null;
  task_id?: string | null;
  component_id?: string | null;
  place_id?: string | null;
  /** The number or address that a place was found by and does not have any more. */
  former?: string | null;
  /** What of the keys it is, and its key system. */
  tbl?: 'key' | 'cylinder' | 'key_system';
  system_id?: string;
}

export interface FoundGroup {
  kind: FoundKind;
  /** More may be found than are shown. */
  total_at_least: number;
  items: Found[];
}

export interface SearchAnswer {
  groups: FoundGroup[];
  best: string | null;
}
