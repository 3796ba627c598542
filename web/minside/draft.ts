/* A fault report as it is being written. */
import type { NewCase } from '../shared/types.ts';
import type { PickedPhoto } from '../shared/ui/PhotoPicker.tsx';
import { uuid7 } from '../shared/uuid.ts';

export const DESCRIPTION_MAX = 4000;
export const PHOTOS_MAX = 6;
const TITLE_MAX = 80;

export interface ReportPlace {
  id: string;
  label: string;
}

export interface ReportDraft {
  /** The case's id, made here: sending twice makes one case. */
  id: string;
  place: ReportPlace | null;
  /** Set when the place was found on the map. */
  position: [number, number] | null;
  category: string | null;
  description: string;
  photos: PickedPhoto[];
}

export type ReportField = 'place' | 'category' | 'description';

export function newDraft(): ReportDraft {
  return { id: uuid7(), place: null, position: null, category: null, description: '', photos: [] };
}

/** What has to be filled in before it can be sent, in the order of the page. */
export function missing(draft: ReportDraft): ReportField[] {
  const fields: ReportField[] = [];
  if (!draft.place) fields.push('place');
  if (!draft.category) fields.push('category');
  if (!draft.description.trim()) fields.push('description');
  return fields;
}

/** The first sentence, short enough for a list; the office sorts by it until somebody finds better words. */
export function titleFrom(description: string): string {
  const first = description.trim().split(/(?<=[.!?])\s|\n/)[0]!.replace(/[.]$/, '');
  if (first.length <= TITLE_MAX) return first;
  return `${first.slice(0, TITLE_MAX).replace(/\s+\S*$/, '')} …`;
}

/** The body to send; null while something is missing. */
export function toCase(draft: ReportDraft): NewCase | null {
  if (!draft.place || !draft.category || !draft.description.trim()) return null;
  const body: NewCase = {
    id: draft.id,
    place: draft.place.id,
    category: draft.category,
    title: titleFrom(draft.description),
    description: draft.description.trim(),
  };
  if (draft.position) body.position = draft.position;
  if (draft.photos.length > 0) body.photos = draft.photos.map((photo) => photo.sha256);
  return body;
}
