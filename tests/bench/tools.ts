// What the bench measures with: wrk, pgbench, a stopwatch on one connection, and the memory of a
// process as Linux counts it.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = resolve(fileURLToPath(import.meta.url), '..');

const postgresBin = process.env.POSTGRES_BIN ?? '/usr/lib/postgresql/15/bin';

export type Load = { rps: number; p50Ms: number; p99Ms: number };

function run(file: string, args: string[], env: Record<string, string>): Promise<string> {
  return new Promise((done, failed) => {
    execFile(file, args, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      error ? failed(new Error(`${file}: ${error.message}\n${stderr}`)) : done(stdout),
    );
  });
}

/** A third of the rounds, and of a round's seconds, where bounds are only told. */
export const roundsOf = (most: number): number => (process.env.FDVU_BOUNDS === 'told' ? Math.ceil(most / 3) : most);

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** wrk over `connections` kept connections; a reply other than 2xx or 3xx fails. */
export async function wrk(options: {
  url: string;
  requests: string;
  connections: number;
  seconds: number;
  token?: string;
}): Promise<Load> {
  const threads = Math.min(2, options.connections);
  // Late is told by p99; wrk would count it as failed after two seconds.
  const args = ['-t', threads, '-c', options.connections, '-d', `${roundsOf(options.seconds)}s`, '--timeout', '30s', '-s'];
  const out = await run(
    'wrk',
    [...args.map(String), join(here, 'wrk.lua'), options.url, '--', options.requests],
    { FDVU_TOKEN: options.token ?? '' },
  );
  const said = JSON.parse(out.trim().split('\n').at(-1) ?? '');
  assert.equal(said.errors, 0, `wrk: ${said.errors} of ${said.requests} requests failed\n${out}`);
  return { rps: (said.requests / said.us) * 1e6, p50Ms: said.p50_ms, p99Ms: said.p99_ms };
}

/** pgbench with prepared statements over the Unix socket: a process with one client for each of
 * `clients`, which are the script's variables. (pgbench has no lists to draw an id from, and what
 * SQL would take for that is a tenth of the whole.) Gives the sum; a failed transaction fails. */
export async function pgbench(options: {
  socket: string;
  user: string;
  settings: string;
  script: string;
  clients: Record<string, string>[];
  seconds: number;
}): Promise<number> {
  const one = async (variables: Record<string, string>): Promise<number> => {
    const given = Object.entries(variables).flatMap(([k, v]) => ['-D', `${k}=${v}`]);
    const out = await run(
      join(postgresBin, 'pgbench'),
      ['-n', '-M', 'prepared', '-c', '1', '-T', String(roundsOf(options.seconds)), ...given]
        .concat('-h', options.socket, '-U', options.user, '-f', options.script, 'fdvu'),
      { PGOPTIONS: options.settings },
    );
    const tps = Number(/^tps = ([0-9.]+)/m.exec(out)?.[1]);
    assert.match(out, /^number of failed transactions: 0 /m);
    assert.ok(tps > 0, out);
    return tps;
  };
  return (await Promise.all(options.clients.map(one))).reduce((sum, tps) => sum + tps, 0);
}

export type Stopwatch = {
  /** How long one request took, in ms; fails unless it is answered with `status`. */
  time(method: string, path: string, body?: string, status?: number): Promise<number>;
  close(): void;
};

/** One kept connection, one request at a time. */
export function stopwatch(port: number, token = ''): Stopwatch {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  return {
    time: (method, path, body, status = 200) =>
      new Promise((done, failed) => {
        const from = performance.now();
        const rq = http.request({ port, host: '127.0.0.1', method, path, agent, headers }, (reply) => {
          reply.resume();
          reply.on('end', () => {
            const took = performance.now() - from;
            if (reply.statusCode === status) done(took);
            else failed(new Error(`${method} ${path}: ${reply.statusCode}`));
          });
        });
        rq.on('error', failed);
        rq.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** A named query's SQL as it stands in its file, without its comments and final semicolon. */
export function namedQuery(file: string, name: string): string {
  const all = readFileSync(file, 'utf8').split(/^-- name: /m);
  const one = all.find((text) => text.split(/\s/, 1)[0] === name);
  assert.ok(one, `${file} has no query ${name}`);
  const sql = one.slice(one.indexOf('\n') + 1).replace(/^--.*\n/gm, '').trim();
  assert.ok(sql.endsWith(';'), `${name} does not end with ;`);
  return sql.slice(0, -1);
}

/** Installs what the lock file of `tests/bench/FOLDER` asks for, once for each state of it; where that is. */
export function installed(name: string): string {
  const folder = join(here, name);
  const want = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json'))).digest('hex');
  const stamp = join(folder, 'node_modules/.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return folder;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-timeout=60000'];
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 180_000 });
  writeFileSync(stamp, want);
  return folder;
}

/** Resident memory of a process in MB (10^6 bytes). */
export function rssMb(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kib) * 1024) / 1e6;
}

/**
 * A bound on a time or a rate. Other work and other machines move those, so the whole of `bin/test`, and
 * CI, measure and tell them; `bin/test bench` holds them.
 */
export function bound(holds: boolean, missed: string): void {
  if (holds) return;
  if (process.env.FDVU_BOUNDS === 'held') assert.fail(missed);
  console.log(`BOUND MISSED: ${missed}`);
}
