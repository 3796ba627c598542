export type Choice = 'mine' | 'theirs' | 'both' | 'value';
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type FieldValues = Record<string, { o?: Json; n?: Json }>;

export interface Counts {
  conflicts: number;
  held: number;
  quarantined: number;
}

export interface Tablet extends Counts {
  id: string;
  name: string;
  person: string | null;
  state: 'active' | 'revoked' | 'wiped';
  last_seen: string | null;
  app_version: string | null;
  /** What the tablet itself said when it was last heard from; null: it has not. */
  queue_count: number | null;
  queue_oldest: string | null;
  /** When it locks itself unless it is heard from. */
  lease_until: string | null;
}

/** What a matter is about, as far as it is there. */
export interface About {
  device_name: string | null;
  task_id: string | null;
  task_number: string | null;
  task_title: string | null;
  place_label: string | null;
}

export interface Conflict extends About {
  id: string;
  kind: 'field' | 'edit_after_delete' | 'review' | 'clock';
  severity: 'soft' | 'hard';
  state: 'open' | 'resolved';
  field: string;
  base: Json;
  mine: Json;
  theirs: Json;
  now_is: Json;
  mine_by: string | null;
  mine_at: string | null;
  theirs_by: string | null;
  theirs_at: string | null;
  chosen: Choice;
  policy: string;
  op: string | null;
  /** Of persons that the values name, by id. */
  names: Record<string, string> | null;
  note: string | null;
  resolved_value: Json;
  resolved_by: string | null;
  resolved_at: string | null;
  created_at: string;
}

export interface Held extends About {
  id: string;
  op: string;
  fields: FieldValues | null;
  person: string | null;
  captured_at: string | null;
  received_at: string;
  held_for: string | null;
  held_until: string | null;
  /** What has become of what it waits for; null: it has not come. */
  held_for_state: string | null;
}

export interface Refused extends About {
  id: string;
  /** Bytes that nobody has read. */
  is_opaque: boolean;
  op: string | null;
  fields: FieldValues | null;
  reason: string | null;
  field: string | null;
  person: string | null;
  captured_at: string | null;
  received_at: string;
  bytes: number;
  handled_as: 'applied' | 'refused' | 'closed' | 'unpacked' | null;
  handled_by: string | null;
  handled_at: string | null;
  handled_note: string | null;
}

export interface Outcome {
  mid: string;
  state: 'applied' | 'merged' | 'quarantined';
  reason?: string;
}
