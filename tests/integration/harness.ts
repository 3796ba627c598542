// The real server on a real PostgreSQL of its own, for each test file:
//
//   const w = await world({ demo: true });        // a database, stopped and removed after the file
//   const s = await w.server();                    // fdvu serve on a free port, ready
//   const me = await s.login('caretaker');         // the demo log-in
//   const reply = await me.get('/api/v1/tasks');   // { status, headers, body }
//
// Making a cluster takes seconds, copying one a tenth: the first file makes a template (migrated,
// with and without the demo municipality) and the others copy it.
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { postgres, type Postgres } from './postgres.ts';
import { template } from './template.ts';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.FDVU_BINARY ?? join(root, 'build/asan/fdvu');
const readyWaitMs = 15_000;
const stopWaitMs = 15_000;

export type Role = 'owner' | 'office' | 'field' | 'tenant' | 'supplier' | 'public' | 'job';
export type Person = 'caretaker' | 'tenant' | 'manager' | 'frontdesk' | 'supplier' | 'admin';
export type Env = Record<string, string>;
export type Finished = { code: number | null; stdout: string; stderr: string };
// `body` is what the JSON says (the tests look into it freely), or the text if it is not JSON.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Reply = { status: number; headers: Headers; body: any };

export type Api = {
  token: string;
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  patch(path: string, body: unknown): Promise<Reply>;
  put(path: string, body: Uint8Array, type: string): Promise<Reply>;
  del(path: string): Promise<Reply>;
};

export type Server = {
  url: string;
  port: number;
  pid: number;
  api(token?: string): Api;
  login(person: Person): Promise<Api>;
  log(): string;
  /** SIGTERM; fails unless the server ends with status 0. */
  stop(): Promise<void>;
  /** SIGKILL, as a lost machine would. */
  kill(): Promise<void>;
};

export type World = {
  var: string;
  conninfo: string;
  /** A client logged in as fdvu_ROLE, or past all rights as `owner`; closed after the file. */
  connect(role: Role): Promise<pg.Client>;
  server(options?: { env?: Env }): Promise<Server>;
  /** Runs `fdvu ARGS` against this database. */
  fdvu(args: string[], env?: Env): Promise<Finished>;
  postgres: Postgres;
};

export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = net.createServer();
    probe.on('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => done(port));
    });
  });
}

function client(url: string, token: string): Api {
  async function call(method: string, path: string, body?: BodyInit, type?: string): Promise<Reply> {
    const headers: Env = {};
    if (token) headers.authorization = `Bearer ${token}`;
    if (type) headers['content-type'] = type;
    const reply = await fetch(url + path, { method, headers, body, redirect: 'manual' });
    const text = await reply.text();
    const isJson = /[/+]json\b/.test(reply.headers.get('content-type') ?? '');
    return { status: reply.status, headers: reply.headers, body: isJson ? JSON.parse(text) : text };
  }
  const json = (method: string, path: string, body?: unknown): Promise<Reply> =>
    body === undefined
      ? call(method, path)
      : call(method, path, JSON.stringify(body), 'application/json');
  return {
    token,
    get: (path) => call('GET', path),
    post: (path, body) => json('POST', path, body),
    patch: (path, body) => json('PATCH', path, body),
    put: (path, body, type) => call('PUT', path, body as BodyInit, type),
    del: (path) => call('DELETE', path),
  };
}

/** Sends bytes as they are and gives all that comes back until the server closes or is silent. */
export function raw(port: number, bytes: string | Uint8Array, silentMs = 1000): Promise<string> {
  return new Promise((done, failed) => {
    const got: Buffer[] = [];
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    const finish = (): void => {
      socket.destroy();
      done(Buffer.concat(got).toString('latin1'));
    };
    socket.setTimeout(silentMs, finish);
    socket.on('data', (piece) => got.push(piece));
    socket.on('close', finish);
    socket.on('error', (e: NodeJS.ErrnoException) =>
      e.code === 'ECONNRESET' || e.code === 'EPIPE' ? finish() : failed(e),
    );
  });
}

function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve([child.exitCode, child.signalCode]);
  return new Promise((done) => child.once('exit', (code, signal) => done([code, signal])));
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Asks until `ask` gives something other than undefined, null or false; fails after `waitMs`. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | null | false>,
  waitMs = 5000,
): Promise<T> {
  const until = Date.now() + waitMs;
  for (;;) {
    const got = await ask();
    if (got !== undefined && got !== null && got !== false) return got;
    assert.ok(Date.now() < until, `${what}: not within ${waitMs} ms`);
    await sleep(50);
  }
}

/** `fdvu serve` on a free port, ready, with these settings. */
export async function startServer(env: Env, logFile: string, program = binary): Promise<Server> {
  const port = Number(env.FDVU_PORT ?? (await freePort()));
  const url = `http://127.0.0.1:${port}`;
  const out = openSync(logFile, 'a');
  const child = spawn(program, ['serve'], {
    env: { ...process.env, ...env, FDVU_PORT: String(port) },
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  const log = (): string => readFileSync(logFile, 'utf8');
  const tail = (): string => log().slice(-3000);
  const until = Date.now() + readyWaitMs;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      assert.fail(`fdvu serve ended at once (${child.exitCode ?? child.signalCode})\n${tail()}`);
    const status = await fetch(url + '/readyz').then((r) => r.status, () => 0);
    if (status === 200) break;
    if (Date.now() > until) {
      child.kill('SIGKILL');
      assert.fail(`fdvu serve was not ready in ${readyWaitMs} ms (${status})\n${tail()}`);
    }
    await sleep(20);
  }
  const end = async (signal: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]> => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWaitMs);
    const how = await ended(child);
    clearTimeout(timer);
    return how;
  };
  let isStopped = false;
  return {
    url,
    port,
    pid: child.pid ?? 0,
    log,
    api: (token = '') => client(url, token),
    async login(person) {
      const reply = await client(url, '').post('/api/v1/session/demo', { person });
      assert.equal(reply.status, 201, `log in as ${person}: ${JSON.stringify(reply.body)}`);
      return client(url, reply.body.token);
    },
    async stop() {
      if (isStopped) return;
      isStopped = true;
      const [code, signal] = await end('SIGTERM');
      assert.equal(code, 0, `fdvu serve ended with ${code ?? signal}\n${tail()}`);
    },
    async kill() {
      isStopped = true;
      await end('SIGKILL');
    },
  };
}

/** A database for this test file, with the schema and, with `demo`, the small demo municipality. */
export async function world(options: { demo?: boolean; env?: Env } = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'fdvu-test-'));
  const data = join(dir, 'var/postgres');
  const socket = join(dir, 's');
  const conninfo = `host='${socket}' dbname=fdvu`;
  const servers: Server[] = [];
  const clients: pg.Client[] = [];
  const db = postgres(data, socket);
  // Whatever happens to this process, no PostgreSQL of ours is left behind.
  const sweep = (): void => {
    if (db.isRunning()) db.stop('immediate');
    rmSync(dir, { recursive: true, force: true });
  };
  process.once('exit', sweep);

  await chmod(dir, 0o755);
  await mkdir(join(dir, 'var'));
  await mkdir(socket, { mode: 0o700 });
  const from = await template(binary, options.demo ? 'demo' : 'empty');
  execFileSync('cp', ['-a', '--reflink=auto', `${from}/.`, join(dir, 'var')]);
  if (userInfo().uid === 0) execFileSync('chown', ['postgres:', socket]);
  db.start();

  const env = {
    FDVU_DATABASE: conninfo,
    FDVU_VAR: join(dir, 'var'),
    FDVU_DEMO: 'true',
    FDVU_JOBS: 'false', // a nightly job in the midst of a test would change what it looks at
    ...options.env,
  };
  after(async () => {
    for (const c of clients) await c.end().catch(() => undefined);
    try {
      for (const s of servers) await s.stop();
    } finally {
      sweep();
      process.removeListener('exit', sweep);
    }
  });
  return {
    var: join(dir, 'var'),
    conninfo,
    postgres: db,
    async connect(role) {
      const user = role === 'owner' ? 'fdvu' : `fdvu_${role}`;
      const c = new pg.Client({ host: socket, database: 'fdvu', user });
      c.on('error', () => undefined); // PostgreSQL may be killed under it
      await c.connect();
      // A test that failed with a lock in hand must not hang those after it.
      await c.query(`set search_path = fdvu, public; set lock_timeout = '10s'`);
      clients.push(c);
      return c;
    },
    async server(given = {}) {
      const s = await startServer({ ...env, ...given.env }, join(dir, `server-${servers.length}.log`));
      servers.push(s);
      return s;
    },
    fdvu: (args, extra = {}) =>
      new Promise((done) => {
        execFile(
          binary,
          args,
          { env: { ...process.env, ...env, ...extra }, maxBuffer: 64 << 20 },
          (error, stdout, stderr) =>
            done({ code: error ? ((error.code as number | undefined) ?? null) : 0, stdout, stderr }),
        );
      }),
  };
}
