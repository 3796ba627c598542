import type { TextKey } from '../../shared/i18n.ts';

const KINDS = ['municipality', 'property', 'building', 'storey', 'dwelling', 'room', 'outdoor_area', 'component'] as const;

/** The text for what a place is. */
export function kindKey(kind: unknown): TextKey {
  const known = KINDS.find((one) => one === kind) ?? 'component';
  return `field.kind.${known}`;
}
