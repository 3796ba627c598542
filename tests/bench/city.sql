-- A made-up city in a few set operations, for what is measured at full size: see city.ts. Triggers are off; what they would fill is filled
-- here. :buildings is replaced. Identifiers count up, so that indexes are filled in order and nothing is drawn.
set session_replication_role = replica;
set work_mem = '256MB';
set maintenance_work_mem = '512MB';
set synchronous_commit = off;

create temp table gone as
select c.oid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
 where i.indrelid in ('place'::regclass, 'component'::regclass, 'search'::regclass, 'search_line'::regclass)
   and not i.indisprimary
   and not i.indisunique
   and c.relname not in ('search_line_row', 'place_site', 'address_building');
do $$
declare
	g record;
begin
	for g in select name from gone loop
		execute 'drop index ' || g.name;
	end loop;
end
$$;

create function pg_temp.city_id(tbl int, n bigint) returns uuid immutable language sql as $$
	select ('c17' || lpad(to_hex(tbl), 5, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid;
$$;
create function pg_temp.one(of_list text[], n bigint) returns text immutable language sql as $$
	select of_list[1 + n % cardinality(of_list)];
$$;

insert into area (area_no, name, municipality_no)
select 900 + n, 'Byområde ' || n, '1505' from generate_series(1, 12) n on conflict do nothing;

create temp table street as
select row_number() over (order by e.n, s.n) - 1 as n, s.stem || e.ending as name
  from unnest(array['Kirke', 'Stor', 'Skole', 'Havne', 'Fisker', 'Strand', 'Tollbu', 'Rådhus', 'Fosna', 'Nordmøre', 'Vågen', 'Gjøa', 'Bjørne', 'Ørne',
                    'Ås', 'Lang', 'Kort', 'Øvre Enggate', 'Nedre Enggate', 'St. Olavs ', 'Kong Olav Vs ', 'Roald Amundsens ', 'Fridtjof Nansens ',
                    'Hans Nielsen Hauges ', 'Johan P. Clausens ', 'Dunker', 'Karihola', 'Myra', 'Industri', 'Verft', 'Båt', 'Sunds', 'Freia', 'Grip', 'Innlands',
                    'Kaptein Bødtkers ', 'Løkke', 'Bekke', 'Berg', 'Furu', 'Gran', 'Bjørke', 'Selje', 'Rogne', 'Hassel', 'Eike', 'Lyng', 'Mose', 'Tytteb',
                    'Blåbær']) with ordinality s (stem, n),
       unnest(array['gata', 'veien', 'bakken', 'plass', 'svingen', 'stien', ' allé', 'tunet', 'haugen', 'faret', 'kroken', 'brygga']) with ordinality e (ending, n);

create temp table b as
select g.n, pg_temp.city_id(1, g.n) as id, pg_temp.city_id(2, g.n) as property_id, 901 + (g.n % 12)::int as area_no,
       s.name as street, (g.n / 600 + 1)::int as number,
       case when g.n % 9 = 0 then chr(65 + (g.n / 9 % 5)::int) end as letter,
       g.n % 20 = 3 as is_public,
       428000 + (g.n % 160) * 70 + (g.n % 7) as x, 6995000 + (g.n / 160) * 70 + (g.n % 11) as y
  from generate_series(0, :buildings - 1) g (n)
  join street s on s.n = g.n % 600;
create unique index on b (n);
alter table b add name text;
update b set name = case when is_public
	then split_part(street, ' ', 1) || ' ' || pg_temp.one(array['barneskole', 'ungdomsskole', 'barnehage', 'sykehjem', 'helsestasjon', 'idrettshall',
		'rådhus', 'bibliotek', 'brannstasjon', 'grendehus', 'renseanlegg', 'bofellesskap'], n / 20)
	else street || ' ' || number || coalesce(letter, '') end;
analyze b;

insert into place (id, kind, name, label, area_no, site_id, geom, point)
select pg_temp.city_id(0, 0), 'municipality', 'Byen', 'Byen', null, pg_temp.city_id(0, 0), g, st_centroid(g)
  from st_makeenvelope(425000, 6990000, 445000, 7012000, 25832) g;
insert into place (id, parent_id, kind, name, label, area_no, site_id, geom, point)
select b.property_id, pg_temp.city_id(0, 0), 'property', r.name, r.name, b.area_no, b.property_id,
       st_makeenvelope(b.x - 20, b.y - 20, b.x + 40, b.y + 35, 25832), st_setsrid(st_makepoint(b.x, b.y), 25832)
  from b cross join lateral (select '1599-' || 1 + b.n / 800 || '/' || 1 + b.n % 800 as name) r;
insert into property (place_id, municipality_no, gnr, bnr, area_no)
select b.property_id, '1599', 1 + b.n / 800, 1 + b.n % 800, b.area_no from b;
insert into place (id, parent_id, kind, name, label, area_no, site_id, code, geom, point, is_public)
select b.id, b.property_id, 'building', b.name, case when b.is_public then b.street || ' ' || b.number || coalesce(b.letter, '') || ', ' else '' end || b.name,
       b.area_no, b.id, upper(lpad(to_hex(b.n), 8, 'Z')), st_makeenvelope(b.x, b.y, b.x + 12 + b.n % 9, b.y + 9 + b.n % 6, 25832),
       st_setsrid(st_makepoint(b.x + 6, b.y + 4.5), 25832), b.is_public
  from b;
insert into building (place_id, bygningsnummer, type_code, status, built_year, storeys, bta_m2, bra_m2, heating, energy_grade, area_no)
select b.id, 700000000 + b.n * 13, case when b.is_public then 613 else 136 end, 'TB', 1900 + b.n % 120, 1 + b.n % 4, 200 + b.n % 2000, 180 + b.n % 1800,
       'Elektrisk', chr(65 + (b.n % 7)::int), b.area_no
  from b;
insert into address (id, municipality_no, street_code, street_name, number, letter, postcode, post_town, property_id, building_id, geom, key)
select pg_temp.city_id(3, b.n), '1599', 20000 + b.n % 600, b.street, b.number, b.letter, '65' || lpad((b.n % 30)::text, 2, '0'), 'BYEN', b.property_id, b.id,
       st_setsrid(st_makepoint(b.x + 6, b.y), 25832), 'city-' || b.n
  from b;
insert into place (id, parent_id, kind, name, label, area_no, site_id, point)
select pg_temp.city_id(4, b.n * 4 + s), b.id, 'storey', s || '. etasje', p.label || ', ' || s || '. etasje', b.area_no, b.id, p.point
  from b join place p on p.id = b.id, generate_series(1, 3) s;
insert into storey (place_id, plane, number, area_no) select pg_temp.city_id(4, b.n * 4 + s), 'H', s, b.area_no from b, generate_series(1, 3) s;
insert into place (id, parent_id, kind, name, label, area_no, site_id, point)
select pg_temp.city_id(5, b.n * 8 + d), pg_temp.city_id(4, b.n * 4 + 1 + d % 3), 'dwelling', h.no, p.label || ', ' || h.no, b.area_no, b.id, p.point
  from b join place p on p.id = b.id, generate_series(0, 5) d cross join lateral (select 'H0' || 1 + d % 3 || '0' || 1 + d / 3 as no) h
 where not b.is_public;
insert into dwelling (place_id, h_number, rooms, area_m2, address_id, area_no)
select pg_temp.city_id(5, b.n * 8 + d), 'H0' || 1 + d % 3 || '0' || 1 + d / 3, 1 + d % 4, 30 + d * 9, pg_temp.city_id(3, b.n), b.area_no
  from b, generate_series(0, 5) d where not b.is_public;
insert into place (id, parent_id, kind, name, label, area_no, site_id, point, is_public)
select pg_temp.city_id(6, b.n * 64 + r), pg_temp.city_id(4, b.n * 4 + 1 + r % 3), 'room', o.name, p.label || ', ' || 1 + r % 3 || '. etasje, ' || o.name, b.area_no, b.id, p.point, false
  from b join place p on p.id = b.id, generate_series(0, 39) r
 cross join lateral (select pg_temp.one(array['Klasserom', 'Kontor', 'Gymsal', 'Garderobe', 'Toalett', 'Kjøkken', 'Teknisk rom', 'Lager', 'Møterom', 'Vaskerom'], r) || ' ' || 1 + r / 10 as name) o
 where b.is_public;

create temp table part as
select row_number() over () - 1 as n, p.*
  from (values ('262', 'Taktekking', 'TT', 'Isola'), ('542', 'Brannalarmsentral', 'UB', 'Autronica'), ('432', 'Hovedtavle', 'XF', 'Eaton'),
               ('234', 'Ytterdør hovedinngang', 'DY', 'Nordan'), ('365', 'Ventilasjonsaggregat', 'JV', 'Swegon'), ('621', 'Personheis', 'HP', 'KONE'),
               ('331', 'Brannslokker', 'BS', 'Housegard'), ('443', 'Nødlysanlegg', 'UL', 'Glamox'), ('235', 'Utvendig kledning', 'UK', null),
               ('312', 'Ledningsnett for sanitær', 'LS', null), ('325', 'Fyrkjele og varmesentral', 'IK', 'Viessmann'), ('332', 'Sprinkleranlegg', 'RS', 'Viking'),
               ('563', 'Undersentral automasjon', 'OU', 'Siemens'), ('543', 'Adgangskontroll', 'UA', 'Salto'), ('362', 'Kanalnett', 'KA', 'Lindab'),
               ('412', 'Jording', 'JO', null), ('322', 'Sirkulasjonspumpe varme', 'JP', 'Grundfos'), ('411', 'Kabelføring', 'KF', null),
               ('237', 'Solavskjerming', 'SO', 'Vental'), ('263', 'Røykluke', 'TL', 'Velux'), ('273', 'Kjøkkeninnredning', 'IK', 'Sigdal'),
               ('274', 'Våtrom', 'IV', null), ('542', 'Røykvarsler', 'RV', 'Elotec'), ('315', 'Varmtvannsbereder', 'IB', 'OSO'), ('433', 'Sikringsskap', 'XS', 'Hager'),
               ('332', 'Husbrannslange', 'BH', 'NOHA'), ('452', 'Panelovner', 'EO', 'Adax'), ('244', 'Inngangsdør', 'DI', 'Swedoor'), ('255', 'Gulvbelegg', 'GB', 'Tarkett'),
               ('364', 'Avtrekksvifte', 'JF', 'Flexit'), ('314', 'Sanitærarmaturer', 'SA', 'Oras'), ('234', 'Vinduer', 'VI', 'Gilje'), ('442', 'Belysning', 'LB', 'Fagerhult'),
               ('257', 'Systemhimling', 'SH', 'Rockfon'), ('364', 'Ventil for luftfordeling', 'VL', 'Trox'), ('325', 'Radiator', 'IR', 'Purmo'), ('542', 'Røykdetektor', 'RD', 'Eltek'),
               ('244', 'Branndør', 'DB', 'Daloc'), ('443', 'Ledelys', 'UL', 'Eaton'), ('325', 'Varmepumpe', 'IP', 'NIBE')) p (element, name, letters, maker);

insert into component (id, place_id, site_id, area_no, name, element, tag, maker, model, serial, installed_on, service_life_years, quantity, unit,
	replacement_cost_ore, condition_grade, code, geom)
select pg_temp.city_id(7, b.n * 64 + k), b.id, b.id, b.area_no, t.name, t.element,
       '+' || lpad(b.n::text, 5, '0') || '=' || t.element || '.' || lpad((1 + k / 40)::text, 3, '0') || '-' || t.letters || lpad((k + 1)::text, 3, '0'),
       t.maker, t.maker || '-' || 100 + (b.n * 7 + k) % 90 * 10, lpad(((b.n * 50 + k)::bigint * 7919 % 100000007)::text, 8, '0'),
       date '1990-01-01' + (b.n * 31 + k * 97)::int % 12000, 20, 1, 'stk', 100000 + k * 1000, 'TG' || (b.n + k) % 4, null,
       st_setsrid(st_makepoint(b.x + k % 12 + 0.5, b.y + k % 9 + 0.5), 25832)
  from b, generate_series(0, 49) k
  join part t on t.n = k % 40;

insert into person (id, name, phone, email)
select pg_temp.city_id(8, n),
       pg_temp.one(array['Anne', 'Bjørn', 'Camilla', 'Dag', 'Else', 'Fredrik', 'Grete', 'Håkon', 'Ingrid', 'Jan', 'Kåre', 'Lise', 'Morten', 'Nina', 'Ola', 'Per',
                         'Ragnhild', 'Svein', 'Tore', 'Unni', 'Vidar', 'Øystein', 'Åse', 'Aisha', 'Mykola'], n) || ' ' ||
       pg_temp.one(array['Hansen', 'Johansen', 'Olsen', 'Larsen', 'Andersen', 'Nilsen', 'Kristiansen', 'Jensen', 'Karlsen', 'Bjørnsen', 'Dahl', 'Aune', 'Sæther',
                         'Rønning', 'Ødegård', 'Moe', 'Nordmann', 'Frei', 'Averøy', 'Tingvoll', 'Shevchenko', 'Ahmed', 'Nguyen'], n / 25),
       '+47' || 40000000 + n, 'p' || n || '@innbygger.example'
  from generate_series(0, :buildings * 3 / 2) n;

insert into cases (id, number, place_id, site_id, area_no, category, title, description, state, priority, reporter_id, created_at, deadline)
select pg_temp.city_id(9, g.n), '2024-' || lpad((100000 + g.n)::text, 6, '0'), b.id, b.id, b.area_no, c.code,
       pg_temp.one(array['Lekkasje under kjøkkenbenken', 'Radiatoren er kald', 'Knust vindu', 'Tett avløp på badet', 'Lyset i trappen virker ikke',
                         'Støy fra ventilasjonen', 'Inngangsdøra slår', 'Mugg på soverommet', 'Heisen står', 'Rotter i søppelrommet'], g.n),
       'Meldt av beboer.', case when g.n % 10 = 0 then 'in_progress' else 'closed' end, 3, pg_temp.city_id(8, g.n % (:buildings * 3 / 2)),
       timestamptz '2024-01-01' + g.n * interval '5 min', timestamptz '2024-02-01' + g.n * interval '5 min'
  from generate_series(0, :buildings * 5 / 2) g (n)
  join b on b.n = g.n % :buildings
 cross join lateral (select code from category order by code offset g.n % 5 limit 1) c;
insert into task (id, number, place_id, site_id, area_no, title, category, state, created_at, deadline)
select pg_temp.city_id(10, g.n), '2024-' || lpad((100000 + g.n)::text, 6, '0'), b.id, b.id, b.area_no,
       pg_temp.one(array['Årskontroll av brannslokkere', 'Månedlig egenkontroll av brannalarm', 'Kontroll av røykvarslere', 'Filterskift ventilasjon',
                         'Legionellakontroll', 'Rens av takrenner', 'Heiskontroll', 'Kontroll av lekeplass'], g.n) || ' – ' || b.name,
       c.code, case when g.n % 10 = 0 then 'open' else 'done' end,
       timestamptz '2024-01-01' + g.n * interval '1 min', timestamptz '2024-02-01' + g.n * interval '1 min'
  from generate_series(0, :buildings * 10) g (n)
  join b on b.n = g.n % :buildings
 cross join lateral (select code from category order by code offset g.n % 5 limit 1) c;

-- As 0010 and 0030 keep it.
insert into search (tbl, row_id, area_no, is_public, title, text, tsv)
select 'place', p.id, p.area_no, p.kind in ('municipality', 'property', 'building', 'outdoor_area'), p.label, search_form(p.label),
       case when p.kind not in ('storey', 'dwelling') then to_tsvector('norwegian', name_form(p.name)) end
  from place p where p.id between pg_temp.city_id(0, 0) and pg_temp.city_id(7, 0)
union all
select 'component', c.id, c.area_no, false, c.name, search_form(concat_ws(' ', c.name, c.tag, c.maker, c.model, c.serial)),
       to_tsvector('norwegian', name_form(concat_ws(' ', c.name, c.maker, c.model, c.tag)))
  from component c where c.id between pg_temp.city_id(7, 0) and pg_temp.city_id(8, 0)
union all
select 'person', p.id, null, false, p.name, search_form(concat_ws(' ', p.name, p.phone, p.email)), null
  from person p where p.id between pg_temp.city_id(8, 0) and pg_temp.city_id(9, 0)
union all
select 'cases', c.id, c.area_no, false, c.number || ' ' || c.title, search_form(c.number || ' ' || c.title),
       to_tsvector('norwegian', c.title || ' ' || c.description)
  from cases c where c.id between pg_temp.city_id(9, 0) and pg_temp.city_id(10, 0)
union all
select 'task', t.id, t.area_no, false, t.number || ' ' || t.title, search_form(t.number || ' ' || t.title), to_tsvector('norwegian', t.title)
  from task t where t.id between pg_temp.city_id(10, 0) and pg_temp.city_id(11, 0);
analyze place, address, dwelling, building, property, component, search_word;
select search_places(array_agg(id)) from place where id between pg_temp.city_id(0, 0) and pg_temp.city_id(7, 0);
select search_components(array_agg(id)) from component where id between pg_temp.city_id(7, 0) and pg_temp.city_id(8, 0);
select search_people(array_agg(id)) from person where id between pg_temp.city_id(8, 0) and pg_temp.city_id(9, 0);

do $$
declare
	g record;
begin
	for g in select made from gone loop
		execute g.made;
	end loop;
end
$$;
reset session_replication_role;
analyze;
