import type { Change } from '../sync/outbox.ts';
import type { Fields, StoredPhoto } from '../sync/types.ts';
import { uuid7 } from '../sync/uuid.ts';

const ACUTE = 1;
const NORMAL = 3;
const MAX_TITLE = 80;

/** A photo of a task or a place, as `on` says: the row, which refers to the bytes by their hash. */
export function photoChange(on: Fields, label: string, photo: StoredPhoto): Change {
  return {
    op: 'photo.add@1',
    t: 'document',
    id: uuid7(),
    isNew: true,
    set: { ...on, sha256: photo.sha256, mime: photo.mime, size: photo.blob.size, title: label, captured_at: photo.captured_at },
    label,
    att: [photo.sha256],
  };
}

export interface Fault {
  place_id: string;
  component_id: string | null;
  category: string | null;
  text: string;
  isAcute: boolean;
  photos: StoredPhoto[];
}

/** A fault found where I stand, as a new task of today with its photos. */
export function faultChanges(fault: Fault, today: string): Change[] {
  const id = uuid7();
  const { title, description } = inTwo(fault.text);
  const task: Change = {
    op: 'task.create@1',
    t: 'task',
    id,
    isNew: true,
    set: {
      place_id: fault.place_id,
      component_id: fault.component_id,
      title,
      description,
      category: fault.category,
      priority: fault.isAcute ? ACUTE : NORMAL,
      state: 'open',
      planned_on: today,
    },
    label: title,
  };

  return [task, ...fault.photos.map((photo) => photoChange({ task_id: id }, title, photo))];
}

/** The first line, or as many words as fit, is the title; a longer text is kept whole as the description. */
export function inTwo(text: string): { title: string; description: string | null } {
  const whole = text.trim();
  const line = whole.split('\n')[0]!.trim();

  if (line === whole && line.length <= MAX_TITLE) return { title: line, description: null };
  if (line.length <= MAX_TITLE) return { title: line, description: whole };
  const cut = line.slice(0, MAX_TITLE);
  return { title: `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_TITLE / 2))}…`, description: whole };
}
