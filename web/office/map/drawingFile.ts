/* Drawings as files: pictures and pages of PDFs made into something to draw, DXF sent to the server to be read. */
import { api, query } from '../../shared/api.ts';
import { sha256Hex } from '../../shared/sha256.ts';
import type { Transform } from './affine.ts';
import type { DxfPreview, PlanKind } from './types.ts';

export interface Picture {
  image: HTMLCanvasElement | ImageBitmap;
  /** Of the drawing, in its own units: pixels of a picture, points of a PDF page. */
  width: number;
  height: number;
  /** Units of the drawing a pixel of the image is. */
  unit: number;
  pages: number;
}

const FILE_MAX = 25 * 1024 * 1024;
const SIDE_MAX = 4000; /* pixels of a page that is drawn; more than a screen shows, less than a browser refuses */
const PIXELS_MAX = 60_000_000; /* of a picture */

export class DrawingError extends Error {
  readonly reason: 'too_large' | 'unreadable';

  constructor(reason: 'too_large' | 'unreadable') {
    super(reason);
    this.reason = reason;
  }
}

export function kindOf(file: { name: string; type: string }): PlanKind | null {
  if (/\.dxf$/i.test(file.name)) return 'dxf';
  if (file.type === 'application/pdf' || /\.pdf$/i.test(file.name)) return 'pdf';
  return /^image\/(png|jpeg)$/.test(file.type) || /\.(png|jpe?g)$/i.test(file.name) ? 'image' : null;
}

async function openPdf(bytes: ArrayBuffer, number: number): Promise<Picture> {
  const [{ GlobalWorkerOptions, getDocument }, { default: worker }] = await Promise.all([
    import('pdfjs-dist/legacy/build/pdf.mjs'),
    import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'),
  ]);
  GlobalWorkerOptions.workerSrc = worker;
  /* No eval, no WebAssembly, nothing fetched: what the Content-Security-Policy forbids is not tried. */
  const loading = getDocument({ data: bytes, useWasm: false, disableAutoFetch: true, enableXfa: false });
  try {
    const pdf = await loading.promise;
    const page = await pdf.getPage(Math.min(Math.max(1, number), pdf.numPages));
    const plain = page.getViewport({ scale: 1 });
    const scale = SIDE_MAX / Math.max(plain.width, plain.height);
    const viewport = page.getViewport({ scale });
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(viewport.width);
    canvas.height = Math.round(viewport.height);
    await page.render({ canvas, viewport }).promise;
    return { image: canvas, width: plain.width, height: plain.height, unit: 1 / scale, pages: pdf.numPages };
  } finally {
    void loading.destroy();
  }
}

/** A picture, or a page of a PDF (its number begins at 1). Throws DrawingError. */
export async function openDrawing(kind: 'image' | 'pdf', file: Blob, page: number): Promise<Picture> {
  try {
    if (kind === 'pdf') return await openPdf(await file.arrayBuffer(), page);
    const image = await createImageBitmap(file);
    if (image.width * image.height > PIXELS_MAX) throw new DrawingError('too_large');
    return { image, width: image.width, height: image.height, unit: 1, pages: 1 };
  } catch (error) {
    throw error instanceof DrawingError ? error : new DrawingError('unreadable');
  }
}

/** The file of a plan that is kept. */
export async function fetchDrawing(sha256: string): Promise<Blob> {
  const answer = await fetch(`/api/v1/files/${sha256}`);
  if (!answer.ok) throw new DrawingError('unreadable');
  return answer.blob();
}

/** Sends the bytes; their name is their hash. */
export async function sendDrawing(file: Blob): Promise<string> {
  if (file.size > FILE_MAX) throw new DrawingError('too_large');
  const sha256 = await sha256Hex(file);
  await api('PUT', `/api/v1/files/${sha256}`, file);
  return sha256;
}

/** Rooms of a DXF: shown in the drawing's own units, or on the map when it is placed; or made. */
export function readDxf(storey: string, file: Blob, layer: string | null, transform: Transform | null, isDry: boolean): Promise<DxfPreview> {
  return api<DxfPreview>('POST', `/api/v1/storeys/${storey}/rooms-from-dxf${query({ layer, transform: transform?.join(','), dry_run: isDry })}`, file);
}
