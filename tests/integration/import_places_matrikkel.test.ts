// Kartverket's buildings and addresses: they meet in the dwellings that both tell of, and what cannot be right is told.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { world } from './harness.ts';
import { importFile, register, rejectsOf, sample, state, type Sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
await register(db);
const rejects = join(w.var, 'avvist.csv');
const run = (profile: string, file: string): Promise<Sums> => importFile(w, profile, file, ['--rejects', rejects]);
const faults = (): string[] => rejectsOf(rejects).rows.map((r) => r.slice(-3).join(' | '));

type Building = { no: string; status?: string; type?: string; knr?: string; units?: string[]; pos?: string; crs?: string };
function gml(name: string, buildings: Building[]): string {
  const one = (b: Building): string => `<gml:featureMember><app:Bygning><app:bygningsnummer>${b.no}</app:bygningsnummer><app:bygningsstatus>${b.status ?? 'TB'}</app:bygningsstatus>
    <app:kommunenummer>${b.knr ?? '1505'}</app:kommunenummer><app:bygningstype>${b.type ?? '111'}</app:bygningstype>
    ${(b.units ?? []).map((u) => `<app:bruksenhet><app:Bruksenhet><app:bruksenhetId>${u}</app:bruksenhetId></app:Bruksenhet></app:bruksenhet>`).join('')}
    <app:representasjonspunkt><gml:Point srsName="${b.crs ?? 'http://www.opengis.net/def/crs/EPSG/0/25832'}"><gml:pos>${b.pos ?? '435816.72 6998536.36'}</gml:pos></gml:Point></app:representasjonspunkt></app:Bygning></gml:featureMember>`;
  writeFileSync(join(w.var, name), `<?xml version="1.0" encoding="UTF-8"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="http://skjema.geonorge.no/SOSI/produktspesifikasjon/Matrikkelen-Bygningspunkt/20211101">${buildings.map(one).join('\n')}</gml:FeatureCollection>`);
  return join(w.var, name);
}
async function content(): Promise<string> {
  let all = '';
  for (const [t, key] of [['place', 'id'], ['building', 'place_id'], ['address', 'id'], ['dwelling', 'place_id'], ['property', 'place_id']])
    all += (await db.query(`select coalesce(jsonb_agg(to_jsonb(t) - '{row_v,changed,since}'::text[] order by t.${key})::text, '') as all from ${t} t`)).rows[0].all;
  return all;
}

test('the buildings of a municipality: known ones are found again, faults are told, all in one place', async () => {
  const told = await run('matrikkel-bygning', sample('matrikkel-bygning-25832.gml'));
  assert.deepEqual(told.sums, { read: 5, landed: 2, updated: 0, unchanged: 0, rejected: 3, queued: 0 });
  const reasons = rejectsOf(rejects).rows.map((r) => r.slice(-2).join(' | '));
  assert.deepEqual(reasons, [
    'bygningsnummer | samme bygning som linje 2',
    'posisjon | utenfor kommunen: nord og øst ser ut til å være byttet om',
    'bygningsstatus | ukjent bygningsstatus',
    'bygningstype | ukjent bygningstype',
  ]);
  const { rows } = await db.query(`select b.bygningsnummer::int as no, b.status, round(st_x(p.geom))::int as x, round(st_y(p.geom))::int as y from building b join place p on p.id = b.place_id where b.status is not null order by 1`);
  assert.deepEqual(rows, [{ no: 81764387, status: 'FA', x: 435900, y: 6998600 }, { no: 300171619, status: 'TB', x: 435817, y: 6998536 }]);
  assert.match(told.stdout, /kulturminne eller SEFRAK-registrert: ikke ført i registeret/);
  const was = await state(db);
  assert.equal((await run('matrikkel-bygning', sample('matrikkel-bygning-25832.gml'))).sums.unchanged, 2);
  assert.deepEqual(await state(db), was);
});

test('in degrees latitude stands first, in a file packed as Geonorge packs it', async () => {
  const told = await run('matrikkel-bygning', sample('matrikkel-bygning-4258.zip'));
  assert.equal(told.sums.rejected, 0, told.stdout);
  const { rows } = await db.query(`select round(st_x(p.geom))::int as x, round(st_y(p.geom))::int as y from building b join place p on p.id = b.place_id where b.bygningsnummer = 300171619`);
  assert.deepEqual(rows, [{ x: 435817, y: 6998536 }]);
});

test('a new building lies on the property of its dwellings, gets their address and takes them in', async () => {
  await run('matrikkel-adresse', sample('matrikkel-adresse.csv'));
  const before = await content();
  const units = await db.query(`select o.source_key, p.label from import_origin o join place p on p.id = o.row_id where o.source_key like 'bruksenhet:%' and p.label like '%Enggate 12B%' order by 1`);
  const ids = units.rows.map((r) => r.source_key.slice(11));
  assert.equal(ids.length, 2);
  const told = await run('matrikkel-bygning', gml('ny.gml', [
    { no: '400000001', units: ids },
    { no: '400000002', type: '181' },
    { no: '400000003', status: 'BR' },
    { no: '400000004', knr: '301' },
    { no: '400000005', pos: '7.7280 63.1105', crs: 'urn:ogc:def:crs:EPSG::4258' },
    { no: '400000006', pos: '133631.13 7018676.31', crs: 'EPSG:25833' },
    { no: '400000007', pos: 'her', crs: 'EPSG:25832' },
    { no: '4000000080' },
  ]));
  assert.deepEqual(told.sums, { read: 8, landed: 3, updated: 0, unchanged: 0, rejected: 5, queued: 0 });
  assert.deepEqual(rejectsOf(rejects).rows.map((r) => r.slice(-2).join(' | ')), [
    'bygningsstatus | bygningen er revet, flyttet eller utgått: den lages ikke',
    'kommunenummer | kommunen er ikke satt opp her',
    'posisjon | utenfor kommunen: nord og øst ser ut til å være byttet om',
    'posisjon | er ikke to tall',
    'bygningsnummer | mangler eller er ikke et tall på inntil ni siffer',
  ]);
  const made = await db.query(`select b.bygningsnummer::int as no, p.label, up.kind, up.name from building b join place p on p.id = b.place_id join place up on up.id = p.parent_id where b.bygningsnummer >= 400000001 order by 1`);
  assert.deepEqual(made.rows.map((r) => `${r.no} ${r.label} (${r.kind} ${r.name})`), [
    '400000001 Øvre Enggate 12B, Enebolig (property 4/207)',
    '400000002 Garasje, uthus, anneks til bolig (municipality Kristiansund)',
    '400000006 Enebolig (municipality Kristiansund)',
  ]);
  assert.match(told.stdout, /eiendommen er ikke kjent: bygningen er lagt under kommunen/);
  const homes = await db.query(`select p.label, up.kind from dwelling d join place p on p.id = d.place_id join place up on up.id = p.parent_id where p.label like '%Enggate%' order by 1`);
  assert.deepEqual(homes.rows, [{ label: 'Øvre Enggate 12B, Enebolig, H0101', kind: 'building' }, { label: 'Øvre Enggate 12B, Enebolig, L0201', kind: 'building' }]);
  const again = await run('matrikkel-adresse', sample('matrikkel-adresse.csv'));
  assert.equal(again.sums.landed + again.sums.updated, 0);
  const batch = /Innlesing: ([0-9a-f-]{36})/.exec(told.stdout)?.[1] ?? '';
  const back = await w.fdvu(['import', 'undo', batch]);
  assert.equal(back.code, 0, back.stdout);
  assert.equal(await content(), before);
});

test('a kommunenummer without its zero gets it back, a former one says the new', async () => {
  await db.query(`insert into area values (3, 'Oslo', '0301'); insert into place (kind, name, area_no) values ('municipality', 'Oslo', 3)`);
  await db.query(`insert into place (parent_id, kind, name) select id, 'property', '0301-1/1' from place where name = 'Oslo'`);
  await db.query(`insert into property (place_id, municipality_no, gnr, bnr) select id, '0399', 1, 1 from place where name = '0301-1/1'`);
  await db.query(`update property set municipality_no = '0301' where municipality_no = '0399'`);
  const told = await run('matrikkel-bygning', gml('oslo.gml', [{ no: '500000001', knr: '301', pos: '597000 6643000' }, { no: '500000002', knr: '399', pos: '597000 6643000' }]));
  assert.deepEqual(told.sums, { read: 2, landed: 1, updated: 0, unchanged: 0, rejected: 1, queued: 0 });
  assert.match(told.stdout, /kommunenummeret hadde mistet nullen foran/);
  assert.ok(faults()[0].endsWith('kommunen har fått nytt nummer: 0301'));
});

test('addresses without dwellings: Kartverket’s Vegadresse', async () => {
  const told = await run('matrikkel-adresse', sample('matrikkel-vegadresse.csv'));
  assert.deepEqual(told.sums, { read: 6, landed: 4, updated: 0, unchanged: 0, rejected: 2, queued: 0 });
  assert.deepEqual(faults(), ['5 | Nord | utenfor kommunen: nord og øst ser ut til å være byttet om', '7 | kommunenummer | kommunen er ikke satt opp her']);
  assert.match(told.stdout, /kommunenummeret hadde mistet nullen foran \(linje 6\)/);
  const { rows } = await db.query(`select a.street_name || ' ' || a.number || coalesce(a.letter, '') as address, round(st_x(a.geom))::int as x, x.gnr || '/' || x.bnr as property
    from address a join property x on x.place_id = a.property_id where a.street_name = 'Kirkegata' order by 1`);
  assert.deepEqual(rows, [{ address: 'Kirkegata 4B', x: 435817, property: '4/207' }, { address: 'Kirkegata 6', x: 435817, property: '4/208' }]);
  const was = await state(db);
  assert.equal((await run('matrikkel-adresse', sample('matrikkel-vegadresse.csv'))).sums.unchanged, 4);
  assert.deepEqual(await state(db), was);
  const batch = /Innlesing: ([0-9a-f-]{36})/.exec(told.stdout)?.[1] ?? '';
  const back = await w.fdvu(['import', 'undo', batch]);
  assert.equal(back.code, 0, back.stdout);
});

test('an address twice, and dwellings whose numbers nobody tells, are rejects', async () => {
  const header = 'kommunenummer;adressetype;adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;EPSG-kode;Nord;Øst';
  const row = '1505;vegadresse;77;Storgata;1;;4;112;25832;6998536;435816';
  writeFileSync(join(w.var, 'v.csv'), [header, row, row.replace('77;Storgata', '77;storgata')].join('\n'));
  await run('matrikkel-adresse', join(w.var, 'v.csv'));
  assert.deepEqual(faults(), ['3 | nummer | samme adresse som linje 2']);
  writeFileSync(join(w.var, 'u.csv'), [`${header};bruksenhetid;boligens nummer`, `${row};1;H0101`].join('\n'));
  await run('matrikkel-adresse', join(w.var, 'u.csv'));
  assert.deepEqual(faults(), ['2 | bruksenhetsnummer | filen har bruksenheter, men ikke kolonnen med numrene deres']);
});

test('an address with the number of a municipality that was renumbered lands on the property as it is called now; one that nobody knows is rejected', async () => {
  await db.query(`insert into place (parent_id, kind, name) select id, 'property', '1505-77/1' from place where kind = 'municipality' and name = 'Kristiansund'`);
  await db.query(`insert into property (place_id, municipality_no, gnr, bnr) select id, '1503', 7, 1 from place where name = '1505-77/1'`);
  await db.query(`update property set municipality_no = '1505', gnr = 77 where municipality_no = '1503'`);
  const [header, first] = readFileSync(sample('matrikkel-vegadresse.csv'), 'utf8').split(/\r?\n/);
  const names = header.replace('\ufeff', '').split(';');
  const row = (more: Record<string, string>): string => first.split(';').map((cell, i) => more[names[i]] ?? cell).join(';');
  const file = join(w.var, 'gammel.csv');
  const old = { kommunenummer: '1503', gardsnummer: '7', bruksnummer: '1', nummer: '901' };
  writeFileSync(file, [header, row(old), row({ ...old, gardsnummer: '8', nummer: '902' }), ''].join('\n'));
  const told = await run('matrikkel-adresse', file);
  assert.deepEqual(told.sums, { read: 2, landed: 1, updated: 0, unchanged: 0, rejected: 1, queued: 0 });
  assert.match(told.stdout, /kommunen har fått nytt nummer: lest som 1505-77\/1 \(linje 2\)/);
  assert.deepEqual(faults(), ['3 | kommunenummer | kommunen har fått nytt nummer: 1505']);
  const { rows } = await db.query(`select a.municipality_no, p.gnr, p.bnr from address a join property p on p.place_id = a.property_id where a.number = 901`);
  assert.deepEqual(rows, [{ municipality_no: '1505', gnr: 77, bnr: 1 }]);
  assert.deepEqual((await run('matrikkel-adresse', file)).sums, { read: 2, landed: 0, updated: 0, unchanged: 1, rejected: 1, queued: 0 });
});
