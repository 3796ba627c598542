import { sha256Hex } from '../../shared/sha256.ts';
import type { StoredPhoto } from '../sync/types.ts';
import { PAD, type Stroke } from './strokes.ts';

/** Dots of the picture for each of the pad: sharp enough to print. */
const SCALE = 2;
const LINE = 4;

/** The drawing as a PNG that waits to be sent; null when nothing is drawn. */
export async function pictureOf(strokes: Stroke[]): Promise<StoredPhoto | null> {
  if (strokes.length === 0) return null;
  const canvas = document.createElement('canvas');
  canvas.width = PAD.width * SCALE;
  canvas.height = PAD.height * SCALE;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');

  pen.lineWidth = LINE * SCALE;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.strokeStyle = '#00245c';
  for (const stroke of strokes) {
    pen.beginPath();
    for (const [x, y] of stroke) pen.lineTo(x * SCALE, y * SCALE);
    if (stroke.length === 1) pen.lineTo(stroke[0]![0] * SCALE, stroke[0]![1] * SCALE); // a dot
    pen.stroke();
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
  if (!blob) throw new Error('no picture');
  return { sha256: await sha256Hex(blob), blob, mime: 'image/png', captured_at: new Date().toISOString(), state: 'waiting', uploaded_at: null };
}
