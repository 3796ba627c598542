// Addresses and dwellings from Kartverket's file: every row ends as landed, unchanged, rejected or queued.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { world } from './harness.ts';
import { importFile, register, rejectsOf, sample, state, sums, type Sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
const file = sample('matrikkel-adresse.csv');
const rejects = join(w.var, 'avvist.csv');
await register(db);

const run = (args: string[] = [], path = file): Promise<Sums> =>
  importFile(w, 'matrikkel-adresse', path, ['--rejects', rejects, ...args]);

test('a dry run tells what would happen and changes nothing', async () => {
  const was = await state(db);
  const told = await run(['--dry-run']);
  assert.deepEqual(told.sums, { read: 26, landed: 10, updated: 0, unchanged: 0, rejected: 16, queued: 0 });
  assert.equal(told.code, 3);
  assert.match(told.stdout, /Prøvekjøring: ingenting er endret/);
  assert.deepEqual(await state(db), was);
  const kept = await db.query('select is_dry_run, state, rows_read::int from import_batch');
  assert.deepEqual(kept.rows, [{ is_dry_run: true, state: 'done', rows_read: 26 }]);
});

test('good rows land as properties, addresses and dwellings', async () => {
  const told = await run();
  assert.deepEqual(told.sums, { read: 26, landed: 10, updated: 0, unchanged: 0, rejected: 16, queued: 0 });
  const kept = await db.query(`select rows_read::int as read, landed::int, updated::int, unchanged::int, rejected::int, queued::int
    from import_batch where not is_dry_run`);
  assert.deepEqual(kept.rows, [told.sums]);
  const dwellings = await db.query(`select p.label, d.h_number, up.kind, round(st_x(p.point))::int as x, round(st_y(p.point))::int as y
    from dwelling d join place p on p.id = d.place_id join place up on up.id = p.parent_id
    join import_origin o on o.row_id = d.place_id order by o.line`);
  assert.deepEqual(
    dwellings.rows.map((r) => `${r.label} (${r.kind})`),
    [
      'Langveien 4, Rådhuset, H0101 (building)',
      'Langveien 4, Rådhuset, H0102 (building)',
      'Langveien 4, Rådhuset, H0201 (building)',
      '4/207, Øvre Enggate 12B, H0101 (property)',
      '4/207, Øvre Enggate 12B, L0201 (property)',
      '1505-4/88, Fosnagata 7, H0101 (property)',
      '1505-4/88/0/2, Fosnagata 7, U0101 (property)',
      '1505-4/19, Sankthanshaugen 2, H0101 (property)',
      '1505-4/113, Langveien 6, H0101 (property)',
    ],
  );
});

test('every coordinate system ends in the same place, latitude first or not', async () => {
  const points = await db.query(`select distinct a.street_name, round(st_x(a.geom))::int as x, round(st_y(a.geom))::int as y
    from address a where a.street_name in ('Øvre Enggate', 'Fosnagata', 'Langveien') and a.number <> 4 order by 1`);
  assert.deepEqual(points.rows, [
    { street_name: 'Fosnagata', x: 435817, y: 6998536 },
    { street_name: 'Langveien', x: 435817, y: 6998536 },
    { street_name: 'Øvre Enggate', x: 435817, y: 6998536 },
  ]);
});

test('a dwelling that was here is found again, not made twice', async () => {
  const found = await db.query(`select count(*)::int as n from dwelling d join address a on a.id = d.address_id
    where a.key = '1505-10400-4-' and d.h_number = 'H0101'`);
  assert.equal(found.rows[0].n, 1);
});

test('each fault is a reject with line, column and reason, and the row as it was', () => {
  const { header, rows } = rejectsOf(rejects);
  assert.deepEqual(header.slice(-3), ['linje', 'kolonne', 'årsak']);
  assert.equal(header[0], 'kommunenummer');
  assert.equal(header.length, 34 + 3);
  const faults = rows.map((r) => r.slice(34, 37).join(' | '));
  assert.deepEqual(faults, [
    '11 | gardsnummer | er ikke et tall fra 1 til 99999',
    '12 | bruksnummer | mangler',
    '12 | gardsnummer | mangler',
    '13 | Nord | mangler',
    '13 | Øst | mangler',
    '14 | Øst | er ikke et tall',
    '15 | Nord | utenfor kommunen: nord og øst ser ut til å være byttet om',
    '16 | Nord | utenfor kommunen',
    '17 | EPSG-kode | ukjent koordinatsystem',
    '18 | bruksenhetsnummerTekst | er ikke bokstaven K, U, H eller L og fire siffer',
    '19 | kommunenummer | kommunen er ikke satt opp her',
    '20 | bruksenhetid | samme bruksenhet som linje 2',
    '21 | nummer | mangler',
    '22 | postnummer | er ikke fire siffer',
    '23 |  | raden har flere kolonner enn overskriften',
    '24 |  | raden har for få kolonner',
    '25 |  | anførselstegn som aldri lukkes',
    '26 | bokstav | er ikke én bokstav',
  ]);
  // The lines are the file's own: line 18 there is the row that the reject shows.
  const line18 = readFileSync(file, 'utf8').replace('\ufeff', '').split('\r\n')[17];
  const shown = rows.find((r) => r[34] === '18');
  assert.equal(shown?.slice(0, 34).join(';'), line18);
});

test('a rerun changes nothing', async () => {
  const was = await state(db);
  const told = await run();
  assert.deepEqual(told.sums, { read: 26, landed: 0, updated: 0, unchanged: 10, rejected: 16, queued: 0 });
  assert.deepEqual(await state(db), was);
});

test('a row that has changed since last time lands, the others do not', async () => {
  const changed = join(w.var, 'endret.csv');
  writeFileSync(changed, readFileSync(file, 'utf8').replace('900000003;H0201', '900000003;H0301'));
  const told = await run([], changed);
  assert.deepEqual(told.sums, { read: 26, landed: 0, updated: 1, unchanged: 9, rejected: 16, queued: 0 });
  const now = await db.query(`select p.label, d.h_number from dwelling d join place p on p.id = d.place_id
    join import_origin o on o.row_id = d.place_id where o.source_key = 'bruksenhet:900000003'`);
  assert.deepEqual(now.rows, [{ label: 'Langveien 4, Rådhuset, H0301', h_number: 'H0301' }]);
});

test('Windows-1252 is read right, and lost leading zeros are put back and told of', async () => {
  await db.query(`insert into area values (3, 'Oslo', '0301')`);
  const told = await importFile(w, 'matrikkel-adresse', sample('matrikkel-adresse-1252.csv'), ['--rejects', rejects]);
  assert.deepEqual(told.sums, { read: 2, landed: 2, updated: 0, unchanged: 0, rejected: 0, queued: 0 });
  assert.equal(told.code, 0);
  assert.match(told.stdout, /2 {2}kommunenummeret hadde mistet nullen foran \(linje 2, 3\)/);
  assert.ok(!existsSync(rejects), 'an old rejects file would be mistaken for this run');
  const address = await db.query(`select municipality_no, street_name, postcode, st_srid(geom) as srid from address where municipality_no = '0301'`);
  assert.deepEqual(address.rows, [
    { municipality_no: '0301', street_name: 'Grünerløkka – allé', postcode: '0552', srid: 25832 },
  ]);
});

test('two rows that could be the one dwelling here wait for a person', async () => {
  const lines = readFileSync(file, 'utf8').split('\r\n');
  const twice = join(w.var, 'to.csv');
  await db.query(`with p as (insert into place (parent_id, kind, name)
      select id, 'dwelling', 'H0401' from place where name = 'Rådhuset' returning id)
    insert into dwelling (place_id, h_number, address_id)
    select p.id, 'H0401', a.id from p, address a where a.key = '1505-10400-4-'`);
  const row = (unit: string): string => lines[1].replace('900000001;H0101', `${unit};H0401`);
  writeFileSync(twice, [lines[0], row('77'), row('78'), ''].join('\r\n'));
  const first = await run([], twice);
  assert.deepEqual(first.sums, { read: 2, landed: 0, updated: 0, unchanged: 0, rejected: 0, queued: 2 });
  assert.equal(first.code, 3);
  const again = await run([], twice);
  assert.deepEqual(again.sums, first.sums);
  const waiting = await db.query(`select line::int, candidates->0->>'label' as label, candidates->0->'score' as score
    from import_queue where state = 'open' order by line`);
  assert.deepEqual(waiting.rows, [
    { line: 2, label: 'Langveien 4, Rådhuset, H0401', score: 0.5 },
    { line: 3, label: 'Langveien 4, Rådhuset, H0401', score: 0.5 },
  ]);
});

test('an answered row lands as it was read, and is unchanged when its file comes again', async () => {
  const { rows: waits } = await db.query(`select key, candidates->0->>'id' as id from import_queue where state = 'open' order by line`);
  await db.query(`select import_settle('matrikkel-adresse', $1, $2)`, [waits[0].key, waits[0].id]);
  const done = await w.fdvu(['import', 'matrikkel-adresse', '--settled', '--rejects', join(w.var, 's.csv')]);
  assert.equal(done.code, 0, done.stdout + done.stderr);
  assert.match(done.stdout, /lest 1 = landet 1 /);
  const origin = await db.query(`select tbl, row_id from import_origin where source_key = 'bruksenhet:77'`);
  assert.deepEqual(origin.rows, [{ tbl: 'dwelling', row_id: waits[0].id }]);
  const again = await run([], join(w.var, 'to.csv'));
  assert.equal(again.sums?.unchanged, 1, 'nothing is new about it');
});

test('columns missing or twice stop the import with their names', async () => {
  const broken = join(w.var, 'kolonner.csv');
  const [header, row] = readFileSync(file, 'utf8').split('\r\n');
  writeFileSync(broken, `${header.replace('bruksnummer', 'noe annet')}\r\n${row}\r\n`);
  const missing = await w.fdvu(['import', 'matrikkel-adresse', broken]);
  assert.equal(missing.code, 1);
  assert.match(missing.stdout, /kolonner mangler: bruksnummer \(bnr\)/);
  writeFileSync(broken, `${header.replace('bruksnummer', 'Gardsnummer')}\r\n${row}\r\n`);
  const twice = await w.fdvu(['import', 'matrikkel-adresse', broken]);
  assert.equal(twice.code, 1);
  assert.match(twice.stdout, /kolonnen «Gardsnummer» finnes to ganger/);
  assert.equal(sums(twice.stdout), undefined);
});

test('many new places are filled in by the indexes, however few there were when the first came', async () => {
  await (await w.connect('owner')).query('analyze place');
  const many = 2000;
  const session = await w.connect('job');
  await session.query('begin');
  const { rows: [property] } = await session.query(`insert into place (parent_id, kind, name) select id, 'property', 'Ny' from place where kind = 'municipality' limit 1 returning id`);
  await session.query(`insert into place (parent_id, kind, name) select $1, 'dwelling', 'H' || n from generate_series(1, $2::int) n`, [property.id, many]);
  const { rows: [read] } = await session.query(`select seq_tup_read::int as n from pg_stat_xact_user_tables where relid = 'place'::regclass`);
  await session.query('rollback');
  assert.ok(read.n < 10 * many, `${read.n} places were gone through for ${many} new ones`);
});
