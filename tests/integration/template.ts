// Stopped var/ directories that test files copy: `empty` is migrated, `demo` has the small demo
// municipality as well. Made by fdvu itself with its private PostgreSQL, again when the program or
// a file of the schema is newer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { asPostgres } from './postgres.ts';

export type Kind = 'empty' | 'demo';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const lockWaitMs = 300_000;

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Leaves of the WAL of a stopped cluster the segment that it begins with: each test file copies it all. */
function forgetLog(data: string): void {
  const [segment] = /\b[0-9A-F]{24}\b/.exec(asPostgres('pg_controldata', ['-D', data], 'pipe')) ?? [];
  assert.ok(segment, 'the cluster tells where its WAL begins');
  const wal = join(data, 'pg_wal');
  for (const name of readdirSync(wal)) if (/^[0-9A-F]{24}$/.test(name) && name !== segment) rmSync(join(wal, name));
}

function make(binary: string, kind: Kind, dir: string): void {
  const half = `${dir}.half`;
  rmSync(half, { recursive: true, force: true });
  if (kind === 'demo') execFileSync('cp', ['-a', join(dirname(dir), 'empty'), half]);
  const env = { ...process.env, FDVU_VAR: half, FDVU_DATABASE: '' };
  const args = kind === 'empty' ? ['migrate'] : ['demo-data', '--scale', 'small'];
  execFileSync(binary, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  forgetLog(join(half, 'postgres'));
  rmSync(dir, { recursive: true, force: true });
  execFileSync('mv', ['-T', half, dir]);
  writeFileSync(`${dir}.stamp`, '');
}

// Test files run beside each other: whoever makes the directory has the lock.
async function locked<T>(lock: string, work: () => T): Promise<T> {
  const until = Date.now() + lockWaitMs;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (Date.now() > until) throw new Error(`${lock} is held by somebody; remove it if not`);
      await sleep(100);
    }
  }
  const release = (): void => rmSync(lock, { recursive: true, force: true });
  process.once('exit', release);
  try {
    return work();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

/** The directory to copy, made first if need be. PostgreSQL's user must be able to reach it. */
export async function template(binary: string, kind: Kind): Promise<string> {
  const home = process.env.FDVU_TEMPLATES ?? join(root, 'build/test');
  const dir = join(home, kind);
  const sources = Math.max(newest(binary), newest(join(root, 'schema')));
  const isFresh = (name: Kind): boolean => {
    const stamp = join(home, `${name}.stamp`);
    return existsSync(stamp) && statSync(stamp).mtimeMs > sources;
  };
  mkdirSync(home, { recursive: true });
  if (!isFresh(kind))
    await locked(join(home, 'lock'), () => {
      if (!isFresh('empty')) make(binary, 'empty', join(home, 'empty'));
      if (!isFresh(kind)) make(binary, kind, dir);
    });
  return dir;
}
