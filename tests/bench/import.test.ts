// How fast a large file of legacy rows is read in: Kartverket's addresses in EPSG:25833 through the locked-down
// child, checked, reprojected, matched to addresses, landed as dwellings; read once more, when each row is known as one that has been; once more
// when the municipality's outline is another, within which each must be; and when the profile is another, by which the database judges all anew.
// Against ogr2ogr, which only loads and reprojects them, and psql's \copy, which only loads them; in one run, on one
// database. A tenth of the file is tried first: what memory it takes, all of it may take, in fdvu and in the child that reads.
// FDVU_BENCH=city reads a million rows; without it a fiftieth of that.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { binary, root, world } from '../integration/harness.ts';
import { bound } from './tools.ts';

const rows = process.env.FDVU_BENCH === 'city' ? 1_000_000 : 20_000;
const perAddress = 5;
const grid = 15; // metres between addresses
const columns =
  'kommunenummer kommunenavn adressetype adressekode adressenavn nummer bokstav gardsnummer bruksnummer bruksenhetid ' +
  'bruksenhetsnummer epsg nord ost postnummer poststed';

const w = await world({ demo: true });
const owner = await w.connect('owner');
const file = join(w.var, 'postgres/addresses.csv'); // a folder that PostgreSQL may write to
const tenth = join(w.var, 'tenth.csv');
const flat = 1.25; // of the memory that a tenth of the rows takes

type Run = { seconds: number; mb: number; out: string };

/** Runs a program; its time, and the largest memory of it and its children. */
function timed(program: string, args: string[], env: Record<string, string> = {}): Promise<Run> {
  const given = ['-f', 'kib %M', program, ...args];
  const from = performance.now();
  return new Promise((done, failed) => {
    execFile('/usr/bin/time', given, { env: { ...process.env, ...env }, maxBuffer: 1 << 26 }, (error, out, err) => {
      const kib = /^kib (\d+)$/m.exec(err)?.[1];
      if (error || !kib) return failed(new Error(`${program}: ${error?.message}\n${err}`));
      done({ seconds: (performance.now() - from) / 1000, mb: (Number(kib) * 1024) / 1e6, out });
    });
  });
}

// Addresses on the municipality's own land, five dwellings each, counted up and not drawn.
await owner.query(`
  create table public.bench_address as
  select (row_number() over () - 1)::int as a, st_transform(p.geom, 25833) as geom
    from (select geom from place where kind = 'municipality' and geom is not null order by id limit 1) m,
         lateral (select st_setsrid(st_makepoint(x, y), 25832) as geom
                    from generate_series(st_xmin(m.geom)::int, st_xmax(m.geom)::int, ${grid}) x,
                         generate_series(st_ymin(m.geom)::int, st_ymax(m.geom)::int, ${grid}) y) p
   where st_intersects(m.geom, p.geom) limit ${rows / perAddress};
  grant select on public.bench_address to public;
  create table public.bench_copy (${columns.split(' ').map((c) => `${c} text`).join(', ')})`);
const { rows: counted } = await owner.query('select count(*)::int as n from public.bench_address');
assert.equal(counted[0].n, rows / perAddress, 'there is land for all of them');
const psql = (sql: string): Promise<Run> => timed('psql', ['-q', '-X', '-v', 'ON_ERROR_STOP=1', '-d', w.conninfo + ' user=fdvu', '-c', sql]);
const header = `format csv, header, delimiter ';'`;
await owner.query(`copy (
  select '1505', 'KRISTIANSUND', 'vegadresse', 90000 + a / 200, 'Prøvevegen ' || a / 200, a % 200 + 1, '', 900 + a / 20000, a / 2 % 10000 + 1,
         800000000 + a * ${perAddress} + f, 'H0' || f + 1 || '01', 25833, replace(round(st_y(geom)::numeric, 2)::text, '.', ','),
         replace(round(st_x(geom)::numeric, 2)::text, '.', ','), '6511', 'KRISTIANSUND N'
    from public.bench_address, generate_series(0, ${perAddress - 1}) f order by a, f) to '${file}.rows' (format csv, delimiter ';')`);
await timed('sh', ['-c', `echo '${columns.replaceAll(' ', ';')}' | cat - '${file}.rows' > '${file}' && rm '${file}.rows'`]);
chmodSync(file, 0o644);
await timed('sh', ['-c', `head -n ${rows / 10 + 1} '${file}' > '${tenth}'`]);

const figure = (n: number, digits = 0): string => n.toFixed(digits).padStart(8);

/** The reader child alone, as the server starts it. */
const read = (from: string): Promise<Run> => timed('sh', ['-c', `exec '${join(dirname(binary), 'fdvu-reader')}' csv < '${from}' > /dev/null`]);

async function importOnce(from = file, args: string[] = []): Promise<Run & { landed: number; unchanged: number }> {
  const env = { FDVU_DATABASE: `${w.conninfo} user=fdvu`, FDVU_VAR: w.var, FDVU_LOG: 'error' };
  const run = await timed(binary, ['import', 'matrikkel-adresse', from, ...args], env);
  const sums = /lest (\d+) = landet (\d+) \+ endret 0 \+ uendret (\d+) \+ avvist 0 \+ i kø 0/.exec(run.out);
  assert.ok(sums, run.out.slice(-600));
  assert.equal(Number(sums[1]), from === file ? rows : rows / 10);
  return { ...run, landed: Number(sums[2]), unchanged: Number(sums[3]) };
}

test('reads rows in, checked and matched, no slower than ogr2ogr loads them', async () => {
  const copy = await psql(`\\copy public.bench_copy from '${file}' with (${header})`);
  const ogr = await timed(
    'ogr2ogr',
    ['-f', 'PostgreSQL', `PG:${w.conninfo} user=fdvu`, file, '-nln', 'bench_ogr', '-lco', 'SCHEMA=public', '-lco', 'SPATIAL_INDEX=NONE']
      .concat('-oo', 'X_POSSIBLE_NAMES=ost', '-oo', 'Y_POSSIBLE_NAMES=nord', '-oo', 'KEEP_GEOM_COLUMNS=YES')
      .concat('-s_srs', 'EPSG:25833', '-t_srs', 'EPSG:25832'),
    { PG_USE_COPY: 'YES' },
  );
  const theirs = await owner.query('select count(wkb_geometry)::int as n from public.bench_ogr');
  assert.equal(theirs.rows[0].n, rows, 'ogr2ogr loaded them all');
  const child = [await read(tenth), await read(file)] as const;
  const tried = await importOnce(tenth, ['--dry-run']);
  const first = await importOnce();
  assert.equal(first.landed, rows);
  await owner.query('vacuum analyze');
  const again = await importOnce();
  assert.equal(again.unchanged, rows);
  // Past the triggers, which would look at each of the million places in it.
  await owner.query(`begin; set local session_replication_role = replica; update place set geom = st_buffer(geom, 1) where kind = 'municipality'; commit`);
  const outlined = await importOnce();
  assert.equal(outlined.unchanged, rows);
  const profiles = join(w.var, 'profiles');
  cpSync(join(root, 'importers/profiles'), profiles, { recursive: true });
  appendFileSync(join(profiles, 'matrikkel-adresse/map.sql'), '-- another\n');
  const anew = await importOnce(file, ['--profile-dir', profiles]);
  assert.equal(anew.unchanged, rows);
  const most = Math.max(first.mb, again.mb, outlined.mb, anew.mb);
  const line = (name: string, r: Run): string =>
    `  ${name.padEnd(46)}${figure(r.seconds, 1)} s ${figure(rows / r.seconds)} /s ${figure(r.mb)} MB ${figure(ogr.seconds / r.seconds, 2)} of ogr2ogr's rate\n`;
  console.log(
    `${rows} addresses in EPSG:25833 (${(readFileSync(file).length / 1e6).toFixed(0)} MB)\n` +
      line('psql \\copy: loaded', copy) +
      line('ogr2ogr: loaded and reprojected', ogr) +
      line('fdvu: checked, matched and landed', first) +
      line('fdvu: the same file again, all there already', again) +
      line('fdvu: and again, within another outline', outlined) +
      line('fdvu: and again, by another profile', anew) +
      `  memory with a tenth of the rows and with all: fdvu ${tried.mb.toFixed(0)} and ${most.toFixed(0)} MB, its child ${child[0].mb.toFixed(0)} and ${child[1].mb.toFixed(0)} MB\n`,
  );
  for (const run of [again, outlined]) bound(run.seconds <= ogr.seconds, `${(run.seconds / ogr.seconds).toFixed(1)} times as long as ogr2ogr`);
  assert.ok(most < 100, 'a hundred megabytes are enough');
  for (const run of [first, again, outlined, anew]) assert.ok(run.mb <= tried.mb * flat, `fdvu's memory does not grow with the rows: ${tried.mb} to ${run.mb} MB`);
  assert.ok(child[1].mb <= child[0].mb * flat, `nor does its child's: ${child[0].mb} to ${child[1].mb} MB`);
});
