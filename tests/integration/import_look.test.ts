// «fdvu import --look»: every sample read as its profile reads it, without a database.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { binary, root } from './harness.ts';

const samples = join(root, 'tests/data/import');
const folder = mkdtempSync(join(tmpdir(), 'fdvu-look-'));
after(() => rmSync(folder, { recursive: true }));

function fdvu(...args: string[]): { code: number | null; text: string; errors: string } {
  const done = spawnSync(binary, ['import', ...args], { encoding: 'utf8', env: { ...process.env, FDVU_DATABASE: 'host=/nowhere' } });
  return { code: done.status, text: done.stdout, errors: done.stderr };
}

function look(profile: string, file: string): string {
  const done = fdvu('--look', join(samples, file), '--profile', profile);
  assert.equal(done.code, 0, `${file}: ${done.text}${done.errors}`);
  return done.text;
}

test('each sample has the rows that it was made with, in the format that its bytes say', () => {
  const made: [string, string, string, number][] = [
    ['braarkiv', 'braarkiv.csv', 'csv', 22], ['braarkiv', 'braarkiv.xlsx', 'xlsx', 22], ['ebyggweb', 'ebyggweb.csv', 'csv', 6], ['ebyggesak', 'ebyggesak.json', 'json', 6], ['ebyggesak', 'ebyggesak.xml', 'xml', 4],
    ['noark5', 'noark5.xml', 'xml', 8], ['ephorte', 'ephorte.xml', 'xml', 8], ['public360', 'public360-saker.json', 'json', 4], ['public360', 'public360-dokumenter.json', 'json', 3], ['sharepoint', 'sharepoint.csv', 'csv', 4],
    ['sharepoint', 'sharepoint.xlsx', 'xlsx', 4], ['matrikkel-adresse', 'matrikkel-vegadresse.csv', 'csv', 6], ['matrikkel-bygning', 'matrikkel-bygning-25832.gml', 'xml', 5], ['matrikkel-bygning', 'matrikkel-bygning-4258.gml', 'xml', 2],
    ['matrikkel-bygning', 'matrikkel-bygning-4258.zip', 'xml', 1], ['components', 'components.xlsx', 'xlsx', 6], ['leases', 'leases.csv', 'csv', 5], ['condition-survey', 'condition-survey.csv', 'csv', 6], ['ifc-cobie', 'ifc-cobie.xlsx', 'xlsx', 9],
  ];
  for (const [profile, file, format, rows] of made) {
    const text = look(profile, file);
    assert.match(text, new RegExp(`^Format: ${format}`), file);
    assert.match(text, new RegExp(`^${rows} rader etter overskriften`, 'm'), `${file}: ${text}`);
  }
});

test('in XML and JSON every column of the manifest is found again by its own name', () => {
  for (const [profile, file] of [['noark5', 'noark5.xml'], ['ephorte', 'ephorte.xml'], ['ebyggesak', 'ebyggesak.json'], ['public360', 'public360-saker.json'], ['matrikkel-bygning', 'matrikkel-bygning-4258.gml']]) {
    const columns = [...look(profile, file).matchAll(/^ +\d+ {2}(\S+)(?: → (\S+))?$/gm)];
    assert.ok(columns.length > 10, file);
    for (const [, header, name] of columns) assert.equal(name, header, `${profile}: ${header} is taken for ${name}`);
  }
});

test('what is said further out reaches the rows within', () => {
  const noark = look('noark5', 'noark5.xml');
  assert.match(noark, /^linje 4: dokumentobjekt \| 4 \| 3 \| do-1 .*2009\/1234 \| Ombygging av rådhuset.*r-1.*Plan 1\. etasje.*4\/112 \| Rådhuset \| GBN \| del-1 .*300171619/m);
  assert.match(noark, /^linje 1: mappe \| 1 \| {2}\| m-1 .*2009 \| 1234 \| 2009-05-01 \| Avsluttet/m);
  assert.match(noark, /^linje 7: mappe \| 7 \| 1 \| m-2 .*UO \| Offl. § 13/m);
  assert.match(look('public360', 'public360-saker.json'), /^linje 3: Files \| 3 \| 2 \| 400001 \| 21\/00123 \| 21\/00123-1/m);
  assert.match(look('matrikkel-bygning', 'matrikkel-bygning-4258.gml'), /^linje 1: 300171619 .*63\.1105 7\.7280 \| http:/m);
});

test('what is not read, and what stands beside the rows, is told of', () => {
  assert.match(look('public360', 'public360-dokumenter.json'), /Utenfor postene: .*TotalPageCount = 3/);
  assert.match(look('public360', 'public360-saker.json'), /ikke brukt: .*Base64Data/);
  const components = look('components', 'components.xlsx');
  for (const said of [/skjulte rader \(lest\) \(linje 4\)/, /formler uten lagret verdi \(linje 5\)/, /sammenslåtte celler \(linje 5, 6\)/, /feilverdier \(linje 7\)/, /ikke er lest: Hjelp/, /skjulte kolonner \(lest\): Komponenter/]) assert.match(components, said);
});

test('a column missing, doubled or renamed is seen before anything is imported', () => {
  writeFileSync(join(folder, 'a.csv'), 'kommunenummer;adressenavn;Gatenavn;Gårdsnummer;knr\n1505;Langveien;x;4;1505\n');
  const done = fdvu('--look', join(folder, 'a.csv'), '--profile', 'matrikkel-adresse');
  assert.match(done.text, /3 {2}Gatenavn$/m);
  assert.match(done.text, /4 {2}Gårdsnummer → gardsnummer/);
  assert.match(done.text, /5 {2}knr → kommunenummer/);
  assert.match(done.text, /mangler {2}bruksnummer \(må være med\)/);
});

test('a file that cannot be read says why, also without a profile', () => {
  writeFileSync(join(folder, 'b.csv'), '<!DOCTYPE a [<!ENTITY x "y">]><a/>');
  const done = fdvu('--look', join(folder, 'b.csv'));
  assert.equal(done.code, 1);
  assert.match(done.text, /lar seg ikke lese: filen har en dokumenttype/);
  assert.equal(fdvu('--look', join(folder, 'finnes-ikke')).code, 1);
  assert.match(fdvu('--look', join(samples, 'braarkiv.xlsx')).text, /^Format: xlsx/);
});

test('a profile without its SQL is shown and looked with, but neither listed nor imported with', () => {
  const listed = fdvu('profiles').text;
  for (const name of readdirSync(join(root, 'importers/profiles'), { withFileTypes: true }).filter((f) => f.isDirectory()).map((f) => f.name)) {
    const profile = join(root, 'importers/profiles', name);
    const hasMap = existsSync(join(profile, 'map.sql')) || /^then /m.test(readFileSync(join(profile, 'manifest'), 'utf8'));
    assert.equal(new RegExp(`^${name} `, 'm').test(listed), hasMap, name);
    assert.match(fdvu('profile', name).text, new RegExp(`^${name}: `));
  }
});
