// One box that finds anything (REG-7). What a user would lose: the house that the caller tells of, in
// the words the caller uses; or, far worse, a stranger finds a neighbour, or somebody who hides.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, finds, found, groups, misses, owner, w, who } from './search_world.ts';

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
