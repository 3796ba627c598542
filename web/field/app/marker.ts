const MARKER = 'fdvu.field.enrolled';

/** Outside the store, so that a store which the browser has thrown away is noticed. */
export function markEnrolled(): void {
  try {
    localStorage.setItem(MARKER, '1');
  } catch {
    /* storage may be shut off: then a vanished store looks like a new tablet */
  }
}

/** Asked when the store knows nobody: true when it once did. */
export function wasEnrolled(): boolean {
  try {
    return localStorage.getItem(MARKER) !== null;
  } catch {
    return false;
  }
}

export function forgetEnrolled(): void {
  try {
    localStorage.removeItem(MARKER);
  } catch {
    /* nothing was kept either */
  }
}
