/* The API's shapes of importing (importers/api.c). */

export interface ProfileColumn {
  name: string;
  is_required: boolean;
}

export interface Profile {
  name: string;
  title: string;
  about: string;
  formats: string;
  is_positional: boolean;
  needs_municipality: boolean;
  takes_files: boolean;
  columns: ProfileColumn[];
}

export interface Counted {
  count: number;
  text: string;
}

export interface FileColumn {
  /** Null: the file has no header row, and columns are known by their place. */
  header: string | null;
  name: string | null;
  /** What the header calls it, when `name` goes by its place. */
  told?: string;
}

interface Notes {
  format: string;
  encoding: string;
  layers_not_read: string;
  hidden_columns: string;
  unused: string;
  outside: string;
  blank: number;
}

/** Columns of the profile and the headers that they have in the file. */
export type Mapping = Record<string, string>;

export interface Look extends Notes {
  total: number;
  has_header: boolean;
  /** XML or JSON: headers are paths, or the columns' own names for where the profile says. */
  is_tree: boolean;
  may_choose: boolean;
  fault: string | null;
  columns: FileColumn[];
  missing: string[];
  doubled: string[];
  faults: (Counted & { lines: number[] })[];
  marks: (Counted & { lines: number[] })[];
  rows: { line: number; cells: string[] }[];
  earlier: Mapping | null;
  suggestions?: { profile: string; score: number; found: number; missing: number }[];
}

export interface Report extends Notes {
  read: number;
  landed: number;
  updated: number;
  unchanged: number;
  rejected: number;
  queued: number;
  landed_in: Counted[];
  flags: Counted[];
  reasons: Counted[];
  queue_reasons: Counted[];
  columns: FileColumn[];
  /** Only when files were sent beside the export. */
  files_taken?: number;
  files_missing?: number;
  has_rejects: boolean;
  seconds: number;
}

export type RunState = 'waiting' | 'running' | 'done' | 'failed' | 'broken' | 'cancelled' | 'undone';

/** A file of the export; without a path an archive of them. */
export interface ExportFile {
  name: string;
  size: number;
  sha256: string;
  path?: string;
}

export interface RunItem {
  id: string;
  batch_id: string | null;
  profile: string;
  file_name: string;
  is_dry_run: boolean;
  is_settled: boolean;
  state: RunState;
  /** Null: the command, or somebody whose name is not for everybody. */
  by: string | null;
  created_at: string;
  rows_read: number | null;
  landed: number | null;
  updated: number | null;
  unchanged: number | null;
  rejected: number | null;
  queued: number | null;
  undone_at: string | null;
  undone_by: string | null;
}

export interface Run extends RunItem {
  size: number;
  mapping: Mapping | null;
  step: string | null;
  rows_so_far: number;
  bytes_so_far: number;
  seconds: number;
  cancelled_at: string | null;
  cancelled_by: string | null;
  files: number | null;
  report: Report | null;
  fault: string | null;
}

export interface ChangedRow {
  tbl: string;
  line: number | null;
  label: string | null;
  by: string | null;
  at: string;
  is_person: boolean;
}

export interface Candidate {
  tbl: string;
  id: string;
  label: string;
  score: number;
}

export interface QueueItem {
  id: string;
  source: string;
  profile: string;
  key: string;
  file_name: string;
  line: number;
  reason: string;
  raw: Record<string, string>;
  candidates: Candidate[];
  rows: number;
}

export interface SettledRows {
  profile: string;
  rows: number;
}

export const hasEnded = (state: RunState): boolean => state !== 'waiting' && state !== 'running';
