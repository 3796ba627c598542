// Exports of archives with faults in them, each on a line of its own: what is damaged is told with its reason, and nothing else is lost.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import { world } from './harness.ts';
import { sessionOf, type Audience } from './helpers.ts';
import { importFile, register, rejectsOf, sums, type Sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
const owner = await w.connect('owner');
await register(db);
const rejects = join(w.var, 'avvist.csv');
const folder = join(w.var, 'eksport');
const sha256 = (bytes: string): string => createHash('sha256').update(bytes).digest('hex');

function put(path: string, bytes: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
  return sha256(bytes);
}

async function run(profile: string, text: string, args: string[] = []): Promise<Sums & { refused: string[] }> {
  const file = join(w.var, 'uttrekk');
  writeFileSync(file, text);
  rmSync(rejects, { force: true });
  const told = await importFile(w, profile, file, ['--rejects', rejects, ...args]);
  return { ...told, refused: existsSync(rejects) ? rejectsOf(rejects).rows.map((r) => r.slice(-3).filter(Boolean).join(' | ')) : [] };
}

const cases = async (): Promise<string[]> => (await db.query(`select concat_ws(' | ', number, title, state, case when is_restricted then 'skjermet' else 'åpen' end) as line
  from archive_case order by number, title`)).rows.map((r) => r.line);
const documents = async (): Promise<string[]> => (await db.query(`select concat_ws(' | ', k.number, d.title, d.archive_ref, encode(substring(d.sha256 for 4), 'hex'),
  case when d.is_restricted then 'skjermet' else 'åpen' end) as line from document d left join archive_case k on k.id = d.archive_case_id order by 1`)).rows.map((r) => r.line);

beforeEach(async () => {
  await owner.query('delete from document; delete from archive_case_place; delete from archive_case; delete from import_origin; delete from import_queue; delete from import_choice');
});

const head = 'Saksnr;Sakstittel;Status;Registrert;Kommunenr;Gnr/bnr;Bygningsnr;Tiltakshaver;Tilgangskode;Dokument;Dokumenttype;Dokumentdato;Filnavn;DokumentID\n';
const web = (...rows: string[]): string => head + rows.map((r) => `${r}\n`).join('');

describe('a list of documents with their cases', () => {
  test('a row without a case number is rejected; one without a title gets the number as its title', async () => {
    const told = await run('ebyggweb', web(';Uten nummer;A;;1505;4/112;;;U;;;;;', '2020/1;;A;;1505;4/112;;;U;;;;;'));
    assert.deepEqual(told.refused, ['2 | saksnummeret mangler']);
    assert.match(told.stdout, /saken har ingen tittel: saksnummeret er brukt \(linje 3\)/);
    assert.deepEqual(await cases(), ['2020/1 | 2020/1 | closed | åpen']);
  });

  test('a file and a document that are mentioned twice are rejected the second time', async () => {
    const told = await run('ebyggweb', web(
      '2020/1;Tak;A;;1505;4/112;;;U;Ett;KART;;a/1.pdf;D-1', '2020/1;Tak;A;;1505;4/112;;;U;To;KART;;A/1.PDF;D-2', '2020/1;Tak;A;;1505;4/112;;;U;Tre;KART;;a/3.pdf;D-1'));
    assert.deepEqual(told.refused, ['3 | Filnavn | samme fil som linje 2', '4 | samme dokument som linje 2']);
    assert.deepEqual(told.sums, { read: 3, landed: 1, updated: 0, unchanged: 0, rejected: 2, queued: 0 });
    assert.deepEqual(await documents(), ['2020/1 | Ett | a/1.pdf | åpen']);
  });

  test('a case that only a refused row names does not land, and one that others name does', async () => {
    const told = await run('ebyggweb', web(
      '2020/1;Bare her;A;;1505;4/112;;;U;Ett;KART;;/etc/passwd;D-1', '2020/2;Også under;A;;1505;4/112;;;U;To;KART;;../x.pdf;D-2', '2020/2;Også under;A;;1505;4/112;;;U;Tre;KART;;tre.pdf;D-3'));
    assert.deepEqual(told.refused, ['2 | Filnavn | er ikke en sti inne i eksporten', '3 | Filnavn | er ikke en sti inne i eksporten']);
    assert.deepEqual(await cases(), ['2020/2 | Også under | closed | åpen']);
  });

  test('unknown statuses, days that are none and rows that disagree are told of, and land', async () => {
    const told = await run('ebyggweb', web(
      '2020/1;Tak;Vurderes;31.02.2020;1505;4/112;;;U;Ett;KART;2020-13-01;a.pdf;D-1', '2020/1;Noe annet;Vurderes;31.02.2020;1505;4/112;;;U;To;KART;43835;b.pdf;D-2'));
    assert.match(told.stdout, /ukjent saksstatus \(linje 2\)/);
    assert.match(told.stdout, /saksdatoen er ikke en dato: lest inn uten \(linje 2\)/);
    assert.match(told.stdout, /dokumentdatoen er ikke en dato: lest inn uten \(linje 2\)/);
    assert.match(told.stdout, /raden sier noe annet om saken enn en tidligere linje: den første gjelder \(linje 3\)/);
    assert.deepEqual(await cases(), ['2020/1 | Tak | unknown | åpen']);
    const { rows } = await db.query(`select doc_date::text from document where title = 'To'`);
    assert.equal(rows[0].doc_date, '2020-01-05', 'a spreadsheet’s number is a day');
  });

  test('a title that names a person of the case is kept from all but managers; one that names a firm is not', async () => {
    const told = await run('ebyggweb', web(
      '2020/1;Garasje for Kari Nordmann;A;;1505;4/112;;Kari Nordmann;U;;;;;', '2020/2;Kontor for Moe AS;A;;1505;4/112;;Moe AS;U;Brev til Moe;KORR;;b.pdf;D-1',
      '2020/3;Tilbygg;A;;1505;4/112;;Ola Hansen;U;Klage fra Hansen;KORR;;c.pdf;D-2'));
    assert.deepEqual(await cases(), ['2020/1 | Garasje for Kari Nordmann | closed | skjermet', '2020/2 | Kontor for Moe AS | closed | åpen', '2020/3 | Tilbygg | closed | åpen']);
    assert.deepEqual(await documents(), ['2020/2 | Brev til Moe | b.pdf | åpen', '2020/3 | Klage fra Hansen | c.pdf | skjermet']);
    assert.match(told.stdout, /2 {2}tittelen nevner en part: bare forvaltere og administratorer ser den \(linje 2, 4\)/);
    assert.doesNotMatch(told.stdout, /Nordmann|Hansen/, 'names stay out of reasons');
  });

  test('what the export restricts, or says nothing of, is restricted, and so are the documents of it', async () => {
    await run('ebyggweb', web('2020/1;Skjermet;A;;1505;4/112;;;UO;Ett;KART;;a.pdf;D-1', '2020/2;Usagt;A;;1505;4/112;;;;To;KART;;b.pdf;D-2', '2020/3;Åpen;A;;1505;4/112;;;U;Tre;KART;;c.pdf;D-3'));
    assert.deepEqual(await cases(), ['2020/1 | Skjermet | closed | skjermet', '2020/2 | Usagt | closed | skjermet', '2020/3 | Åpen | closed | åpen']);
    assert.deepEqual(await documents(), ['2020/1 | Ett | a.pdf | skjermet', '2020/2 | To | b.pdf | skjermet', '2020/3 | Tre | c.pdf | åpen']);
  });

  test('a case that changes takes the place and the restriction of its documents along, and an undo brings both back', async () => {
    await run('ebyggweb', web('2020/1;Tak;B;;1505;4/112;;;U;Ett;KART;;a.pdf;D-1', '2020/1;Tak;B;;1505;4/112;;;U;To;KART;;b.pdf;D-2'));
    const was = [...(await cases()), ...(await documents())];
    const told = await run('ebyggweb', web('2020/1;Tak;A;;1505;4/207;81764387;;UO;Ett;KART;;a.pdf;D-1'));
    assert.deepEqual(told.sums, { read: 1, landed: 0, updated: 1, unchanged: 0, rejected: 0, queued: 0 });
    const { rows } = await db.query(`select distinct p.name, d.is_restricted from document d join place p on p.id = d.place_id`);
    assert.deepEqual(rows, [{ name: 'Skolen', is_restricted: true }]);
    const undone = await w.fdvu(['import', 'undo', /Innlesing: ([0-9a-f-]{36})/.exec(told.stdout)?.[1] ?? '']);
    assert.equal(undone.code, 0, undone.stdout);
    assert.deepEqual([...(await cases()), ...(await documents())], was);
  });

  test('files are taken in once by their bytes; false, missing and unknown ones are told of', async () => {
    put('saker/1.pdf', '%PDF-1.4 plan');
    put('saker/2.pdf', '%PDF-1.4 plan');
    put('saker/3.pdf', 'MZ this is a program');
    put('saker/4.exe', 'MZ this is a program');
    const row = (n: number, path: string): string => `2020/1;Tak;A;;1505;4/112;;;U;Dok ${n};KART;;${path};D-${n}`;
    const list = web(row(1, 'saker\\1.pdf'), row(2, 'saker/2.pdf'), row(3, 'saker/3.pdf'), row(4, 'saker/4.exe'), row(5, 'saker/5.pdf'));
    const told = await run('ebyggweb', list, ['--files', folder]);
    assert.deepEqual(told.sums, { read: 5, landed: 4, updated: 0, unchanged: 0, rejected: 1, queued: 0 });
    assert.deepEqual(told.refused, ['4 | Filnavn | innholdet er ikke det filendelsen sier']);
    assert.match(told.stdout, /filtypen tas ikke inn i fillageret: dokumentet viser bare til arkivet \(linje 5\)/);
    assert.match(told.stdout, /filen finnes ikke i mappen \(linje 6\)/);
    const sum = sha256('%PDF-1.4 plan');
    assert.deepEqual(await documents(), [`2020/1 | Dok 1 | saker/1.pdf | ${sum.slice(0, 8)} | åpen`, `2020/1 | Dok 2 | saker/2.pdf | ${sum.slice(0, 8)} | åpen`,
      '2020/1 | Dok 4 | saker/4.exe | åpen', '2020/1 | Dok 5 | saker/5.pdf | åpen']);
    assert.equal(readFileSync(join(w.var, 'files', sum.slice(0, 2), sum.slice(2)), 'utf8'), '%PDF-1.4 plan');
    assert.deepEqual((await run('ebyggweb', list, ['--files', folder])).sums, { read: 5, landed: 0, updated: 0, unchanged: 4, rejected: 1, queued: 0 });
    put('saker/5.pdf', '%PDF-1.4 kom etter');
    assert.deepEqual((await run('ebyggweb', list, ['--files', folder])).sums, { read: 5, landed: 0, updated: 1, unchanged: 3, rejected: 1, queued: 0 });
  });
});

const object = (id: string, variant: string, version: number, file: string, sum = 'ab'.repeat(32), algorithm = 'SHA-256'): string =>
  `<dokumentobjekt><systemID>${id}</systemID><versjonsnummer>${version}</versjonsnummer><variantformat>${variant}</variantformat><format>fmt/95</format><referanseDokumentfil>${file}</referanseDokumentfil><sjekksum>${sum}</sjekksum><sjekksumAlgoritme>${algorithm}</sjekksumAlgoritme></dokumentobjekt>`;
const described = (id: string, title: string, inside: string, extra = ''): string =>
  `<dokumentbeskrivelse><systemID>${id}</systemID><dokumenttype>Tegning</dokumenttype><tittel>${title}</tittel>${extra}${inside}</dokumentbeskrivelse>`;
const entry = (id: string, inside: string, extra = ''): string => `<registrering><systemID>${id}</systemID>${extra}${inside}<tittel>Brev</tittel></registrering>`;
const folderOf = (id: string, number: string, inside: string, head = ''): string => `<mappe><systemID>${id}</systemID><mappeID>${number}</mappeID><tittel>Sak ${number}</tittel>${head}${inside}<saksstatus>A</saksstatus></mappe>`;
const noark = (inside: string, head = ''): string =>
  `<arkiv><arkivdel><systemID>d</systemID>${head}<klassifikasjonssystem><klassifikasjonstype>GBN</klassifikasjonstype><klasse><klasseID>4/112</klasseID>${inside}</klasse></klassifikasjonssystem></arkivdel></arkiv>`;

describe('an extract of Noark 5', () => {
  test('of variants and versions the archive format’s newest is the document’s file, and the others are told of', async () => {
    const told = await run('noark5', noark(folderOf('m', '2009/1', entry('r', described('db', 'Plan',
      object('o1', 'Produksjonsformat', 2, 'p2.docx') + object('o2', 'Arkivformat', 1, 'a1.pdf') + object('o3', 'A', 2, 'a2.pdf') + object('o4', 'O', 2, 's2.pdf'))))));
    assert.deepEqual(told.sums, { read: 7, landed: 7, updated: 0, unchanged: 0, rejected: 0, queued: 0 });
    assert.match(told.stdout, /3 {2}annen variant eller versjon av et dokument: arkivformatet eller den nyeste er tatt/);
    assert.deepEqual(await documents(), ['2009/1 | Plan | a2.pdf | åpen']);
  });

  test('a checksum that does not agree refuses the document; one of another kind is told of', async () => {
    const right = put('n/1.pdf', '%PDF-1.4 rett');
    put('n/2.pdf', '%PDF-1.4 skadet');
    put('n/3.pdf', '%PDF-1.4 md5');
    const told = await run('noark5', noark(folderOf('m', '2009/1', entry('r', described('db1', 'Rett', object('o1', 'A', 1, 'n/1.pdf', right.toUpperCase())) +
      described('db2', 'Skadet', object('o2', 'A', 1, 'n/2.pdf')) + described('db3', 'MD5', object('o3', 'A', 1, 'n/3.pdf', 'cd'.repeat(16), 'MD5'))))), ['--files', folder]);
    assert.deepEqual(told.sums, { read: 8, landed: 6, updated: 0, unchanged: 0, rejected: 2, queued: 0 });
    assert.deepEqual(told.refused, ['5 | dokumentet er avvist (linje 6)', '6 | sjekksum | sjekksummen stemmer ikke med filen']);
    assert.match(told.stdout, /sjekksummen er ikke SHA-256 og er ikke kontrollert \(linje 8\)/);
    assert.deepEqual((await documents()).map((d) => d.split(' | ')[1]), ['MD5', 'Rett']);
  });

  test('what is screened around a document screens it: the class, the series, the entry, the grade', async () => {
    const screened = '<skjerming><tilgangsrestriksjon>UO</tilgangsrestriksjon><skjermingshjemmel>Offl. § 13</skjermingshjemmel></skjerming>';
    await run('noark5', noark(folderOf('m1', '2009/1', entry('r1', described('db1', 'Åpen', object('o1', 'A', 1, '1.pdf'))) + entry('r2', described('db2', 'I skjermet registrering', object('o2', 'A', 1, '2.pdf')), screened) +
      entry('r3', described('db3', 'Gradert', object('o3', 'A', 1, '3.pdf'), '<gradering><gradering>B</gradering></gradering>')))));
    assert.deepEqual((await documents()).map((d) => d.split(' | ').filter((_, i) => i === 1 || i === 3).join(': ')), ['Gradert: skjermet', 'I skjermet registrering: skjermet', 'Åpen: åpen']);
    await run('ephorte', noark(folderOf('m2', '2009/2', entry('r4', described('db4', 'I skjermet arkivdel', object('o4', 'A', 1, '4.pdf')))), screened));
    assert.ok((await cases()).includes('2009/2 | Sak 2009/2 | closed | skjermet'));
    assert.ok((await documents()).includes('2009/2 | I skjermet arkivdel | 4.pdf | skjermet'));
    const { rows } = await db.query(`select restriction from archive_case where number = '2009/2'`);
    assert.equal(rows[0].restriction, 'Offl. § 13');
  });

  test('a document of no case lands with its class’s place; one whose case is damaged does not land as one of none', async () => {
    const told = await run('noark5', noark(entry('r0', described('db0', 'Uten sak', object('o0', 'A', 1, '0.pdf'))) +
      folderOf('m', '2009/1', entry('r1', described('db1', 'I skadet sak', object('o1', 'A', 1, '1.pdf'))), `<beskrivelse>${'x'.repeat(1_100_000)}</beskrivelse>`)));
    assert.deepEqual(told.sums, { read: 7, landed: 3, updated: 0, unchanged: 0, rejected: 4, queued: 0 });
    assert.deepEqual(await documents(), ['Uten sak | 0.pdf | åpen']);
    assert.ok(told.refused.some((r) => r.endsWith('dokumentet hører ikke til noen sak')), told.refused.join('\n'));
    const { rows } = await db.query(`select p.name from document d join place p on p.id = d.place_id`);
    assert.deepEqual(rows, [{ name: 'Rådhuset' }]);
  });

  test('the same case and the same document twice are rejected the second time', async () => {
    const told = await run('noark5', noark(folderOf('m', '2009/1', entry('r1', described('db', 'Plan', object('o1', 'A', 1, '1.pdf')))) + folderOf('m', '2009/1', entry('r2', described('db', 'Plan', object('o2', 'A', 1, '2.pdf'))))));
    assert.ok(told.refused.includes('5 | samme sak som linje 1'), told.refused.join('\n'));
    assert.ok(told.refused.includes('8 | samme dokument som linje 4'), told.refused.join('\n'));
    assert.deepEqual(await documents(), ['2009/1 | Plan | 1.pdf | åpen']);
  });

  test('what waits of two extracts at once does not mix their records', async () => {
    const unknown = (n: number, title: string): string => noark(folderOf(`m${n}`, `2009/${n}`, entry(`r${n}`, described(`db${n}`, title, object(`o${n}`, 'A', 1, `${n}.pdf`))))).replace('4/112', '888/1');
    assert.equal((await run('noark5', unknown(1, 'Første'))).sums.queued, 4);
    assert.equal((await run('noark5', unknown(2, 'Andre'))).sums.queued, 4);
    await db.query(`select import_settle('noark5', 'eiendom:1505-888/1', (select id from place where name = 'Skolen'))`);
    const landed = await w.fdvu(['import', 'noark5', '--settled']);
    assert.match(landed.stdout, /lest 8 = landet 8/);
    assert.deepEqual(await documents(), ['2009/1 | Første | 1.pdf | åpen', '2009/2 | Andre | 2.pdf | åpen']);
  });
});

test('ArkivLett: a document that takes the place of an earlier one is its newest version', async () => {
  const doc = (id: string, file: string, before?: string): object => ({ tittel: `Vedtak ${id}`, dokumenttype: 'VEDTAK', referanseDokumentfil: file, SystemId: id, ...(before ? { ErstatterTidligereSystemId: before } : {}) });
  const told = await run('ebyggesak', JSON.stringify([{ tittel: 'Tak', mappeId: '2019/1', matrikkelnummer: { kommunenummer: '1505', gaardsnummer: 4, bruksnummer: 112 },
    dokumenter: [doc('a', '1.pdf'), doc('c', '3.pdf', 'b'), doc('b', '2.pdf', 'a')] }]));
  assert.deepEqual(told.sums, { read: 4, landed: 4, updated: 0, unchanged: 0, rejected: 0, queued: 0 });
  assert.deepEqual(await documents(), ['2019/1 | Vedtak c | 3.pdf | skjermet']);
});

/** Where each case lies, the first place before the others. */
async function placesOf(): Promise<string[]> {
  const { rows } = await db.query(`select k.number || ': ' || concat_ws(', ', coalesce(p.name, '-'),
      (select string_agg(q.name, ', ' order by x.id) from archive_case_place x join place q on q.id = x.place_id where x.archive_case_id = k.id)) as line
    from archive_case k left join place p on p.id = k.place_id order by 1`);
  return rows.map((r) => r.line);
}

describe('a case of several properties', () => {
  type Number = { gaardsnummer: number; bruksnummer: number; festenummer?: number };
  const known = { gaardsnummer: 4, bruksnummer: 207 };
  const other = { gaardsnummer: 4, bruksnummer: 112 };
  const stranger = { gaardsnummer: 8, bruksnummer: 88 };
  const of = (n: number, numbers: Number[], more: object = {}): object =>
    ({ tittel: 'Tak', mappeId: `2019/${n}`, matrikkelnummer: numbers.map((x) => ({ kommunenummer: '1505', ...x })), ...more });
  const counts = (landed: number, updated: number, unchanged: number, queued = 0): Sums['sums'] =>
    ({ read: landed + updated + unchanged + queued, landed, updated, unchanged, rejected: 0, queued });

  test('lies at all that are here, once at each; of numbers that may belong together in several ways none is made', async () => {
    const told = await run('ebyggesak', JSON.stringify([of(1, [{ ...known, festenummer: 0 }, { ...other, festenummer: 0 }, { ...known, festenummer: 0 }]),
      of(2, [other, { ...known, festenummer: 3 }]), of(3, [stranger, other])]));
    assert.deepEqual(told.sums, counts(3, 0, 0));
    assert.match(told.stdout, /saken gjelder flere eiendommer: den ligger på alle \(linje 1\)/);
    assert.match(told.stdout, /ikke sikkert hvilke tall som hører sammen: ikke brukt \(linje 2\)/);
    assert.match(told.stdout, /saken gjelder også en eiendom som ikke er her: den ligger på de andre \(linje 3\)/);
    assert.deepEqual(await placesOf(), ['2019/1: 4/207, Rådhuset', '2019/2: -', '2019/3: Rådhuset']);
  });

  test('is unchanged when read again, moves when the export says so, and each batch is taken back', async () => {
    const first = JSON.stringify([of(1, [known, other])]);
    const moved = JSON.stringify([of(1, [other, stranger])]);
    await run('ebyggesak', first);
    const { rows: made } = await db.query('select id from archive_case_place');
    assert.deepEqual((await run('ebyggesak', first)).sums, counts(0, 0, 1));
    const told = await run('ebyggesak', moved);
    assert.deepEqual(told.sums, counts(0, 1, 0));
    assert.deepEqual(await placesOf(), ['2019/1: Rådhuset']);
    const batches = async (): Promise<string[]> => (await db.query(`select b.id from import_batch b where b.state = 'done' and exists (select from import_origin o where o.batch_id = b.id) order by b.id desc`)).rows.map((r) => r.id);
    const [last] = await batches();
    const back = await w.fdvu(['import', 'undo', last ?? '']);
    assert.equal(back.code, 0, back.stdout + back.stderr);
    assert.deepEqual(await placesOf(), ['2019/1: 4/207, Rådhuset']);
    assert.deepEqual((await db.query('select id from archive_case_place')).rows, made);
    const [before] = await batches();
    assert.equal((await w.fdvu(['import', 'undo', before ?? ''])).code, 0);
    assert.deepEqual((await db.query('select id from archive_case_place union all select id from archive_case')).rows, []);
  });

  test('waits when none of them is here, and lands where the answer says; one that is set aside goes from the others', async () => {
    const file = JSON.stringify([of(1, [stranger, { gaardsnummer: 8, bruksnummer: 89 }], { dokumenter: [{ tittel: 'Vedtak', referanseDokumentfil: '1.pdf', SystemId: 'a' }] })]);
    assert.deepEqual((await run('ebyggesak', file)).sums, counts(0, 0, 0, 2));
    const { rows } = await db.query(`select distinct key, reason from import_queue where state = 'open'`);
    assert.deepEqual(rows, [{ key: 'eiendom:1505-8/88', reason: 'ukjent eiendom' }]);
    await db.query(`select import_settle('ebyggesak', 'eiendom:1505-8/88', (select id from place where name = 'Gymsalen'))`);
    assert.deepEqual(sums((await w.fdvu(['import', 'ebyggesak', '--settled'])).stdout), counts(2, 0, 0));
    assert.deepEqual(await placesOf(), ['2019/1: Gymsalen']);
    await db.query(`select import_settle('ebyggesak', 'eiendom:1505-8/89', null)`);
    const told = await run('ebyggesak', JSON.stringify([of(2, [{ gaardsnummer: 8, bruksnummer: 89 }, other])]));
    assert.deepEqual(told.sums, counts(1, 0, 0));
    assert.match(told.stdout, /en av eiendommene er valgt bort i køen: saken ligger på de andre \(linje 1\)/);
    assert.deepEqual(await placesOf(), ['2019/1: Gymsalen', '2019/2: Rådhuset']);
  });

  test('that names a building lies there, and at the other properties', async () => {
    const list = 'Saksnr;Sakstittel;Bygningsnr;Gnr/bnr\n2019/1;Tak;300171619;1505-4/112 | 1505-4/207\n';
    assert.deepEqual((await run('ebyggweb', list)).sums, counts(1, 0, 0));
    assert.deepEqual(await placesOf(), ['2019/1: Rådhuset, 4/207']);
  });

  test('is found with its documents at each of them, in the register and by search', async () => {
    await run('ebyggesak', JSON.stringify([of(1, [known, other], { dokumenter: [{ tittel: 'Vedtak', referanseDokumentfil: '1.pdf', SystemId: 'a', dokumentetsdato: '2019-02-03' }] })]));
    const { rows: person } = await owner.query(`insert into person (name) values ('Forvalter') returning id`);
    await owner.query(`insert into person_role (person_id, role, area_no) values ($1, 'manager', 1)`, [person[0].id]);
    const api = await sessionOf(await w.server(), owner, person[0].id, 'office' as Audience);
    const { rows } = await owner.query(`select id, label from place where name in ('4/207', 'Rådhuset') order by name`);
    for (const place of rows) {
      const { body: cases } = await api.get(`/api/v1/places/${place.id}/archive-cases`);
      assert.deepEqual(cases.items.map((k: { number: string; place_label: string }) => `${k.number} ${k.place_label}`), [`2019/1 ${rows[0].label}, ${rows[1].label}`]);
      const { body: documents } = await api.get(`/api/v1/places/${place.id}/documents`);
      assert.deepEqual(documents.items.map((d: { title: string; doc_date: string }) => `${d.title} ${d.doc_date}`), ['Vedtak 2019-02-03']);
    }
    const { body } = await api.get('/api/v1/search?q=2019%2F1&kinds=archive_case');
    assert.deepEqual(body.groups.flatMap((g: { items: { place_id: string }[] }) => g.items.map((i) => i.place_id)), [rows[0].id]);
  });
});

test('Public 360: formats of one file are one document, a paragraph restricts, and a document of several files is several', async () => {
  const file = (recno: number, title: string, format: string): object => ({ Recno: recno, Title: title, Format: 'X', VersionFormatCode: format });
  const told = await run('public360', JSON.stringify({ Cases: [{ Recno: 1, CaseNumber: '21/1', Title: 'Sak', AccessCodeCode: 'U', CaseEstates: [{ ExternalId: '1505-4/112' }, { ExternalId: '1505-4/207' }],
    Documents: [{ Recno: 2, DocumentNumber: '21/1-1', Title: 'Brev', Files: [file(3, 'brev', 'P'), file(4, 'brev', 'A'), file(5, 'kart', 'A')] },
      { Recno: 6, DocumentNumber: '21/1-2', Title: 'Lege', Paragraph: 'Offl. § 13' }] }] }));
  assert.deepEqual(told.sums, { read: 6, landed: 6, updated: 0, unchanged: 0, rejected: 0, queued: 0 });
  assert.match(told.stdout, /saken gjelder flere eiendommer: den ligger på alle/);
  assert.deepEqual(await placesOf(), ['21/1: Rådhuset, 4/207']);
  assert.deepEqual(await documents(), ['21/1 | Brev – brev | fil 4 | åpen', '21/1 | Brev – kart | fil 5 | åpen', '21/1 | Lege | 21/1-2 | skjermet']);
});

test('SharePoint: versions of a file are one document, the newest; a row without a name is rejected', async () => {
  const told = await run('sharepoint', 'Navn,Bane,Versjon,Byggnr\nPlan.pdf,FDV/Tak,1.0,300171619\nPlan.pdf,FDV/Tak,2.0,300171619\n,FDV/Tak,,300171619\nAnnen.pdf,FDV/Tak,,300171619\nannen.PDF,fdv/tak,,300171619\n');
  assert.deepEqual(told.refused, ['4 | dokumentet har verken nummer eller fil', '6 | samme dokument som linje 5']);
  assert.match(told.stdout, /1 {2}annen variant eller versjon av et dokument: arkivformatet eller den nyeste er tatt \(linje 2\)/);
  assert.deepEqual(await documents(), ['Annen | FDV/Tak/Annen.pdf | skjermet', 'Plan | FDV/Tak/Plan.pdf | skjermet']);
});
