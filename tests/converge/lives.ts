// Lives one after the other, the ordinary ones several at once: they meet in the database as
// municipalities do.
import { kinds, type Kind } from './catastrophe.ts';
import { Broken } from './broken.ts';
import { Life } from './life.ts';
import type { World } from './world.ts';

export type Failure = { seed: number; kind: Kind; invariant: string; said: string; story: string[] };
export type Told = { lives: number; seconds: number; failures: Failure[] };
export type Lives = [seed: number, kind: Kind][];

const together = 6;
const dearOneIn = 50;

/** Every fiftieth seed has a catastrophe, each kind in its turn. */
export function kindOf(seed: number): Kind {
  return seed % dearOneIn ? 'ordinary' : kinds[1 + ((seed / dearOneIn) % (kinds.length - 1))]!;
}

async function one(w: World, seed: number, kind: Kind): Promise<Failure | null> {
  const life = new Life(w, seed, kind);
  try {
    await life.live();
    return null;
  } catch (error) {
    const isBroken = error instanceof Broken;
    const said = isBroken ? error.message : String((error as Error).stack);
    return { seed, kind, invariant: isBroken ? error.invariant : 'noException', said: `seed ${seed} (${kind}), step ${life.step}: ${said}`, story: life.story };
  }
}

export async function run(w: World, lives: Lives, given: { until: number; untilFailure: boolean }): Promise<Told> {
  const from = Date.now();
  const told: Told = { lives: 0, seconds: 0, failures: [] };
  const queue = [...lives];
  const isOver = (): boolean => !queue.length || Date.now() > given.until || (given.untilFailure && told.failures.length > 0);
  const isDear = (): boolean => queue[0]?.[1] !== 'ordinary';
  const take = async (): Promise<void> => {
    const [seed, kind] = queue.shift()!;
    const failure = await one(w, seed, kind);
    told.lives++;
    if (failure) told.failures.push(failure);
  };
  const ordinary = async (): Promise<void> => {
    while (!isOver() && !isDear()) await take();
  };
  while (!isOver()) {
    if (isDear()) await take();
    else await Promise.all(Array.from({ length: together }, ordinary));
  }
  told.seconds = (Date.now() - from) / 1000;
  return told;
}
