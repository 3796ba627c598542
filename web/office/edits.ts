/* Edits lie over the server's row until saved. Others may change the row meanwhile: fields that only they touched follow
 * along, and a field that both changed to different values is a conflict, which a person settles. */

export type Value = string | number | boolean | null;
export type Values = Record<string, Value>;

export interface Edit {
  /** The server's value when the edit was begun, or when the conflict was last settled. */
  base: Value;
  mine: Value;
}

export type Edits = Record<string, Edit>;

export function shown(edits: Edits, row: Values, field: string): Value {
  return edits[field]?.mine ?? (field in edits ? null : (row[field] ?? null));
}

/** An edit back to the server's value is no edit. */
export function withEdit(edits: Edits, row: Values, field: string, mine: Value): Edits {
  const { [field]: before, ...rest } = edits;
  const now = row[field] ?? null;
  if (mine === now) return rest;
  return { ...rest, [field]: { base: before ? before.base : now, mine } };
}

export function conflictsOf(edits: Edits, row: Values): string[] {
  return Object.entries(edits)
    .filter(([field, edit]) => (row[field] ?? null) !== edit.base && (row[field] ?? null) !== edit.mine)
    .map(([field]) => field);
}

/** Mine stands: what they wrote is the new base. */
export function keepMine(edits: Edits, row: Values, field: string): Edits {
  const edit = edits[field];
  return edit ? { ...edits, [field]: { ...edit, base: row[field] ?? null } } : edits;
}

export function takeTheirs(edits: Edits, field: string): Edits {
  const { [field]: _, ...rest } = edits;
  return rest;
}

/** The values that the fields of a patch were edited from: the server merges what nobody else has touched. */
export function baseOf(edits: Edits, patch: Values): Values {
  return Object.fromEntries(Object.keys(patch).map((field) => [field, edits[field]?.base ?? null]));
}

/** What differs from the row now: what somebody else has saved meanwhile with the same value needs no saving. */
export function patchOf(edits: Edits, row: Values): Values {
  return Object.fromEntries(Object.entries(edits)
    .filter(([field, edit]) => (row[field] ?? null) !== edit.mine)
    .map(([field, edit]) => [field, edit.mine]));
}
