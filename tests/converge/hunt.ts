// Whether a seeded bug is found, after how many lives, and by what.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bug } from './bugs.ts';
import type { Told } from './lives.ts';
import { mutant } from './mutants.ts';

const livesMax = 200;
const tailLines = 12;

export type Hunted = { bug: Bug; caught: boolean; lives: number; seconds: number; by: string; said: string };

/** Null when only known seeds are wanted and none is known. */
export async function hunt(bug: Bug, onlyKnown: boolean): Promise<Hunted | null> {
  if (onlyKnown && bug.from === undefined) return null;
  const dir = mkdtempSync(join(tmpdir(), 'fdvu-hunt-'));
  try {
    const env = { ...process.env, ...mutant(bug.name) };
    const file = join(dir, 'told.json');
    const args = ['--until-failure', '--json', file, '--seeds', String(livesMax), '--kind', bug.kind ?? 'ordinary', '--from', String(bug.from ?? 1)];
    const ran = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), ...args], { env, encoding: 'utf8' });
    const told = read(file);
    if (!told) throw new Error(`${bug.name}: ${ran.stdout}${ran.stderr}`.split('\n').slice(-tailLines).join('\n'));
    const failure = told.failures[0];
    return { bug, caught: !!failure, lives: told.lives, seconds: told.seconds, by: failure?.invariant ?? '', said: failure?.said ?? '' };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A patch that does not fit, or a run that could not start: the bug is not found. */
export function failedHunt(bug: Bug, error: Error): Hunted {
  return { bug, caught: false, lives: 0, seconds: 0, by: '', said: error.message };
}

function read(file: string): Told | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** The table of docs/sync-protocol.md, «Proof». */
export const heading = 'bug | what it does | found | time | by | said';

export function row({ bug, caught, lives, seconds, by, said }: Hunted): string {
  return [bug.name, bug.what, caught ? `after ${lives}` : `not in ${lives}`, `${seconds.toFixed(0)} s`, by, caught ? said.slice(0, 160) : said].join(' | ');
}
