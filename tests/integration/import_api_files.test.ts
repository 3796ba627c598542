// From the office: the files that an export names, sent beside it; paths chosen in XML and JSON; and breaking an import off.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type pg from 'pg';
import { zip } from '../data/import/files.ts';
import { eventually, world, type Api, type Reply, type Server } from './harness.ts';
import { sessionOf, sha256 } from './helpers.ts';
import { register, sample, state } from './import_world.ts';

type Run = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const w = await world();
let s: Server;
let owner: pg.Client;
let db: pg.Client;
let manager: Api;
let hash: string;
const spool = join(w.var, 'files/import');
const braarkiv = readFileSync(sample('braarkiv.csv'));
const files = {
  'VVS/Aggregat 360.001.pdf': Buffer.from('%PDF-1.4 aggregat'), 'VVS/Aggregat 360.002.pdf': Buffer.from('%PDF-1.4 aggregat'),
  'EL/Brannalarm.pdf': Buffer.from('%PDF-1.4 alarm'), 'Tegninger/Fasade øst.dwg': Buffer.from('AC1015 tegning'), 'VVS/Uekte.pdf': Buffer.from('MZ program'),
};

async function send(bytes: Uint8Array): Promise<string> {
  const reply = await manager.put(`/api/v1/import-files/${sha256(bytes)}`, bytes, 'application/octet-stream');
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  return reply.body.sha256;
}

const start = (more: object): Promise<Reply> =>
  manager.post('/api/v1/imports', { profile: 'braarkiv', is_dry_run: false, file_name: 'braarkiv.csv', sha256: hash, ...more });

async function until(id: string, what: string, is: (run: Run) => boolean): Promise<Run> {
  return eventually(what, async () => {
    const { body } = await manager.get(`/api/v1/imports/${id}`);
    return is(body) ? body : null;
  }, 30_000).catch((e: Error) => assert.fail(`${e.message}\n${s.log().slice(-2000)}`));
}

const ended = (id: string): Promise<Run> => until(id, 'the run ends', (run) => !['waiting', 'running'].includes(run.state));

async function run(more: object): Promise<Run> {
  const started = await start(more);
  assert.equal(started.status, 201, JSON.stringify(started.body));
  return ended(started.body.id);
}

const figures = (r: Run): number[] => [r.read, r.landed, r.updated, r.unchanged, r.rejected, r.queued];
/** The run has told its end in its own transaction; its folder goes just after. */
const isSwept = (): Promise<boolean> => eventually('its folder is gone', async () => !readdirSync(spool).some((name) => name.endsWith('.files')), 5_000);

before(async () => {
  s = await w.server({ env: { FDVU_JOBS: 'true' } });
  owner = await w.connect('owner');
  db = await w.connect('job');
  await register(owner);
  const { rows } = await owner.query(`insert into person (name) values ('Marit Sunde') returning id`);
  await owner.query(`insert into person_role (person_id, role) values ($1, 'manager')`, [rows[0].id]);
  manager = await sessionOf(s, owner, rows[0].id, 'office');
  hash = await send(braarkiv);
});

describe('files beside the export', () => {
  test('come in an archive, are tried without being kept, taken in once by their bytes, and gone from the spool with the run', async () => {
    const archive = await send(zip(files));
    const was = await state(db);
    const tried = await run({ is_dry_run: true, files: [{ sha256: archive }] });
    assert.equal(tried.state, 'done', tried.fault);
    assert.deepEqual(figures(tried.report), [22, 7, 0, 0, 12, 3]);
    assert.deepEqual([tried.report.files_taken, tried.report.files_missing, tried.files], [5, 6, 1]);
    assert.deepEqual(await state(db), was);
    await isSwept();

    const done = await run({ files: [{ sha256: archive }] });
    assert.deepEqual(figures(done.report), [22, 7, 0, 0, 12, 3], JSON.stringify(done));
    assert.deepEqual([done.report.files_taken, done.report.files_missing], [5, 6], 'what is missing is told');
    const { rows } = await db.query(`select d.file_name, f.size::int from document d join file f using (sha256) order by 1`);
    assert.deepEqual(rows.map((r) => `${r.file_name} ${r.size}`), ['Aggregat 360.001.pdf 17', 'Aggregat 360.002.pdf 17', 'Brannalarm.pdf 14', 'Fasade øst.dwg 14']);
    await isSwept();
    const undone = await manager.post(`/api/v1/imports/${done.id}/undo`);
    assert.equal(undone.status, 200, JSON.stringify(undone.body));
  });

  test('come one by one, in a folder that was packed whole, or with the paths of Windows', async () => {
    const sent = await Promise.all(Object.entries(files).map(async ([path, bytes]) => ({ path, sha256: await send(bytes) })));
    const single = await run({ is_dry_run: true, files: sent });
    assert.deepEqual([single.report?.files_taken, single.report?.files_missing], [5, 6], JSON.stringify(single));
    const whole = await send(zip(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`Eksport 2024/${path}`, bytes]))));
    const packed = await run({ is_dry_run: true, files: [{ sha256: whole }] });
    assert.deepEqual([packed.report?.files_taken, packed.report?.files_missing], [5, 6], JSON.stringify(packed));
    const windows = await send(zip(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path.replaceAll('/', '\\'), bytes]))));
    const other = await run({ is_dry_run: true, files: [{ sha256: windows }] });
    assert.deepEqual([other.report?.files_taken, other.report?.files_missing], [5, 6], JSON.stringify(other));
  });

  test('that are no archive, a damaged one, or a bomb, fail the run with why', async () => {
    const whole = zip(files);
    const cases: [string, Buffer, RegExp][] = [
      ['no archive', Buffer.from('%PDF-1.4 alene'), /PDF|zip/],
      ['a table', Buffer.from('a;b\n1;2\n'), /pakket som zip/],
      ['cut off', whole.subarray(0, whole.length - 60), /skadet/],
      ['other bytes', Buffer.from(whole).fill(0x41, 60, 75), /skadet/],
      ['a bomb', zip({ 'stor.txt': Buffer.alloc(80 << 20) }), /pakket bombe/],
    ];
    const was = await state(db);
    for (const [what, bytes, why] of cases) {
      const failed = await run({ files: [{ sha256: await send(bytes) }] });
      assert.equal(failed.state, 'failed', what);
      assert.match(failed.fault, why, what);
    }
    assert.deepEqual(await state(db), was);
    await isSwept();
  });

  test('with paths out of the folder are not unpacked', async () => {
    const away = await send(zip({ '../../../ut.pdf': Buffer.from('%PDF'), '/tmp/fdvu-ut.pdf': Buffer.from('%PDF'), 'a/../../ut.pdf': Buffer.from('%PDF') }));
    const tried = await run({ is_dry_run: true, files: [{ sha256: away }] });
    assert.deepEqual([tried.state, tried.report?.files_taken, tried.report?.files_missing], ['done', 0, 11]);
    assert.ok(!existsSync('/tmp/fdvu-ut.pdf') && !existsSync(join(w.var, 'ut.pdf')) && !existsSync(join(w.var, 'files/ut.pdf')));
  });

  test('are no more than is allowed, all together', async () => {
    const small = await w.server({ env: { FDVU_JOBS: 'true', FDVU_IMPORT_MIB: '1' } });
    await s.stop();
    const parts = await Promise.all([1, 2, 3, 4, 5].map(async (n) => ({ path: `${n}.txt`, sha256: await (async () => {
      const bytes = Buffer.alloc(900_000, String(n));
      assert.equal((await small.api(manager.token).put(`/api/v1/import-files/${sha256(bytes)}`, bytes, 'application/octet-stream')).status, 201);
      return sha256(bytes);
    })() })));
    const api = small.api(manager.token);
    const ask = async (sent: object[]): Promise<Run> => {
      const { body } = await api.post('/api/v1/imports', { profile: 'braarkiv', is_dry_run: true, file_name: 'a.csv', sha256: hash, files: sent });
      return eventually('it ends', async () => {
        const now = (await api.get(`/api/v1/imports/${body.id}`)).body;
        return ['waiting', 'running'].includes(now.state) ? null : now;
      }, 20_000);
    };
    assert.equal((await ask(parts.slice(0, 4))).state, 'done');
    const much = await ask(parts);
    assert.equal(much.state, 'failed');
    assert.match(much.fault, /større enn 4 MiB til sammen/);
    await small.stop();
    s = await w.server({ env: { FDVU_JOBS: 'true' } });
    manager = s.api(manager.token);
  });

  test('are refused at once when they are not there, have no good path, or the profile takes none', async () => {
    const one = await send(Buffer.from('%PDF-1.4'));
    for (const [wrong, why] of [[[{ sha256: sha256('nothing') }], /ikke her/], [[{ sha256: one, path: '../x' }], /ingen sti/], [[{ sha256: one, path: '/x' }], /ingen sti/],
      [[{ sha256: one, path: 'a/./b' }], /ingen sti/], [[{ sha256: one, path: 7 }], /tekst/], [[{ path: 'a' }], /SHA-256/], [[], /liste/], [{}, /liste/]] as const) {
      const refused = await start({ files: wrong });
      assert.equal(refused.status, 422, JSON.stringify(wrong));
      assert.match(refused.body.detail, why);
    }
    const leases = await send(readFileSync(sample('leases.csv')));
    const refused = await start({ profile: 'leases', sha256: leases, files: [{ sha256: one, path: 'a.pdf' }] });
    assert.equal(refused.status, 422);
    assert.match(refused.body.detail, /tar ikke filer/);
    const { items } = (await manager.get('/api/v1/import-profiles')).body;
    assert.deepEqual(items.filter((p: Run) => ['braarkiv', 'leases'].includes(p.name)).map((p: Run) => p.takes_files), [true, false]);
  });

  test('that a dead server left lying are swept', async () => {
    const left = join(spool, '00000000-0000-7000-8000-000000000001.files');
    mkdirSync(join(left, 'a'), { recursive: true });
    writeFileSync(join(left, 'a/b.pdf'), '%PDF');
    const then = new Date(Date.now() - 2 * 3600 * 1000);
    utimesSync(left, then, then);
    await s.stop();
    s = await w.server({ env: { FDVU_JOBS: 'true' } });
    manager = s.api(manager.token);
    await eventually('it is swept', async () => !existsSync(left), 10_000);
  });
});

describe('columns of XML and JSON', () => {
  const json = readFileSync(sample('public360-saker.json'), 'utf8');
  const look = async (sha: string, more: object = {}): Promise<Run> => (await manager.post('/api/v1/import-looks', { sha256: sha, profile: 'public360', ...more })).body;

  test('are read from where the profile says, or from the path that a person chose, and not at all when left out', async () => {
    const plain = await send(Buffer.from(json));
    const seen = await look(plain);
    assert.deepEqual([seen.fault, seen.is_tree, seen.may_choose], [null, true, true]);
    const own: Record<string, string> = Object.fromEntries(seen.columns.map((c: Run) => [c.name, c.header]));
    assert.ok(Object.entries(own).every(([name, header]) => name === header) && own.tittel, 'called by their own names');
    const titles = (r: Run): string[] => r.rows.map((row: Run) => row.cells[r.columns.findIndex((c: Run) => c.name === 'tittel')]);

    // The same export from an archive that calls the title something that no profile knows.
    const renamed = await send(Buffer.from(json.replaceAll('"Title"', '"Overskrift"')));
    const lost = await look(renamed);
    assert.ok(lost.unused.split(', ').includes('Overskrift'), 'the path is told as not used');
    assert.ok(titles(lost).every((title) => title === ''));
    const chosen = { ...own, tittel: 'Overskrift' };
    const found = await look(renamed, { mapping: chosen });
    assert.deepEqual(titles(found), titles(seen));
    assert.ok(found.rows.length <= 20 && !found.unused.split(', ').includes('Overskrift'));
    const { status, ...without } = own;
    const left = await look(plain, { mapping: without });
    assert.ok(status && !left.columns.some((c: Run) => c.name === 'status'));

    const first = await run({ profile: 'public360', sha256: plain, is_dry_run: true, file_name: 'a.json' });
    const same = await run({ profile: 'public360', sha256: renamed, is_dry_run: true, file_name: 'b.json', mapping: chosen });
    assert.equal(same.state, 'done', same.fault);
    assert.ok(first.report.landed > 0);
    assert.deepEqual(figures(same.report), figures(first.report));
    assert.deepEqual(same.report.landed_in, first.report.landed_in);
  });

  test('that are no one path, or lead nowhere though they must be there, are refused with why', async () => {
    const plain = await send(Buffer.from(json));
    const bad = await start({ profile: 'public360', sha256: plain, mapping: { recno: 'Recno|Title' } });
    assert.equal(bad.status, 422);
    assert.match(bad.body.detail, /ikke én sti/);
    const nowhere = await start({ profile: 'public360', sha256: plain, mapping: { recno: 'Finnes/Ikke' } });
    assert.equal(nowhere.status, 422);
    assert.match(nowhere.body.detail, /ingen av postene har det som må være med/);
  });
});

describe('an import that is broken off', () => {
  const cancel = (id: string): Promise<Reply> => manager.post(`/api/v1/imports/${id}/cancel`);

  test('while it waits never starts; while a statement of it is under way, nothing of it lands', async () => {
    const holder = await w.connect('owner');
    await holder.query('begin; lock table document in exclusive mode');
    const was = await state(db);
    const first = (await start({})).body;
    const second = (await start({})).body;
    await until(first.id, 'it is under way', (r) => r.state === 'running' && r.step);
    assert.deepEqual((await cancel(second.id)).body, { id: second.id, state: 'cancelled' });
    const told = await ended(second.id);
    assert.deepEqual([told.state, told.cancelled_by, told.started_at], ['cancelled', 'Marit Sunde', null]);

    assert.equal((await cancel(first.id)).status, 200);
    const stopped = await ended(first.id);
    assert.deepEqual([stopped.state, stopped.fault, stopped.report], ['cancelled', null, null], 'though the lock is still held');
    await holder.query('rollback');
    assert.deepEqual(await state(db), was);
    assert.equal((await cancel(first.id)).status, 409, 'once only');
    const { items } = (await manager.get('/api/v1/imports?dry_run=false&limit=2')).body;
    assert.deepEqual(items.map((r: Run) => r.state), ['cancelled', 'cancelled']);
    const done = await run({});
    assert.equal(done.state, 'done', done.fault);
    assert.equal((await cancel(done.id)).status, 409, 'what has landed is taken back, not cancelled');
    assert.equal((await manager.post(`/api/v1/imports/${done.id}/undo`)).status, 200);
  });

  test('in the middle of a large file stops the reader', async () => {
    const row = braarkiv.toString('utf8').split('\r\n')[1];
    const large = await send(Buffer.from(`${braarkiv.toString('utf8').split('\r\n')[0]}\r\n${`${row}\r\n`.repeat(600_000)}`));
    const was = await state(db);
    const { body } = await start({ sha256: large });
    await until(body.id, 'it is being read', (r) => r.rows_so_far > 0);
    const began = Date.now();
    assert.equal((await cancel(body.id)).status, 200);
    const told = await ended(body.id);
    assert.equal(told.state, 'cancelled');
    assert.ok(told.rows_so_far < 600_000, `in the middle: ${told.rows_so_far}`);
    assert.ok(Date.now() - began < 5_000, 'at once');
    assert.deepEqual(await state(db), was);
    await eventually('the reader is gone', async () => !readdirSync('/proc').some((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(`(fdvu-reader) Z`) === false
          && readFileSync(`/proc/${pid}/status`, 'utf8').includes(`PPid:\t${s.pid}\n`) && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'fdvu-reader';
      } catch {
        return false;
      }
    }), 5_000);
    assert.equal((await run({ is_dry_run: true })).state, 'done', 'the next one is taken');
  });

  test('is for those who manage the whole municipality', async () => {
    const done = await run({ is_dry_run: true });
    const { rows } = await owner.query(`insert into person (name) values ('Eli Vik') returning id`);
    await owner.query(`insert into person_role (person_id, role) values ($1, 'frontdesk')`, [rows[0].id]);
    const desk = await sessionOf(s, owner, rows[0].id, 'office');
    assert.equal((await desk.post(`/api/v1/imports/${done.id}/cancel`)).status, 403);
    assert.equal((await manager.post('/api/v1/imports/00000000-0000-7000-8000-000000000000/cancel')).status, 404);
  });
});
