// Exports of six archives and case systems: their cases and documents land at their places, once, and can be taken back. What a user would
// lose: the drawing from 1969 that says where the pipe lies.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { world, type Api } from './harness.ts';
import { sessionOf, type Audience } from './helpers.ts';
import { importFile, register, rejectsOf, sample, sums, type Sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
const owner = await w.connect('owner');
const s = await w.server();
await register(db);
const rejects = join(w.var, 'avvist.csv');
const run = (profile: string, file: string, args: string[] = []): Promise<Sums> => importFile(w, profile, sample(file), ['--rejects', rejects, ...args]);
const batchOf = (told: Sums): string => /Innlesing: ([0-9a-f-]{36})/.exec(told.stdout)?.[1] ?? assert.fail(told.stdout);
const counts = (read: number, landed: number, unchanged: number, rejected: number, queued: number): Sums['sums'] => ({ read, landed, updated: 0, unchanged, rejected, queued });

/** What archives have brought, without what numbers versions. */
async function content(): Promise<string> {
  const { rows } = await owner.query(`select jsonb_build_object(
    'cases', (select jsonb_agg(to_jsonb(k) - '{changed,row_v}'::text[] order by k.id) from archive_case k),
    'documents', (select jsonb_agg(to_jsonb(d) - '{changed,row_v}'::text[] order by d.id) from document d),
    'origin', (select jsonb_agg(to_jsonb(o) order by o.source, o.source_key) from import_origin o),
    'search', (select jsonb_agg(to_jsonb(x) order by x.tbl, x.row_id) from search x),
    'feed', (select count(*) from sync_entry e where e.tbl = 5 and e.op = 'P'))::text as all`);
  return rows[0].all;
}

async function casesOf(source: string): Promise<string[]> {
  const { rows } = await db.query(`select concat_ws(' | ', k.number, k.title, k.state, k.started_on, k.ended_on, coalesce(p.name, '-'),
      case when k.is_restricted then 'skjermet' else 'åpen' end) as line
    from archive_case k left join place p on p.id = k.place_id where k.source = $1 order by k.number`, [source]);
  return rows.map((r) => r.line);
}

async function documentsOf(source: string): Promise<string[]> {
  const { rows } = await db.query(`select concat_ws(' | ', k.number, d.title, d.archive_ref, d.doc_date, nullif(array_to_string(d.categories, ','), ''), coalesce(p.name, '-'),
      case when d.is_restricted then 'skjermet' else 'åpen' end) as line
    from document d left join archive_case k on k.id = d.archive_case_id left join place p on p.id = d.place_id where d.source = $1 order by 1`, [source]);
  return rows.map((r) => r.line);
}

type Sample = { profile: string; file: string; first: Sums['sums']; cases: string[]; documents: string[]; flags: RegExp[]; later: RegExp[]; waits: string[] };
const samples: Sample[] = [
  {
    profile: 'ebyggweb', file: 'ebyggweb.csv', first: counts(6, 3, 0, 1, 2),
    cases: ['1969/12 | Skolebygg | closed | 1969-03-01 | Skolen | skjermet', '2019/4567 | Nytt tak på rådhuset | closed | 2019-05-02 | 2019-11-14 | Rådhuset | skjermet'],
    documents: [
      '2019/4567 | Søknad om tiltak uten ansvarsrett | saker/2019-4567/soknad.pdf | 2019-04-30 | Søknad | Rådhuset | skjermet',
      '2019/4567 | Tegning snitt | saker/2019-4567/snitt.pdf | 2019-04-30 | Tegning | Rådhuset | skjermet',
    ],
    flags: [/ukjent dokumenttype: lest inn uten \(linje 7\)/, /2 {2}.*bare forvaltere og administratorer \(linje 2, 4\)/], later: [/saksdatoen er ikke en dato/],
    waits: ['5 ukjent eiendom', '6 bygningsnummeret er kjent, men eiendommen er ukjent'],
  },
  {
    profile: 'ebyggesak', file: 'ebyggesak.json', first: counts(6, 4, 0, 0, 2),
    cases: ['1969/12 | Skolebygg „Ä“ | unknown | 1969-03-01 | 4/207 | skjermet', '2019/4567 | Nytt tak på rådhuset | closed | 2019-05-02 | 2019-11-14 | Rådhuset | skjermet'],
    documents: ['2019/4567 | Søknad | dokumenter/1.pdf | 2019-04-30 | Søknad | Rådhuset | skjermet', '2019/4567 | Vedtak | dokumenter/2.pdf | 2019-06-01 | Vedtak | Rådhuset | skjermet'],
    flags: [/2 {2}.*bare forvaltere og administratorer \(linje 1, 4\)/], later: [/saksdatoen er ikke en dato/],
    waits: ['5 ukjent eiendom', '6 ukjent eiendom'],
  },
  {
    profile: 'noark5', file: 'noark5.xml', first: counts(8, 7, 0, 0, 1),
    cases: ['2009/1234 | Ombygging | closed | 2009-05-01 | 2010-06-01 | Rådhuset | åpen', '2009/1234-A | Delsak: heis | unknown | 2009-07-01 | Rådhuset | skjermet'],
    documents: ['2009/1234 | Plan 1. etasje | dokumenter/1.pdf | 2009-05-02 | Tegning | Rådhuset | åpen', '2009/1234 | Snitt A–A | dokumenter/2.pdf | 2009-05-02 | Tegning | Rådhuset | åpen'],
    flags: [], later: [],
    waits: ['8 ukjent eiendom'],
  },
  {
    profile: 'ephorte', file: 'ephorte.xml', first: counts(8, 7, 0, 0, 1),
    cases: ['2009/1234 | Ombygging | closed | 2009-05-01 | 2010-06-01 | Rådhuset | åpen', '2009/1234-A | Delsak: heis | unknown | 2009-07-01 | Rådhuset | skjermet'],
    documents: ['2009/1234 | Plan 1. etasje | dokumenter/1.pdf | 2009-05-02 | Tegning | Rådhuset | åpen', '2009/1234 | Snitt A-A | dokumenter/2.pdf | 2009-05-02 | Tegning | Rådhuset | åpen'],
    flags: [], later: [],
    waits: ['8 ukjent eiendom'],
  },
  {
    profile: 'public360', file: 'public360-saker.json', first: counts(4, 4, 0, 0, 0),
    cases: ['21/00123 | Skifte av ventilasjon, rådhuset | open | 2021-02-03 | Rådhuset | åpen', '21/00124 | Sak uten eiendom | closed | - | skjermet'],
    documents: ['21/00123 | Tilbud | https://360.example.no/f/400001 | 2021-02-10 | Rådhuset | åpen'],
    flags: [/eksporten sier ikke hvor saken hører til: lest inn uten sted \(linje 4\)/, /saksdatoen er ikke en dato: lest inn uten \(linje 4\)/], later: [],
    waits: [],
  },
  {
    profile: 'sharepoint', file: 'sharepoint.csv', first: counts(4, 2, 1, 0, 1),
    cases: [],
    documents: [
      'Brannplan | sites/eiendom/FDV/Rådhuset/Brann/Brannplan.pdf | 2022-03-12 | Tegning plan | Rådhuset | skjermet',
      'Heisbok | sites/eiendom/FDV/Rådhuset/Heis/Heisbok.pdf | 2020-02-01 | Tilsyn og vedlikehold | Rådhuset | skjermet',
    ],
    flags: [/mappe: ikke et dokument, og leses ikke inn \(linje 4\)/], later: [/ukjent bygningsdel/],
    waits: ['5 uten sted: mappen må knyttes til et'],
  },
];

for (const each of samples) {
  describe(`${each.profile}: ${each.file}`, () => {
    let was: string;
    let told: Sums;
    before(async () => {
      was = await content();
      told = await run(each.profile, each.file);
    });

    test('lands cases and documents at their places, and accounts for each row', async () => {
      assert.deepEqual(told.sums, each.first);
      assert.deepEqual(await casesOf(each.profile), each.cases);
      assert.deepEqual(await documentsOf(each.profile), each.documents);
      for (const flag of each.flags) assert.match(told.stdout, flag);
      for (const flag of each.later) assert.doesNotMatch(told.stdout, flag, 'a row that waits is told of when it lands');
      const { rows } = await db.query(`select q.line, q.reason from import_queue q where q.batch_id = $1 order by q.line`, [batchOf(told)]);
      assert.deepEqual(rows.map((r) => `${r.line} ${r.reason}`), each.waits);
    });

    test('each row of the register tells its line of the file', async () => {
      const { rows } = await db.query(`select tbl, count(*)::int as n, bool_and(line > 0) as has_line from import_origin where batch_id = $1 group by 1 order by 1`, [batchOf(told)]);
      assert.deepEqual(rows, [
        ...(each.cases.length ? [{ tbl: 'archive_case', n: each.cases.length, has_line: true }] : []),
        { tbl: 'document', n: each.documents.length, has_line: true },
      ]);
    });

    test('a rerun changes nothing, and the queue does not grow', async () => {
      const landed = await content();
      const again = await run(each.profile, each.file);
      assert.deepEqual(again.sums, counts(each.first.read, 0, each.first.landed + each.first.unchanged, each.first.rejected, each.first.queued));
      assert.equal(await content(), landed);
      const { rows } = await db.query(`select count(*)::int as n from import_queue q join import_batch b on b.id = q.batch_id where b.profile = $1 and q.state = 'open'`, [each.profile]);
      assert.equal(rows[0].n, each.waits.length);
    });

    test('the batch is taken back whole, and lands again the same', async () => {
      const done = await w.fdvu(['import', 'undo', batchOf(told)]);
      assert.equal(done.code, 0, done.stdout + done.stderr);
      assert.equal(await content(), was);
      assert.deepEqual((await run(each.profile, each.file)).sums, each.first);
    });
  });
}

test('a path out of the export is a reject with its line, column and reason', async () => {
  await run('ebyggweb', 'ebyggweb.csv');
  assert.deepEqual(rejectsOf(rejects).rows.map((r) => r.slice(-3).join(' | ')), ['7 | Filnavn | er ikke en sti inne i eksporten']);
});

test('byggesak.xml: buildings, dwellings and storeys go with their case and leave the register as it is', async () => {
  const places = await db.query('select count(*) from place');
  const told = await run('ebyggesak', 'ebyggesak.xml');
  assert.deepEqual(told.sums, counts(4, 4, 0, 0, 0));
  assert.match(told.stdout, /3 {2}opplysninger om bygningen: de endrer ikke registeret \(linje 2, 3, 4\)/);
  assert.ok((await casesOf('ebyggesak')).includes('2021/88 | Tilbygg på skolen | unknown | 2021-03-01 | Skolen | skjermet'));
  assert.deepEqual((await db.query('select count(*) from place')).rows, places.rows);
});

test('documents of Public 360 that come in a file of their own find the case of the other one', async () => {
  const told = await run('public360', 'public360-dokumenter.json');
  assert.deepEqual(told.sums, counts(3, 3, 0, 0, 0));
  assert.match(told.stdout, /TotalPageCount = 3/, 'that there are more pages is told');
  const found = (await documentsOf('public360')).filter((line) => line.includes('Serviceavtale'));
  assert.deepEqual(found, ['21/00123 | Serviceavtale ventilasjon – avtale | fil 400002 | 2021-04-01 | Avtale | Rådhuset | åpen', '21/00123 | Serviceavtale ventilasjon – vedlegg | fil 400003 | 2021-04-01 | Avtale | Rådhuset | åpen']);
});

test('documents whose case has not been read in are rejected, and land after it', async () => {
  const told = await w.fdvu(['import', 'public360', sample('public360-dokumenter.json'), '--rejects', rejects, '--municipality', '1505', '--dry-run']);
  assert.deepEqual(sums(told.stdout), counts(3, 0, 3, 0, 0));
  const { rows } = await db.query(`select batch_id from import_origin where source = 'public360' and tbl = 'document' and source_key like '%-2:%' limit 1`);
  assert.equal((await w.fdvu(['import', 'undo', rows[0].batch_id])).code, 0);
  const { rows: cases } = await db.query(`select batch_id from import_origin where source = 'public360' and tbl = 'archive_case' limit 1`);
  assert.equal((await w.fdvu(['import', 'undo', cases[0].batch_id])).code, 0);
  const early = await run('public360', 'public360-dokumenter.json');
  assert.deepEqual(early.sums, counts(3, 0, 0, 3, 0));
  assert.deepEqual([...new Set(rejectsOf(rejects).rows.map((r) => r.at(-1)))].sort(), ['dokumentet er avvist (linje 2)', 'dokumentet er avvist (linje 3)', 'saken er ikke lest inn']);
  await run('public360', 'public360-saker.json');
  assert.deepEqual((await run('public360', 'public360-dokumenter.json')).sums, counts(3, 3, 0, 0, 0));
});

test('the workbook of SharePoint says the same as the list', async () => {
  const was = await content();
  assert.deepEqual((await run('sharepoint', 'sharepoint.xlsx')).sums, counts(4, 0, 3, 0, 1));
  assert.equal(await content(), was);
});

test('one answer places all documents of a folder, now and in every run to come', async () => {
  const { rows } = await db.query(`select q.key from import_queue q join import_batch b on b.id = q.batch_id where b.profile = 'sharepoint' and q.state = 'open'`);
  assert.deepEqual(rows.map((r) => r.key), ['mappe:sites/eiendom/fdv/diverse']);
  await db.query(`select import_settle('sharepoint', $1, (select id from place where name = 'Skolen'))`, [rows[0].key]);
  const settled = await w.fdvu(['import', 'sharepoint', '--settled']);
  assert.deepEqual(sums(settled.stdout), counts(1, 1, 0, 0, 0));
  assert.match(settled.stdout, /ukjent bygningsdel: lest inn uten/);
  assert.ok((await documentsOf('sharepoint')).some((line) => line.startsWith('Hvor hører denne til? | ') && line.endsWith(' | Skolen | skjermet')));
  assert.deepEqual((await run('sharepoint', 'sharepoint.csv')).sums, counts(4, 0, 4, 0, 0));
});

test('a case that waited lands with its documents when its place is answered', async () => {
  const { rows } = await db.query(`select q.line::int, q.key from import_queue q join import_batch b on b.id = q.batch_id
    where b.profile = 'ebyggesak' and q.state = 'open' order by q.line`);
  assert.deepEqual(rows, [{ line: 5, key: 'eiendom:0301-1/2' }, { line: 6, key: 'eiendom:0301-1/2' }]);
  await db.query(`select import_settle('ebyggesak', $1, (select id from place where name = 'Gymsalen'))`, [rows[0].key]);
  const settled = await w.fdvu(['import', 'ebyggesak', '--settled']);
  assert.deepEqual(sums(settled.stdout), counts(2, 2, 0, 0, 0));
  assert.match(settled.stdout, /saksdatoen er ikke en dato: lest inn uten/);
  assert.ok((await casesOf('ebyggesak')).includes('2020/9 | Kommunenummer uten null | unknown | Gymsalen | skjermet'));
  assert.ok((await documentsOf('ebyggesak')).includes('2020/9 | Uten fil | 7a3c0003 | Korrespondanse | Gymsalen | skjermet'));
  assert.deepEqual((await run('ebyggesak', 'ebyggesak.json')).sums, counts(6, 0, 6, 0, 0));
});

test('a case that a person has set aside is rejected with all its rows', async () => {
  const { rows } = await db.query(`select q.key from import_queue q join import_batch b on b.id = q.batch_id where b.profile = 'noark5' and q.state = 'open'`);
  await db.query(`select import_settle('noark5', $1, null)`, [rows[0].key]);
  assert.deepEqual((await run('noark5', 'noark5.xml')).sums, counts(8, 0, 7, 1, 0));
});

test('what the export does not restrict is open where the setting says so, and the next run opens it', async () => {
  await owner.query(`insert into setting (key, value) values ('import.access.sharepoint', '"open"')`);
  const told = await run('sharepoint', 'sharepoint.csv');
  assert.deepEqual(told.sums, { read: 4, landed: 0, updated: 3, unchanged: 1, rejected: 0, queued: 0 });
  assert.ok((await documentsOf('sharepoint')).every((line) => line.endsWith('åpen')));
});

describe('in the office', () => {
  const who = {} as Record<'manager' | 'desk', Api>;
  before(async () => {
    for (const [name, role] of [['manager', 'manager'], ['desk', 'frontdesk']] as const) {
      const { rows } = await owner.query(`insert into person (name) values ($1) returning id`, [name]);
      await owner.query(`insert into person_role (person_id, role, area_no) values ($1, $2, 1)`, [rows[0].id, role]);
      who[name] = await sessionOf(s, owner, rows[0].id, 'office' as Audience);
    }
  });

  test('a place shows its cases and each case its documents; restricted ones to managers only', async () => {
    const { rows } = await owner.query(`select parent_id as id from place where name = 'Rådhuset'`);
    const listed = async (api: Api): Promise<string[]> => (await api.get(`/api/v1/places/${rows[0].id}/archive-cases`)).body.items.map((k: { number: string; document_count: number }) => `${k.number} ${k.document_count}`).sort();
    assert.deepEqual(await listed(who.manager), ['2009/1234 2', '2009/1234 2', '2009/1234-A 0', '2009/1234-A 0', '2019/4567 2', '2019/4567 2', '21/00123 3']);
    assert.deepEqual(await listed(who.desk), ['2009/1234 2', '2009/1234 2', '21/00123 3']);
    const { rows: hidden } = await owner.query(`select id from archive_case where number = '2019/4567' and source = 'ebyggweb'`);
    assert.deepEqual((await who.manager.get(`/api/v1/archive-cases/${hidden[0].id}/documents`)).body.items.map((d: { title: string }) => d.title), ['Søknad om tiltak uten ansvarsrett', 'Tegning snitt']);
    assert.deepEqual((await who.desk.get(`/api/v1/archive-cases/${hidden[0].id}/documents`)).body.items, []);
  });

  test('pages of cases follow each other, also past those without a day', async () => {
    const { rows } = await owner.query(`select parent_id as id from place where name = 'Rådhuset'`);
    const seen: string[] = [];
    let after = '';
    do {
      const page: { items: { id: string }[]; next?: string | null } = (await who.manager.get(`/api/v1/places/${rows[0].id}/archive-cases?limit=2${after}`)).body;
      seen.push(...page.items.map((k) => k.id));
      after = page.next ? `&after=${page.next}` : '';
    } while (after);
    assert.equal(new Set(seen).size, 7);
    assert.equal(seen.length, 7);
  });

  test('a case number finds the documents of the case, and restricted ones for managers only', async () => {
    const hits = async (api: Api, q: string): Promise<string[]> => (await api.get(`/api/v1/search?q=${encodeURIComponent(q)}&kinds=document`)).body.groups.flatMap((g: { items: { title: string }[] }) => g.items.map((i) => i.title)).sort();
    assert.deepEqual(await hits(who.manager, '2019/4567'), ['Søknad', 'Søknad om tiltak uten ansvarsrett', 'Tegning snitt', 'Vedtak']);
    assert.deepEqual(await hits(who.desk, '2019/4567'), []);
    assert.deepEqual(await hits(who.desk, '2009/1234'), ['Plan 1. etasje', 'Plan 1. etasje', 'Snitt A-A', 'Snitt A–A']);
  });

  test('a case number finds the case itself and the place to open it at, a restricted one for managers only', async () => {
    type Found = { id: string; kind: string; title: string; place_id: string | null };
    const hits = async (api: Api, q: string): Promise<Found[]> =>
      (await api.get(`/api/v1/search?q=${encodeURIComponent(q)}&kinds=archive_case`)).body.groups.flatMap((g: { items: Found[] }) => g.items);
    const { rows } = await owner.query(`select number, is_restricted, place_id from archive_case where place_id is not null order by is_restricted, number`);
    const open = rows.find((r) => !r.is_restricted), closed = rows.find((r) => r.is_restricted);
    assert.ok(open && closed, 'cases of both kinds');
    for (const api of [who.manager, who.desk]) {
      const found = (await hits(api, open.number)).find((k) => k.title.startsWith(open.number));
      assert.equal(found?.place_id, open.place_id);
      assert.equal(found?.kind, 'archive_case');
    }
    assert.ok((await hits(who.manager, closed.number)).some((k) => k.title.startsWith(closed.number)));
    assert.ok(!(await hits(who.desk, closed.number)).some((k) => k.title.startsWith(closed.number)));
  });
});
