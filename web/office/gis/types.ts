/** A token with which a GIS program reads what its owner may. */
export interface GisToken {
  id: string;
  name: string;
  created_at: string;
  /** To the hour; null: never. */
  used_at: string | null;
  expires_at: string;
}

/** The answer that makes one: the only one that has the token itself. */
export interface MadeToken {
  token: string;
  made: Pick<GisToken, 'id' | 'name'>;
}
