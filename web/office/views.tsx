/* The office's views beside cases and tasks, and the panels that stand in the register's tabs: each fetched when first shown.
 * This is the one place where they are switched on. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { TextKey } from '../shared/i18n.ts';
import type { ForWhom } from './roles.ts';
import { SyncBadge } from './sync/SyncBadge.tsx';

export interface OfficeView extends ForWhom {
  /** In the address: `?view=register`. */
  name: string;
  text: TextKey;
  /** The view under which it stands in the navigation. */
  under?: TextKey;
  /** What it shows follows the server by itself. */
  isLive?: boolean;
  /** What stands after its name in the menu. */
  Badge?: ComponentType;
  Page: LazyExoticComponent<ComponentType>;
}

export const VIEWS: OfficeView[] = [
  { name: 'register', text: 'nav.register', isLive: true, Page: lazy(async () => ({ default: (await import('./register/RegisterPage.tsx')).RegisterPage })) },
  { name: 'map', text: 'mapview.title', isLive: true, Page: lazy(async () => ({ default: (await import('./map/MapPage.tsx')).MapPage })) },
  { name: 'gis', text: 'gis.title', under: 'mapview.title', Page: lazy(async () => ({ default: (await import('./gis/GisPage.tsx')).GisPage })) },
  { name: 'keys', text: 'keys.title', Page: lazy(async () => ({ default: (await import('./keys/KeysPage.tsx')).KeysPage })) },
  { name: 'meters', text: 'meters.title', Page: lazy(async () => ({ default: (await import('./meters/MetersPage.tsx')).MetersPage })) },
  { name: 'devices', text: 'devices.title', roles: ['manager', 'admin'], Page: lazy(async () => ({ default: (await import('./devices/DevicesPage.tsx')).DevicesPage })) },
  { name: 'import', text: 'import.title', mayImport: true, Page: lazy(async () => ({ default: (await import('./import/ImportPage.tsx')).ImportPage })) },
  { name: 'sync', text: 'sync.title', roles: ['manager', 'admin'], isLive: true, Badge: SyncBadge, Page: lazy(async () => ({ default: (await import('./sync/SyncPage.tsx')).SyncPage })) },
];

export type PanelName = 'map' | 'keys' | 'meters' | 'warnings';
type Panel = LazyExoticComponent<ComponentType<{ placeId: string }>>;

/** Tabs of a place that other parts draw. A tab without a panel is not shown. */
export const PANELS: Partial<Record<PanelName, Panel>> = {
  map: lazy(async () => ({ default: (await import('./map/PlaceMap.tsx')).PlaceMap })),
  keys: lazy(async () => ({ default: (await import('./keys/PlaceKeys.tsx')).PlaceKeys })),
  meters: lazy(async () => ({ default: (await import('./meters/PlaceMeters.tsx')).PlaceMeters })),
  warnings: lazy(async () => ({ default: (await import('./warnings/PlaceWarnings.tsx')).PlaceWarnings })),
};

export function viewOf(address: URLSearchParams): OfficeView | undefined {
  return VIEWS.find((view) => view.name === address.get('view'));
}
