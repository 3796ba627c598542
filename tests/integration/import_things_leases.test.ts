// Leases of a spreadsheet: on the right dwelling, to the right person, and nothing of anybody's number where it does not belong.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { world } from './harness.ts';
import { importFile, register, rejectsOf, sample, type Sums } from './import_world.ts';

const w = await world();
const db = await w.connect('job');
const owner = await w.connect('owner');
await register(db);
await db.query(`
  insert into address (municipality_no, street_code, street_name, number, letter, property_id, building_id, key)
  select '1505', 20, 'Kirkegata', 4, 'B', parent_id, id, '1505-20-4-B' from place where name = 'Skolen';
  insert into place (parent_id, kind, name) select id, 'dwelling', h from place, unnest(array['H0201', 'H0202']) h where name = 'Skolen';
  insert into dwelling (place_id, h_number, address_id)
  select p.id, p.name, a.id from place p join place up on up.id = p.parent_id and up.name = 'Skolen', address a where p.kind = 'dwelling' and a.key = '1505-20-4-B'`);
const rejects = join(w.var, 'avvist.csv');
const run = (file: string): Promise<Sums> => importFile(w, 'leases', file, ['--rejects', rejects]);
const faults = (): string[] => rejectsOf(rejects).rows.map((r) => r.slice(-3).join(' | '));
const header = 'Kontraktsnr;Adresse;Bruksenhet;Leietaker;Fødselsnummer;Orgnr;Mobil;E-post;Husleie;Fra dato;Til dato;Merknad';
function table(name: string, rows: string[]): string {
  writeFileSync(join(w.var, name), [header, ...rows, ''].join('\n'));
  return join(w.var, name);
}
async function content(): Promise<string> {
  const { rows } = await owner.query(`select concat_ws('|', (select jsonb_agg(to_jsonb(l) - '{row_v,changed}'::text[] order by l.id) from lease l), (select jsonb_agg(to_jsonb(p) - '{row_v,changed}'::text[] order by p.id) from lease_party p),
    (select jsonb_agg(to_jsonb(p) - '{row_v,changed}'::text[] order by p.id) from person p), (select jsonb_agg(r.person_id order by 1) from person_role r), (select count(*) from person_secret), (select count(*) from import_origin)) as all`);
  return rows[0].all;
}

test('leases land on their dwellings, with parties, rent and dates; what cannot be right is told', async () => {
  const told = await run(sample('leases.csv'));
  assert.deepEqual(told.sums, { read: 5, landed: 2, updated: 0, unchanged: 0, rejected: 3, queued: 0 });
  const { rows } = await db.query(`select l.number, p.label, l.starts_on::text as from, l.ends_on::text as to, l.rent_ore::int as rent, l.state, q.name, q.phone, q.email
    from lease l join place p on p.id = l.dwelling_id join lease_party y on y.lease_id = l.id join person q on q.id = y.person_id order by 1`);
  assert.deepEqual(rows, [
    { number: 'K-1', label: 'Langveien 4, Rådhuset, H0101', from: '2020-05-01', to: '2027-04-30', rent: 825050, state: 'active', name: 'Test Testesen', phone: '41234567', email: null },
    { number: 'K-2', label: 'Kirkegata 4B, Skolen, H0201', from: '2021-01-01', to: null, rent: 950000, state: 'active', name: 'Prøve Prøvesen', phone: null, email: null },
  ]);
  assert.match(told.stdout, /oppdiktet telefonnummer: ikke ført \(linje 3\)/);
  assert.match(told.stdout, /oppdiktet e-postadresse: ikke ført \(linje 2, 3\)/);
  const terms = await db.query(`select number, deposit_ore::int as deposit, regulated_on::text as regulated, kid from lease order by 1`);
  assert.deepEqual(terms.rows, [{ number: 'K-1', deposit: 2475150, regulated: '2025-05-01', kid: '0000531' }, { number: 'K-2', deposit: null, regulated: null, kid: null }]);
  assert.deepEqual(faults(), [
    '4 | Bruksenhet | er ikke bokstaven K, U, H eller L og fire siffer',
    '4 | Fødselsnummer | kontrollsifrene stemmer ikke',
    '4 | Fra dato | er ikke en dato som finnes',
    '4 | Husleie | er ikke et entydig beløp',
    '5 | Kontraktsnr | samme kontrakt som linje 2',
    '6 | Til dato | er før leieforholdet begynner',
  ]);
});

test('a national identity number is in its own table only', async () => {
  const { rows } = await owner.query(`select national_id from person_secret order by 1`);
  assert.deepEqual(rows.map((r) => r.national_id), ['13097248022', '29029648784']);
  await run(table('ko.csv', ['K-9;Langveien 40;H0101;Ola Kø;29020075838;;;;5000;01.01.2020;;']));
  const kept = await owner.query(`select raw from import_queue`);
  assert.equal(kept.rows.length, 1);
  const all = await owner.query(`select (select string_agg(q::text, '') from import_queue q) || (select string_agg(o::text, '') from import_origin o) || (select string_agg(a::text, '') from audit a) || (select string_agg(s::text, '') from search s) as text`);
  for (const secret of ['13097248022', '29029648784', '29020075838']) assert.ok(!all.rows[0].text.includes(secret), 'the number is nowhere else');
});

test('a rerun changes nothing, a new rent is an update, and each batch is taken back', async () => {
  const first = await content();
  assert.equal((await run(sample('leases.csv'))).sums.unchanged, 2);
  assert.equal(await content(), first);
  const told = await run(table('ny.csv', ['K-2;KIRKEGATEN 4B;H0201;Prøve Prøvesen;;;95812345;;10 000,-;01.01.2021;31.12.2030;']));
  assert.deepEqual(told.sums, { read: 1, landed: 0, updated: 1, unchanged: 0, rejected: 0, queued: 0 });
  assert.deepEqual((await db.query(`select l.rent_ore::int as rent, l.ends_on::text as to, p.phone from lease l join lease_party y on y.lease_id = l.id join person p on p.id = y.person_id where l.number = 'K-2'`)).rows, [
    { rent: 1000000, to: '2030-12-31', phone: '95812345' },
  ]);
  const back = await w.fdvu(['import', 'undo', /Innlesing: ([0-9a-f-]{36})/.exec(told.stdout)?.[1] ?? '']);
  assert.equal(back.code, 0, back.stdout);
  assert.equal(await content(), first);
  const batch = await db.query(`select id from import_batch where landed = 2 and state = 'done'`);
  const all = await w.fdvu(['import', 'undo', batch.rows[0].id]);
  assert.equal(all.code, 0, all.stdout);
  assert.deepEqual((await owner.query(`select (select count(*) from lease)::int as l, (select count(*) from person)::int as p, (select count(*) from person_secret)::int as s, (select count(*) from import_origin)::int as o`)).rows, [{ l: 0, p: 0, s: 0, o: 0 }]);
});

test('one person may have two leases, two dwellings cannot be let twice, and an address with several asks', async () => {
  const told = await run(
    table('to.csv', [
      'A;Kirkegt 4b;H0201;Kari Leier;;;958 12 345;kari.leier@online.no;5000;01.01.2020;31.12.2020;', // 2
      'B;Kirkegt 4b;H0202;Kari Leier;;;+4795812345;;5000;01.01.2021;;', //                            3
      'C;Kirkegt 4b;H0201;Per Leier;;;;;5000;31.12.2020;;', //                                        4: one day together
      'D;Kirkegt 4b;;Per Leier;;;;;5000;01.01.2022;;', //                                             5: which?
      'E;Langveien 4;;Firma AS;;974760673;;;kr 5 000;01.01.2022;;ring først', //                      6
      'F;Langveien 4;H0101;Firma to AS;;987654321;;;5000;01.01.2022;;',
    ]),
  );
  assert.deepEqual(told.sums, { read: 6, landed: 3, updated: 0, unchanged: 0, rejected: 2, queued: 1 });
  assert.deepEqual(faults(), ['4 | Fra dato | boligen er leid ut i tiden ifølge linje 2', '7 | Orgnr | kontrollsifferet stemmer ikke']);
  assert.deepEqual((await db.query(`select p.name, p.is_organisation as org, count(*)::int as n, (select count(*)::int from person_role r where r.person_id = p.id and r.role = 'tenant') as roles
    from person p join lease_party y on y.person_id = p.id group by p.id order by 1`)).rows, [
    { name: 'Firma AS', org: true, n: 1, roles: 0 },
    { name: 'Kari Leier', org: false, n: 2, roles: 1 },
  ]);
  const waits = await db.query(`select key, reason, candidates from import_queue where line = 5`);
  assert.equal(waits.rows[0].reason, 'adressen har flere boliger, og raden sier ikke hvilken');
  assert.deepEqual(waits.rows[0].candidates.map((c: { label: string }) => c.label), ['Kirkegata 4B, Skolen, H0201', 'Kirkegata 4B, Skolen, H0202']);
  assert.match(told.stdout, /merknad har ingen plass i registeret: ikke ført \(linje 6\)/);
  await db.query(`select import_settle('leases', $1, $2)`, [waits.rows[0].key, waits.rows[0].candidates[0].id]);
  const done = await w.fdvu(['import', 'leases', '--settled', '--rejects', rejects]);
  assert.equal(done.code, 0, done.stdout);
  assert.equal((await db.query(`select count(*)::int as n from lease where number = 'D'`)).rows[0].n, 1);
  const taken = await run(table('tatt.csv', ['G;Kirkegt 4b;H0202;Nils Leier;;;;;5000;01.01.2030;;', 'H;Langveien 4;H0101;Nils Leier;;;;;5000;01.01.2019;31.12.2021;']));
  assert.deepEqual(taken.sums, { read: 2, landed: 1, updated: 0, unchanged: 0, rejected: 1, queued: 0 });
  assert.deepEqual(faults(), ['2 | Fra dato | boligen er leid ut i tiden, ifølge et leieforhold som finnes her']);
});

const all = 'Kontraktsnr;Adresse;Bruksenhet;Leietaker;Husleie;Fra dato;Til dato;Depositum;Depositumskonto;Sist regulert;KPI;Oppsigelsestid;KID';
function whole(name: string, rows: string[]): string {
  writeFileSync(join(w.var, name), [all, ...rows, ''].join('\n'));
  return join(w.var, name);
}
const terms = async (): Promise<string[]> =>
  (await db.query(`select concat_ws(' ', number, deposit_ore, deposit_account, regulated_on, regulation_index, notice_months, kid) as t from lease where number like 'T%' order by number`)).rows.map((r) => r.t);

test('deposit, regulation, notice and KID land with the lease; what cannot be right is left out and told', async () => {
  await db.query(`insert into place (parent_id, kind, name) select id, 'dwelling', h from place, unnest(array['H0301', 'H0302', 'H0303', 'H0304']) h where name = 'Skolen';
    insert into dwelling (place_id, h_number, address_id)
    select p.id, p.name, a.id from place p, address a where p.kind = 'dwelling' and p.name like 'H030%' and a.key = '1505-20-4-B'`);
  const told = await run(whole('vilkar.csv', [
    'T1;Kirkegt 4b;H0301;En;10 000;01.01.2020;;30 000;12345678903;01.01.2025;133,6;3 mnd;000133700501645', // 2
    'T2;Kirkegt 4b;H0302;To;10 000;01.01.2020;;mye;12345678901;31.02.2025;høy;99;000133700501646', //        3: all wrong
    'T3;Kirkegt 4b;H0303;Tre;10 000;01.01.2020;;70 000;;;;0;02212291038306', //                             4: more than six months' rent
    'T4;Kirkegt 4b;H0304;Fire;10 000;01.01.2020;;;;;;;02212291038306', //                                   5: the KID of line 4
  ]));
  assert.deepEqual(told.sums, { read: 4, landed: 4, updated: 0, unchanged: 0, rejected: 0, queued: 0 });
  assert.deepEqual(await terms(), ['T1 3000000 12345678903 2025-01-01 133.6 3 000133700501645', 'T2', 'T3 7000000 0 02212291038306', 'T4']);
  for (const [why, lines] of [['er ikke et entydig beløp: ikke ført', '3'], ['er ikke et kontonummer: ikke ført', '3'], ['er ikke en dato som finnes: ikke ført', '3'], ['er ikke en indeks: ikke ført', '3'],
    ['er ikke et antall måneder: ikke ført', '3'], ['kontrollsifferet stemmer ikke: ikke ført', '3'], ['er mer enn seks måneders leie', '4'], ['et annet leieforhold har den: ikke ført', '5']])
    assert.match(told.stdout, new RegExp(`${why} \\(linje ${lines}\\)`), why);
  const kids = await owner.query(`select k, kid_is_valid(k) as ok from unnest(array['123456782', '123456785', '602243', '602244', '23-', '0023-', '1000042-', '12345678-', '0000531', '02321291038303', 'x', '']) k`);
  assert.deepEqual(kids.rows.filter((r) => r.ok).map((r) => r.k), ['123456782', '123456785', '602243', '0023-', '0000531', '02321291038303'], 'MOD10 or MOD11');

  const first = await content();
  assert.equal((await run(whole('vilkar2.csv', ['T1;Kirkegt 4b;H0301;En;10 000;01.01.2020;;30 000;12345678903;01.01.2025;133,6;3 mnd;000133700501645']))).sums.unchanged, 1);
  const swapped = await run(whole('vilkar3.csv', ['T1;Kirkegt 4b;H0301;En;10 000;01.01.2020;;;;;;;02212291038306', 'T3;Kirkegt 4b;H0303;Tre;10 000;01.01.2020;;;;;;;000133700501645']));
  assert.deepEqual(swapped.sums, { read: 2, landed: 0, updated: 2, unchanged: 0, rejected: 0, queued: 0 });
  assert.deepEqual((await terms()).filter((t) => /T[13]/.test(t)), ['T1 3000000 12345678903 2025-01-01 133.6 3 02212291038306', 'T3 7000000 0 000133700501645'], 'what the file does not say stays');
  const back = await w.fdvu(['import', 'undo', /Innlesing: ([0-9a-f-]{36})/.exec(swapped.stdout)?.[1] ?? '']);
  assert.equal(back.code, 0, back.stdout);
  assert.equal(await content(), first);
});

test('a lease that was to move and is rejected stays in the way of others, whose rows are rejected too, and nothing else', async () => {
  await run(whole('flytt1.csv', ['U1;Kirkegt 4b;H0301;En;1;01.01.2010;31.12.2010;;;;;;', 'U2;Kirkegt 4b;H0302;To;1;01.01.2010;31.12.2010;;;;;;', 'U3;Kirkegt 4b;H0303;Tre;1;01.01.2010;31.12.2010;;;;;;']));
  // U1 would move to where U2 is, U2 to where U3 is, and U3 to where T4 has been since 2020.
  const told = await run(whole('flytt2.csv', [
    'U1;Kirkegt 4b;H0302;En;1;01.01.2010;31.12.2010;;;;;;', 'U2;Kirkegt 4b;H0303;To;1;01.01.2010;31.12.2010;;;;;;', 'U3;Kirkegt 4b;H0304;Tre;1;01.01.2022;31.12.2022;;;;;;', 'U4;Kirkegt 4b;H0304;Fire;1;01.01.2012;31.12.2012;;;;;;',
  ]));
  assert.deepEqual(told.sums, { read: 4, landed: 1, updated: 0, unchanged: 0, rejected: 3, queued: 0 });
  assert.deepEqual(faults().map((f) => f.slice(0, 1)), ['2', '3', '4']);
});
