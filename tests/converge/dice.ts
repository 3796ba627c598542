// All chance of a life comes from its seed.
import { prng } from '../integration/helpers.ts';

export type Dice = ReturnType<typeof prng>;

export const dice = (seed: number): Dice => {
  const d = prng(seed * 2654435761);
  d.next();
  return d;
};

export const oneIn = (d: Dice, n: number): boolean => d.below(n) === 0;

/** Something by its weight. */
export function weighted<T>(d: Dice, of: [number, T][]): T {
  let at = d.below(of.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, what] of of) if ((at -= weight) < 0) return what;
  throw new Error('no weights');
}
