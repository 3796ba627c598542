import type { Change } from '../sync/outbox.ts';
import type { Fields, StoredPhoto } from '../sync/types.ts';
import { uuid7 } from '../sync/uuid.ts';

/** What was drawn between a finger's touch and its leaving, in dots of the pad. */
export type Stroke = [number, number][];
export type Role = 'landlord' | 'tenant' | 'holder' | 'supplier' | 'witness';

export const PAD = { width: 600, height: 200 };

/** What is kept of a drawing as text, and back; nothing for what is none. */
export function strokesOf(text: string): Stroke[] {
  if (!text) return [];
  return text.split(' ').map((stroke) => {
    const numbers = stroke.split(',').map(Number);
    return numbers.flatMap((x, i) => (i % 2 === 0 && i + 1 < numbers.length ? [[x, numbers[i + 1]!] as [number, number]] : []));
  });
}

export function textOfStrokes(strokes: Stroke[]): string {
  return strokes.map((stroke) => stroke.flat().join(',')).join(' ');
}

/** A finger gives a hundred points a second: those within two dots of the last say nothing. */
export function isNew(stroke: Stroke, [x, y]: [number, number]): boolean {
  const last = stroke.at(-1);
  return !last || Math.hypot(x - last[0], y - last[1]) > 2;
}

export interface Signed {
  role: Role;
  name: string;
  /** The drawing; null when the name alone is the signature. */
  picture: StoredPhoto | null;
}

/** A signature on a task, an inspection or a key's loan: `on` says which. */
export function signatureChange(on: Fields, { role, name, picture }: Signed, label: string, now: Date): Change {
  return {
    op: 'signature.add@1',
    t: 'signature',
    id: uuid7(now.getTime()),
    isNew: true,
    set: { ...on, role, name: name.trim(), ...(picture ? { sha256: picture.sha256 } : {}), captured_at: now.toISOString() },
    label,
    ...(picture ? { att: [picture.sha256] } : {}),
  };
}
