// Many lives. `node tests/converge/run.ts --seeds 500 --hours 2 --from 1 --kind failover --servers 3`
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { kinds, type Kind } from './catastrophe.ts';
import { Broken } from './invariants.ts';
import { Life } from './life.ts';
import { converging, type World } from './world.ts';

export type Failure = { seed: number; kind: Kind; invariant: string; said: string; story: string[] };
export type Told = { lives: number; seconds: number; failures: Failure[] };

const together = 6;
const dearOneIn = 50; // lives with a catastrophe, of those of a long run
const storyLines = 60;

/** The kind of a seed in a long run. */
export function kindOf(seed: number): Kind {
  return seed % dearOneIn ? 'ordinary' : kinds[1 + (seed / dearOneIn) % (kinds.length - 1)]!;
}

export async function one(w: World, seed: number, kind: Kind): Promise<Failure | null> {
  const life = new Life(w, seed, kind);
  try {
    await life.live();
    if (process.env.FDVU_CONVERGE_TIMES) console.log(seed, life.tablets.map(({ network }) => [network.requests, network.waitedMs]));
    return null;
  } catch (error) {
    const invariant = error instanceof Broken ? error.invariant : 'no exception';
    const said = error instanceof Broken ? error.message : String((error as Error).stack);
    return { seed, kind, invariant, said: `seed ${seed} (${kind}), step ${life.step}: ${said}`, story: life.story };
  }
}

/** Lives one after the other; ordinary ones several at once. Ends at the first failure if asked to. */
export async function run(w: World, lives: [number, Kind][], given: { until: number; untilFailure: boolean }): Promise<Told> {
  const from = Date.now();
  const told: Told = { lives: 0, seconds: 0, failures: [] };
  const isOver = (): boolean => Date.now() > given.until || (given.untilFailure && told.failures.length > 0);
  const queue = [...lives];
  const take = async (isDear: boolean): Promise<void> => {
    while (queue.length && !isOver() && (queue[0]![1] !== 'ordinary') === isDear) {
      const [seed, kind] = queue.shift()!;
      const failure = await one(w, seed, kind);
      told.lives++;
      if (failure) told.failures.push(failure);
      if (isDear) return;
    }
  };
  while (queue.length && !isOver()) {
    await take(true);
    await Promise.all(Array.from({ length: together }, () => take(false)));
  }
  told.seconds = (Date.now() - from) / 1000;
  return told;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100' },
      hours: { type: 'string', default: '0' },
      from: { type: 'string', default: String(1 + (Date.now() % 1_000_000_000)) },
      kind: { type: 'string' },
      servers: { type: 'string', default: '2' },
    },
  });
  const [from, hours] = [Number(values.from), Number(values.hours)];
  const seeds = hours ? 1_000_000 : Number(values.seeds);
  const until = hours ? Date.now() + hours * 3600_000 : Infinity;
  const w = await converging(Number(values.servers));
  try {
    console.log(`seeds from ${from}`);
    const lives = Array.from({ length: seeds }, (_, i): [number, Kind] => [from + i, (values.kind as Kind) ?? kindOf(from + i)]);
    const told = await run(w, lives, { until, untilFailure: false });
    for (const failure of told.failures) report(failure);
    console.log(`${told.lives} lives in ${told.seconds.toFixed(1)} s (${(told.lives / told.seconds).toFixed(1)} a second), ${told.failures.length} failed`);
    process.exitCode = told.failures.length ? 1 : 0;
  } finally {
    await w.stop();
  }
}

function report({ seed, kind, invariant, said, story }: Failure): void {
  console.log(`\n${invariant}: ${said}\n${story.slice(-storyLines).join('\n')}`);
  const file = join(import.meta.dirname, 'seeds', `${seed}.json`);
  writeFileSync(file, `${JSON.stringify({ seed, kind, invariant, said }, null, 2)}\n`);
}

if (process.argv[1] === import.meta.filename) await main();
