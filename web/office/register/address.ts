/* What the register shows is in the address: a place or a component, a tab, a day. */
import { go, patched, useQuery } from '../../shared/useQuery.ts';

export const TABS = ['facts', 'map', 'storeys', 'components', 'documents', 'cases', 'keys', 'meters', 'warnings', 'history'] as const;
export type TabName = (typeof TABS)[number];

export interface RegisterAddress {
  place: string | null;
  component: string | null;
  tab: TabName;
  at: string | null;
  isBulk: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function registerAddressOf(address: URLSearchParams): RegisterAddress {
  const id = (name: string): string | null => {
    const value = address.get(name);
    return value && UUID.test(value) ? value.toLowerCase() : null;
  };
  const tab = address.get('tab');
  const at = address.get('at');
  const component = id('component');
  return {
    place: component ? null : id('place'),
    component,
    tab: TABS.find((each) => each === tab) ?? 'facts',
    at: at && DAY.test(at) ? at : null,
    isBulk: address.has('bulk'),
  };
}

export function useRegisterAddress(): RegisterAddress {
  return registerAddressOf(useQuery());
}

/** The tab stays when one goes from place to place. */
export function openPlace(id: string, tab?: TabName): void {
  go({ view: 'register', place: id, component: null, bulk: null, ...(tab && { tab: tab === 'facts' ? null : tab }) });
}

export function openComponent(id: string): void {
  go({ view: 'register', component: id, place: null, bulk: null, tab: null });
}

export function openTab(tab: TabName): void {
  go({ tab: tab === 'facts' ? null : tab }, { replace: true });
}

export function openBulk(isOpen: boolean): void {
  go({ bulk: isOpen ? '1' : null });
}

export function showDay(at: string | null): void {
  go({ at });
}

export function closeDetail(): void {
  go({ place: null, component: null, tab: null, bulk: null });
}

export function hrefOf(target: { place: string } | { component: string }): string {
  const at = new URLSearchParams(location.search).get('at');
  return `/office${patched('', { view: 'register', ...target, at })}`;
}
