// How an invariant says that it does not hold.

export class Broken extends Error {
  invariant: string;
  constructor(invariant: string, message: string) {
    super(message);
    this.invariant = invariant;
  }
}

export const broken = (invariant: string, message: string): Broken => new Broken(invariant, message);

export function demand(holds: unknown, invariant: string, message: () => string): void {
  if (!holds) throw broken(invariant, message());
}

/** Of an id, what a person can tell it by. */
export const short = (id: string): string => id.slice(-2);
