// Where a row belongs: every profile seeks its places the same way, and what is not certain waits for a person.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, world } from './harness.ts';
import { importFile, register, type Sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
await register(db);

// A profile that does nothing but seek.
const profiles = join(w.var, 'profiler');
mkdirSync(join(profiles, 'finn'), { recursive: true });
for (const name of ['common.sql', 'places.sql']) copyFileSync(join(root, 'importers/profiles', name), join(profiles, name));
writeFileSync(
  join(profiles, 'finn', 'manifest'),
  `title = Finn\nsource = finn\nformats = csv\nheader = required\nmunicipality = asked\n${['knr', 'bygg', 'gnr', 'adresse', 'h', 'navn'].map((c) => `column = ${c} required`).join('\n')}\n`,
);
writeFileSync(
  join(profiles, 'finn', 'map.sql'),
  `-- section: seek
insert into sought (line, municipality_no, bygningsnummer, cadastral, address, h_number, name)
select s.line, coalesce(pg_temp.clean(s.knr), run.municipality_no), pg_temp.whole(s.bygg), pg_temp.clean(s.gnr), pg_temp.clean(s.adresse), pg_temp.clean(s.h), pg_temp.clean(s.navn)
  from staged s cross join run where s.fault is null;
-- section: land
insert into import_origin (source, source_key, tbl, row_id, batch_id, line, content_hash)
select run.source, run.batch_id || ' ' || f.line, 'place', f.place_id, run.batch_id, f.line, convert_to(concat_ws(' ', f.kind, f.property_id is not null, f.building_id is not null), 'utf8') from found f cross join run;
insert into outcome select line, 'landed' from found;
`,
);

type Found = { told: Sums; places: Record<number, string>; kinds: Record<number, string>; waits: Record<number, { reason: string; key: string; candidates: { label: string; score: number }[] }> };

/** Seeks the rows «knr;bygg;gnr;adresse;h;navn»; lines count from 2. */
async function seek(rows: string[]): Promise<Found> {
  const file = join(w.var, 'finn.csv');
  writeFileSync(file, ['knr;bygg;gnr;adresse;h;navn', ...rows, ''].join('\n'));
  await db.query(`delete from import_queue`);
  const told = await importFile(w, 'finn', file, ['--profile-dir', profiles, '--municipality', '1505', '--rejects', join(w.var, 'r.csv')]);
  const found = await db.query(`select o.line::int, p.label, convert_from(o.content_hash, 'utf8') as kind from import_origin o join place p on p.id = o.row_id
    where o.batch_id = (select id from import_batch order by started_at desc limit 1)`);
  const waits = await db.query(`select line::int, reason, key, candidates from import_queue`);
  return {
    told,
    places: Object.fromEntries(found.rows.map((r) => [r.line, r.label])),
    kinds: Object.fromEntries(found.rows.map((r) => [r.line, r.kind])),
    waits: Object.fromEntries(waits.rows.map((r) => [r.line, r])),
  };
}

await db.query(`
  insert into area values (3, 'Averøy', '1554');
  insert into place (kind, name, area_no) values ('municipality', 'Averøy', 3);
  insert into place (parent_id, kind, name) select id, 'property', '4/112 der' from place where kind = 'municipality' and name = 'Averøy';
  insert into property (place_id, municipality_no, gnr, bnr) select id, '1554', 4, 112 from place where name = '4/112 der';
  insert into place (parent_id, kind, name) select id, 'building', n from place, unnest(array['Herredshuset', 'Gymsalen']) n where name = '4/112 der';
  insert into building (place_id) select id from place p where kind = 'building' and not exists (select from building b where b.place_id = p.id);
  insert into address (municipality_no, street_code, street_name, number, letter, property_id, building_id, key)
  select '1505', 20, 'Kirkegata', 4, 'B', parent_id, id, '1505-20-4-B' from place where name = 'Skolen' union all
  select '1505', 20, 'Kirkegata', 6, null, parent_id, null, '1505-20-6-' from place where name = 'Skolen' union all
  select '1554', 30, 'Langveien', 4, null, parent_id, id, '1554-30-4-' from place where name = 'Herredshuset';
  insert into place (parent_id, kind, name) select id, 'dwelling', h from place, unnest(array['H0101', 'H0102']) h where name = 'Skolen';
  insert into dwelling (place_id, h_number, address_id)
  select p.id, p.name, a.id from place p join place up on up.id = p.parent_id and up.name = 'Skolen', address a where p.kind = 'dwelling' and a.key = '1505-20-4-B'`);

test('a building is found by its number, its property or any writing of its address', async () => {
  const { told, places, kinds } = await seek([
    ';300171619;;;;', //  2
    ';;4/112;;;',
    ';;gnr. 4 bnr. 112;;;',
    ';;1505-4/112/0/0;;;',
    ';;;Langv. 4;;', //   6
    ';;;LANGVEIEN 4;;',
    ';;;Kirkegt. 4 b;;',
    ';;;Kirkegata 4B;;',
    ';;;KIRKEGATEN 4B, 6509 Kristiansund;;', // 10
    ';;;;;rådhuset',
    ';;4/207;;;',
    ';;4/207;;;Gymsalen',
    '1554;;4/112;Langveien 4;;', // 14
    ';81764387;4/207;Kirkegata 4b;;Noe annet',
    '1554;;;;;Gymsalen', // 16
  ]);
  assert.deepEqual(told.sums, { read: 15, landed: 15, updated: 0, unchanged: 0, rejected: 0, queued: 0 });
  const hall = 'Langveien 4, Rådhuset';
  const school = 'Kirkegata 4B, Skolen';
  assert.deepEqual(Object.values(places), [hall, hall, hall, hall, hall, hall, school, school, school, hall, '4/207', 'Gymsalen', 'Langveien 4, Herredshuset', school, 'Gymsalen']);
  assert.equal(kinds[2], 'building t t');
  assert.equal(kinds[12], 'property t f');
});

test('a bruksenhetsnummer narrows to the dwelling, whether it stands apart or in the address', async () => {
  const { places, kinds, waits } = await seek([';;;Kirkegata 4B;H0102;', ';;;Kirkegt 4b H0101;;', ';81764387;;;h 0101;', ';;;Kirkegata 4B;H0103;', ';;;Kirkegata 4B H0101;H0102;', ';;;Langveien 4;H0102;']);
  assert.deepEqual(places, { 2: 'Kirkegata 4B, Skolen, H0102', 3: 'Kirkegata 4B, Skolen, H0101', 4: 'Kirkegata 4B, Skolen, H0101' });
  assert.equal(kinds[2], 'dwelling t t');
  assert.equal(waits[5].reason, 'ukjent bruksenhet');
  assert.deepEqual(waits[5].candidates.map((c) => c.label), ['Kirkegata 4B, Skolen', 'Kirkegata 4B, Skolen, H0101', 'Kirkegata 4B, Skolen, H0102']);
  assert.equal(waits[6].reason, 'adressen har et annet bruksenhetsnummer enn raden');
  assert.equal(waits[7].reason, 'ukjent bruksenhet');
});

test('what contradicts itself, has several answers or none waits with candidates', async () => {
  const { told, waits } = await seek([
    ';300171619;4/207;;;', // 2
    ';300171619;;Kirkegata 4B;;',
    ';;4/112;Kirkegata 4B;;',
    ';300171691;;;;', //      5: two figures swapped
    ';;99/1;;;',
    ';;;Kirkegata 40;;',
    ';;;Krikegata 4B;;', //   8: misspelt
    ';;;Langveien 40;;',
    '1554;;;Kirkegata 4B;;', // 10: in the other municipality
    ';;;;;Skollen',
    ';;4/207;;;Biblioteket',
    '9999;;4/112;;;',
    ';;;Kirkegata 4;;', // 14
    ';;;;H0101;',
  ]);
  assert.equal(told.sums.queued, 14);
  assert.deepEqual(
    Object.values(waits).map((r) => r.reason),
    [
      'bygningsnummeret hører til en annen eiendom enn gnr/bnr',
      'bygningsnummeret og adressen hører til hver sin bygning',
      'adressen hører til en annen eiendom enn gnr/bnr',
      'ukjent bygningsnummer',
      'ukjent eiendom',
      'ukjent adresse',
      'ukjent adresse',
      'ukjent adresse',
      'ukjent adresse',
      'ingen bygning har navnet',
      'eiendommen har flere bygninger, og ingen med navnet',
      'ukjent eiendom',
      'ukjent adresse',
      'raden sier ikke hvilken bygning',
    ],
  );
  const first = (line: number): string | undefined => waits[line].candidates[0]?.label;
  assert.equal(first(5), 'Langveien 4, Rådhuset');
  assert.equal(first(8), 'Kirkegata 4B, Skolen');
  assert.equal(first(14), 'Kirkegata 4B, Skolen');
  assert.equal(first(11), 'Kirkegata 4B, Skolen');
  assert.deepEqual(waits[6].candidates, []);
  assert.deepEqual(waits[3].candidates.map((c) => c.label), ['Langveien 4, Rådhuset', 'Kirkegata 4B, Skolen']);
  assert.deepEqual(waits[13].candidates.map((c) => c.label).sort(), ['4/112', '4/112 der']);
  for (const r of Object.values(waits)) for (const c of r.candidates) assert.ok(c.score > 0 && c.score <= 1);
});

test('a name that two buildings bear, and an address in two municipalities, are nobody’s', async () => {
  await db.query(`update address set municipality_no = '1505' where key = '1554-30-4-'`);
  const { waits } = await seek([';;;Langveien 4;;']);
  assert.equal(waits[2].reason, 'flere bygninger har adressen');
  await db.query(`update address set municipality_no = '1554' where key = '1554-30-4-'`);
  await db.query(`update place set name = 'Skolen' where name = 'Gymsalen' and parent_id = (select id from place where name = '4/207')`);
  const twice = await seek([';;;;;Skolen']);
  assert.equal(twice.waits[2].reason, 'flere bygninger har navnet');
  assert.equal(twice.waits[2].candidates.length, 2);
  await db.query(`update place set name = 'Gymsalen' where name = 'Skolen' and id in (select place_id from building where bygningsnummer = 81764388)`);
});

test('an address without a building is its property’s, and that is told', async () => {
  const { told, places } = await seek([';;;Kirkegata 6;;', ';;4/112;Kirkeveien 9;;']);
  assert.deepEqual(places, { 2: '4/207', 3: 'Langveien 4, Rådhuset' });
  assert.match(told.stdout, /adressen har ingen bygning her: eiendommen er valgt \(linje 2\)/);
  assert.match(told.stdout, /adressen er ukjent her: nummeret er fulgt \(linje 3\)/);
});

test('what was renumbered is found by its former number, and that is told', async () => {
  await db.query(`update property set municipality_no = '1599', gnr = 104 where place_id = (select id from place where name = '4/207')`);
  await db.query(`update address set municipality_no = '1599' where key like '1505-20-%'`);
  await db.query(`update building set bygningsnummer = 81764399 where bygningsnummer = 81764388`);
  const { told, places } = await seek([';;4/207;;;Gymsalen', '1505;;;Kirkegata 4B;;', '1599;;104/207;;;', ';81764388;;;;', ';;1505-4/207;Kirkegata 4b;H0101;']);
  assert.deepEqual(places, { 2: 'Gymsalen', 3: 'Kirkegata 4B, Skolen', 4: '4/207', 5: 'Gymsalen', 6: 'Kirkegata 4B, Skolen, H0101' });
  assert.match(told.stdout, /funnet med et tidligere matrikkelnummer \(linje 2, 6\)/);
  assert.match(told.stdout, /funnet med et tidligere bygningsnummer \(linje 5\)/);
});

test('a property that was merged into another is that one', async () => {
  await db.query(`insert into place (parent_id, kind, name) select id, 'property', '4/300' from place where name = 'Kristiansund'`);
  await db.query(`insert into property (place_id, municipality_no, gnr, bnr) select id, '1505', 4, 300 from place where name = '4/300'`);
  await db.query(`update place set removed_at = now(), merged_into = (select id from place where name = '4/112') where name = '4/300'`);
  const { told, places } = await seek([';;4/300;;;']);
  assert.deepEqual(places, { 2: 'Langveien 4, Rådhuset' });
  assert.match(told.stdout, /funnet med et tidligere matrikkelnummer/);
});

test('the answer of a person holds for every writing of the same, and goes before what is known', async () => {
  const { waits } = await seek([';;;Ukjentgt. 1;;', ';;;UKJENTGATA 1;;', ';;;Ukjent gate 2;;']);
  assert.equal(waits[2].key, waits[3].key);
  assert.notEqual(waits[2].key, waits[4].key);
  const hall = await db.query(`select id from place where name = 'Rådhuset'`);
  await db.query(`select import_settle('finn', $1, $2), import_settle('finn', $3, null)`, [waits[2].key, hall.rows[0].id, waits[4].key]);
  const again = await seek([';;;Ukjentgaten 1;;', ';;;Ukjentgt 2;;']);
  assert.deepEqual(again.places, { 2: 'Langveien 4, Rådhuset' });
  assert.equal(again.told.sums.rejected, 1);
  assert.match(again.told.stdout, /valgt bort i køen/);
});

test('dates, amounts, positions and fillers are read as people write them', async () => {
  const open = /-- section: open\n(.*?)\n-- section: begin/s.exec(readFileSync(join(root, 'importers/profiles/common.sql'), 'utf8'))?.[1] ?? '';
  const c = await w.connect('job');
  await c.query('begin');
  await c.query(open);
  const ask = async (f: string, texts: string[]): Promise<(string | null)[]> =>
    (await c.query(`select pg_temp.${f}(t)::text as v from unnest($1::text[]) with ordinality u (t, n) order by n`, [texts])).rows.map((r) => r.v);
  assert.deepEqual(await ask('day', ['15.06.2020', '1.2.2020', '15.06.2020 16:46', '2020-06-15', '2020-06-15T16:46:00', '2020-06-30T22:30:00Z', '2020-06-15T00:10:00+02:00', '43831', '43831.0']), [
    '2020-06-15', '2020-02-01', '2020-06-15', '2020-06-15', '2020-06-15', '2020-07-01', '2020-06-15', '2020-01-01', '2020-01-01',
  ]);
  assert.deepEqual(await ask('day', ['15.06.20', '1.2.20', '31.02.2020', '2020-13-01', '29.02.2019', '43831.5', '2020', '18263', '73416', 'i går', '', '2020-02-30T10:00:00Z', '06/15/2020', '15.06.2020x']), Array(14).fill(null));
  assert.deepEqual(await ask('amount', ['kr 1 250,50', '1.250,50', '1.250,-', '1250', 'NOK 1250.5', '1,250.50', '1 250 kr', '−100', '1.250.000', '1 250 000,-']), [
    '1250.50', '1250.50', '1250.00', '1250', '1250.5', '1250.50', '1250', '-100', '1250000', '1250000.00',
  ]);
  assert.deepEqual(await ask('amount', ['1.250', '1,250', 'gratis', '12 50', '', '1.25.0', '12%']), Array(7).fill(null));
  assert.deepEqual(await ask('is_fake_phone', ['12345678', '00000000', '+47 12 34 56 78', '99999999', '95812345', '']), ['true', 'true', 'true', 'true', 'false', null]);
  assert.deepEqual(
    await ask('is_filler_email', ['a@a.no', 'ikke@oppgitt.no', 'kari@example.com', 'test@test.no', 'mangler@epost.no', 'kari.nordmann@kristiansund.kommune.no', 'testmann@online.no', 'ingen.hansen@firma.no']),
    ['true', 'true', 'true', 'true', 'true', 'false', 'false', 'false'],
  );
  const points = await c.query(`select round(st_x(g))::int as x, round(st_y(g))::int as y
    from (values (435816.72, 6998536.36, 25832), (133631.13, 7018676.31, 25833), (7.7280, 63.1105, 4258), (860281, 9151000, 3857), (1, 2, 999999)) v (x, y, epsg) cross join lateral pg_temp.position(x, y, epsg) g`);
  assert.deepEqual(points.rows.slice(0, 3), Array(3).fill({ x: 435817, y: 6998536 }));
  assert.ok(Math.abs(points.rows[3].x - 435817) < 3000, 'any system that PROJ knows');
  assert.deepEqual(points.rows[4], { x: null, y: null });
  const swapped = await c.query(`select pg_temp.misplaced(6998536, 435817, 25832, null) as a, pg_temp.misplaced(435817, 6998536, 25832, null) as b, pg_temp.misplaced(1, 1, 25832, null) as c`);
  assert.deepEqual(swapped.rows[0], { a: 'utenfor kommunen: nord og øst ser ut til å være byttet om', b: null, c: 'utenfor kommunen' });
  await c.query('rollback');
  await c.end();
});
