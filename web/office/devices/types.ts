/** One person's use of one tablet, as the office sees it. */
export interface DeviceRow {
  id: string;
  name: string;
  person_id: string;
  person_name: string | null;
  state: 'active' | 'revoked' | 'wiped';
  created_at: string;
  last_seen: string | null;
  lease_until: string | null;
  app_version: string | null;
  queue_count: number | null;
  queue_oldest: string | null;
  /** When a spent refresh token came back. */
  alert_at: string | null;
  revoked_at: string | null;
  revoked_by: string | null;
  is_lost: boolean;
  wiped_at: string | null;
  has_key: boolean;
  /** Other people's use of the same tablet. */
  others: number;
}

/** The answer that makes a code: the only one that has it. */
export interface MadeCode {
  code: string;
  link: string;
  /** An SVG. */
  qr: string;
  made: { id: string; name: string; person_name: string; expires_at: string };
}

export interface CodeState {
  used_at: string | null;
  is_expired: boolean;
}
