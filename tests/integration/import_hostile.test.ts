// Files that are broken or out to break something: each may at worst fail its own import, with a reason, and nothing lands.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { binary, eventually, world } from './harness.ts';
import { book, workbook, zip } from './import_files.ts';
import { importFile, register, sample, state, sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
await register(db);
const reader = join(dirname(binary), 'fdvu-reader');
const addresses = readFileSync(sample('matrikkel-adresse.csv'), 'utf8').replace('\ufeff', '').split('\r\n');
const path = (name: string): string => join(w.var, name);

async function refused(profile: string, name: string, bytes: Buffer | string, reason: RegExp): Promise<void> {
  const was = await state(db);
  writeFileSync(path(name), bytes);
  const done = await w.fdvu(['import', profile, path(name)]);
  assert.equal(done.code, 1, `${name}: ${done.stdout}${done.stderr}`);
  assert.match(done.stdout, reason);
  assert.match(done.stdout, /Ingenting er endret/);
  assert.deepEqual(await state(db), was);
}

test('a virtual dataset under a table’s name opens no other file', async () => {
  const vrt = '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>';
  await refused('braarkiv', 'vrt.csv', vrt, /VRT/);
  await refused('matrikkel-adresse', 'vrt2.csv', `\n ${vrt}\n`, /VRT/);
});

test('an empty file, a file of blank lines and a header alone say so', async () => {
  await refused('matrikkel-adresse', 'tom.csv', '', /filen er tom/);
  await refused('matrikkel-adresse', 'blank.csv', '\r\n\r\n', /filen har ingen rader/);
  writeFileSync(path('hode.csv'), `${addresses[0]}\r\n`);
  const told = await importFile(w, 'matrikkel-adresse', path('hode.csv'));
  assert.equal(told.sums.read, 0);
});

test('old Excel, PDF and databases are named for what they are', async () => {
  await refused('braarkiv', 'gammel.xlsx', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /gamle Excel-formatet/);
  await refused('braarkiv', 'rapport.csv', '%PDF-1.7', /PDF/);
  await refused('braarkiv', 'base.csv', 'SQLite format 3\0', /SQLite/);
});

test('a truncated workbook, a zip that is none, and one without sheets', async () => {
  const whole = readFileSync(sample('braarkiv.xlsx'));
  for (const part of [0.3, 0.7, 0.95])
    await refused('braarkiv', `kuttet-${part}.xlsx`, whole.subarray(0, Math.floor(whole.length * part)), /skadet, ufullstendig/);
  await refused('braarkiv', 'annet.xlsx', zip({ 'hei.txt': Buffer.from('hei'), 'på.txt': Buffer.from('deg') }), /flere filer enn den ene/);
  await refused('braarkiv', 'søppel.xlsx', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(5000, 0xa5)]), /skadet, ufullstendig/);
});

test('a small workbook that unpacks to gigabytes is stopped long before', async () => {
  const rows: string[] = [];
  for (let r = 1; r <= 50_000; r++) rows.push(`<row r="${r}"><c r="A${r}" t="s"><v>0</v></c></row>`);
  const bomb = workbook(rows.join(''), 'x'.repeat(32_000));
  assert.ok(bomb.length < 400_000, `${bomb.length} bytes`);
  await refused('braarkiv', 'bombe.xlsx', bomb, /pakker seg ut til mye mer enn den er/);
});

test('a workbook with text, numbers and formulas as Excel writes them is read', () => {
  const cell = (r: string, v: string, t = ''): string => `<c r="${r}"${t ? ` t="${t}"` : ''}>${v}</c>`;
  const sheet = `<row r="2">${cell('A2', '<v>0</v>', 's')}${cell('B2', '<v>300171619</v>')}${cell('C2', '<f>1+1</f><v>2</v>')}${cell('D2', '<is><t>Ø</t></is>', 'inlineStr')}</row>
    <row r="5">${cell('B5', '<v>81764387</v>')}</row>`;
  writeFileSync(path('bok.xlsx'), workbook(sheet, '4/112'));
  const file = openSync(path('bok.xlsx'), 'r');
  const done = spawnSync(reader, ['xlsx'], { env: {}, stdio: [file, 'pipe', 'pipe'], encoding: 'utf8' });
  closeSync(file);
  assert.equal(done.status, 0, done.stderr);
  assert.equal(done.stdout, '2,,,formula:3,,4/112,300171619,2,Ø\n5,,,,,,81764387,,\n');
});

test('what a spreadsheet hides is landed, and flagged with its lines', async () => {
  const row = (file: string): string[] => ['4/112', '300171619', '', 'VVS', '31-Sanitær', '', 'Rapport', file, ''];
  writeFileSync(path('skjult.xlsx'), book([{ name: 'a', merges: ['C3:C4'], rows: [row('a.pdf'), { cells: row('b.pdf'), hidden: true }, row('c.pdf'), [...row('d.pdf').slice(0, 8), { f: 'A1', v: 'merket' }]] }]));
  const told = await importFile(w, 'braarkiv', path('skjult.xlsx'), ['--dry-run']);
  assert.deepEqual(told.sums, { read: 4, landed: 4, updated: 0, unchanged: 0, rejected: 0, queued: 0 });
  assert.match(told.stdout, /1 {2}skjult rad: lest \(linje 2\)/);
  assert.match(told.stdout, /2 {2}sammenslåtte celler: verdien står bare i den første \(linje 3, 4\)/);
  assert.match(told.stdout, /1 {2}celle med formel: den lagrede verdien er lest \(linje 4\)/);
});

test('a NUL byte, an open quote and bytes that are no text cost their own rows only', async () => {
  const good = (unit: string): string => addresses[1].replace('900000001', unit);
  const lines = [
    addresses[0],
    good('1').replace('Langveien', 'Lang\0veien'),
    good('2').replace(';Langveien;', ';"Langveien;'),
    good('3').replace('KRISTIANSUND N', 'KRISTIANSUND\x07'),
    good('4').replace('H0101', 'H0701'),
  ];
  writeFileSync(path('vondt.csv'), `\ufeff${lines.join('\r\n')}\r\n`);
  const told = await importFile(w, 'matrikkel-adresse', path('vondt.csv'));
  assert.deepEqual(told.sums, { read: 4, landed: 1, updated: 0, unchanged: 0, rejected: 3, queued: 0 });
  for (const reason of ['NUL-tegn i teksten', 'anførselstegn', 'styretegn i teksten']) assert.match(told.stdout, new RegExp(reason));
});

test('a line of a hundred megabytes is one reject, in flat memory', async () => {
  const file = openSync(path('lang.csv'), 'w');
  writeFileSync(file, `${addresses[0]}\r\n`);
  for (let i = 0; i < 100; i++) writeFileSync(file, Buffer.alloc(1 << 20, 'x'));
  writeFileSync(file, `\r\n${addresses[1].replace('H0101', 'H0801').replace('900000001', '5')}\r\n`);
  closeSync(file);
  const told = await importFile(w, 'matrikkel-adresse', path('lang.csv'));
  assert.deepEqual(told.sums, { read: 2, landed: 1, updated: 0, unchanged: 0, rejected: 1, queued: 0 });
  assert.match(told.stdout, /linjen er for lang/);
});

test('a cell that looks like a formula is not one in the rejects file', async () => {
  const evil = addresses[1].replace('Langveien', '=HYPERLINK("http://example.com")').replace('H0101', 'H1');
  writeFileSync(path('formel.csv'), `${addresses[0]}\r\n${evil}\r\n`);
  await importFile(w, 'matrikkel-adresse', path('formel.csv'));
  assert.match(readFileSync(`${path('formel.csv')}.avvist.csv`, 'utf8'), /"'=HYPERLINK/);
});

test('the end mark of COPY inside a cell ends nothing', async () => {
  const row = addresses[1].replace(';Sentrum;', ';"a\n\\.\nb";').replace('H0101', 'H0901').replace('900000001', '6');
  const after = addresses[1].replace('H0101', 'H0902').replace('900000001', '7');
  writeFileSync(path('copy.csv'), `${addresses[0]}\n${row}\n${after}\n`);
  const done = await w.fdvu(['import', 'matrikkel-adresse', path('copy.csv')]);
  const told = sums(done.stdout);
  if (told) assert.deepEqual(told, { read: 2, landed: 2, updated: 0, unchanged: 0, rejected: 0, queued: 0 });
  else assert.match(done.stdout, /Ingenting er endret/);
  assert.ok(told, done.stdout);
});

test('the reader can open no file, reach no network, start nothing and see no environment', () => {
  // What it may call is a closed list: the calls are counted while it reads a workbook.
  const traced = spawnSync('sh', ['-c', `exec strace -f -qq -o ${path('kall')} ${reader} xlsx < ${sample('braarkiv.xlsx')}`], { env: { PATH: '/usr/bin:/bin' } });
  if (traced.error || traced.status === 127) return; // a machine without strace: the next test shows the same from outside
  const calls = readFileSync(path('kall'), 'utf8');
  const prison = calls.indexOf('seccomp(SECCOMP_SET_MODE_FILTER');
  assert.ok(prison > 0, 'the filter is set');
  assert.doesNotMatch(calls.slice(prison), /(openat|socket|execve|clone3?)\([^\n]*\) = [0-9]/);
  assert.match(calls, /PR_SET_NO_NEW_PRIVS/);
});

test('the running reader is locked down and gets nothing from its parent', async () => {
  const rows = `${addresses[0]}\r\n${`${addresses[1]}\r\n`.repeat(200_000)}`;
  writeFileSync(path('stor.csv'), rows);
  const input = openSync(path('stor.csv'), 'r');
  const child = spawn(reader, ['csv'], { env: {}, stdio: [input, 'pipe', 'pipe'] });
  try {
    // Nobody reads its rows, so it stands still with the pipe full.
    const status = await eventually('the filter', async () => {
      const text = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return /Seccomp:\s*2/.test(text) && text;
    });
    assert.match(status, /NoNewPrivs:\s*1/);
    assert.equal(readFileSync(`/proc/${child.pid}/environ`, 'utf8'), '');
    const limits = readFileSync(`/proc/${child.pid}/limits`, 'utf8');
    assert.match(limits, /Max file size\s+0\s+0/);
    assert.match(limits, /Max cpu time\s+120/);
  } finally {
    child.kill('SIGKILL');
    closeSync(input);
  }
});

test('kill -9 in the middle leaves nothing half done, and the rerun completes', async () => {
  const rows = 12_000;
  const out = openSync(path('mange.csv'), 'w');
  writeFileSync(out, `${addresses[0]}\r\n`);
  for (let i = 0; i < rows; i++)
    writeFileSync(out, `${addresses[1].replace('900000001', String(1_000_000 + i)).replace(';Langveien;4;', `;Langveien;${1000 + (i >> 2)};`).replace('H0101', `H010${1 + (i & 3)}`)}\r\n`);
  closeSync(out);
  const was = await state(db);
  const env = { ...process.env, FDVU_DATABASE: w.conninfo, FDVU_VAR: w.var };
  // Killed while the rows are on their way in, and again while the profile's SQL lands them.
  for (const moment of ['copy staged%', '%-- Properties.%']) {
    const child = spawn(binary, ['import', 'matrikkel-adresse', path('mange.csv')], { env, stdio: 'ignore' });
    await eventually(moment, async () => {
      assert.equal(child.exitCode, null, `it ended before «${moment}» was seen`);
      const active = await db.query(`select 1 from pg_stat_activity where usename = 'fdvu_job' and pid <> pg_backend_pid() and state = 'active' and ltrim(query, E'\\n') like $1`, [moment]);
      return active.rowCount;
    }, 60_000);
    child.kill('SIGKILL');
    await eventually('the server notices', async () => {
      const left = await db.query(`select 1 from pg_stat_activity where usename = 'fdvu_job' and pid <> pg_backend_pid() and state <> 'idle'`);
      return left.rowCount === 0;
    }, 60_000);
    assert.deepEqual(await state(db), was);
  }
  const orphans = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('fdvu-reader') && readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[3] === '1';
    } catch {
      return false;
    }
  });
  assert.deepEqual(orphans, []);
  const told = await importFile(w, 'matrikkel-adresse', path('mange.csv'));
  assert.deepEqual(told.sums, { read: rows, landed: rows, updated: 0, unchanged: 0, rejected: 0, queued: 0 });
  const again = await importFile(w, 'matrikkel-adresse', path('mange.csv'));
  assert.equal(again.sums.unchanged, rows);
});

test('two imports of the same profile at once: one runs, the other says so', async () => {
  await db.query('begin');
  await db.query(`select pg_advisory_xact_lock(hashtext('fdvu.import'), hashtext('braarkiv'))`);
  const done = await w.fdvu(['import', 'braarkiv', sample('braarkiv.csv')]);
  await db.query('rollback');
  assert.equal(done.code, 1);
  assert.match(done.stdout, /en annen innlesing med profilen «braarkiv» pågår/);
});
