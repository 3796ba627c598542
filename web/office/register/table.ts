/* Sorting and filtering of components that are on the page already. */
import type { ComponentItem } from './types.ts';

export const COLUMNS = ['name', 'element', 'tag', 'maker', 'installed_on', 'ends_on', 'condition_grade'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Order {
  column: Column;
  isDown: boolean;
}

/** The year a component is expected to have served its life. */
export function endYear(component: ComponentItem): number | null {
  if (!component.installed_on || !component.service_life_years) return null;
  return Number(component.installed_on.slice(0, 4)) + component.service_life_years;
}

function valueIn(component: ComponentItem, column: Column): string | number | null {
  return column === 'ends_on' ? endYear(component) : component[column];
}

/** What is not given comes last, whichever way. */
export function sorted(components: ComponentItem[], order: Order): ComponentItem[] {
  const sign = order.isDown ? -1 : 1;
  return components.toSorted((a, b) => {
    const x = valueIn(a, order.column);
    const y = valueIn(b, order.column);
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const by = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'nb', { numeric: true });
    return sign * by || a.name.localeCompare(b.name, 'nb', { numeric: true });
  });
}

/** Those that hold every word, and are of the element or an element below it. */
export function filtered(components: ComponentItem[], text: string, element: string, grade: string): ComponentItem[] {
  const words = text.toLocaleLowerCase('nb').split(/\s+/).filter(Boolean);
  return components.filter((component) => {
    if (element && !(component.element ?? '').startsWith(element)) return false;
    if (grade && component.condition_grade !== grade) return false;
    const all = [component.name, component.tag, component.maker, component.model, component.serial, component.element, component.element_name, component.place_label]
      .join(' ').toLocaleLowerCase('nb');
    return words.every((word) => all.includes(word));
  });
}
