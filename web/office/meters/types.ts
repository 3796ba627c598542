/* What the API says of meters: server/register/meters.sql. */
export const METER_KINDS = ['electricity', 'heat', 'cooling', 'water', 'hot_water', 'gas', 'oil', 'solar'] as const;
export type MeterKind = (typeof METER_KINDS)[number];
export type Flag = 'negative_step' | 'rollover' | 'too_high' | 'duplicate' | 'future' | 'outside_life';
export type ReadingState = 'ok' | 'flagged' | 'accepted' | 'superseded';

export interface MeterItem {
  id: string;
  place_id: string;
  place_label: string;
  kind: MeterKind;
  unit: string;
  serial: string;
  name: string | null;
  digits: number | null;
  installed_on: string;
  removed_on: string | null;
  last_value: number | null;
  last_at: string | null;
  flagged: number;
  row_v: number;
}

export interface MeterDetails {
  id: string;
  place_id: string;
  place_label: string;
  component_name: string | null;
  kind: MeterKind;
  unit: string;
  serial: string;
  name: string | null;
  digits: number | null;
  factor: number;
  heat_share: number;
  station_used: string | null;
  installed_on: string;
  removed_on: string | null;
  replaces: string | null;
  replaces_serial: string | null;
  replaced_by: string | null;
  row_v: number;
}

export interface FlagFacts {
  previous?: number;
  previous_at?: string;
  next?: number;
  next_at?: string;
  per_day?: number;
  normal_per_day?: number;
  normal_from?: 'season' | 'median';
}

export interface Reading {
  id: string;
  at: string;
  value: number;
  source: 'manual' | 'tenant' | 'file' | 'tablet' | 'automatic' | 'install' | 'removal';
  by_name: string | null;
  note: string | null;
  flags: Flag[];
  flag_facts: FlagFacts;
  state: ReadingState;
  superseded_by: string | null;
}

export interface FlaggedReading extends Omit<Reading, 'state' | 'superseded_by'> {
  meter_id: string;
  serial: string;
  kind: MeterKind;
  unit: string;
  place_id: string;
  place_label: string;
}

export interface TakenReading {
  id: string;
  value: number;
  flags: Flag[];
  state: ReadingState;
}

export interface Period {
  start: string;
  used: number | null;
  per_day: number | null;
  /** How much of the period readings cover, 0 to 1. */
  covered: number;
  degree_days: number | null;
  normal_degree_days: number | null;
  corrected: number | null;
}

export interface Consumption {
  id: string;
  kind: MeterKind;
  unit: string;
  heat_share: number;
  by: 'day' | 'month';
  station: string | null;
  periods: Period[];
}

export interface Reject {
  line: number;
  text: string;
  reason: string;
}

export interface TakenFile {
  taken: number;
  flagged?: number;
  rejects: Reject[];
}
