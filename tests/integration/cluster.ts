// A real primary with a streaming standby, for what happens when the database is lost and another
// takes over. Servers reach whichever of the two is the primary, as an operator would set it up.
//
//   const c = await cluster({ demo: true });
//   after(() => c.stop());
//   const s = await c.server();
//   c.cut();                 // from here on the standby hears nothing: what follows is the lost tail
//   await c.failOver();      // SIGKILL to the primary, the standby is promoted
//   await c.rejoin();        // the old primary becomes the standby of the new one
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { binary, eventually, root, startServer, type Env, type Role, type Server } from './harness.ts';
import { asPostgres, postgres, type Postgres } from './postgres.ts';
import { template } from './template.ts';

const caughtUpWaitMs = 20_000;

export type Node = Postgres & {
  /** What a server or a client needs to reach this one and no other. */
  conninfo: string;
  socket: string;
};

export class Cluster {
  readonly dir: string;
  primary: Node;
  standby: Node;
  readonly env: Env;
  #servers: Server[] = [];
  #clients: pg.Client[] = [];
  #sweep = (): void => this.#remove();

  constructor(dir: string, primary: Node, standby: Node) {
    this.dir = dir;
    this.primary = primary;
    this.standby = standby;
    const hosts = [primary.socket, standby.socket].join(',');
    this.env = {
      FDVU_DATABASE: `host='${hosts}' dbname=fdvu target_session_attrs=read-write`,
      FDVU_VAR: join(dir, 'var'),
      FDVU_DEMO: 'true',
      FDVU_JOBS: 'false',
    };
    process.once('exit', this.#sweep);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));
  }

  /** `fdvu serve` on the cluster, or on one node of it; another program than ours may be given. */
  async server(given: { node?: Node; env?: Env; program?: string } = {}): Promise<Server> {
    const env = { ...this.env, ...(given.node ? { FDVU_DATABASE: given.node.conninfo } : {}), ...given.env };
    const s = await startServer(env, join(this.dir, `server-${this.#servers.length}.log`), given.program);
    this.#servers.push(s);
    return s;
  }

  /** A client of the primary, or of `node`, logged in as fdvu_ROLE, or past all rights as `owner`. */
  async connect(role: Role, node = this.primary): Promise<pg.Client> {
    const user = role === 'owner' ? 'fdvu' : `fdvu_${role}`;
    const c = new pg.Client({ host: node.socket, database: 'fdvu', user });
    c.on('error', () => undefined); // the node may be killed under it
    await c.connect();
    await c.query(`set search_path = fdvu, public; set lock_timeout = '10s'`);
    this.#clients.push(c);
    return c;
  }

  /** Commits wait for the standby, or they do not. */
  sync(isOn: boolean): void {
    this.#set(this.primary, 'synchronous_standby_names', isOn ? '*' : '');
  }

  /** The standby hears nothing more. Commits that wait for it would wait for ever. */
  cut(): void {
    this.#set(this.standby, 'primary_conninfo', '');
  }

  /** Waits until the standby has all that is committed now. */
  async caughtUp(): Promise<void> {
    const [here, there] = [await this.connect('owner'), await this.connect('owner', this.standby)];
    const { rows } = await here.query('select pg_current_wal_lsn() as lsn');
    const has = `select coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) as has`;
    await eventually('the standby has it all', async () => (await there.query(has, [rows[0].lsn])).rows[0].has, caughtUpWaitMs);
    await here.end();
    await there.end();
  }

  /** The primary's machine is lost and the standby takes over. */
  failOver(): void {
    this.primary.kill();
    asPostgres('pg_ctl', ['promote', '-w', '-s', '-D', this.standby.data]);
    [this.primary, this.standby] = [this.standby, this.primary];
    this.sync(false);
  }

  /** A dump as the operator's backup makes it, where PostgreSQL's user may write. Returns its name. */
  dump(): string {
    const file = join(this.primary.socket, 'dump');
    asPostgres('pg_dump', ['-h', this.primary.socket, '-U', 'fdvu', '-Fc', '-Z0', '-C', '-f', file, 'fdvu']);
    return file;
  }

  /** Both nodes are lost; a new cluster in the standby's place is filled from the dump by bin/restore and is the primary. */
  restore(dump: string, program = binary): void {
    this.primary.kill();
    const { data, socket } = this.standby;
    if (this.standby.isRunning()) this.standby.stop('immediate');
    rmSync(data, { recursive: true, force: true });
    asPostgres('initdb', ['-D', data, '-U', 'fdvu', '-A', 'trust', '--locale=C.UTF-8', '-N']);
    this.standby.start();
    const env = { ...process.env, ...this.env, FDVU_BINARY: program };
    execFileSync(join(root, 'bin/restore'), [dump, `host=${socket} user=fdvu`], { env, stdio: 'pipe' });
    [this.primary, this.standby] = [this.standby, this.primary];
  }

  /** The node that is not the primary becomes its standby, made anew from a copy of it. */
  async rejoin(): Promise<void> {
    const { data } = this.standby;
    if (this.standby.isRunning()) this.standby.stop('immediate');
    rmSync(data, { recursive: true, force: true });
    asPostgres('pg_basebackup', ['-h', this.primary.socket, '-U', 'fdvu', '-D', data, '-c', 'fast', '-X', 'stream']);
    this.#follow();
    this.standby.start();
    await this.caughtUp();
  }

  /** Both from one stopped data directory: a copy of it is as good as a backup. */
  async begin(from: string): Promise<void> {
    for (const { data } of [this.primary, this.standby]) execFileSync('cp', ['-a', '--reflink=auto', from, data]);
    this.primary.start();
    this.#follow();
    this.standby.start();
    await this.caughtUp();
  }

  async stop(): Promise<void> {
    for (const c of this.#clients) await c.end().catch(() => undefined);
    try {
      for (const s of this.#servers) await s.stop();
    } finally {
      this.#remove();
      process.removeListener('exit', this.#sweep);
    }
  }

  #follow(): void {
    writeFileSync(join(this.standby.data, 'standby.signal'), '');
    const settings = `primary_conninfo = 'host=''${this.primary.socket}'' user=fdvu'\nsynchronous_standby_names = ''\n`;
    appendFileSync(join(this.standby.data, 'postgresql.auto.conf'), settings);
    const { uid, gid } = statSync(this.standby.data);
    chownSync(join(this.standby.data, 'standby.signal'), uid, gid);
  }

  // In the file and not by ALTER SYSTEM, which a standby refuses.
  #set(node: Node, name: string, value: string): void {
    appendFileSync(join(node.data, 'postgresql.auto.conf'), `${name} = '${value}'\n`);
    asPostgres('pg_ctl', ['reload', '-s', '-D', node.data]);
  }

  #remove(): void {
    for (const node of [this.primary, this.standby]) if (node.isRunning()) node.stop('immediate');
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function nodeIn(dir: string, owner: { uid: number; gid: number }): Node {
  const socket = join(dir, 's');
  for (const made of [dir, socket]) {
    mkdirSync(made);
    chownSync(made, owner.uid, owner.gid);
  }
  const db = postgres(join(dir, 'data'), socket, ['hot_standby=on', 'wal_keep_size=64MB']);
  return { ...db, socket, conninfo: `host='${socket}' dbname=fdvu` };
}

/** A primary and its standby, with the schema and, with `demo`, the small demo municipality. */
export async function cluster(options: { demo?: boolean } = {}): Promise<Cluster> {
  const from = join(await template(binary, options.demo ? 'demo' : 'empty'), 'postgres');
  const dir = mkdtempSync(join(tmpdir(), 'fdvu-cluster-'));
  chmodSync(dir, 0o755);
  mkdirSync(join(dir, 'var'));
  const owner = statSync(from);
  const c = new Cluster(dir, nodeIn(join(dir, 'a'), owner), nodeIn(join(dir, 'b'), owner));
  await c.begin(from);
  return c;
}
