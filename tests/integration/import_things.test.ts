// What stands in the buildings: components, condition surveys and COBie land below the right place, or say why not.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { world } from './harness.ts';
import { book, type Cell } from './import_files.ts';
import { importFile, register, rejectsOf, sample, state, type Sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
await register(db);
await db.query(`
  insert into place (parent_id, kind, name) select id, 'storey', '2. etasje' from place where name = 'Rådhuset';
  insert into storey (place_id, plane, number) select id, 'H', 2 from place where kind = 'storey';
  insert into place (parent_id, kind, name) select id, 'room', '201 Kontor' from place where kind = 'storey'`);
const rejects = join(w.var, 'avvist.csv');
const run = (profile: string, file: string, args: string[] = []): Promise<Sums> => importFile(w, profile, file, ['--rejects', rejects, ...args]);
const faults = (): string[] => rejectsOf(rejects).rows.map((r) => r.slice(-3).join(' | '));

/** Writes a table of rows; a file of the same name is the next edition of it. */
function table(name: string, header: string, rows: string[]): string {
  writeFileSync(join(w.var, name), [header, ...rows, ''].join('\r\n'));
  return join(w.var, name);
}

/** The rows that imports make, without origins and versions. */
async function content(): Promise<string> {
  const { rows } = await db.query(`select (select jsonb_agg(to_jsonb(c) - '{row_v,changed,since}'::text[] order by c.id) from component c)::text
    || coalesce((select jsonb_agg(to_jsonb(h) - '{row_v,changed}'::text[] order by h.id) from condition h)::text, '')
    || (select jsonb_agg(to_jsonb(p) - '{row_v,changed,since}'::text[] order by p.id) from place p)::text as all`);
  return rows[0].all;
}

/** Takes the newest batch back. */
async function undo(): Promise<void> {
  const { rows } = await db.query(`select id from import_batch where state = 'done' and not is_dry_run order by started_at desc limit 1`);
  const done = await w.fdvu(['import', 'undo', rows[0].id]);
  assert.equal(done.code, 0, done.stdout);
}

test('components of a workbook land with dates, amounts and grades as people write them', async () => {
  const told = await run('components', sample('components.xlsx'));
  assert.deepEqual(told.sums, { read: 6, landed: 4, updated: 0, unchanged: 0, rejected: 2, queued: 0 });
  const { rows } = await db.query(`select o.line::int, c.name, c.element, c.tag, c.installed_on::text as day, c.replacement_cost_ore::text as cost, c.condition_grade as grade, p.name as place
    from component c join place p on p.id = c.place_id join import_origin o on o.row_id = c.id order by o.line`);
  assert.deepEqual(rows.map((r) => Object.values(r).join(' ')), [
    '2 Avtrekksvifte 364 +A=360.001-JV001 2020-04-01 125050 TG1 Rådhuset',
    '3 Varmtvannsbereder 325 +A=320.001-LV001 2020-04-01 1250050 TG2 Rådhuset',
    '4 Brannsentral 542 +A=542.001 2019-04-01 125050 TG0 Rådhuset',
    '5 Heis 621 +A=621.001 2015-06-01 90000000  Skolen',
  ]);
  assert.deepEqual(faults(), [
    '6 | NS 3451 | ukjent bygningsdel',
    '6 | Montert | er ikke en dato som finnes',
    '7 | Byggnr | er ikke et tall på inntil ni siffer',
    '7 | Innkjøpspris | er ikke et entydig beløp',
  ]);
  assert.match(told.stdout, /skjult rad: lest \(linje 4\)/);
  assert.match(told.stdout, /formel uten lagret verdi/);
});

test('a rerun changes nothing, and the batch is taken back', async () => {
  const was = await state(db);
  assert.deepEqual((await run('components', sample('components.xlsx'))).sums, { read: 6, landed: 0, updated: 0, unchanged: 4, rejected: 2, queued: 0 });
  assert.deepEqual(await state(db), was);
  const first = await db.query(`select id from import_batch where landed > 0`);
  const done = await w.fdvu(['import', 'undo', first.rows[0].id]);
  assert.equal(done.code, 0, done.stdout);
  assert.deepEqual((await db.query(`select (select count(*) from component)::int as things, (select count(*) from condition)::int as grades, (select count(*) from import_origin)::int as origins`)).rows, [
    { things: 0, grades: 0, origins: 0 },
  ]);
});

test('rounds that the plan has made since go with the batch, unless a person has touched one', async () => {
  const owner = await w.connect('owner');
  const { rows: [kari] } = await owner.query(`insert into person (name) values ('Kari Vik') returning id`);
  await run('components', sample('components.xlsx'));
  await db.query('update rule set is_active = false');
  await db.query(`insert into rule (code, name_nb, name_nn, name_en, title, starts_on, lead_days, applies, element, rrule)
    select 'runde', 'Runde', 'Runde', 'Round', 'Runde', '2026-01-01', 14, 'component', left(min(c.element), 2), 'FREQ=MONTHLY' from component c`);
  const planned = await w.fdvu(['plan', '--today', '2026-12-01']);
  assert.equal(planned.code, 0, planned.stdout + planned.stderr);
  const { rows: rounds } = await db.query('select id from task where rule_id is not null');
  assert.ok(rounds.length > 0, planned.stdout);
  const { rows: [batch] } = await db.query(`select id from import_batch where state = 'done' order by started_at desc limit 1`);

  await owner.query('begin');
  await owner.query(`select set_config('fdvu.person', $1, true)`, [kari.id]);
  await owner.query(`update task set state = 'in_progress' where id = $1`, [rounds[0].id]);
  await owner.query('commit');
  const refused = await w.fdvu(['import', 'undo', batch.id]);
  assert.equal(refused.code, 1, 'what Kari has begun is not taken from her');
  assert.match(refused.stdout, /task/);
  assert.equal((await db.query('select from task where rule_id is not null')).rowCount, rounds.length);

  await owner.query(`delete from audit where tbl = 'task' and actor is not null`);
  await undo();
  assert.equal((await db.query('select from task where rule_id is not null')).rowCount, 0);
  assert.equal((await db.query('select from component')).rowCount, 0);
});

const header = 'Betegnelse;NS 3451;TFM;Byggnr;Gnr/bnr;Adresse;Bygning;Etasje;Rom;Serienummer;Levetid;Garanti til;Antall;Kostnad;TG;Leverandør;Montert';
test('storey and room are found below the building, whatever it is found by, or their lack is told', async () => {
  const told = await run(
    'components',
    table('k.csv', header, [
      'Vifte;364;=364.001;300171619;;;;2;201;;;;;;;;', //                      2
      'Ovn;452;;;4/112;;;Plan 2;;S-1;20;31.12.2030;2;kr 1 250,50;TG 2;Ovner AS;1998',
      'Pumpe;325;;;;Langv. 4;;H02;999;;;;;;;;', //                             4
      'Pumpe;325;;;;;Rådhuset;Kjeller;;;;;;;;;',
      'Sluk;31.5;;;;Ingenstedsgata 1;;;;;;;;;;;', //                           6: waits
      'Lys;442;+A=360.001-XX1;300171619;;;;;;;;;;;;;', //                      7: the mark says another part
      'Vifte igjen;364;=364.001;300171619;;;;;;;;;;;;;', //                    8: the same mark
      'Vifte;364;;;;;;;;;;;;;;;', //                                           9: nowhere
      'Vifte;364;;300171619;;;;;;;600;1.1.30;mange;1.250;TG7;;', //           10: five faults
    ]),
  );
  assert.deepEqual(told.sums, { read: 9, landed: 5, updated: 0, unchanged: 0, rejected: 3, queued: 1 });
  const { rows } = await db.query(`select o.line::int, p.label from component c join place p on p.id = c.place_id join import_origin o on o.row_id = c.id order by o.line`);
  assert.deepEqual(rows.map((r) => `${r.line} ${r.label}`), [
    '2 Langveien 4, Rådhuset, 2. etasje, 201 Kontor',
    '3 Langveien 4, Rådhuset, 2. etasje',
    '4 Langveien 4, Rådhuset, 2. etasje',
    '5 Langveien 4, Rådhuset',
    '7 Langveien 4, Rådhuset',
  ]);
  const oven = await db.query(`select element, serial, service_life_years as life, warranty_until::text as until, quantity::int, replacement_cost_ore::int as cost, condition_grade as grade, note, installed_on::text as day
    from component where name = 'Ovn'`);
  assert.deepEqual(oven.rows[0], { element: '452', serial: 'S-1', life: 20, until: '2030-12-31', quantity: 2, cost: 125050, grade: 'TG2', note: 'Leverandør: Ovner AS', day: '1998-01-01' });
  assert.match(told.stdout, /rommet finnes ikke i bygningen: lagt på etasjen eller bygningen \(linje 4\)/);
  assert.match(told.stdout, /etasjen finnes ikke i bygningen: lagt på bygningen \(linje 5\)/);
  assert.match(told.stdout, /merkingen sier en annen bygningsdel enn raden \(linje 7\)/);
  assert.match(told.stdout, /bare årstall: 1. januar \(linje 3\)/);
  assert.deepEqual(faults(), [
    '8 | TFM | samme komponent som linje 2',
    '9 | Byggnr | raden sier ikke hvilken bygning',
    '10 | Antall | er ikke et tall',
    '10 | Garanti til | er ikke en dato som finnes',
    '10 | Kostnad | er ikke et entydig beløp',
    '10 | Levetid | er ikke et tall fra 1 til 500',
    '10 | TG | er ikke TG0 til TG3 eller TGIU',
  ]);
});

test('a component that somebody registered is found again by its mark and keeps what it has', async () => {
  await db.query(`insert into component (place_id, name, element, tag, maker) select id, 'Sentral', '542', '+A=542.009', 'Siemens' from place where name = 'Rådhuset'`);
  const was = await content();
  const told = await run('components', table('s.csv', `${header};Fabrikat`, ['Brannsentral;542;+A 542.009;300171619;;;;;;SN9;;;;;3;;;Autronica']));
  assert.equal(told.sums.landed, 1);
  assert.match(told.stdout, /komponenter funnet igjen/);
  const { rows } = await db.query(`select name, maker, serial, condition_grade as grade from component where tag = '+A=542.009'`);
  assert.deepEqual(rows, [{ name: 'Sentral', maker: 'Siemens', serial: 'SN9', grade: 'TG3' }]);
  await undo();
  assert.equal(await content(), was, 'the grade too is as it was');
});

test('an answer settles a component that waited', async () => {
  const waits = await db.query(`select q.key from import_queue q where q.state = 'open'`);
  const hall = await db.query(`select id from place where name = 'Rådhuset'`);
  await db.query(`select import_settle('components', $1, $2)`, [waits.rows[0].key, hall.rows[0].id]);
  const done = await w.fdvu(['import', 'components', '--settled', '--rejects', rejects]);
  assert.equal(done.code, 0, done.stdout);
  assert.deepEqual((await db.query(`select p.name, c.element from component c join place p on p.id = c.place_id where c.name = 'Sluk'`)).rows, [{ name: 'Rådhuset', element: '315' }]);
});

test('a condition survey lands with or without amounts, on the building’s part', async () => {
  const told = await run('condition-survey', sample('condition-survey.csv'));
  assert.deepEqual(told.sums, { read: 6, landed: 3, updated: 0, unchanged: 0, rejected: 3, queued: 0 });
  const { rows } = await db.query(`select o.line::int, p.name as place, c.name, h.grade, h.consequence, h.probability, h.cause, h.measure, h.theme, h.due_year as due, h.investment_ore::int as investment, h.operation_ore as operation, h.note
    from condition h join component c on c.id = h.component_id join place p on p.id = c.place_id join import_origin o on o.row_id = h.id order by o.line`);
  assert.deepEqual(rows, [
    { line: 2, place: 'Rådhuset', name: 'Taktekking', grade: 'TG2', consequence: 2, probability: 2, cause: 'Taktekking', measure: 'Ny tekking', theme: 'Sikkerhet', due: 2027, investment: 125050, operation: null, note: 'Slitt papp' },
    { line: 3, place: '201 Kontor', name: 'Vifte', grade: 'TG3', consequence: 3, probability: 2, cause: 'Aggregat', measure: 'Skiftes', theme: 'Inneklima', due: 2026, investment: null, operation: null, note: 'Gammelt' },
    { line: 4, place: 'Skolen', name: 'Vinduer dører og porter', grade: 'TG2', consequence: 1, probability: 3, cause: 'Vinduer', measure: 'Nye vinduer', theme: 'Økonomi', due: 2028, investment: 45000000, operation: null, note: 'Råte\nMulig tilskudd: 10%' },
  ]);
  assert.match(told.stdout, /tilstandsgrad 3 uten beløp \(linje 3\)/);
  assert.match(told.stdout, /beløp bare i investeringskolonnen: ført som investering, ingenting på drift \(linje 2, 4\)/);
  assert.match(told.stdout, /tilskudd står i merknaden \(linje 4\)/);
  assert.deepEqual(faults(), [
    '5 | building_part | ukjent bygningsdel',
    '6 | building_part | mangler',
    '7 | amount_investment | er ikke et entydig beløp',
    '7 | condition_degree | er ikke TG0 til TG3 eller TGIU',
    '7 | consequence | er ikke et tall fra 0 til 3',
    '7 | due_year | er ikke et årstall fra 1950 til 2200',
    '7 | probability | er ikke et tall fra 0 til 3',
  ]);
  assert.equal((await db.query(`select count(*)::int as n from component where element = '888'`)).rows[0].n, 0, 'no building part is invented');
});

test('a survey read again changes nothing; a new grade is a line of history; the batch is taken back', async () => {
  const was = await state(db);
  assert.equal((await run('condition-survey', sample('condition-survey.csv'))).sums.unchanged, 3);
  assert.deepEqual(await state(db), was);
  const before = await content();
  const h = 'Bygningsnr;building_part;title;descr;condition_type;condition_degree;amount_operation';
  const told = await run('condition-survey', table('t.csv', h, ['300171619;262;Taktekking;Slitt papp;Sikkerhet;TG3;1 000', '300171619;262;Taktekking;Slitt papp;Sikkerhet;1;', '300171619;262;Renner;;;1;']));
  assert.deepEqual(told.sums, { read: 3, landed: 1, updated: 1, unchanged: 0, rejected: 1, queued: 0 });
  assert.deepEqual(faults(), ['3 | title | samme funn som linje 2']);
  const roof = await db.query(`select h.grade from condition h join component c on c.id = h.component_id where c.element = '262' order by h.noted_at`);
  assert.deepEqual(roof.rows.map((r) => r.grade), ['TG2', 'TG1', 'TG3']);
  assert.equal((await db.query(`select condition_grade as g from component where element = '262'`)).rows[0].g, 'TG3', 'the worst of the file');
  await undo();
  assert.equal(await content(), before);
});

const inTree = `with recursive t as (select id, name, 0 as depth, array[name] as path from place where name = 'Rådhuset'
  union all select p.id, p.name, depth + 1, path || p.name from place p join t on p.parent_id = t.id where p.removed_at is null) select array_to_string(path, ' > ') as path from t order by 1`;

test('COBie: storeys, rooms, components of their types and systems land below the building', async () => {
  const before = await content();
  const told = await run('ifc-cobie', sample('ifc-cobie.xlsx'));
  assert.deepEqual(told.sums, { read: 9, landed: 8, updated: 0, unchanged: 0, rejected: 1, queued: 0 });
  assert.deepEqual(faults(), ['60000003 | TypeName | typen finnes ikke i arket Type, eller er avvist']);
  const tree = await db.query(inTree);
  assert.deepEqual(tree.rows.map((r) => r.path), [
    'Rådhuset', 'Rådhuset > 1. etasje', 'Rådhuset > 1. etasje > 101 Kontor', 'Rådhuset > 102 Finnes ikke', 'Rådhuset > 2. etasje', 'Rådhuset > 2. etasje > 201 Kontor', 'Rådhuset > H0101',
  ]);
  const fan = await db.query(`select c.name, c.element, c.tag, c.maker, c.model, c.serial, c.installed_on::text as day, c.service_life_years as life, c.replacement_cost_ore::int as cost, p.name as place, up.name as system
    from component c join place p on p.id = c.place_id join component up on up.id = c.parent_id`);
  assert.deepEqual(fan.rows, [{ name: 'Vifte 1', element: '364', tag: '+A=360.001-JV001', maker: 'Systemair', model: 'K 160', serial: 'SN1', day: '2020-04-01', life: 20, cost: 1250000, place: '101 Kontor', system: '360.001' }]);
  assert.match(told.stdout, /etasjen finnes ikke: rommet er lagt på bygningen \(linje 40000003\)/);
  assert.match(told.stdout, /systemet nevner komponenter som ikke er i boken \(linje 70000002\)/);
  const was = await state(db);
  assert.deepEqual((await run('ifc-cobie', sample('ifc-cobie.xlsx'))).sums, { read: 9, landed: 0, updated: 0, unchanged: 8, rejected: 1, queued: 0 });
  assert.deepEqual(await state(db), was);
  const first = await db.query(`select id from import_batch where profile = 'ifc-cobie' and landed = 8`);
  const done = await w.fdvu(['import', 'undo', first.rows[0].id]);
  assert.equal(done.code, 0, done.stdout);
  assert.equal(await content(), before);
});

/** A COBie workbook of one building, in the sheets' usual order. */
function cobie(name: string, facility: Cell[][], rooms: Cell[][]): string {
  const sheets = [
    { name: 'Facility', rows: [['Name', 'SiteName'], ...facility] },
    { name: 'Floor', rows: [['Name'], ['1. etasje'], ['Taket']] },
    { name: 'Space', rows: [['Name', 'FloorName', 'NetArea'], ...rooms] },
  ];
  writeFileSync(join(w.var, name), book(sheets));
  return join(w.var, name);
}

test('a workbook whose building is not certain waits whole, and one answer lands all of it', async () => {
  const told = await run('ifc-cobie', cobie('c.xlsx', [['Kulturhuset', 'Ukjentveien 9']], [['301', '1. etasje', '10,5'], ['301', '1. etasje', '11'], ['302', 'Taket', 'stor']]));
  assert.deepEqual(told.sums, { read: 6, landed: 0, updated: 0, unchanged: 0, rejected: 3, queued: 3 });
  assert.deepEqual(faults().map((f) => f.split(' | ').slice(1).join(' | ')), ['Name | navnet sier ikke hvilken etasje: «1. etasje», «Kjeller», «H01»', 'Name | samme navn som linje 30000002', 'NetArea | er ikke et tall']);
  const waits = await db.query(`select distinct key from import_queue where state = 'open'`);
  assert.equal(waits.rows.length, 1, 'one question');
  const school = await db.query(`select id from place where name = 'Skolen'`);
  await db.query(`select import_settle('ifc-cobie', $1, $2)`, [waits.rows[0].key, school.rows[0].id]);
  const done = await w.fdvu(['import', 'ifc-cobie', '--settled', '--rejects', rejects]);
  assert.equal(done.code, 0, done.stdout);
  const { rows } = await db.query(`select p.label, p.area_m2::float as m2 from place p where p.name = '301'`);
  assert.deepEqual(rows, [{ label: 'Skolen, 1. etasje, 301', m2: 10.5 }]);
  assert.deepEqual((await run('ifc-cobie', join(w.var, 'c.xlsx'))).sums, { read: 6, landed: 0, updated: 0, unchanged: 3, rejected: 3, queued: 0 });
});

test('a workbook of two buildings, or of none, is rejected row by row', async () => {
  const two = await run('ifc-cobie', cobie('to.xlsx', [['Rådhuset', ''], ['Skolen', '']], [['1', '1. etasje', '']]));
  assert.equal(two.sums.rejected, two.sums.read);
  assert.match(two.stdout, /boken har flere bygninger: én fil for hver/);
  const none = await run('ifc-cobie', cobie('ingen.xlsx', [], [['1', '1. etasje', '']]));
  assert.equal(none.sums.rejected, none.sums.read);
  assert.match(none.stdout, /boken har ingen bygning \(arket Facility\)/);
});

// The same faults in each profile of tables: a damaged row costs itself, a damaged file its own import.
const tables = {
  components: { header: 'Betegnelse;NS 3451;Byggnr;TFM', good: 'Vifte;364;300171619;=364.', required: 'Betegnelse', renamed: 'NS 3451', alias: 'Komponent' },
  'condition-survey': { header: 'title;building_part;Bygningsnr;condition_degree;descr', good: 'Funn;364;300171619;3;nr ', required: 'title', renamed: 'building_part', alias: 'Avvik' },
  leases: { header: 'Leietaker;Adresse;Bruksenhet;Husleie;Fra dato;Kontraktsnr', good: 'Kari;Langveien 4;H0101;5000;01.01.1990;L-', required: 'Leietaker', renamed: 'Fra dato', alias: 'Navn' },
};
for (const [profile, t] of Object.entries(tables)) {
  const file = (lines: (string | Buffer)[]): string => {
    writeFileSync(join(w.var, 'rar.csv'), Buffer.concat(lines.map((l) => Buffer.concat([Buffer.from(l), Buffer.from('\r\n')]))));
    return join(w.var, 'rar.csv');
  };
  const refused = async (lines: (string | Buffer)[], why: RegExp): Promise<void> => {
    const was = await state(db);
    const done = await w.fdvu(['import', profile, file(lines), '--rejects', rejects]);
    assert.equal(done.code, 1, done.stdout);
    assert.match(done.stdout, why);
    assert.deepEqual(await state(db), was);
  };

  test(`${profile}: ragged rows, a quote left open and a NUL byte cost their own rows only`, async () => {
    const [first, ...rest] = t.good.split(';');
    const told = await run(profile, file([t.header, `${t.good}1`, first, `${t.good}3;for;mye`, `Null\0${t.good}4`, `"${first};${rest.join(';')}5`, `${t.good}1`]));
    assert.deepEqual(told.sums, { read: 6, landed: 1, updated: 0, unchanged: 0, rejected: 5, queued: 0 });
    const width = t.header.split(';').length; // what a row has beyond the header stands behind the reason
    const reasons = rejectsOf(rejects).rows.map((r) => `${r[width]} ${r[width + 2]}`);
    assert.deepEqual(reasons.slice(0, 4), ['3 raden har for få kolonner', '4 raden har flere kolonner enn overskriften', '5 NUL-tegn i teksten', '6 anførselstegn som aldri lukkes']);
    assert.match(reasons[4], /^7 samme (komponent|funn|kontrakt) som linje 2$/);
    await undo();
  });

  test(`${profile}: a column missing, twice or renamed, an empty file and a wrong format are refused by name`, async () => {
    await refused([t.header.replace(t.renamed, 'Noe annet'), `${t.good}1`], /kolonner mangler: /);
    await refused([`${t.header};${t.required}`, `${t.good}1;x`], new RegExp(`kolonnen «${t.required}» finnes to ganger`));
    await refused([''], /filen har ingen rader/);
    await refused(['%PDF-1.7'], /PDF/);
    await refused([Buffer.from('PK\x03\x04 not a workbook', 'latin1')], /skadet, ufullstendig/);
    const told = await run(profile, file([t.header.replace(t.required, t.alias), `${t.good}1`]));
    assert.equal(told.sums.landed, 1, 'an alias is as good');
    await undo();
  });
}

test('a truncated workbook and a truncated packed GML change nothing', async () => {
  for (const [profile, name] of [['components', 'components.xlsx'], ['ifc-cobie', 'ifc-cobie.xlsx'], ['matrikkel-bygning', 'matrikkel-bygning-4258.zip']]) {
    const whole = readFileSync(sample(name));
    const was = await state(db);
    for (const part of [0.4, 0.9]) {
      writeFileSync(join(w.var, name), whole.subarray(0, Math.floor(whole.length * part)));
      const done = await w.fdvu(['import', profile, join(w.var, name), '--rejects', rejects]);
      assert.equal(done.code, 1, done.stdout);
      assert.match(done.stdout, /Ingenting er endret/);
    }
    assert.deepEqual(await state(db), was);
  }
});

test('a workbook of leases: dates as numbers, a rent by formula, a hidden row and merged cells', async () => {
  const sheet = book([
    {
      name: 'Ark',
      merges: ['A3:A4'],
      rows: [
        ['Kontraktsnr', 'Adresse', 'Bruksenhet', 'Leietaker', 'Husleie', 'Fra dato', 'Til dato'],
        ['X-1', 'Langveien 4', 'H0101', 'Kari Leier', { f: 'A1*2', v: 5000.5 }, 36526, { date: 36891 }],
        { cells: ['X-2', 'Langveien 4', 'H0101', 'Kari Leier', 6000, '2001-01-01T00:00:00', null], hidden: true },
        [null, 'Langveien 4', 'H0101', 'Kari Leier', 6000, 40000, null],
      ],
    },
  ]);
  writeFileSync(join(w.var, 'leie.xlsx'), sheet);
  const told = await run('leases', join(w.var, 'leie.xlsx'));
  assert.deepEqual(told.sums, { read: 3, landed: 2, updated: 0, unchanged: 0, rejected: 1, queued: 0 });
  assert.deepEqual((await db.query(`select number, rent_ore::int as rent, starts_on::text as from, ends_on::text as to, state from lease order by 1`)).rows, [
    { number: 'X-1', rent: 500050, from: '2000-01-01', to: '2000-12-31', state: 'ended' },
    { number: 'X-2', rent: 600000, from: '2001-01-01', to: null, state: 'active' },
  ]);
  for (const said of [/celle med formel: den lagrede verdien er lest \(linje 2\)/, /skjult rad: lest \(linje 3\)/, /sammenslåtte celler/, /Kontraktsnr: mangler|kontraktsnummer: mangler/]) assert.match(told.stdout, said);
});
