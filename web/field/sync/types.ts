// The shapes of docs/sync-protocol.md § 3.3 and § 3.4, and of what the tablet keeps.

import type { Lease } from './device.ts';

/** The object is what was drawn over a photo. */
export type Value = string | number | boolean | null | { [part: string]: unknown };
export type Fields = Record<string, Value>;

/** What goes over the wire for one change. Never altered after it is recorded. */
export interface Mutation {
  seq: number;
  mid: string;
  grp: string;
  op: string;
  row: { t: string; id: string };
  base_v?: number;
  set: Record<string, { o: Value; n: Value }>;
  captured_at: string;
  by: string;
  needs: string[];
  att: string[];
}

/** A field on which the office and the tablet disagreed. Nothing said is thrown away. */
export interface Conflict {
  id: string;
  field: string;
  base: Value;
  mine: Value;
  theirs: Value;
  theirs_by: string | null;
  theirs_at: string | null;
  chosen: string;
  policy: string;
  /** hard: open until a person at the office has looked. */
  severity?: 'soft' | 'hard';
  kind?: 'field' | 'edit_after_delete' | 'review' | 'clock';
}

export type FinalState = 'applied' | 'merged' | 'held' | 'quarantined';

export interface MutationResult {
  seq: number;
  mid: string;
  state: FinalState | 'retry';
  v?: number;
  reason?: string;
  /** The field at fault, of what was refused. */
  field?: string;
  /** Of what is held: the mutation that it waits for. */
  held_for?: string;
  /** By how many seconds this tablet's clock is fast, when by more than five minutes. */
  skew_s?: number;
  conflicts?: Conflict[];
  att_missing?: string[];
  replay?: boolean;
  after_s?: number;
}

export interface PushAnswer {
  now?: string;
  acked_through?: number;
  results: MutationResult[];
}

export interface PulledRow {
  b: string;
  t: string;
  id: string;
  v?: number;
  d?: Fields & { result?: unknown };
  x?: number;
}

/** How many rows, and the sum of their hashes as 16 hex digits. */
export type Digest = [number, string];

export interface PullAnswer {
  epoch: string;
  now?: string;
  scope?: { h: string; add?: { bucket: string; snapshot?: string }[]; drop?: string[] };
  rows: PulledRow[];
  cursor: string;
  more: boolean;
  complete: boolean;
  /** What the tablet should hold now, by bucket; when it asked. */
  digests?: Record<string, Digest>;
  next_poll_s?: number;
  /** How long the tablet may go unheard; told when it has not been heard for a minute. */
  lease?: Lease;
}

/** waiting: not sent. sent: sent, no answer seen. The rest is what the server said. */
export type EntryState = 'waiting' | 'sent' | FinalState;

/** One line of the outbox. `n` is the local order; `mutation` is what is sent. */
export interface OutboxEntry {
  n: number;
  mid: string;
  device: string;
  row_key: string;
  mutation: Mutation;
  /** What a person recognises it by, kept here so that it survives a lost scope. */
  label: string;
  state: EntryState;
  result: MutationResult | null;
  /** Why it cannot be sent as it is (the server cannot read it); it is kept and tried again. */
  stuck: string | null;
  final_at: string | null;
  /** When its mutation row came back in a pull, and in which epoch. */
  seen_at: string | null;
  seen_epoch: string | null;
  /** Conflicts that are dealt with, here or at the office, by conflict id. */
  settled: Record<string, 'accepted' | 'restored' | 'office'>;
  /** 1 while it overlays the server's rows, 0 when the server's rows hold its effect. */
  overlay: 0 | 1;
}

/** A row as the server last told it. */
export interface StoredRow {
  key: string;
  t: string;
  id: string;
  v: number;
  d: Fields;
  buckets: string[];
  /** `t:parent`, so that children are found without a scan. */
  up: string;
  /** What the tag on a place or component says, when it has one. */
  code?: string;
}

/** The same as stores keep it: `text` is `d` as JSON. */
export interface PackedRow extends Omit<StoredRow, 'd'> {
  text: string;
}

export interface StoredPhoto {
  sha256: string;
  blob: Blob;
  mime: string;
  captured_at: string;
  state: 'waiting' | 'uploaded' | 'refused';
  uploaded_at: string | null;
  /** Where on the server the bytes that got through lie, while they are not all there. */
  upload_url?: string | null;
  /** Whose it is, as the outbox's entries say it; not said by what an earlier version kept. */
  device?: string;
}

/** What is kept aside until its window is whole, as it came: a page, or a whole file. */
export interface StagedPage {
  n: number;
  /** The rows so far are to be forgotten before this is applied. */
  reset: boolean;
  /** A page: the answer as JSON. */
  text?: string;
  file?: StagedFile;
}

/** A snapshot file whose parts are kept: which rows are in them, in the order of their keys. */
export interface KeptFile {
  etag: string;
  buckets: string[];
  /** The first row of each part. */
  froms: string[];
  /** How many rows each part has; 0 when it is no longer here. */
  rows: number[];
}

/** A whole file as it came; where each part begins in it, and where the last one ends. */
export interface StagedFile extends KeptFile {
  ats: number[];
  bytes: Uint8Array;
}

/** Part of a file, packed. */
export interface KeptPart {
  key: string;
  bytes: Uint8Array;
}

/** An answer being written, not yet a fact. */
export interface Draft {
  task: string;
  answers: Record<string, { value: string | null; is_ok: boolean | null; note?: string | null }>;
  note: string;
}

export interface MetaEntry {
  key: string;
  value: unknown;
}

export interface Tables {
  rows: StoredRow;
  outbox: OutboxEntry;
  photos: StoredPhoto;
  staged: StagedPage;
  files: KeptFile;
  parts: KeptPart;
  drafts: Draft;
  meta: MetaEntry;
}

export type TableName = keyof Tables;
export type Key = string | number;

export function rowKey(t: string, id: string): string {
  return `${t}:${id}`;
}
