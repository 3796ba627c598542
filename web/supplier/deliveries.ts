/* What may be delivered, told before anything is sent. The server checks again, by content. */

export const FILE_BYTES_MAX = 25 * 1024 * 1024;

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/* What a browser calls a file differs between systems (HEIC and DWG often have no type at all): the ending decides. */
const ENDINGS: Record<string, string> = {
  pdf: 'application/pdf', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', heic: 'image/heic',
  heif: 'image/heif', tif: 'image/tiff', tiff: 'image/tiff', doc: 'application/msword', xls: 'application/vnd.ms-excel',
  docx: WORD, xlsx: SHEET, zip: 'application/zip', dwg: 'image/vnd.dwg', dxf: 'image/vnd.dxf',
};

export const ACCEPT = Object.keys(ENDINGS).map((ending) => `.${ending}`).join(',');

export type Refusal = 'supplier.too_large' | 'supplier.wrong_type' | 'supplier.empty_file';

export function typeOf(file: { name: string }): string | null {
  return ENDINGS[file.name.split('.').pop()?.toLowerCase() ?? ''] ?? null;
}

export function refusalOf(file: { name: string; size: number }): Refusal | null {
  if (file.size === 0) return 'supplier.empty_file';
  if (file.size > FILE_BYTES_MAX) return 'supplier.too_large';
  return typeOf(file) ? null : 'supplier.wrong_type';
}

/** The title a document gets: its file name without ending and underscores. */
export function titleOf(name: string): string {
  const stem = name.replace(/\.[^.]+$/, '').replace(/_+/g, ' ').trim();
  return stem || name;
}
