/* What can be done with a place or a component, and where. */
import type { ComponentRow, PlaceKind, PlaceRow } from './types.ts';

export type PlaceActionName = 'add' | 'add_component' | 'move' | 'split' | 'merge' | 'copy_storey' | 'renumber' | 'template' | 'delete';
export type ComponentActionName = 'move_component' | 'delete_component';

export type Action =
  | { name: PlaceActionName; place: PlaceRow }
  | { name: ComponentActionName; component: ComponentRow };

/** Which kinds may lie in which: the same as the database holds to. */
const BELOW: Record<PlaceKind, PlaceKind[]> = {
  municipality: ['property', 'building', 'outdoor_area'],
  property: ['building', 'dwelling', 'outdoor_area'],
  building: ['storey', 'dwelling', 'room', 'outdoor_area'],
  storey: ['dwelling', 'room'],
  dwelling: ['room'],
  room: [],
  outdoor_area: ['room'],
};

export function kindsBelow(kind: PlaceKind): PlaceKind[] {
  return BELOW[kind];
}

/** The kinds a place of this kind may be moved into. */
export function kindsAbove(kind: PlaceKind): PlaceKind[] {
  return (Object.keys(BELOW) as PlaceKind[]).filter((above) => BELOW[above].includes(kind));
}

export function actionsOf(kind: PlaceKind): PlaceActionName[] {
  const names: PlaceActionName[] = [];
  if (BELOW[kind].length > 0) names.push('add');
  if (kind !== 'municipality') names.push('add_component');
  if (kind === 'building') names.push('template');
  if (kind === 'storey') names.push('copy_storey');
  if (kind === 'property' || kind === 'municipality') names.push('renumber');
  if (kind !== 'municipality') names.push('move', 'split', 'merge', 'delete');
  return names;
}
