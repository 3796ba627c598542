/* What the map can show. The names are those of the tiles' layers. */
import type { TextKey } from '../../shared/i18n.ts';

export type LayerName = 'property' | 'building' | 'outdoor_area' | 'component' | 'task' | 'case';
export type Grade = 'TG0' | 'TG1' | 'TG2' | 'TG3' | 'TGIU';

/** From the ground up, as they are drawn. */
export const LAYERS: LayerName[] = ['property', 'outdoor_area', 'building', 'component', 'task', 'case'];
export const STANDARD: LayerName[] = ['outdoor_area', 'building', 'task', 'case'];
export const GRADES: Grade[] = ['TG0', 'TG1', 'TG2', 'TG3', 'TGIU'];

/** Closer than this (metres a pixel) a layer is drawn: farther away it is dust, and the tiles do not hold it. */
export const SHOWN_BELOW: Record<LayerName, number> = {
  property: 10, outdoor_area: 20, building: 1000, component: 1.3, task: 1000, case: 1000,
};

export type WorkTone = 'open' | 'waiting' | 'late' | 'ended';
export const WORK_TONES: WorkTone[] = ['open', 'waiting', 'late', 'ended'];

const ENDED = ['done', 'closed', 'cancelled', 'done_after_cancel'];

/** One look for each group of states: late goes before all that is not ended. */
export function toneOf(state: string, isLate: boolean): WorkTone {
  if (ENDED.includes(state)) return 'ended';
  if (isLate) return 'late';
  return state === 'waiting' ? 'waiting' : 'open';
}

export function isLayer(name: string): name is LayerName {
  return LAYERS.some((layer) => layer === name);
}

export function isGrade(text: unknown): text is Grade {
  return GRADES.some((grade) => grade === text);
}

/** Colours that a canvas cannot read as variables; told apart by the colour-blind too, and each has its letters beside it. */
export const GRADE_COLORS: Record<Grade, string> = { TG0: '#1b7837', TG1: '#7fbf7b', TG2: '#f1a340', TG3: '#b3261e', TGIU: '#6f6f8f' };
/** The second sign, where there is no room for letters: how a building is edged. The worse, the heavier. */
export const GRADE_EDGES: Record<Grade, { width: number; dash: number[] }> = {
  TG0: { width: 1, dash: [] }, TG1: { width: 1, dash: [2, 2] }, TG2: { width: 2, dash: [6, 3] }, TG3: { width: 3, dash: [] }, TGIU: { width: 1, dash: [] },
};
export const GRADE_EDGE = '#22343a';
export const TONE_COLORS: Record<WorkTone, string> = { open: '#0b6477', waiting: '#8a5a00', late: '#b3261e', ended: '#5b6b70' };

export const layerText = (layer: LayerName): TextKey => `mapview.layer.${layer}`;
export const toneText = (tone: WorkTone): TextKey => `mapview.tone.${tone}`;
export const gradeText = (grade: Grade): TextKey => `mapview.grade.${grade}`;
