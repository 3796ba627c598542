/* What was chosen last in this window. Gone when the window is closed, and people are never kept: others may sit down at the desk. */
import type { Found } from './searchTypes.ts';

const KEPT = 'fdvu.office.recent';
const MOST = 6;

export function recentHits(): Found[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? (kept as Found[]) : [];
  } catch {
    return []; /* storage may be shut off */
  }
}

export function rememberHit(hit: Found): void {
  if (hit.kind === 'person') return;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify([hit, ...recentHits().filter((other) => other.id !== hit.id)].slice(0, MOST)));
  } catch {
    /* then nothing is remembered */
  }
}
