/* What the API says of warnings: server/register/warnings.sql. */
export const WARNING_KINDS = ['asbestos', 'dog', 'alarm', 'electric', 'fall', 'confined_space', 'violence_risk', 'other'] as const;
export type WarningKind = (typeof WARNING_KINDS)[number];

export interface Warning {
  id: string;
  kind: WarningKind;
  text: string;
  place_id: string;
  place_name: string;
  component_id: string | null;
  component_name: string | null;
  is_inherited: boolean;
  valid_from: string;
  valid_to: string | null;
  is_active: boolean;
  created_at: string;
  created_by_name: string | null;
  ended_at: string | null;
  ended_by_name: string | null;
  row_v: number;
}
