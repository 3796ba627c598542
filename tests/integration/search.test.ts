// One box that finds anything (REG-7). What a user would lose: the house that the caller tells of, in
// the words the caller uses; or, far worse, a stranger finds a neighbour, or somebody who hides.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { world, type Api, type Reply } from './harness.ts';
import { sessionOf, type Audience } from './helpers.ts';

type Item = { id: string; kind: string; title: string; subtitle: string | null; match: string; score: number; former?: string | null; path: { name: string }[] };
type Group = { kind: string; total_at_least: number; items: Item[] };

const w = await world();
const owner = await w.connect('owner');
const s = await w.server();
const who = {} as Record<'admin' | 'desk' | 'other' | 'caretaker' | 'tenant' | 'nobody', Api>;

const register = `
  insert into area values (1, 'Kirkelandet', '1505'), (2, 'Nordlandet', '1505');
  insert into place (kind, name, geom) values ('municipality', 'Kristiansund', st_makeenvelope(425000, 6985000, 450000, 7015000, 25832));
  insert into place (parent_id, kind, name, area_no)
  select id, 'property', n, a from place, (values ('1505-12/34', 1), ('1505-12/34/0/2', 1), ('1505-12/340', 2), ('Solbakken', 2)) v (n, a) where kind = 'municipality';
  insert into property (place_id, municipality_no, gnr, bnr, fnr, snr)
  select p.id, '1505', v.g, v.b, v.f, v.s
    from (values ('1505-12/34', 12, 34, 0, 0), ('1505-12/34/0/2', 12, 34, 0, 2), ('1505-12/340', 12, 340, 0, 0), ('Solbakken', 7, 8, 3, 0)) v (n, g, b, f, s)
    join place p on p.kind = 'property' and p.name = v.n;
  insert into place (parent_id, kind, name, code)
  select p.id, 'building', v.n, v.c
    from (values ('1505-12/34', 'Kristiansund rådhus', 'ABCD2345'), ('1505-12/34', 'Kirkegata 40', null), ('1505-12/34', 'Kirkegata 4A', null),
                 ('1505-12/340', 'Øvre Enggate barnehage', null), ('1505-12/340', 'Ærfuglvegen 3', null), ('1505-12/340', 'St. Olavs gate 17', null),
                 ('1505-12/340', '17. mai-plassen 1', null)) v (p, n, c)
    join place p on p.kind = 'property' and p.name = v.p;
  insert into building (place_id, bygningsnummer) select id, 151854133 from place where name = 'Kristiansund rådhus';
  insert into address (municipality_no, street_name, number, letter, postcode, post_town, building_id, key)
  select '1505', v.s, v.n, v.l, '6509', 'KRISTIANSUND N', p.id, v.s || v.n || coalesce(v.l, '')
    from (values ('Kirkegata', 4, 'B', 'Kristiansund rådhus'), ('Kirkegata', 40, null, 'Kirkegata 40'), ('Kirkegata', 4, 'A', 'Kirkegata 4A'),
                 ('Øvre Enggate', 8, null, 'Øvre Enggate barnehage'), ('Ærfuglvegen', 3, null, 'Ærfuglvegen 3'), ('St. Olavs gate', 17, null, 'St. Olavs gate 17'),
                 ('17. mai-plassen', 1, null, '17. mai-plassen 1')) v (s, n, l, b)
    join place p on p.kind = 'building' and p.name = v.b;
  insert into place (parent_id, kind, name) select id, 'storey', '2. etasje' from place where name in ('Kristiansund rådhus', 'Kirkegata 4A', 'Øvre Enggate barnehage');
  insert into storey (place_id, plane, number) select id, 'H', 2 from place where kind = 'storey';
  insert into place (parent_id, kind, name)
  select s.id, 'dwelling', h from place s join place b on b.id = s.parent_id, unnest(array['H0201', 'H0202']) h where s.kind = 'storey' and b.name in ('Kristiansund rådhus', 'Kirkegata 4A');
  insert into dwelling (place_id, h_number, address_id)
  select d.id, d.name, a.id from place d join address a on a.building_id = d.site_id where d.kind = 'dwelling';
  insert into place (parent_id, kind, name) select s.id, 'room', n from place s, unnest(array['Rådhussalen', 'Teknisk rom']) n where s.kind = 'storey' and s.label like 'Kirkegata 4B%';
  insert into component (place_id, name, element, tag, maker, model, serial, code)
  select b.id, v.n, v.e, v.t, v.m, v.o, v.s, v.c
    from (values ('Kristiansund rådhus', 'Ventilasjonsaggregat', '365', '+0027=360.001-JV005', 'Swegon', 'Gold RX', 'SN-90 4471-B', 'KMNP2345'),
                 ('Kristiansund rådhus', 'Brannslokker', '331', '+0027=331.001-BS001', 'Housegard', 'PE6', '33445566', null),
                 ('Kirkegata 40', 'Brannslokker', '331', '+0040=331.001-BS001', 'Housegard', 'PE6', '33445577', null),
                 ('Øvre Enggate barnehage', 'Brannslokker', '331', '++B106=3600.014:SQZ0023%SQZ.008:03', 'NOHA', 'N', '99887766', null)) v (b, n, e, t, m, o, s, c)
    join place b on b.name = v.b and b.kind = 'building';
  insert into person (id, name, phone, email, orgnr, is_organisation, protection) values
    ('00000000-0000-7000-8000-000000000001', 'Ada Admin', null, null, null, false, 'none'),
    ('00000000-0000-7000-8000-000000000002', 'Dag Skranke', null, null, null, false, 'none'),
    ('00000000-0000-7000-8000-000000000003', 'Per Vaktmester', null, null, null, false, 'none'),
    ('00000000-0000-7000-8000-000000000004', 'Tora Leietaker', '+4791234567', 'tora@innbygger.example', null, false, 'none'),
    ('00000000-0000-7000-8000-000000000005', 'Ola Ødegård Nordmann', '+47 98 76 54 32', null, null, false, 'none'),
    ('00000000-0000-7000-8000-000000000006', 'Hilde Hemmelig', '+4790000001', null, null, false, 'strictly_confidential'),
    ('00000000-0000-7000-8000-000000000007', 'Rørlegger Moe AS', null, null, '974760673', true, 'none'),
    ('00000000-0000-7000-8000-000000000008', 'Olga Områdeto', null, null, null, false, 'none');
  insert into person_role (person_id, role, area_no) values
    ('00000000-0000-7000-8000-000000000001', 'admin', null), ('00000000-0000-7000-8000-000000000002', 'frontdesk', 1),
    ('00000000-0000-7000-8000-000000000003', 'caretaker', 1), ('00000000-0000-7000-8000-000000000004', 'tenant', null),
    ('00000000-0000-7000-8000-000000000008', 'manager', 2);
  insert into lease (number, dwelling_id, starts_on, rent_ore, state)
  select '2026-L1', d.id, '2020-01-01', 100000, 'active' from place d where d.kind = 'dwelling' and d.label like 'Kirkegata 4A%' and d.name = 'H0201';
  insert into lease_party (lease_id, person_id, role) select id, '00000000-0000-7000-8000-000000000004', 'tenant' from lease;
  insert into cases (number, place_id, category, title, description, priority)
  select v.no, p.id, (select min(code) from category), v.t, v.d, 3
    from (values ('2026-000123', 'Kristiansund rådhus', 'Lekkasje i taket', 'Vann fra vinduene på møterommet'),
                 ('2025-000123', 'Øvre Enggate barnehage', 'Knust rute', '')) v (no, p, t, d) join place p on p.name = v.p and p.kind = 'building';
  insert into task (number, place_id, title, category)
  select '2026-000777', p.id, 'Rense takrenner', (select min(code) from category) from place p where p.name = 'Kristiansund rådhus';
  insert into document (title, file_name, place_id, archive_ref)
  select 'Brukerveiledning for heisen', 'heis.pdf', p.id, 'x' from place p where p.name = 'Kristiansund rådhus'`;

before(async () => {
  await owner.query(register);
  const person = (n: number): string => `00000000-0000-7000-8000-00000000000${n}`;
  const open = (n: number, audience: Audience): Promise<Api> => sessionOf(s, owner, person(n), audience);
  who.admin = await open(1, 'office');
  who.desk = await open(2, 'office');
  who.other = await open(8, 'office');
  who.caretaker = await open(3, 'field');
  who.tenant = await open(4, 'tenant');
  who.nobody = s.api();
});

const ask = (api: Api, q: string, more = ''): Promise<Reply> => api.get(`/api/v1/search?q=${encodeURIComponent(q)}${more}`);

async function groups(api: Api, q: string, more = ''): Promise<Group[]> {
  const { status, body } = await ask(api, q, more);
  assert.equal(status, 200, `${q}: ${JSON.stringify(body)}`);
  return body.groups;
}

/** «kind: title» of all that is found, in order. */
async function found(api: Api, q: string): Promise<string[]> {
  return (await groups(api, q)).flatMap((g) => g.items.map((i) => `${i.kind}: ${i.title}`));
}

async function finds(api: Api, q: string, first: string): Promise<void> {
  const got = await found(api, q);
  assert.equal(got[0], first, `«${q}» finds ${JSON.stringify(got)}`);
}

async function misses(api: Api, q: string, what: string): Promise<void> {
  const got = await found(api, q);
  assert.ok(!got.some((g) => g.includes(what)), `«${q}» finds ${JSON.stringify(got)}`);
}

describe('the forms', () => {
  const forms: [fn: string, form: string | null, ...written: string[]][] = [
    ['address_form', 'kirkegata 4 b', 'Kirkegata 4B', 'Kirkegt. 4 b', 'KIRKEGATEN 4B', 'Kirkegate 4 B', 'kirke  gt 4b', 'Kirkeg. 4b', 'kirkegata 4 B, 6509 Kristiansund N'],
    ['address_form', 'kirkegata 4 b h0201', 'Kirkegata 4B H0201', 'H0201 Kirkegata 4B', 'Kirkegt. 4b, leil. h0201', 'Kirkegata 4 B - H0201', 'kirkegata 4b bolig H0201'],
    ['address_form', 'kirkegata 4', 'kirkegt 4', 'Kirkegata 4', 'Kirkegata 04', 'Kirkegata 4-6'],
    ['address_form', 'kirkegata', 'Kirkegata', 'kirkegt', 'KIRKEGATEN'],
    ['address_form', 'industriveien 3', 'Industriveien 3', 'Industrivegen 3', 'Industriv. 3', 'Industri veg 3', 'INDUSTRI V 3'],
    ['address_form', 'stolavsgata 17', 'St. Olavs gate 17', 'Sankt Olavs gt. 17', 'st olavs gt 17', 'St.Olavsgate 17'],
    ['address_form', '17maiplassen 1', '17. mai-plassen 1', '17 mai plass 1', '17. mai pl. 1'],
    ['address_form', 'ovreenggata 8', 'Øvre Enggate 8', 'Oevre Enggt. 8', 'ovre enggata 8'],
    ['address_form', 'aerfuglveien 3', 'Ærfuglvegen 3', 'AErfuglveien 3', 'aerfuglv. 3'],
    ['address_form', 'vageveien 5 c', 'Vågeveien 5C', 'Vaageveien 5 c', 'VÅGEVEGEN 5c'],
    ['address_form', 'solberg 3', 'Solberg 3'],
    ['address_form', 'storgata 1204', 'Storgata 1204'],
    ['address_form', null, '12/34', '1505', '', '  ', '-'],
    ['cadastral_form', '12/34', '12/34', '12 / 34', '12-34', 'gnr. 12 bnr. 34', 'gnr 12 bnr 34', 'Gnr.12, Bnr.34', 'GNR 12/34', 'gbnr 12/34', 'g.nr. 12 b.nr. 34', 'gårdsnr 12 bruksnr 34', '12/34/0/0', ' 12/34 '],
    ['cadastral_form', '12/34/0/2', '12/34 snr 2', 'gnr. 12, bnr. 34, snr. 2', '12/34/0/2', 'gnr 12 bnr 34 seksjonsnr 2'],
    ['cadastral_form', '12/34/1/2', 'gnr 12 bnr 34 fnr 1 snr 2', '12/34/1/2', '12/34 fnr. 1 snr. 2'],
    ['cadastral_form', '12/34/3', '12/34/3', '12/34 festenr 3'],
    ['cadastral_form', '1505-12/34', '1505-12/34', '1505-12/34/0/0', '1505-12-34-0-0', '1505 - 12 / 34', '1505 12/34', '1505 gnr 12 bnr 34'],
    ['cadastral_form', '1108-123/12/1/1', '1108-123/12/1/1'],
    ['cadastral_form', '0301-100/10', '0301-100-10-0-0', '301-100/10'],
    ['cadastral_form', null, '', '12', '12/', '/12', '1108/123/12/1/1', '1505-12/34/0/0/0', 'Nannestad 32/16', '1505-0/25', '1505-10/0', '1505-10/25-1', '1505-10/100000', '15051-10/25', '10/25x', '10/-25', '1505--10/25'],
    ['tag_form', '0027360001jv005', '+0027=360.001-JV005', '0027 360.001 jv005', '0027360001JV005'],
    ['phone_form', '91234567', '+47 912 34 567', '0047 91234567', '91 23 45 67', '91234567'],
  ];

  for (const [fn, form, ...written] of forms)
    test(`${fn} reads ${form ?? 'nothing'} from all its writings`, async () => {
      const { rows } = await owner.query(`select t, ${fn}(t) as form from unnest($1::text[]) t`, [written]);
      assert.deepEqual(rows, written.map((t) => ({ t, form })));
    });
});

describe('the office', () => {
  const house = 'building: Kirkegata 4B, Kristiansund rådhus';

  test('finds a house by its address, however it is written', async () => {
    for (const q of ['Kirkegata 4B', 'Kirkegt. 4 b', 'KIRKEGATEN 4B', 'kirke  gt  4 b', 'Kirkegata 4b, 6509 Kristiansund N']) await finds(who.desk, q, house);
    await finds(who.other, 'oevre enggt 8', 'building: Øvre Enggate 8, Øvre Enggate barnehage');
    await finds(who.other, 'aerfuglveien 3', 'building: Ærfuglvegen 3');
    await finds(who.other, 'sankt olavs gt 17', 'building: St. Olavs gate 17');
    await finds(who.other, '17 mai pl 1', 'building: 17. mai-plassen 1');
  });

  test('finds it while the address is being typed, number 4 before number 40', async () => {
    for (const q of ['ki', 'kir', 'kirke', 'kirkeg', 'kirkegt', 'kirkegt.']) assert.ok((await found(who.desk, q)).includes(house), q);
    const [first] = await groups(who.desk, 'kirkegata 4');
    assert.deepEqual(first?.items.map((i) => i.title), ['Kirkegata 4A', 'Kirkegata 4B, Kristiansund rådhus', 'Kirkegata 40']);
  });

  test('finds a home by address and H-number', async () => {
    for (const q of ['Kirkegata 4B H0201', 'kirkegt 4b h0201', 'H0201 Kirkegata 4B']) await finds(who.desk, q, 'dwelling: Kirkegata 4B, Kristiansund rådhus, H0201');
    assert.equal((await groups(who.desk, 'h0202'))[0]?.kind, 'dwelling');
  });

  test('finds a property by its number, however it is written', async () => {
    for (const q of ['12/34', '12 / 34', 'gnr. 12 bnr. 34', 'gnr 12 bnr 34', '1505-12/34/0/0', '1505-12-34-0-0', 'Kristiansund 12/34'])
      await finds(who.desk, q, 'property: 1505-12/34');
    for (const q of ['12/34 snr 2', '12/34/0/2', 'gnr 12, bnr 34, snr 2']) await finds(who.desk, q, 'property: 1505-12/34/0/2');
    for (const q of ['7/8/3', 'gnr 7 bnr 8 fnr 3', 'solbakken', 'solb']) await finds(who.other, q, 'property: Solbakken');
  });

  test('finds by bygningsnummer, tag, serial number and QR code', async () => {
    await finds(who.desk, '151854133', house);
    await finds(who.desk, '151 854 133', house);
    await finds(who.desk, 'abcd2345', house);
    const unit = 'component: Ventilasjonsaggregat';
    for (const q of ['+0027=360.001-JV005', '0027=360.001-JV005', '360.001-JV005', '=360.001-jv005', '360001jv', 'JV005', 'SN-904471B', 'sn 90 44', 'KMNP2345'])
      await finds(who.desk, q, unit);
    for (const q of ['++B106=3600.014:SQZ0023', '3600.014:SQZ0023%SQZ.008:03', '99887766']) await finds(who.other, q, 'component: Brannslokker');
  });

  test('finds people by name, telephone and organisation number', async () => {
    for (const q of ['Ola Ødegård', 'nordmann', 'oedegaard', 'odegard nord', '98765432', '+47 987 65 432', '98 76', 'Nordmandn'])
      await finds(who.desk, q, 'person: Ola Ødegård Nordmann');
    await finds(who.desk, '974760673', 'person: Rørlegger Moe AS');
    await finds(who.desk, '974 760 673', 'person: Rørlegger Moe AS');
  });

  test('finds cases and tasks by number and by inflected words', async () => {
    for (const q of ['2026-000123', '2026-123', '123', '#123', 'sak 123', 'lekkasjer', 'vindu', 'møterommene']) await finds(who.desk, q, 'case: Lekkasje i taket');
    for (const q of ['2026-000777', '777', 'takrenne', 'rensing takrenner'.slice(8)]) await finds(who.desk, q, 'task: Rense takrenner');
    await finds(who.desk, 'brukerveiledninger', 'document: Brukerveiledning for heisen');
    assert.deepEqual(await found(who.admin, '123'), ['case: Lekkasje i taket', 'case: Knust rute']);
  });

  test('finds the thing when the box tells what and where', async () => {
    const [first] = await groups(who.admin, 'brannslokker kirkegt 40');
    assert.deepEqual(first?.items.map((i) => i.path.at(-1)?.name), ['Kirkegata 40']);
    await finds(who.desk, 'kirkegata 4b rådhussalen', 'room: Rådhussalen');
    await finds(who.desk, 'kirkegata 4b rådhus', house);
  });

  test('finds what is misspelt, and the word inside a word', async () => {
    await finds(who.desk, 'kirkegatta 40', 'building: Kirkegata 40');
    await finds(who.desk, 'ventilasjonsagregat', 'component: Ventilasjonsaggregat');
    await finds(who.desk, 'aggregat', 'component: Ventilasjonsaggregat');
    await finds(who.desk, 'brannsluker', 'component: Brannslokker');
  });

  test('shows houses before rooms, with the way to each and what it was found by', async () => {
    const all = await groups(who.desk, 'rådhus');
    assert.deepEqual(all.map((g) => g.kind).slice(0, 2), ['building', 'room']);
    const room = all[1]?.items[0];
    assert.deepEqual(room?.path.map((p) => p.name), ['Kristiansund', '1505-12/34', 'Kristiansund rådhus', '2. etasje']);
    assert.equal(room?.match, 'text');
    const { body } = await ask(who.desk, '151854133');
    assert.equal(body.groups[0].items[0].match, 'number');
    assert.equal(body.best, body.groups[0].items[0].id);
  });

  test('gives as many of a kind as are asked for, of the kinds asked for, and says that there are more', async () => {
    const [only, ...rest] = await groups(who.desk, 'kirkegata', '&limit=1&kinds=dwelling');
    assert.deepEqual([only?.kind, only?.items.length, only?.total_at_least, rest], ['dwelling', 1, 2, []]);
    assert.equal((await ask(who.desk, 'x', '&kinds=dwelling,dragon')).status, 400);
    assert.equal((await ask(who.desk, 'x', '&limit=21')).status, 400);
    assert.equal((await ask(who.desk, ' ')).status, 400);
    assert.deepEqual((await ask(who.desk, 'xqzwvq')).body, { groups: [], best: null });
  });

  test('takes any signs for signs', async () => {
    for (const q of ["'", '"', '%', '_', '\\', "' & !a | (b):*", '<->', '<b>', '🏠', 'a'.repeat(100), '((((', '+', '*', '12/', 'gnr', 'gnr 12', '(?<x>)', '{1,2}', '\u0301', '&&', 'æ', '-'])
      assert.equal((await ask(who.desk, q)).status, 200, q);
  });
});

describe('who may find what', () => {
  test('an office finds what lies in its areas only', async () => {
    await misses(who.desk, 'Øvre Enggate 8', 'Enggate');
    await misses(who.desk, '99887766', 'Brannslokker');
    await misses(who.desk, 'knust rute', 'Knust');
    await misses(who.desk, '2025-000123', 'Knust');
    await misses(who.other, 'Kirkegata 4B', 'Kirkegata');
    await misses(who.other, 'lekkasje', 'Lekkasje');
  });

  test('a protected person is found by administrators only', async () => {
    for (const q of ['Hilde Hemmelig', 'hemmelig', '90000001', 'hemelig', 'Hild']) {
      await misses(who.desk, q, 'Hemmelig');
      await misses(who.other, q, 'Hemmelig');
    }
    await finds(who.admin, 'hemmelig', 'person: Hilde Hemmelig');
    await finds(who.admin, '90000001', 'person: Hilde Hemmelig');
    await owner.query(`update person set protection = 'none' where name = 'Hilde Hemmelig'`);
    await finds(who.desk, 'hemmelig', 'person: Hilde Hemmelig');
    await owner.query(`update person set protection = 'confidential' where name = 'Hilde Hemmelig'`);
    await misses(who.desk, 'hemmelig', 'Hemmelig');
  });

  test('a caretaker finds things of own areas, but no people and no cases', async () => {
    await finds(who.caretaker, 'kirkegt 4b', 'building: Kirkegata 4B, Kristiansund rådhus');
    await finds(who.caretaker, 'JV005', 'component: Ventilasjonsaggregat');
    await finds(who.caretaker, '777', 'task: Rense takrenner');
    for (const [q, what] of [['Øvre Enggate 8', 'Enggate'], ['99887766', 'Brannslokker'], ['nordmann', 'Nordmann'], ['98765432', 'Nordmann'], ['lekkasje', 'Lekkasje'], ['2026-000123', 'Lekkasje'], ['heisen', 'heisen']] as const)
      await misses(who.caretaker, q, what);
  });

  test('a tenant finds houses and the own home, never a neighbour, a person or a thing', async () => {
    await finds(who.tenant, 'kirkegt 4b', 'building: Kirkegata 4B, Kristiansund rådhus');
    assert.ok((await found(who.tenant, 'kirkegata 4a')).includes('dwelling: Kirkegata 4A, H0201'));
    for (const q of ['kirkegata 4a h0202', 'H0202', 'kirkegata 4b h0201', 'kirkegata 4', 'H02', 'kirkegata', 'Kirkegata 4B, Kristiansund rådhus, H0201'])
      for (const home of ['H0202', 'rådhus, H0201']) await misses(who.tenant, q, home);
    for (const [q, what] of [['nordmann', 'person'], ['98765432', 'person'], ['hemmelig', 'person'], ['JV005', 'component'], ['brannsluker', 'component'], ['rådhussalen', 'room'], ['lekkasje', 'case'], ['777', 'task'], ['heisen', 'document'], ['KMNP2345', 'component']] as const)
      await misses(who.tenant, q, `${what}:`);
  });

  test('whoever passes by finds buildings and no more', async () => {
    await finds(who.nobody, 'oevre enggt 8', 'building: Øvre Enggate 8, Øvre Enggate barnehage');
    for (const q of ['12/34', 'kirkegata 4b h0201', 'H0201', 'nordmann', 'JV005', 'aggregat', 'rådhussalen', 'lekkasje', 'KMNP2345', '151854133'])
      assert.ok((await found(who.nobody, q)).every((f) => /^(building|outdoor_area|municipality):/.test(f)), q);
  });

  test('the lines themselves are under row level security', async () => {
    const kinds: Record<string, string[]> = {};
    for (const role of ['tenant', 'public', 'office', 'field'] as const) {
      const client = await w.connect(role);
      kinds[role] = (await client.query('select distinct kind from search_line order by 1')).rows.map((r) => r.kind);
      await assert.rejects(client.query(`delete from search_line`), /permission denied/);
      await assert.rejects(client.query(`select search_people(array_agg(row_id)) from search_line`), /permission denied/);
    }
    assert.deepEqual(kinds, { tenant: [], public: ['building', 'municipality'], office: [], field: [] });
    const stranger = await w.connect('public');
    const { rows } = await stranger.query(`select word from search_word where word in ('ventilasjonsaggregat', 'kirkegata')`);
    assert.deepEqual(rows, [{ word: 'kirkegata' }], 'only words of what all may see');
  });
});

describe('the lines follow the register', () => {
  test('a building is found by its new name, address and number, and not when it is removed', async () => {
    await owner.query(`update place set name = 'Tinghuset' where name = 'Kirkegata 40'`);
    await finds(who.desk, 'tinghuset', 'building: Kirkegata 40, Tinghuset');
    await owner.query(`update address set street_name = 'Langveien', number = 9 where street_name = 'Kirkegata' and number = 40`);
    await finds(who.desk, 'langv. 9', 'building: Langveien 9, Tinghuset');
    assert.equal((await groups(who.desk, 'kirkegata 40'))[0]?.items[0]?.former, 'Kirkegata 40', 'what it was called is told as such');
    await owner.query(`insert into building (place_id, bygningsnummer) select id, 300171619 from place where name = 'Tinghuset'`);
    await finds(who.desk, '300171619', 'building: Langveien 9, Tinghuset');
    await owner.query(`update place set removed_at = now() where name = 'Tinghuset'`);
    for (const q of ['tinghuset', 'langveien 9', '300171619']) await misses(who.desk, q, 'Tinghuset');
    await owner.query(`update place set removed_at = null where name = 'Tinghuset'`);
    await finds(who.desk, 'langveien 9', 'building: Langveien 9, Tinghuset');
    await owner.query(`update place set area_no = 2 where name = 'Tinghuset'`);
    await misses(who.desk, 'langveien 9', 'Tinghuset');
    await finds(who.other, 'langveien 9', 'building: Langveien 9, Tinghuset');
  });

  test('a home follows its address, a component its tag, a property its number', async () => {
    await owner.query(`update address set number = 6 where street_name = 'Kirkegata' and letter = 'A'`);
    await finds(who.desk, 'kirkegata 6a h0201', 'dwelling: Kirkegata 6A, Kirkegata 4A, H0201');
    await owner.query(`update component set tag = '+0027=360.001-JV099' where serial = 'SN-90 4471-B'`);
    await finds(who.desk, 'JV099', 'component: Ventilasjonsaggregat');
    await misses(who.desk, '360.001-JV005', 'Ventilasjonsaggregat');
    await owner.query(`update property set gnr = 120 where gnr = 12 and bnr = 34 and snr = 2`);
    await finds(who.desk, '120/34 snr 2', 'property: 1505-12/34/0/2');
    await owner.query(`delete from search_line where kind = 'component'`);
    await owner.query(`select search_components(array_agg(id)) from component`);
    await finds(who.desk, 'JV099', 'component: Ventilasjonsaggregat');
  });
});

describe('what a place was called', () => {
  const ids: Record<string, string> = {};
  const ok = (reply: Reply): Reply['body'] => {
    assert.ok(reply.status < 300, `${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const undo = async (xid: string): Promise<void> => ok(await who.admin.post(`/api/v1/changes/${xid}/undo`, {}));
  const version = async (id: string): Promise<number> => ok(await who.admin.get(`/api/v1/places/${id}`)).row_v;
  const renumber = async (from: string, to: string): Promise<string> =>
    ok(await who.admin.post('/api/v1/renumberings', { properties: [{ from, to }], valid_from: '2020-01-01' })).xid;

  /** «title (former)» of the places found, in order. */
  async function told(api: Api, q: string): Promise<string[]> {
    const items = (await groups(api, q)).flatMap((g) => g.items);
    return items.filter((i) => /^(property|building|dwelling)$/.test(i.kind)).map((i) => i.title + (i.former ? ` (${i.former})` : ''));
  }

  before(async () => {
    await owner.query(`
      insert into place (parent_id, kind, name, area_no)
      select id, 'property', '1505-55/' || n, 1 from place, generate_series(1, 4) n where kind = 'municipality';
      insert into property (place_id, municipality_no, gnr, bnr)
      select id, '1505', 55, substr(name, 9)::int from place where name like '1505-55/%';
      insert into place (parent_id, kind, name) select id, 'building', 'Brygga ' || substr(name, 9) from place where name in ('1505-55/1', '1505-55/2');
      insert into building (place_id, bygningsnummer) select id, 155000000 + substr(name, 8)::int from place where name like 'Brygga %';
      insert into address (municipality_no, street_name, number, building_id, key)
      select '1505', 'Bryggekanten', substr(name, 8)::int, id, 'kanten' || name from place where name like 'Brygga %';
      insert into place (parent_id, kind, name) select id, 'storey', '1. etasje' from place where name = 'Brygga 1';
      insert into storey (place_id, plane, number) select p.id, 'H', 1 from place p join place b on b.id = p.parent_id where b.name = 'Brygga 1';
      insert into place (parent_id, kind, name) select p.id, 'dwelling', 'H0101' from place p join place b on b.id = p.parent_id where b.name = 'Brygga 1';
      insert into dwelling (place_id, h_number, address_id)
      select p.id, 'H0101', a.id from place p join address a on a.building_id = p.site_id where p.kind = 'dwelling' and a.key = 'kantenBrygga 1'`);
    const { rows } = await owner.query(`select name, id from place where name like '1505-55/%' or name like 'Brygga %'`);
    for (const row of rows) ids[row.name] = row.id;
  });

  test('a property is found by its old number, after those that have it now, and told by it', async () => {
    const xid = await renumber('1505-55/1', '1505-56/1');
    assert.deepEqual(await told(who.desk, '56/1'), ['1505-56/1']);
    for (const q of ['55/1', '1505-55/1', 'gnr 55 bnr 1']) assert.deepEqual(await told(who.desk, q), ['1505-56/1 (1505-55/1)'], q);
    const second = await renumber('1505-55/2', '1505-55/1');
    assert.deepEqual(await told(who.desk, '55/1'), ['1505-55/1', '1505-56/1 (1505-55/1)'], 'who has it now stands first');
    assert.deepEqual(await told(who.other, '55/1'), [], 'it lies in an area that is not theirs');
    await undo(second);
    await undo(xid);
    assert.deepEqual(await told(who.desk, '55/1'), ['1505-55/1']);
    assert.deepEqual(await told(who.desk, '56/1'), [], 'what was taken back was never so');
    assert.deepEqual(await told(who.desk, '55/2'), ['1505-55/2']);
  });

  test('an undo that is itself undone brings it back', async () => {
    const xid = await renumber('1505-55/1', '1505-57/1');
    const back = ok(await who.admin.post(`/api/v1/changes/${xid}/undo`, {})).xid;
    assert.deepEqual(await told(who.desk, '57/1'), []);
    await undo(back);
    assert.deepEqual(await told(who.desk, '55/1'), ['1505-57/1 (1505-55/1)']);
    assert.deepEqual(await told(who.desk, '57/1'), ['1505-57/1']);
    await undo(xid);
  });

  test('what was entered for a time gone by, and taken back, was never so either', async () => {
    const land = (await owner.query(`select id from place where kind = 'municipality'`)).rows[0].id;
    ok(await who.admin.post('/api/v1/places', { parent: land, kind: 'property', municipality_no: '1505', gnr: 66, bnr: 1, area_no: 1, valid_from: '2010-01-01' }));
    const move = async (from: string, to: string, valid_from: string): Promise<string> => ok(await who.admin.post('/api/v1/renumberings', { properties: [{ from, to }], valid_from })).xid;
    await move('1505-66/1', '1505-66/2', '2020-01-01');
    const late = await move('1505-66/2', '1505-66/3', '2015-01-01');
    assert.deepEqual(await told(who.desk, '66/1'), ['1505-66/3 (1505-66/1)']);
    await undo(late);
    assert.deepEqual(await told(who.desk, '66/3'), []);
    assert.deepEqual(await told(who.desk, '66/2'), ['1505-66/2']);
    assert.deepEqual(await told(who.desk, '66/1'), ['1505-66/2 (1505-66/1)']);
  });

  test('a municipality that gets another number leaves the old ones to be found', async () => {
    const { xid } = ok(await who.admin.post('/api/v1/renumberings', { municipality: { from: '1505', to: '1599', gnr_plus: 100 } }));
    assert.deepEqual(await told(who.desk, '1505-55/3'), ['1599-155/3 (1505-55/3)']);
    assert.deepEqual(await told(who.desk, '55/3'), ['1599-155/3 (1505-55/3)']);
    await undo(xid);
    assert.deepEqual(await told(who.desk, '55/3'), ['1505-55/3']);
    assert.deepEqual(await told(who.desk, '155/3'), []);
    assert.deepEqual((await owner.query(`select form from search_line where was is not null and form like '1%-155/%'`)).rows, []);
  });

  test('what is merged or split is found by the numbers and addresses of all that it was', async () => {
    const kept = ids['1505-55/3']!;
    const { xid } = ok(await who.admin.post(`/api/v1/places/${kept}/merge`, { others: [ids['1505-55/4']], row_v: await version(kept) }));
    assert.deepEqual(await told(who.desk, '55/4'), ['1505-55/3 (1505-55/4)']);
    await undo(xid);
    assert.deepEqual(await told(who.desk, '55/4'), ['1505-55/4']);

    const split = ok(await who.admin.post(`/api/v1/places/${kept}/split`, { row_v: await version(kept), parts: [{ bnr: 31 }, { gnr: 55, bnr: 32 }] }));
    assert.deepEqual(await told(who.desk, '55/3'), ['1505-55/31 (1505-55/3)', '1505-55/32'], 'before those that only begin so');
    assert.deepEqual((await owner.query(`select was from search_line where row_id = $1 and was is not null group by was`, [kept])).rows, [{ was: '1505-55/3' }]);
    await undo(split.xid);
    assert.deepEqual((await owner.query(`select was from search_line where row_id = $1 and was is not null`, [kept])).rows, []);

    const house = ids['Brygga 1']!;
    const merged = ok(await who.admin.post(`/api/v1/places/${house}/merge`, { others: [ids['Brygga 2']], row_v: await version(house) }));
    assert.deepEqual((await told(who.desk, '155000002')).length, 1);
    assert.match((await told(who.desk, '155000002'))[0]!, /Brygga 1 \(155000002\)$/);
    await undo(merged.xid);
    assert.match((await told(who.desk, '155000002'))[0]!, /Brygga 2$/);
  });

  test('a house and its homes are found by an old address and an old number', async () => {
    await owner.query(`update address set street_name = 'Sjøgata', number = 12, letter = 'B' where key = 'kantenBrygga 1'`);
    assert.deepEqual(await told(who.desk, 'sjøgt. 12b'), ['Sjøgata 12B, Brygga 1', 'Sjøgata 12B, Brygga 1, H0101']);
    for (const q of ['Bryggekanten 1', 'bryggek']) {
      const got = await told(who.desk, q);
      assert.ok(got.includes('Sjøgata 12B, Brygga 1 (Bryggekanten 1)'), `${q}: ${JSON.stringify(got)}`);
    }
    assert.ok((await told(who.desk, 'Bryggekanten 1 H0101')).includes('Sjøgata 12B, Brygga 1, H0101 (Bryggekanten 1 H0101)'));
    await owner.query(`update building set bygningsnummer = 155000099 where bygningsnummer = 155000001`);
    assert.deepEqual(await told(who.desk, '155 000 001'), ['Sjøgata 12B, Brygga 1 (155000001)']);
    await owner.query(`update dwelling set h_number = 'H0109' where h_number = 'H0101' and place_id in (select id from place where site_id = $1)`, [ids['Brygga 1']]);
    const homes = await told(who.desk, 'Sjøgata 12B H0101');
    assert.deepEqual(homes, ['Sjøgata 12B, Brygga 1, H0101 (Sjøgata 12B H0101)'], JSON.stringify(homes));
    assert.ok(!(await told(who.desk, 'Bryggekanten 1 H0109')).length, 'it never had both');
  });

  test('nobody finds by what was what they do not find by what is', async () => {
    for (const api of [who.tenant, who.nobody]) {
      assert.deepEqual(await told(api, 'Bryggekanten 1'), ['Sjøgata 12B, Brygga 1 (Bryggekanten 1)'], 'houses are for all');
      assert.deepEqual(await told(api, 'Bryggekanten 1 H0101'), []);
    }
    const xid = await renumber('1505-55/1', '1505-58/1');
    assert.deepEqual([await told(who.desk, '55/1'), await told(who.nobody, '55/1'), await told(who.nobody, '58/1')], [['1505-58/1 (1505-55/1)'], [], []]);
    await undo(xid);
    assert.deepEqual(await told(who.other, 'Bryggekanten 1'), [], 'it lies in an area that is not theirs');
    const tenant = await w.connect('tenant');
    await assert.rejects(tenant.query('select from address_was'), /permission denied/);
    await owner.query(`update place set removed_at = now() where id = $1`, [ids['Brygga 1']]);
    assert.deepEqual(await told(who.desk, '155000001'), []);
  });
});

describe('keys', () => {
  before(async () => {
    await owner.query(`
      insert into key_system (place_id, name, maker) select id, 'Rådhusets hovedlås', 'Trioving' from place where name = 'Kristiansund rådhus';
      insert into key_system (place_id, name) select id, 'Barnehagens lås' from place where name = 'Øvre Enggate barnehage';
      insert into cylinder (system_id, mark, place_id) select s.id, 'SYL-401', s.place_id from key_system s where s.name like 'Rådhus%';
      insert into key (system_id, mark, serial) select s.id, v.m, v.s from key_system s, (values ('RH12', '1'), ('RH12', '2'), ('RH120', '1')) v (m, s) where s.name like 'Rådhus%';
      insert into key (system_id, mark, serial) select s.id, 'BH7', '1' from key_system s where s.name like 'Barne%'`);
  });

  test('are found by mark and number, cylinders by their marks, systems by the words of their names', async () => {
    for (const q of ['RH12-2', 'rh12 2', 'RH122']) await finds(who.desk, q, 'key: RH12-2');
    const [group] = await groups(who.desk, 'rh12');
    assert.deepEqual(group?.items.slice(0, 2).map((i) => i.title).sort(), ['RH12-1', 'RH12-2'], 'mark 12 before mark 120');
    assert.equal(group?.items[2]?.title, 'RH120-1');
    assert.equal(group?.items[0]?.subtitle, 'Rådhusets hovedlås');
    assert.equal(group?.items[0]?.path.at(-1)?.name, 'Kristiansund rådhus');
    await finds(who.desk, 'syl401', 'key: SYL-401');
    const [system] = await groups(who.desk, 'hovedlås');
    assert.deepEqual(system?.items.map((i) => [i.kind, (i as Item & { tbl: string }).tbl, i.title]), [['key', 'key_system', 'Rådhusets hovedlås']]);
    await finds(who.caretaker, 'rh12-2', 'key: RH12-2');
  });

  test('are found by nobody who may not see them', async () => {
    for (const [api, q] of [[who.other, 'RH12-2'], [who.other, 'hovedlås'], [who.desk, 'BH7'], [who.caretaker, 'BH7'], [who.tenant, 'RH12-2'], [who.tenant, 'SYL-401'], [who.nobody, 'hovedlås']] as const)
      assert.ok(!(await groups(api, q)).some((g) => g.kind === 'key'), q);
  });

  test('follow what they are called', async () => {
    await owner.query(`update key set mark = 'RX12' where mark = 'RH12' and serial = '2'`);
    await finds(who.desk, 'rx12', 'key: RX12-2');
    await misses(who.desk, 'RH12-2', 'RX12');
    await owner.query(`update cylinder set removed_at = now() where mark = 'SYL-401'`);
    await misses(who.desk, 'syl401', 'SYL-401');
    await owner.query(`update key_system set area_no = 2, place_id = (select id from place where name = 'Øvre Enggate barnehage') where name like 'Rådhus%'`);
    await misses(who.desk, 'rx12', 'RX12');
    await finds(who.other, 'rx12', 'key: RX12-2');
  });
});
