import { go } from '../shared/useQuery.ts';

function top(): void {
  window.scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}

export function openReport(): void {
  go({ report: '1' }, { fresh: true });
  top();
}

export function openCase(id: string, isNew = false): void {
  go({ case: id, sent: isNew ? '1' : null }, { fresh: true, replace: isNew });
  top();
}

export function openFront(): void {
  go({}, { fresh: true });
  top();
}

export const caseHref = (id: string): string => `/minside?case=${id}`;
