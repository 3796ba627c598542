// The register that the search tests look in, who looks, and how they ask.
import assert from 'node:assert/strict';
import { before } from 'node:test';
import { world, type Api, type Reply } from './harness.ts';
import { sessionOf, type Audience } from './helpers.ts';

export type Item = { id: string; kind: string; title: string; subtitle: string | null; match: string; score: number; former?: string | null; path: { name: string }[] };
export type Group = { kind: string; total_at_least: number; items: Item[] };

export const w = await world();
export const owner = await w.connect('owner');
const s = await w.server();
export const who = {} as Record<'admin' | 'desk' | 'other' | 'caretaker' | 'tenant' | 'nobody', Api>;

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

export const ask = (api: Api, q: string, more = ''): Promise<Reply> => api.get(`/api/v1/search?q=${encodeURIComponent(q)}${more}`);

export async function groups(api: Api, q: string, more = ''): Promise<Group[]> {
  const { status, body } = await ask(api, q, more);
  assert.equal(status, 200, `${q}: ${JSON.stringify(body)}`);
  return body.groups;
}

/** «kind: title» of all that is found, in order. */
export async function found(api: Api, q: string): Promise<string[]> {
  return (await groups(api, q)).flatMap((g) => g.items.map((i) => `${i.kind}: ${i.title}`));
}

export async function finds(api: Api, q: string, first: string): Promise<void> {
  const got = await found(api, q);
  assert.equal(got[0], first, `«${q}» finds ${JSON.stringify(got)}`);
}

export async function misses(api: Api, q: string, what: string): Promise<void> {
  const got = await found(api, q);
  assert.ok(!got.some((g) => g.includes(what)), `«${q}» finds ${JSON.stringify(got)}`);
}
