import type { StoredRow } from '../sync/types.ts';

const KINDS = ['asbestos', 'dog', 'alarm', 'electric', 'fall', 'confined_space', 'violence_risk', 'other'] as const;
export type WarningKind = (typeof KINDS)[number];

export interface WarningFound {
  kinds: WarningKind[];
  /** One for each thing to know, the nearest first. */
  lines: string[];
  /** The words: when they are others, they must be read again. */
  version: string;
}

/** What must be known at the end of a path, from its places; null when there is nothing. */
export function warningOf(path: Pick<StoredRow, 'd'>[]): WarningFound | null {
  const nearest = path.toReversed();
  const lines = [...new Set(nearest.flatMap(({ d }) => String(d.warning ?? '').split('\n')).map((line) => line.trim()).filter(Boolean))];
  if (lines.length === 0) return null;
  const told = new Set(nearest.flatMap(({ d }) => String(d.warning_kinds ?? '').split(',')));
  return { kinds: KINDS.filter((kind) => told.has(kind)), lines, version: lines.toSorted().join('\n') };
}
