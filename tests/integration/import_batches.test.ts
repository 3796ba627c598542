// Batches as a whole: a limit on rejects, taking one back, and answers of the queue that are remembered.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { world } from './harness.ts';
import { importFile, register, sample, state, type Sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
const owner = await w.connect('owner');
await register(db);
const run = (args: string[] = [], file = sample('braarkiv.csv')): Promise<Sums> =>
  importFile(w, 'braarkiv', file, ['--rejects', join(w.var, 'avvist.csv'), ...args]);
const batchOf = (told: Sums): string => {
  const id = /Innlesing: ([0-9a-f-]{36})/.exec(told.stdout)?.[1];
  assert.ok(id, told.stdout);
  return id;
};

/** The register and where it came from, without what numbers versions. */
async function content(): Promise<string> {
  const { rows } = await owner.query(`
    select jsonb_build_object(
      'place', (select jsonb_agg(to_jsonb(p) - '{changed,row_v,since}'::text[] order by p.id) from place p),
      'component', (select jsonb_agg(to_jsonb(c) - '{changed,row_v,since}'::text[] order by c.id) from component c),
      'address', (select jsonb_agg(to_jsonb(a) - '{changed,row_v}'::text[] order by a.id) from address a),
      'dwelling', (select jsonb_agg(to_jsonb(a) - '{changed,row_v,since}'::text[] order by a.place_id) from dwelling a),
      'document', (select jsonb_agg(to_jsonb(d) - '{changed,row_v}'::text[] order by d.id) from document d),
      'origin', (select jsonb_agg(to_jsonb(o) order by o.source, o.source_key) from import_origin o),
      'search', (select count(*) from search),
      'was', (select count(*) from place_was) + (select count(*) from component_was))::text as all`);
  return rows[0].all;
}

test('with more rejects than allowed nothing lands, and the file of rejects says why', async () => {
  const was = await state(db);
  const done = await w.fdvu(['import', 'braarkiv', sample('braarkiv.csv'), '--rejects', join(w.var, 'a.csv'), '--max-rejects', '5%']);
  assert.equal(done.code, 1);
  assert.match(done.stdout, /11 av 22 rader er avvist, og høyst 5% var tillatt/);
  assert.match(done.stdout, /Ingenting er endret/);
  assert.deepEqual(await state(db), was);
  const { rows } = await db.query(`select state from import_batch order by started_at desc limit 1`);
  assert.equal(rows[0].state, 'failed');
});

test('as many rejects as allowed land the rest', async () => {
  const told = await run(['--dry-run', '--max-rejects', '11']);
  assert.equal(told.sums.landed, 8);
  const half = await run(['--dry-run', '--max-rejects', '50%']);
  assert.equal(half.sums.rejected, 11);
  assert.equal((await w.fdvu(['import', 'braarkiv', sample('braarkiv.csv'), '--max-rejects', 'mange'])).code, 2);
});

test('a batch is taken back whole: what it made is gone, what it changed is as it was', async () => {
  const was = await content();
  const first = await run();
  assert.equal(first.sums.landed, 8);
  assert.notEqual(await content(), was);
  const done = await w.fdvu(['import', 'undo', batchOf(first)]);
  assert.equal(done.code, 0, done.stdout + done.stderr);
  assert.equal(await content(), was);
  const { rows } = await db.query(`select state, undone_at is not null as undone from import_batch where id = $1`, [batchOf(first)]);
  assert.deepEqual(rows, [{ state: 'undone', undone: true }]);
  assert.match((await w.fdvu(['import', 'undo', batchOf(first)])).stdout, /is taken back already/);
  const again = await run();
  assert.deepEqual(again.sums, first.sums);
});

const lift = '4/112;300171619;;Heis;621 - Heiser;;Tilsyn og vedlikehold;Heis/Heisbok.pdf;';
const header = 'gnr/bnr;byggNummer;Lokasjonskode;Fag;Bygningsdel;Bygningsdel 2;Dokumentkategori;Filsti;merknad\r\n';
const one = (note: string): string => {
  const path = join(w.var, 'en.csv');
  writeFileSync(path, `${header}${lift}${note}\r\n`);
  return path;
};

test('a batch that changed rows of an earlier one is taken back to that one, then that one too', async () => {
  const was = await content();
  const changed = await run([], one('ny merknad'));
  assert.deepEqual(changed.sums, { read: 1, landed: 0, updated: 1, unchanged: 0, rejected: 0, queued: 0 });
  const twice = await run([], one('enda nyere'));
  const blocked = await w.fdvu(['import', 'undo', batchOf(changed)]);
  assert.equal(blocked.code, 1);
  assert.match(blocked.stdout, /linje 2: document «Heisbok» endret .* av braarkiv/, 'a later batch stands in the way');
  assert.equal((await w.fdvu(['import', 'undo', batchOf(twice)])).code, 0);
  assert.equal((await w.fdvu(['import', 'undo', batchOf(changed)])).code, 0);
  assert.equal(await content(), was);
  assert.deepEqual((await run()).sums.unchanged, 8, 'what the first batch said is remembered as it was');
});

test('a row that a person has changed since stands in the way, and is named', async () => {
  const { rows } = await db.query(`select batch_id from import_origin where tbl = 'document' limit 1`);
  const [person] = (await owner.query(`insert into person (name) values ('Kari Vik') returning id`)).rows;
  await owner.query('begin');
  await owner.query(`select set_config('fdvu.person', $1, true)`, [person.id]);
  await owner.query(`update document set title = 'Brannalarm, ny' where title = 'Brannalarm'`);
  await owner.query('commit');
  const was = await content();
  const done = await w.fdvu(['import', 'undo', rows[0].batch_id]);
  assert.equal(done.code, 1);
  assert.match(done.stdout, /linje 3: document «Brannalarm, ny» endret \d{4}-\d\d-\d\d \d\d:\d\d av Kari Vik/);
  assert.equal(await content(), was);
});

test('what has been hung on a row since stands in the way', async () => {
  const { rows } = await db.query(`select o.batch_id, c.id, c.place_id from import_origin o join component c on c.id = o.row_id limit 1`);
  await owner.query(`update document set title = 'Brannalarm' where title = 'Brannalarm, ny'`);
  await owner.query(`delete from audit where actor is not null`);
  await owner.query(`insert into task (place_id, component_id, title, description) values ($1, $2, 'Smør', '')`, [rows[0].place_id, rows[0].id]);
  const was = await content();
  const done = await w.fdvu(['import', 'undo', rows[0].batch_id]);
  assert.equal(done.code, 1);
  assert.match(done.stdout, /something has been hung on a row/);
  assert.match(done.stdout, /task/);
  assert.equal(await content(), was);
});

test('one answer settles all rows that wait for it, now and in every run to come', async () => {
  const { rows: waits } = await db.query(`select key, line::int, candidates from import_queue where state = 'open' order by line`);
  assert.deepEqual(waits.map((r) => r.line), [8, 9, 10]);
  const choice = waits[0];
  await db.query(`select import_settle('braarkiv', $1, $2)`, [choice.key, choice.candidates[0].id]);
  const landed = await w.fdvu(['import', 'braarkiv', '--settled', '--rejects', join(w.var, 's.csv')]);
  assert.equal(landed.code, 0, landed.stdout + landed.stderr);
  assert.match(landed.stdout, /lest 1 = landet 1 \+ endret 0/);
  const { rows } = await db.query(`select p.name from import_origin o join document d on d.id = o.row_id join place p on p.id = d.place_id
    join import_batch b on b.id = o.batch_id where b.file_name = '(fra køen)'`);
  assert.deepEqual(rows, [{ name: 'Rådhuset' }]);
  const again = await run();
  assert.equal(again.sums.queued, 2);
  assert.equal(again.sums.unchanged, 9);
});

test('what a person has set aside is rejected, not asked about again', async () => {
  const { rows } = await db.query(`select key from import_queue where state = 'open' order by line limit 1`);
  await db.query(`select import_settle('braarkiv', $1, null)`, [rows[0].key]);
  const again = await run();
  assert.equal(again.sums.queued, 1);
  assert.equal(again.sums.rejected, 12);
});
