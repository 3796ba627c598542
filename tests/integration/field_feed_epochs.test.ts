// The database is lost and another takes over, or is restored from a dump: no tablet goes on from a
// cursor of a history that is no more, what it sent is there, and it keeps no row that never was.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type pg from 'pg';
import { cluster } from './cluster.ts';
import { Tablet } from './field_world.ts';
import { binary, root, startServer, type Api, type Finished, type Server } from './harness.ts';
import { mutation } from './helpers.ts';
import { asPostgres, postgres } from './postgres.ts';

const c = await cluster({ demo: true });
after(() => c.stop());
let s: Server;
let caretaker: Api;
let site: string;

const siteOf = async (owner: pg.Client): Promise<string> =>
  (await owner.query(`select id from place where kind = 'building' and removed_at is null and area_no = 1 order by id limit 1`)).rows[0].id;

const task = async (owner: pg.Client, title: string): Promise<string> =>
  (await owner.query('insert into task (place_id, title) values ($1, $2) returning id', [site, title])).rows[0].id;

const run = (args: string[], env: Record<string, string>, program = binary): Promise<Finished> =>
  new Promise((done) =>
    execFile(program, args, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      done({ code: error ? ((error.code as number | undefined) ?? null) : 0, stdout, stderr }),
    ),
  );

before(async () => {
  s = await c.server();
  caretaker = await s.login('caretaker');
  site = await siteOf(await c.connect('owner'));
});

test('answers tablets from the primary only; the rest may be read from a standby', async () => {
  const held = await Tablet.enrolled(caretaker);
  await held.pull(20000);
  await c.caughtUp();
  const there = await c.server({ node: c.standby });
  const api = there.api(caretaker.token);
  const reader = new Tablet(api, held.device);
  Object.assign(reader, { cursor: held.cursor, scope: held.scope });
  const replies = [
    await reader.ask(),
    await new Tablet(api, held.device).ask(),
    await reader.reconcile({ digests: {} }),
  ];
  for (const { status, body } of replies) assert.deepEqual([status, body.type], [503, '/problems/standby']);
  assert.equal((await api.get(`/api/v1/buildings/${site}`)).status, 200);
  const told = await run(['doctor'], { ...c.env, FDVU_DATABASE: c.standby.conninfo });
  assert.match(told.stdout, /^ok {3}a standby/);
  await there.stop();
});

test('loses nothing and keeps no phantom when the standby takes over without the last changes', async () => {
  const held = await Tablet.enrolled(caretaker);
  const old = await c.connect('owner');
  const kept = await task(old, 'Før bruddet');
  await held.pull(20000);
  await c.caughtUp();

  // The tail that is lost: an office's row, and a tablet's work that the server had answered.
  c.cut();
  const phantom = await task(old, 'Gikk tapt');
  const done = mutation(1, 'task.close@1', 'task', kept, { state: { o: 'open', n: 'done' }, done_note: { o: null, n: 'Byttet' } });
  const body = { device: held.device, sent_at: new Date().toISOString(), mutations: [done] };
  assert.equal((await caretaker.post('/api/v1/sync/push', body)).body.results[0].state, 'applied');
  await held.pull();
  assert.equal(held.has('task', kept)?.d?.state, 'done');
  assert.ok(held.has('task', phantom));

  c.failOver();
  const owner = await c.connect('owner');
  const here = await c.server();
  held.api = here.api(caretaker.token);
  const later = await task(owner, 'Etterpå'); // with a transaction number that the old one had given
  const stale = await held.ask();
  assert.deepEqual([stale.status, stale.body.type], [409, '/problems/epoch_changed']);
  const again = await held.api.post('/api/v1/sync/push', body);
  assert.equal(again.body.results[0].state, 'applied', JSON.stringify(again.body));
  assert.ok((await held.mend()) >= 3);
  await held.pull();
  assert.equal(held.has('task', phantom), undefined);
  assert.ok(held.has('task', later));
  assert.equal(held.has('task', kept)?.d?.done_note, 'Byttet');
  held.rows.forEach((row, key) => row.t === 'mutation' && held.rows.delete(key));
  const wanted = new Tablet(held.api, held.device);
  await wanted.pull(20000);
  wanted.rows.forEach((row, key) => row.t === 'mutation' && wanted.rows.delete(key));
  assert.deepEqual(new Map([...held.rows].sort()), new Map([...wanted.rows].sort()));
  assert.match((await run(['doctor'], c.env)).stdout, /ok {3}epoch /);
});

test('does not start on a restored database before it is made ready, and then all goes on', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'fdvu-restore-'));
  asPostgres('pg_ctl', ['status', '-D', c.primary.data]);
  const held = await Tablet.enrolled((await c.server()).api(caretaker.token));
  await held.pull(20000);
  const owner = await c.connect('owner');
  const dump = join(c.dir, 'a/s/dump'); // where PostgreSQL's user may write
  asPostgres('pg_dump', ['-h', c.primary.socket, '-U', 'fdvu', '-Fc', '-C', '-f', dump, 'fdvu']);
  const socket = join(c.dir, 'b/s');
  const data = join(c.dir, 'b/restored');
  asPostgres('initdb', ['-D', data, '-U', 'fdvu', '-A', 'trust', '--locale=C.UTF-8', '-N']);
  if (c.standby.isRunning()) c.standby.stop('immediate');
  const fresh = postgres(data, c.primary.socket === socket ? join(c.dir, 'a/s') : socket);
  fresh.start();
  after(() => fresh.isRunning() && fresh.stop('immediate'));
  const place = c.primary.socket === socket ? join(c.dir, 'a/s') : socket;
  const env = { FDVU_VAR: c.env.FDVU_VAR ?? '', FDVU_DEMO: 'true', FDVU_JOBS: 'false', FDVU_BINARY: binary };
  const done = await run([dump, `host=${place} user=fdvu`], env, join(root, 'bin/restore'));
  assert.equal(done.code, 0, done.stdout + done.stderr);
  assert.match(done.stdout, /a new epoch has begun/);
  assert.doesNotMatch(done.stdout, /BAD/);

  const conninfo = `host=${place} dbname=fdvu`;
  const here = await startServer({ ...env, FDVU_DATABASE: conninfo }, join(dir, 'server.log'));
  held.api = here.api(caretaker.token);
  assert.equal((await held.ask()).body.type, '/problems/epoch_changed');
  assert.equal(await held.mend(), 0, 'the rows are the same');
  const { rows } = await owner.query('select count(*)::int as n from sync_entry');
  assert.ok(rows[0].n > 1000);
  await held.pull();
  await here.stop();

  // As if it had only been read in: rows of transactions that are yet to come.
  const raw = new (await import('pg')).default.Client({ host: place, database: 'fdvu', user: 'fdvu' });
  await raw.connect();
  const marked = await raw.query(`select count(*)::int as n from pg_proc where proleakproof and proname in ('textlike', 'word_similarity_op')`);
  assert.equal(marked.rows[0].n, 2, 'searches stay quick');
  await raw.query(`update fdvu.sync_entry set xid = (pg_current_xact_id()::text::bigint + 20000)::text::xid8 where tbl = 6`);
  await raw.end();
  const refused = await run(['serve'], { ...env, FDVU_DATABASE: conninfo });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /after-restore/);
  const ill = await run(['doctor'], { ...env, FDVU_DATABASE: conninfo });
  assert.equal(ill.code, 1);
  assert.match(ill.stdout, /^BAD {2}rows have transaction numbers/);
  assert.equal((await run(['after-restore'], { ...env, FDVU_DATABASE: conninfo })).code, 0);
  assert.equal((await run(['doctor'], { ...env, FDVU_DATABASE: conninfo })).code, 0);
  rmSync(dir, { recursive: true });
});
