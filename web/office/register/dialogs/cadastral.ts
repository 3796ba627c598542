import type { Value } from '../../edits.ts';

/** A property's number as it is written: "1505-12/34", "1505-12/34/0/5". */
export function cadastral(details: Record<string, Value>): string {
  const part = (name: string): number => Number(details[name] ?? 0);
  const last = part('snr') ? `/${part('fnr')}/${part('snr')}` : part('fnr') ? `/${part('fnr')}` : '';
  return `${String(details['municipality_no'] ?? '')}-${part('gnr')}/${part('bnr')}${last}`;
}
