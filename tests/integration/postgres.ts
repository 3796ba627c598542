// One PostgreSQL server of the tests: started, stopped and killed, never by a service of the machine.
//
// It runs without fsync, which a killed process survives; only a lost machine does not.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';

const bin = process.env.POSTGRES_BIN ?? '/usr/lib/postgresql/15/bin';
const startTries = 20;

export type Postgres = {
  data: string;
  isRunning(): boolean;
  start(): void;
  stop(mode?: 'fast' | 'immediate'): void;
  /** SIGKILL to the postmaster: its children end by themselves. */
  kill(): void;
};

/** Runs a program of PostgreSQL, which refuses root. What it says is in the error, or returned. */
export function asPostgres(program: string, args: string[], stdout: 'ignore' | 'pipe' = 'ignore'): string {
  const path = join(bin, program);
  const [file, all] =
    userInfo().uid === 0 ? ['runuser', ['-u', 'postgres', '--', path, ...args]] : [path, args];
  const said = execFileSync(file, all, { stdio: ['ignore', stdout, 'pipe'], maxBuffer: 256 << 20 });
  return said ? said.toString() : '';
}

/** The server of a data directory, that listens in the directory `socket` only. */
export function postgres(data: string, socket: string, more: string[] = []): Postgres {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories='${socket}'`,
    'fsync=off',
    'max_connections=120',
    'shared_buffers=64MB',
    'jit=off',
    'random_page_cost=1.1',
    'log_min_messages=warning',
    ...more,
  ];
  let isRunning = false;
  return {
    data,
    isRunning: () => isRunning,
    start(): void {
      const args = ['start', '-w', '-s', '-D', data, '-l', join(data, 'server.log')];
      args.push('-o', settings.map((setting) => `-c ${setting}`).join(' '));
      // After a kill, the last child holds the shared memory for a moment more.
      for (let left = startTries; !isRunning; left--) {
        try {
          asPostgres('pg_ctl', args);
          isRunning = true;
        } catch (e) {
          if (left === 0) throw e;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
        }
      }
    },
    stop(mode = 'fast'): void {
      asPostgres('pg_ctl', ['stop', '-w', '-s', '-m', mode, '-D', data]);
      isRunning = false;
    },
    kill(): void {
      const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
      isRunning = false;
    },
  };
}
