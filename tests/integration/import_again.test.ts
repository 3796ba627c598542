// A file that comes again: rows with the fingerprint of a landed row are not looked at, unless something that their
// judgement depends on has changed since.
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, world } from './harness.ts';
import { importFile, register, rejectsOf, sample, state, type Counts } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
const owner = await w.connect('owner');
const rejects = join(w.var, 'avvist.csv');
const [header, ...lines] = readFileSync(sample('matrikkel-adresse.csv'), 'utf8').split('\r\n');
const good = lines.slice(0, 9); // the eighth is a matrikkeladresse, which is looked at each time
await register(db);

async function run(rows: string[], args: string[] = []): Promise<{ sums: Counts; faults: string[] }> {
  const file = join(w.var, 'adresser.csv');
  writeFileSync(file, [header, ...rows, ''].join('\r\n'));
  const told = await importFile(w, 'matrikkel-adresse', file, ['--rejects', rejects, ...args]);
  const faults = told.sums.rejected ? rejectsOf(rejects).rows.map((r) => r.slice(-3).join(' | ')) : [];
  return { sums: told.sums, faults };
}

const sums = (read: number, some: Partial<Counts>): Counts =>
  ({ read, landed: 0, updated: 0, unchanged: 0, rejected: 0, queued: 0, ...some });

async function seen(): Promise<number> {
  const { rows } = await db.query('select count(seen)::int as n from import_origin');
  return rows[0].n;
}

test('what lands is known again, and nothing of it is touched', async () => {
  assert.deepEqual((await run(good)).sums, sums(9, { landed: 9 }));
  assert.equal(await seen(), 8);
  const was = await state(db);
  assert.deepEqual((await run(good)).sums, sums(9, { unchanged: 9 }));
  assert.deepEqual(await state(db), was);
});

test('a known row is not staged: it is told by its fingerprint alone', async () => {
  // A row whose fingerprint is kept while its content is said to be another: only who looks closely sees that.
  await owner.query('begin');
  await owner.query('set local session_replication_role = replica');
  await owner.query(`update import_origin set content_hash = '\\x00' where source_key = 'bruksenhet:900000002'`);
  await owner.query('commit');
  assert.deepEqual((await run(good)).sums, sums(9, { unchanged: 9 }));
  await owner.query(`update import_origin set seen = null where source_key = 'bruksenhet:900000002'`);
  assert.deepEqual((await run(good)).sums, sums(9, { updated: 1, unchanged: 8 }));
  assert.equal(await seen(), 8);
});

test('a column that does not make the row another is looked at, and changes nothing', async () => {
  const renamed = good.map((l, i) => (i === 1 ? l.replace('KRISTIANSUND;', 'KRISTIANSUND KOMMUNE;') : l));
  assert.notDeepEqual(renamed, good);
  assert.deepEqual((await run(renamed)).sums, sums(9, { unchanged: 9 }));
  assert.deepEqual((await run(good)).sums, sums(9, { unchanged: 9 }));
});

test('what a person has changed since is left alone', async () => {
  await db.query(`update place p set name = 'Vaktmesterens' from import_origin o where o.row_id = p.id and o.source_key = 'bruksenhet:900000002'`);
  assert.deepEqual((await run(good)).sums, sums(9, { unchanged: 9 }));
  const { rows } = await db.query(`select p.name from place p join import_origin o on o.row_id = p.id where o.source_key = 'bruksenhet:900000002'`);
  assert.deepEqual(rows, [{ name: 'Vaktmesterens' }]);
});

test('a known row that is there twice is rejected with the line of the first', async () => {
  const { sums: told, faults } = await run([...good, good[1]!]);
  assert.deepEqual(told, sums(10, { unchanged: 9, rejected: 1 }));
  assert.deepEqual(faults, ['11 | bruksenhetid | samme bruksenhet som linje 3']);
});

test('of a known row and another of the same dwelling the first counts, whichever it is', async () => {
  const other = good[1]!.replace(';6511;', ';6512;');
  assert.notEqual(other, good[1]);
  const after = await run([...good, other]);
  assert.deepEqual(after.sums, sums(10, { unchanged: 9, rejected: 1 }));
  assert.deepEqual(after.faults, ['11 | bruksenhetid | samme bruksenhet som linje 3']);
  const before = await run([other, ...good], ['--dry-run']);
  assert.deepEqual(before.sums, sums(10, { updated: 1, unchanged: 8, rejected: 1 }));
  assert.deepEqual(before.faults, ['4 | bruksenhetid | samme bruksenhet som linje 2']);
});

test('a municipality with another outline has its rows looked at again', async () => {
  const outline = (x: number): Promise<unknown> =>
    db.query(`update place set geom = st_makeenvelope($1, 6985000, 450000, 7015000, 25832) where kind = 'municipality'`, [x]);
  await outline(440000);
  const told = await run(good);
  assert.equal(told.sums.unchanged, 0);
  assert.equal(told.sums.rejected, 9);
  assert.ok(told.faults.every((f) => f.endsWith('utenfor kommunen')), told.faults.join('\n'));
  // Those that were rejected are rejected each time, though their origins say what they said.
  assert.equal((await run(good)).sums.rejected, 9);
  await outline(425000);
  assert.deepEqual((await run(good)).sums, sums(9, { unchanged: 9 }));
});

test('rows that surely lie within another outline too are known by their fingerprints', async () => {
  await owner.query('begin');
  await owner.query('set local session_replication_role = replica');
  await owner.query(`update import_origin set content_hash = '\\x00' where source_key = 'bruksenhet:900000002'`);
  await owner.query(`update place set geom = st_makeenvelope(425001, 6985000, 450000, 7015000, 25832) where kind = 'municipality'`);
  await owner.query('commit');
  assert.deepEqual((await run(good)).sums, sums(9, { unchanged: 9 }));
  await owner.query(`update import_origin set seen = null where source_key = 'bruksenhet:900000002'`);
  assert.deepEqual((await run(good)).sums, sums(9, { updated: 1, unchanged: 8 }));
});

test('a municipality that is no longer set up here, or has got another number, has its rows rejected', async () => {
  await db.query(`update area set municipality_no = '1577' where municipality_no = '1505'`);
  const told = await run(good);
  assert.equal(told.sums.rejected, 9);
  assert.ok(told.faults.every((f) => f.includes('kommunen er ikke satt opp her')), told.faults.join('\n'));
  await db.query(`update area set municipality_no = '1505' where municipality_no = '1577'`);
  assert.deepEqual((await run(good)).sums, sums(9, { unchanged: 9 }));
});

test('a profile with other rules judges all rows by them', async () => {
  const dir = join(w.var, 'profiler');
  const manifest = join(dir, 'matrikkel-adresse/manifest');
  cpSync(join(root, 'importers/profiles'), dir, { recursive: true });
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('whole 1..99999 | gårdsnummer', 'whole 6..99999 | gårdsnummer'));
  const told = await run(good, ['--profile-dir', dir]);
  assert.equal(told.sums.rejected, 9);
  assert.ok(told.faults.every((f) => f.endsWith('er ikke et tall fra 6 til 99999')), told.faults.join('\n'));
  assert.deepEqual((await run(good)).sums, sums(9, { unchanged: 9 }));
});

test('a batch that is taken back leaves no fingerprint of what it said', async () => {
  const other = good.map((l, i) => (i === 3 ? l.replace('900000004;H0101', '900000004;H0102') : l));
  assert.notDeepEqual(other, good);
  const landed = await run(other);
  assert.deepEqual(landed.sums, sums(9, { updated: 1, unchanged: 8 }));
  const { rows } = await db.query(`select batch_id from import_origin where source_key = 'bruksenhet:900000004'`);
  const undone = await w.fdvu(['import', 'undo', rows[0].batch_id]);
  assert.equal(undone.code, 0, undone.stdout + undone.stderr);
  assert.deepEqual((await run(good, ['--dry-run'])).sums, sums(9, { unchanged: 9 }));
  assert.deepEqual((await run(other)).sums, sums(9, { updated: 1, unchanged: 8 }));
  assert.deepEqual((await run(good)).sums, sums(9, { updated: 1, unchanged: 8 }));
});

test('a dwelling without its number lands with a file whose known rows have theirs', async () => {
  const bare = good[1]!.replace('900000002;H0102', '900000099;').replace(';6511;', ';6512;');
  assert.match(bare, /;900000099;;/);
  const told = await run([...good, bare], ['--dry-run']);
  assert.deepEqual(told.sums, sums(10, { landed: 1, unchanged: 9 }));
});
