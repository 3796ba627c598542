/* What may be delivered, told before anything is sent. The server checks again, by content. */

export const FILE_BYTES_MAX = 25_000_000;

const TYPES = ['application/pdf', 'image/jpeg', 'image/png', 'image/webp', 'image/heic'];
/* Some systems know no type for HEIC: its ending then speaks for it. */
const ENDINGS: Record<string, string> = {
  pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', heic: 'image/heic', heif: 'image/heic',
};

export const ACCEPT = [...TYPES, ...Object.keys(ENDINGS).map((ending) => `.${ending}`)].join(',');

export type Refusal = 'supplier.too_large' | 'supplier.wrong_type' | 'supplier.empty_file';

export function typeOf(file: { name: string; type: string }): string | null {
  if (TYPES.includes(file.type)) return file.type;
  if (file.type) return null;
  return ENDINGS[file.name.split('.').pop()?.toLowerCase() ?? ''] ?? null;
}

export function refusalOf(file: { name: string; type: string; size: number }): Refusal | null {
  if (file.size === 0) return 'supplier.empty_file';
  if (file.size > FILE_BYTES_MAX) return 'supplier.too_large';
  return typeOf(file) ? null : 'supplier.wrong_type';
}

/** The title a document gets: its file name without ending and underscores. */
export function titleOf(name: string): string {
  const stem = name.replace(/\.[^.]+$/, '').replace(/_+/g, ' ').trim();
  return stem || name;
}
