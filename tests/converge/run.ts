// Many lives, and the proof that they find bugs:
//
//   node tests/converge/run.ts                        the short run of bin/test
//   node tests/converge/run.ts --seeds 500 --from 1   lives, a few with catastrophes
//   node tests/converge/run.ts --hours 2              as many as that takes
//   node tests/converge/run.ts --seeds 1 --from 77 --kind failover
//   node tests/converge/run.ts --bug no_epoch         one seeded bug; --bugs: all of them
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bugs, type Bug } from './bugs.ts';
import type { Kind } from './catastrophe.ts';
import { kindOf, run, type Failure, type Lives, type Told } from './lives.ts';
import { failedHunt, heading, hunt, row, type Hunted } from './hunt.ts';
import { converging } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    hours: { type: 'string' },
    from: { type: 'string' },
    kind: { type: 'string' },
    servers: { type: 'string', default: '2' },
    bug: { type: 'string' },
    bugs: { type: 'boolean', default: false },
    // for the processes that this one starts
    'until-failure': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const seedsDir = join(import.meta.dirname, 'seeds');
const storyLines = 60;
const short = { from: 1001, seeds: 60, lives: 70_000, bugs: 60_000 }; // how many seeds, and for how long at most, in ms

const isShort = !values.seeds && !values.hours;
// The short run does the same each time, a long one what nobody has tried.
const from = Number(values.from ?? (isShort ? short.from : 1 + (Date.now() % 1_000_000_000)));
const chosen = values.kind as Kind | undefined;
const lives = (count: number): Lives => Array.from({ length: count }, (_, i) => [from + i, chosen ?? kindOf(from + i)]);

/** What once went wrong goes first. */
function regressions(): Lives {
  if (!existsSync(seedsDir)) return [];
  return readdirSync(seedsDir).map((name) => {
    const { seed, kind } = JSON.parse(readFileSync(join(seedsDir, name), 'utf8'));
    return [seed, kind];
  });
}

function report({ seed, kind, invariant, said, story }: Failure): void {
  console.log(`\n${invariant}: ${said}\n${story.slice(-storyLines).join('\n')}`);
  mkdirSync(seedsDir, { recursive: true });
  writeFileSync(join(seedsDir, `${seed}.json`), `${JSON.stringify({ seed, kind, invariant, said }, null, 2)}\n`);
}

async function all(list: Lives, until: number, untilFailure = false): Promise<Told> {
  const w = await converging(Number(values.servers));
  try {
    console.log(`lives from seed ${from}`);
    const told = await run(w, list, { until, untilFailure });
    console.log(`${told.lives} lives in ${told.seconds.toFixed(1)} s (${(told.lives / told.seconds).toFixed(1)} a second), ${told.failures.length} failed`);
    return told;
  } finally {
    await w.stop();
  }
}

async function find(list: Bug[], until = Infinity, onlyKnown = false): Promise<number> {
  const hunted: Hunted[] = [];
  for (const bug of list) {
    if (Date.now() > until) break;
    const one = await hunt(bug, onlyKnown).catch((error: Error) => failedHunt(bug, error));
    if (!one) continue;
    if (!hunted.length) console.log(heading);
    hunted.push(one);
    console.log(row(one));
  }
  return hunted.filter(({ caught }) => !caught).length;
}

async function main(): Promise<number> {
  if (values.bug) return find(bugs.filter(({ name }) => name === values.bug));
  if (values.bugs) return find(bugs);
  const hours = Number(values.hours ?? 0);
  const list = isShort ? [...regressions(), ...lives(short.seeds)] : lives(hours ? 1_000_000 : Number(values.seeds));
  const until = isShort ? Date.now() + short.lives : hours ? Date.now() + hours * 3_600_000 : Infinity;
  const told = await all(list, until, values['until-failure']);
  if (values.json) writeFileSync(values.json, JSON.stringify(told));
  else told.failures.forEach(report);
  return told.failures.length + (isShort ? await find(bugs, Date.now() + short.bugs, true) : 0);
}

const failed = await main();
process.exit(failed ? 1 : 0);
