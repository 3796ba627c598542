/* Photos are made small on the device: a fault needs no 12 megapixels, and the network in a cellar is thin. */
import { api } from './api.ts';
import { sha256Hex } from './sha256.ts';

export const PHOTO_SIDE_MAX = 1600;
const JPEG_QUALITY = 0.82;

export interface Photo {
  blob: Blob;
  sha256: string;
  width: number;
  height: number;
}

/** The size that fits within `max` a side, never larger than it was. */
export function fitWithin(width: number, height: number, max: number): { width: number; height: number } {
  const scale = Math.min(1, max / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A JPEG of at most 1600 px a side, turned the way it was held. Throws when the browser cannot read the picture. */
export async function shrinkPhoto(file: Blob): Promise<Photo> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const { width, height } = fitWithin(picture.width, picture.height, PHOTO_SIDE_MAX);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.fillStyle = '#fff'; /* transparent PNGs would turn black */
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', JPEG_QUALITY));
  if (!blob) throw new Error('no picture');
  return { blob, sha256: await sha256Hex(blob), width, height };
}

/** Sends a file under its own hash; sending it twice is harmless. */
export async function uploadFile(sha256: string, blob: Blob, signal?: AbortSignal): Promise<void> {
  await api<unknown>('PUT', `/api/v1/files/${sha256}`, blob, signal ? { signal } : {});
}
