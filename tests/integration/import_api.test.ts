// Importing from the office: a file is sent, looked at, tried, read in, told of and taken back, by those who may.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type pg from 'pg';
import { eventually, world, type Api, type Reply, type Server } from './harness.ts';
import { sessionOf, sha256 } from './helpers.ts';
import { importFile, register, rejectsOf, sample, state } from './import_world.ts';

type Run = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const w = await world();
let s: Server;
let owner: pg.Client;
let db: pg.Client;
let manager: Api;
const braarkiv = readFileSync(sample('braarkiv.csv'));
/** The same file with a column that no profile knows by its name. */
const renamed = Buffer.from(braarkiv.toString('utf8').replace('Filsti', 'Hvor filen ligger').replace('gnr/bnr', 'Tomt'));
const mapping = {
  gnr_bnr: 'Tomt', bygningsnummer: 'byggNummer', lokasjonskode: 'Lokasjonskode', fag: 'Fag', bygningsdel: 'Bygningsdel', bygningsdel_2: 'Bygningsdel 2',
  dokumentkategori: 'Dokumentkategori', fil: 'Hvor filen ligger', merknad: 'Merknad',
};

async function person(role: string, area: number | null = null, audience: 'office' | 'field' = 'office'): Promise<Api> {
  const { rows } = await owner.query(`insert into person (name) values ($1) returning id`, [`${role} ${area ?? ''}`]);
  await owner.query(`insert into person_role (person_id, role, area_no) values ($1, $2, $3)`, [rows[0].id, role, area]);
  return sessionOf(s, owner, rows[0].id, audience);
}

async function send(bytes: Uint8Array, api = manager): Promise<string> {
  const reply = await api.put(`/api/v1/import-files/${sha256(bytes)}`, bytes, 'application/octet-stream');
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  return reply.body.sha256;
}

async function start(more: object, api = manager): Promise<Reply> {
  return api.post('/api/v1/imports', { profile: 'braarkiv', is_dry_run: false, file_name: 'braarkiv.csv', ...more });
}

async function ended(id: string): Promise<Run> {
  return eventually('the run ends', async () => {
    const { body } = await manager.get(`/api/v1/imports/${id}`);
    return ['waiting', 'running'].includes(body.state) ? null : body;
  }, 20_000).catch((e: Error) => assert.fail(`${e.message}\n${s.log().slice(-2000)}`));
}

async function run(more: object): Promise<Run> {
  const started = await start(more);
  assert.equal(started.status, 201, JSON.stringify(started.body));
  return ended(started.body.id);
}

const figures = (r: Run): number[] => [r.read, r.landed, r.updated, r.unchanged, r.rejected, r.queued];

before(async () => {
  s = await w.server({ env: { FDVU_JOBS: 'true' } });
  owner = await w.connect('owner');
  db = await w.connect('job');
  await register(owner);
  await owner.query(`insert into area values (2, 'Nordlandet', '1505')`);
  manager = await person('manager');
});

describe('the whole way', () => {
  test('a file is looked at, tried, read in and told of as the command does, its rejects fetched, and taken back', async () => {
    const hash = await send(braarkiv);
    const seen = await manager.post('/api/v1/import-looks', { sha256: hash });
    assert.equal(seen.status, 200, JSON.stringify(seen.body));
    assert.equal(seen.body.format, 'csv');
    assert.equal(seen.body.total, 22);
    assert.equal(seen.body.rows.length, 20);
    assert.equal(seen.body.suggestions[0].profile, 'braarkiv');
    const fits = await manager.post('/api/v1/import-looks', { sha256: hash, profile: 'braarkiv' });
    assert.deepEqual(fits.body.missing, []);
    assert.deepEqual(fits.body.columns[7], { header: 'Filsti', name: 'fil', told: 'fil' });
    assert.equal(fits.body.has_header, true);

    const was = await state(db);
    const tried = await run({ sha256: hash, is_dry_run: true });
    assert.equal(tried.state, 'done', tried.fault);
    assert.deepEqual(figures(tried.report), [22, 8, 0, 0, 11, 3]);
    assert.deepEqual(await state(db), was, 'a dry run changes nothing');

    const done = await run({ sha256: hash });
    assert.equal(done.state, 'done', done.fault);
    assert.deepEqual(figures(done.report), [22, 8, 0, 0, 11, 3]);
    assert.equal(done.by, 'manager ');
    const told = await importFile(w, 'braarkiv', sample('braarkiv.csv'), ['--dry-run', '--rejects', join(w.var, 'command.csv')]);
    for (const [title, list] of [['Avvist', 'reasons'], ['I kø', 'queue_reasons']] as const) {
      assert.ok(done.report[list].length > 0, title);
      for (const each of done.report[list]) assert.match(told.stdout, new RegExp(`^ +${each.count}  ${each.text.replace(/[.*+?()[\]{}|\\^$]/g, '\\$&')}$`, 'm'));
    }
    const sum = done.report.reasons.reduce((n: number, each: { count: number }) => n + each.count, 0);
    assert.ok(sum >= 11, 'each rejected row has a reason');

    const csv = await manager.get(`/api/v1/imports/${done.id}/rejects`);
    assert.equal(csv.status, 200);
    assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
    const saved = join(w.var, 'fetched.csv');
    const raw = await fetch(`${s.url}/api/v1/imports/${done.id}/rejects`, { headers: { authorization: `Bearer ${manager.token}` } });
    writeFileSync(saved, Buffer.from(await raw.arrayBuffer()));
    assert.deepEqual(rejectsOf(saved), rejectsOf(join(w.var, 'command.csv')), 'the same file of rejects as the command writes');

    const undone = await manager.post(`/api/v1/imports/${done.id}/undo`);
    assert.equal(undone.status, 200, JSON.stringify(undone.body));
    assert.ok(undone.body.touched > 0);
    const after = (await manager.get(`/api/v1/imports/${done.id}`)).body;
    assert.deepEqual([after.state, after.undone_by], ['undone', 'manager ']);
    assert.equal((await manager.post(`/api/v1/imports/${done.id}/undo`)).status, 409, 'once only');
  });
});

describe('columns', () => {
  test('that no profile knows are chosen by a person, and the choice is offered again for the same header', async () => {
    const hash = await send(renamed);
    const look = (more: object): Promise<Reply> => manager.post('/api/v1/import-looks', { sha256: hash, profile: 'braarkiv', ...more });
    assert.equal((await look({})).body.earlier, null);
    const chosen = await look({ mapping });
    assert.deepEqual(chosen.body.columns[7], { header: 'Hvor filen ligger', name: 'fil' });
    const part = await look({ mapping: { fil: 'Hvor filen ligger' } });
    assert.deepEqual(part.body.columns.map((c: { name: string | null }) => c.name).filter(Boolean), ['fil'], 'what is not chosen is not read');
    const tried = await run({ sha256: hash, mapping, is_dry_run: true });
    assert.deepEqual(figures(tried.report), [22, 8, 0, 0, 11, 3], JSON.stringify(tried));
    assert.deepEqual(tried.mapping, mapping);
    assert.deepEqual((await look({})).body.earlier, mapping);
    const other = await send(braarkiv);
    assert.equal((await manager.post('/api/v1/import-looks', { sha256: other, profile: 'braarkiv' })).body.earlier, null, 'another header');
  });

  test('in any order are read by their headers', async () => {
    const rows = braarkiv.toString('utf8').replace('\ufeff', '').split('\r\n').slice(0, 2).map((line) => line.split(';').reverse().join(';'));
    const hash = await send(Buffer.from(rows.join('\r\n')));
    const names = { ...mapping, gnr_bnr: 'gnr/bnr', fil: 'Filsti' };
    const tried = await run({ sha256: hash, mapping: names, is_dry_run: true });
    assert.deepEqual(figures(tried.report), [1, 1, 0, 0, 0, 0], JSON.stringify(tried));
  });

  test('that are missing or there twice are told at once, each in words', async () => {
    const hash = await send(Buffer.from('kommunenummer;adressenavn;Gatenavn;Gårdsnummer;knr\n1505;Langveien;x;4;1505\n'));
    const seen = await manager.post('/api/v1/import-looks', { sha256: hash, profile: 'matrikkel-adresse' });
    assert.ok(seen.body.missing.includes('bruksnummer'));
    assert.deepEqual(seen.body.doubled, ['knr']);
    const refused = await start({ sha256: hash, profile: 'matrikkel-adresse' });
    assert.equal(refused.status, 422);
    const told = refused.body.errors.map((e: { pointer: string }) => e.pointer);
    assert.ok(told.includes('/mapping/bruksnummer') && told.includes('/mapping'), JSON.stringify(refused.body));
  });

  test('that make no sense are refused with why', async () => {
    const hash = await send(renamed);
    for (const [wrong, why] of [[{ finnes_ikke: 'Tomt' }, /ingen kolonne «finnes_ikke»/], [{ fil: 'Tomt', fag: 'Tomt' }, /valgt for to kolonner/],
      [{ fil: 7 }, /må ha en overskrift/], [[], /objekt/], [{}, /objekt/]] as const) {
      const refused = await start({ sha256: hash, mapping: wrong });
      assert.equal(refused.status, 422, JSON.stringify(wrong));
      assert.match(refused.body.detail, why);
    }
  });
});

describe('what cannot be', () => {
  test('is told: no such file or profile, a file of another kind, one that is too large, more rejects than allowed', async () => {
    const hash = await send(braarkiv);
    assert.equal((await start({ sha256: sha256('nothing') })).status, 404);
    assert.equal((await start({ sha256: hash, profile: 'finnes-ikke' })).status, 422);
    assert.equal((await start({ sha256: hash, profile: 'components/..' })).status, 400);
    assert.equal((await start({ sha256: hash, municipality: '15' })).status, 400);
    assert.equal((await start({ sha256: hash, max_rejects: 'mange' })).status, 400);
    assert.equal((await start({ sha256: hash, file_name: undefined })).status, 400);
    assert.equal((await manager.put(`/api/v1/import-files/${sha256('a')}`, Buffer.from('b'), 'application/octet-stream')).status, 422);
    const pdf = await send(Buffer.from('%PDF-1.7\n'));
    const seen = await manager.post('/api/v1/import-looks', { sha256: pdf });
    assert.match(seen.body.fault, /er en PDF/);
    assert.deepEqual(seen.body.suggestions, []);
    const refused = await start({ sha256: pdf });
    assert.equal(refused.status, 422);
    assert.match(refused.body.detail, /PDF/);

    const was = await state(db);
    const failed = await run({ sha256: hash, max_rejects: '5%' });
    assert.equal(failed.state, 'failed');
    assert.match(failed.fault, /11 av 22 rader er avvist, og høyst 5% var tillatt/);
    assert.ok(failed.report.reasons.length > 0, 'why they were rejected is told all the same');
    assert.equal((await manager.get(`/api/v1/imports/${failed.id}/rejects`)).status, 200);
    assert.deepEqual(await state(db), was);

    const small = await w.server({ env: { FDVU_IMPORT_MIB: '1' } });
    const large = Buffer.alloc(2 << 20, 'a');
    const reply = await small.api(manager.token).put(`/api/v1/import-files/${sha256(large)}`, large, 'application/octet-stream');
    assert.equal(reply.status, 413);
    await small.stop();
  });

  test('is everything, for those who do not manage the whole municipality', async () => {
    const hash = await send(braarkiv);
    const done = await run({ sha256: hash, is_dry_run: true });
    for (const who of [await person('frontdesk'), await person('manager', 1)]) {
      const bytes = Buffer.from('x');
      const told = [
        await who.put(`/api/v1/import-files/${sha256(bytes)}`, bytes, 'application/octet-stream'), await who.get('/api/v1/import-profiles'),
        await who.post('/api/v1/import-looks', { sha256: hash }), await start({ sha256: hash }, who), await who.get(`/api/v1/imports/${done.id}/rejects`),
        await who.post(`/api/v1/imports/${done.id}/undo`), await who.get(`/api/v1/imports/${done.id}/changes`),
      ];
      assert.deepEqual(told.map((r) => r.status), told.map(() => 403));
      assert.equal((await who.get('/api/v1/session')).body.may_import, false, 'so that their menu has no entry');
    }
    assert.equal((await manager.get('/api/v1/session')).body.may_import, true);
    const desk = await person('frontdesk');
    assert.deepEqual((await desk.get('/api/v1/imports')).body.items, []);
    assert.deepEqual((await desk.get('/api/v1/import-queue')).body.items, []);
    assert.equal((await desk.get(`/api/v1/imports/${done.id}`)).status, 404);
    assert.equal((await desk.post('/api/v1/import-queue/settle', { source: 'braarkiv', key: 'bygg:1', place: null })).status, 403);
    const caretaker = await person('caretaker', null, 'field');
    assert.equal((await caretaker.get('/api/v1/imports')).status, 403);
    assert.equal((await s.api().get('/api/v1/imports')).status, 401);
    await assert.rejects((await w.connect('office')).query(`insert into import_run (person_id, profile, file_name, is_dry_run) values ('00000000-0000-7000-8000-000000000000', 'a', 'b', true)`), /row-level security|permission/);
  });
});

describe('a run under way', () => {
  /** A row that the import must wait for, so that it is seen while it goes on. */
  async function held(): Promise<pg.Client> {
    const holder = await w.connect('owner');
    await holder.query('begin; lock table document in exclusive mode');
    return holder;
  }
  async function running(id: string): Promise<Run> {
    return eventually('the run is under way', async () => {
      const { body } = await manager.get(`/api/v1/imports/${id}`);
      return body.state === 'running' && body.step ? body : null;
    }, 10_000);
  }

  test('tells how far it has come at least each second, and ends the stream with its end; the next one waits for it', async () => {
    const hash = await send(braarkiv);
    const holder = await held();
    const { body: first } = await start({ sha256: hash, is_dry_run: true });
    const { body: second } = await start({ sha256: hash, is_dry_run: true });
    await running(first.id);
    const reply = await fetch(`${s.url}/api/v1/imports/${first.id}/events`, { headers: { authorization: `Bearer ${manager.token}` } });
    assert.match(reply.headers.get('content-type') ?? '', /^text\/event-stream/);
    const events: { at: number; run: Run }[] = [];
    assert.ok(reply.body);
    let text = '';
    for await (const piece of reply.body) {
      text += Buffer.from(piece as Uint8Array).toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        events.push({ at: Date.now(), run: JSON.parse(/^data: (.*)$/m.exec(text.slice(0, end))?.[1] ?? '{}') });
        text = text.slice(end + 2);
      }
      if (events.length === 4) {
        assert.equal((await manager.get(`/api/v1/imports/${second.id}`)).body.state, 'waiting');
        await holder.query('rollback');
      }
    }
    assert.ok(events.length >= 5);
    for (let i = 1; i < 4; i++) assert.ok(events[i]!.at - events[i - 1]!.at < 1500, 'each second');
    const [one] = events;
    assert.deepEqual([one?.run.state, one?.run.rows_so_far, one?.run.bytes_so_far, one?.run.size], ['running', 23, braarkiv.length, braarkiv.length]);
    assert.equal(events.at(-1)?.run.state, 'done', 'the last one tells the end');
    assert.equal((await ended(second.id)).state, 'done');
  });

  test('leaves nothing when its server is killed, and is told of as broken off', async () => {
    const hash = await send(braarkiv);
    const was = await state(db);
    const holder = await held();
    const { body } = await start({ sha256: hash });
    await running(body.id);
    await s.kill();
    await holder.query('rollback');
    s = await w.server({ env: { FDVU_JOBS: 'true' } });
    manager = s.api(manager.token);
    const told = await eventually('it is noticed', async () => {
      const now = (await manager.get(`/api/v1/imports/${body.id}`)).body;
      return now.state === 'broken' ? now : null;
    }, 40_000);
    assert.ok(told.ended_at);
    assert.deepEqual(await state(db), was);
    assert.equal((await run({ sha256: hash, is_dry_run: true })).state, 'done', 'the next one is taken');
  });

  test('is broken off, with nothing done, when the server is stopped', async () => {
    const hash = await send(braarkiv);
    const was = await state(db);
    const holder = await held();
    const { body } = await start({ sha256: hash });
    await running(body.id);
    await s.stop();
    await holder.query('rollback');
    s = await w.server({ env: { FDVU_JOBS: 'true' } });
    manager = s.api(manager.token);
    assert.equal((await manager.get(`/api/v1/imports/${body.id}`)).body.state, 'broken');
    assert.deepEqual(await state(db), was);
  });
});

describe('the queue', () => {
  test('is settled once for all rows that wait for the same, and the settled rows land', async () => {
    await run({ sha256: await send(braarkiv) });
    const { items } = (await manager.get('/api/v1/import-queue')).body;
    assert.equal(items.length, 3);
    const unknown = items.find((q: { reason: string }) => q.reason === 'ukjent bygningsnummer');
    assert.equal(unknown.key, 'bygg:300171691 eiendom:1505-4/112');
    assert.equal(unknown.rows, 1);
    assert.equal(unknown.raw.fil, 'VVS\\Sluk.pdf');
    const [best] = unknown.candidates;
    assert.ok(best.score > 0.5 && best.label.includes('Rådhuset'), JSON.stringify(unknown.candidates));

    const settle = (key: string, place: string | null): Promise<Reply> => manager.post('/api/v1/import-queue/settle', { source: 'braarkiv', key, place });
    assert.equal((await settle(unknown.key, '00000000-0000-7000-8000-000000000000')).status, 404);
    assert.deepEqual((await settle(unknown.key, best.id)).body, { rows: 1 });
    const other = items.find((q: { reason: string }) => q.reason === 'ukjent eiendom');
    assert.deepEqual((await settle(other.key, null)).body, { rows: 1 });
    assert.equal((await manager.get('/api/v1/import-queue')).body.items.length, 1);
    assert.deepEqual((await manager.get('/api/v1/import-queue/settled')).body.items, [{ profile: 'braarkiv', rows: 1 }]);

    const started = await manager.post('/api/v1/imports', { profile: 'braarkiv', is_dry_run: false });
    assert.equal(started.status, 201, JSON.stringify(started.body));
    const done = await ended(started.body.id);
    assert.equal(done.is_settled, true);
    assert.deepEqual(figures(done.report), [1, 1, 0, 0, 0, 0], JSON.stringify(done));
    assert.deepEqual((await manager.get('/api/v1/import-queue/settled')).body.items, []);
    const again = await run({ sha256: await send(braarkiv), is_dry_run: true });
    assert.deepEqual(figures(again.report), [22, 0, 0, 9, 12, 1], 'the answers hold in every run to come');

    assert.equal((await manager.post(`/api/v1/imports/${done.id}/undo`)).status, 200);
    assert.deepEqual((await manager.get('/api/v1/import-queue/settled')).body.items, [{ profile: 'braarkiv', rows: 1 }], 'what it landed waits again');
  });
});

describe('taking back', () => {
  test('is stopped by what a person has changed since, which is told with line, when and by whom', async () => {
    const { items } = (await manager.get('/api/v1/imports?dry_run=false&limit=50')).body;
    const batch = items.find((b: Run) => b.state === 'done' && b.landed === 8);
    assert.deepEqual((await manager.get(`/api/v1/imports/${batch.id}/changes`)).body.items, []);
    const { rows } = await owner.query(`select row_id from import_origin where batch_id = $1 and tbl = 'component' order by line limit 1`, [batch.batch_id]);
    const component = (await manager.get(`/api/v1/components/${rows[0].row_id}`)).body;
    const changed = await manager.patch(`/api/v1/components/${rows[0].row_id}`, { row_v: component.row_v, name: 'Aggregat i kjelleren' });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    const stops = (await manager.get(`/api/v1/imports/${batch.id}/changes`)).body.items;
    assert.deepEqual(stops.map((c: Run) => [c.tbl, c.label, c.by, c.is_person]), [['component', 'Aggregat i kjelleren', 'manager ', true]]);
    assert.ok(stops[0].line > 0);
    const was = await state(db);
    const refused = await manager.post(`/api/v1/imports/${batch.id}/undo`);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.changed_since[0].label, 'Aggregat i kjelleren');
    assert.deepEqual(await state(db), was);
  });
});

describe('the list', () => {
  test('has dry runs apart, the newest first, by pages, and batches of the command', async () => {
    const dry = (await manager.get('/api/v1/imports?dry_run=true')).body.items;
    const real = (await manager.get('/api/v1/imports?dry_run=false')).body.items;
    assert.ok(dry.length > 2 && dry.every((b: Run) => b.is_dry_run));
    assert.ok(real.length > 2 && real.every((b: Run) => !b.is_dry_run));
    const command = dry.find((b: Run) => b.by === null);
    assert.deepEqual([command.rows_read, command.rejected], [22, 11], 'who gave the command is not known');
    assert.equal((await manager.get(`/api/v1/imports/${command.id}`)).body.rows_read, 22);
    const page = (await manager.get('/api/v1/imports?dry_run=true&limit=2')).body;
    const rest = (await manager.get(`/api/v1/imports?dry_run=true&limit=200&after=${page.next}`)).body;
    assert.deepEqual([...page.items, ...rest.items].map((b: Run) => b.id), dry.map((b: Run) => b.id));
  });
});

describe('files that were sent', () => {
  test('go after some days, with the rejected rows; sending one again begins its days anew', async () => {
    const folder = join(w.var, 'files/import');
    const kept = await send(Buffer.from('kept'));
    const old = await send(Buffer.from('old'));
    const names = readdirSync(folder);
    assert.ok(names.some((name) => name.endsWith('.csv')), 'rejects lie there too');
    const then = new Date(Date.now() - 8 * 24 * 3600 * 1000);
    for (const name of names) utimesSync(join(folder, name), then, then);
    await send(Buffer.from('kept'));
    const left = async (of: string): Promise<boolean> => (await owner.query(`select from import_queue where state ${of} and raw <> '{}'`)).rowCount !== 0;
    await owner.query(`insert into import_queue (batch_id, line, raw, reason, key)
      select b.id, n, '{"leietaker":"Kari Vik"}', 'ukjent', 'rad:' || n from (select id from import_batch limit 1) b cross join generate_series(1, 3) n`);
    await owner.query(`update import_queue set state = case line when 1 then 'resolved' else 'dropped' end where key in ('rad:1', 'rad:2')`);
    await owner.query(`update import_queue set ended_at = now() - interval '8 days' where ended_at is not null`);
    await s.stop();
    s = await w.server({ env: { FDVU_JOBS: 'true' } });
    manager = s.api(manager.token);
    await eventually('they are swept', async () => !existsSync(join(folder, old)), 10_000);
    await eventually('all of them', async () => readdirSync(folder).length === 1);
    assert.deepEqual(readdirSync(folder), [kept]);
    await eventually('what answered rows said of people is gone', async () => !(await left(`in ('resolved', 'dropped')`)), 10_000);
    assert.ok(await left(`= 'open'`), 'what waits for an answer is left');
    await owner.query(`delete from import_queue where state = 'open'`);
    assert.equal((await owner.query(`select from audit where tbl = 'import_queue' and (old ? 'raw' or new ? 'raw')`)).rowCount, 0, 'nor does the audit keep it');
  });
});
