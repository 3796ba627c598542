// A BraArkiv export: documents find their buildings, the uncertain ones wait, files are kept once.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { world } from './harness.ts';
import { importFile, register, rejectsOf, sample, state, type Sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
await register(db);
const rejects = join(w.var, 'avvist.csv');
const run = (name: string, args: string[] = []): Promise<Sums> =>
  importFile(w, 'braarkiv', name.startsWith('/') ? name : sample(name), ['--rejects', rejects, ...args]);

test('documents land at the building, or the property when it has several', async () => {
  const told = await run('braarkiv.csv');
  assert.deepEqual(told.sums, { read: 22, landed: 8, updated: 0, unchanged: 0, rejected: 11, queued: 3 });
  assert.equal(told.code, 3);
  assert.match(told.stdout, /Tomme rader: 1/);
  const landed = await db.query(`select o.line::int, d.title, p.name as place, d.element, d.disciplines, d.categories, d.archive_ref, d.area_no
    from document d join place p on p.id = d.place_id join import_origin o on o.row_id = d.id order by o.line`);
  assert.deepEqual(
    landed.rows.map((r) => `${r.line} ${r.title} @ ${r.place} ${r.element}`),
    [
      '2 Aggregat 360.001 @ Rådhuset 36',
      '3 Brannalarm @ Rådhuset 542',
      '4 Heisbok @ Rådhuset 621',
      '5 Fasade øst @ Skolen 23',
      '6 Orientering @ 4/207 20',
      '7 Aggregat 360.002 @ Rådhuset 36',
      '23 Slukkeutstyr @ Rådhuset 33',
      '24 Uekte @ Rådhuset 31',
    ],
  );
  const alarm = landed.rows[1];
  assert.deepEqual(alarm.disciplines, ['Alarmer', 'Elkraft']);
  assert.deepEqual(alarm.categories, ['Bruksanvisninger', 'Tilsyn og vedlikehold']);
  assert.equal(alarm.archive_ref, 'EL/Brannalarm.pdf');
  assert.equal(alarm.area_no, 1);
});

test('a document about an installation makes the component that rules make rounds of, once', async () => {
  const made = await db.query(`select p.name as place, c.element, c.name, o.batch_id is not null as has_origin
    from component c join place p on p.id = c.place_id left join import_origin o on o.row_id = c.id order by c.element`);
  assert.deepEqual(
    made.rows.map((r) => `${r.place} ${r.element} ${r.name} ${r.has_origin}`),
    [
      'Rådhuset 33 Brannslokking true',
      'Rådhuset 36 Luftbehandling true',
      'Rådhuset 43 Lavspent forsyning true',
      'Rådhuset 542 Brannalarm true',
      'Rådhuset 621 Heiser true',
    ],
  );
});

test('rules make rounds of what the export told of', async () => {
  const planned = await w.fdvu(['plan', '--today', '2026-03-01', '--days', '366']);
  assert.equal(planned.code, 0, planned.stderr);
  const rounds = await db.query(`select distinct r.code from task t join rule r on r.id = t.rule_id
    join component c on c.id = t.component_id join import_origin o on o.row_id = c.id order by 1`);
  assert.deepEqual(
    rounds.rows.map((r) => r.code),
    ['fire_alarm_monthly', 'fire_alarm_yearly', 'lift_monthly', 'lift_two_yearly', 'ventilation_yearly'],
  );
});

test('what is unknown or disagrees waits with scored candidates, never guessed', async () => {
  const waiting = await db.query(`select line::int, reason, candidates from import_queue order by line`);
  assert.deepEqual(
    waiting.rows.map((r) => [r.line, r.reason, r.candidates.map((c: { label: string }) => c.label)]),
    [
      [8, 'ukjent bygningsnummer', ['Langveien 4, Rådhuset', '4/112']],
      [9, 'bygningsnummeret hører til en annen eiendom enn gnr/bnr', ['Langveien 4, Rådhuset', 'Gymsalen', 'Skolen', '4/207']],
      [10, 'ukjent eiendom', []],
    ],
  );
  for (const r of waiting.rows)
    for (const c of r.candidates) assert.ok(c.score > 0 && c.score <= 1 && c.id && c.tbl === 'place');
  assert.ok(waiting.rows[0].candidates[0].score > waiting.rows[1].candidates[1].score, 'two figures swapped is a near miss');
});

test('each fault is a reject with line, column and reason', () => {
  const { header, rows } = rejectsOf(rejects);
  assert.deepEqual(header.slice(0, 3), ['gnr/bnr', 'byggNummer', 'Lokasjonskode']);
  assert.deepEqual(
    rows.map((r) => r.slice(9).join(' | ')),
    [
      '11 | Bygningsdel | ukjent bygningsdel',
      '12 | Fag | ukjent fag',
      '13 | Dokumentkategori | ukjent dokumentkategori',
      '14 | Filsti | samme fil som linje 2',
      '15 | Filsti | filtypen tas ikke imot',
      '16 | gnr/bnr | både gnr/bnr og bygningsnummer mangler',
      '17 | gnr/bnr | er blitt en dato i regnearket',
      '18 | byggNummer | er ikke et tall på inntil ni siffer',
      '19 | Filsti | er ikke en sti inne i eksporten',
      '20 | Filsti | mangler',
      '21 |  | raden har for få kolonner',
    ],
  );
});

test('a rerun changes nothing, and the queue does not grow', async () => {
  const was = await state(db);
  const told = await run('braarkiv.csv');
  assert.deepEqual(told.sums, { read: 22, landed: 0, updated: 0, unchanged: 8, rejected: 11, queued: 3 });
  assert.deepEqual(await state(db), was);
});

test('the same export as a workbook says the same', async () => {
  const was = await state(db);
  const told = await run('braarkiv.xlsx');
  assert.deepEqual(told.sums, { read: 22, landed: 0, updated: 0, unchanged: 8, rejected: 11, queued: 3 });
  assert.deepEqual(await state(db), was);
});

const folder = join(w.var, 'eksport');
function put(path: string, bytes: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}

test('a dry run with files reads them and keeps none', async () => {
  put('VVS/Aggregat 360.001.pdf', '%PDF-1.4 aggregat');
  put('VVS/Aggregat 360.002.pdf', '%PDF-1.4 aggregat');
  put('EL/Brannalarm.pdf', '%PDF-1.4 alarm');
  put('Tegninger/Fasade øst.dwg', 'AC1015 tegning');
  put('VVS/Uekte.pdf', 'MZ this is a program');
  put('hemmelig.txt', '%PDF-1.4 utenfor');
  symlinkSync('../../hemmelig.pdf', join(folder, 'Heisbok.pdf'));
  mkdirSync(join(folder, 'Heis'));
  writeFileSync(join(w.var, 'hemmelig.pdf'), '%PDF-1.4 utenfor mappen');
  symlinkSync('../../hemmelig.pdf', join(folder, 'Heis/Heisbok.pdf'));
  const was = await state(db);
  const told = await run('braarkiv.csv', ['--files', folder, '--dry-run']);
  assert.deepEqual(told.sums, { read: 22, landed: 0, updated: 4, unchanged: 3, rejected: 12, queued: 3 });
  assert.deepEqual(await state(db), was);
  assert.ok(!existsSync(join(w.var, 'files')) || readdirSync(join(w.var, 'files')).length === 0);
});

test('files beside the export are kept once by their bytes; missing, false and outside ones are told of', async () => {
  const told = await run('braarkiv.csv', ['--files', folder]);
  assert.deepEqual(told.sums, { read: 22, landed: 0, updated: 4, unchanged: 3, rejected: 12, queued: 3 });
  assert.match(told.stdout, /Filer: tatt inn 5, mangler 6/);
  const kept = await db.query(`select d.file_name, encode(d.sha256, 'hex') as sha256, f.mime, f.size::int
    from document d join file f using (sha256) order by d.file_name`);
  assert.deepEqual(kept.rows.map((r) => `${r.file_name} ${r.mime} ${r.size}`), [
    'Aggregat 360.001.pdf application/pdf 17',
    'Aggregat 360.002.pdf application/pdf 17',
    'Brannalarm.pdf application/pdf 14',
    'Fasade øst.dwg image/vnd.dwg 14',
  ]);
  assert.equal(kept.rows[0].sha256, kept.rows[1].sha256, 'the same bytes are one file');
  for (const r of kept.rows) {
    const bytes = readFileSync(join(w.var, 'files', r.sha256.slice(0, 2), r.sha256.slice(2)));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), r.sha256);
  }
  const { rows } = rejectsOf(rejects);
  assert.ok(rows.some((r) => r.slice(9).join(' | ') === '24 | Filsti | innholdet er ikke det filendelsen sier'));
  const lift = await db.query(`select sha256 from document where file_name = 'Heisbok.pdf'`);
  assert.equal(lift.rows[0].sha256, null, 'a link out of the folder is not followed');
});

test('a rerun without the files keeps them', async () => {
  const was = await state(db);
  const told = await run('braarkiv.csv');
  assert.equal(told.sums.landed, 0);
  assert.deepEqual(await state(db), was);
});

test('a municipality must be said when there are several', async () => {
  await db.query(`insert into area values (2, 'Averøy', '1554')`);
  const asked = await w.fdvu(['import', 'braarkiv', sample('braarkiv.csv')]);
  assert.equal(asked.code, 1);
  assert.match(asked.stdout, /--municipality NNNN \(her er: 1505, 1554\)/);
  const told = await run('braarkiv.csv', ['--municipality', '1505']);
  assert.equal(told.sums.unchanged, 8);
});
