/* What is remembered of the map on this machine. Without a store the map works as the first time. */

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(`fdvu.map.${name}`, JSON.stringify(value));
  } catch {
    /* it then lasts as long as the page */
  }
}

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`fdvu.map.${name}`);
  } catch {
    return null;
  }
}
