-- Kartverket's building points. A building is known by its number. Its property and its addresses are found through its dwellings
-- (bruksenheter), which the profile matrikkel-adresse has read in with the same identifiers; else the property is the one that it stands on.

-- section: cook
create temp table cooked on commit drop as
select s.line,
       pg_temp.whole(s.bygningsnummer)                                     as bygningsnummer,
       upper(pg_temp.clean(s.bygningsstatus))                              as status,
       case when knr ~ '^[0-9]{3}$' then '0' || knr else knr end           as municipality_no,
       knr ~ '^[0-9]{3}$'                                                  as has_lost_zero,
       pg_temp.whole(s.bygningstype)                                       as type_code,
       crs.epsg,
       pg_temp.number(case when crs.is_geographic then pos.m[2] else pos.m[1] end) as east,
       pg_temp.number(case when crs.is_geographic then pos.m[1] else pos.m[2] end) as north,
       pg_temp.clean(s.bruksenhet_id)                                      as units,
       lower(s.har_kulturminne) = 'true' or lower(s.har_sefrakminne) = 'true' as is_heritage,
       null::geometry(Point, 25832)                                        as geom,
       'bygning:' || pg_temp.whole(s.bygningsnummer)                       as row_key,
       null::bytea                                                         as content_hash,
       null::uuid                                                          as place_id,
       false                                                               as is_new
  from staged s
 cross join lateral (select pg_temp.clean(s.kommunenummer) as knr) k
 cross join lateral (select regexp_split_to_array(pg_temp.clean(s.posisjon), '\s+') as m) pos
  -- a position in degrees is latitude first, one in metres east first
  left join lateral (select r.srid as epsg, r.proj4text like '%+proj=longlat%' as is_geographic from spatial_ref_sys r
                      where r.srid = pg_temp.whole(substring(s.koordinatsystem from '([0-9]{4,6})/?\s*$'))) crs on true
 where s.fault is null;

-- section: check
insert into rejected (line, col, reason)
select c.line, f.col, f.reason
  from cooked c
  join staged s using (line)
  left join municipality_here m using (municipality_no)
  left join lateral (select min(n.now) as now from municipality_now n where n.was = c.municipality_no) n on true
 cross join lateral (values
	(coalesce(c.bygningsnummer, 0) < 1,                                     'bygningsnummer', 'mangler eller er ikke et tall på inntil ni siffer'),
	(coalesce(c.municipality_no, '') !~ '^[0-9]{4}$',                       'kommunenummer', 'er ikke et kommunenummer'),
	(c.municipality_no ~ '^[0-9]{4}$' and m.municipality_no is null,        'kommunenummer', coalesce('kommunen har fått nytt nummer: ' || n.now, 'kommunen er ikke satt opp her')),
	(c.status is not null and c.status not in ('RA', 'IG', 'MB', 'FA', 'TB', 'MT', 'MF', 'GR', 'IP', 'BR', 'BA', 'BF', 'BU'), 'bygningsstatus', 'ukjent bygningsstatus'),
	(pg_temp.clean(s.bygningstype) is not null and not exists (select from building_type t where t.code = c.type_code), 'bygningstype', 'ukjent bygningstype'),
	(c.epsg is null,                                                        'koordinatsystem', 'mangler eller er ukjent'),
	(c.east is null or c.north is null,                                     'posisjon', 'er ikke to tall')
 ) f (is_fault, col, reason)
 where f.is_fault;

select pg_temp.reject_twice('''bygningsnummer''', 'samme bygning');

update cooked set geom = pg_temp.position(east, north, epsg);
insert into rejected (line, col, reason)
select c.line, 'posisjon', w.reason
  from cooked c
  join municipality_here m using (municipality_no)
 cross join lateral (select pg_temp.misplaced(c.east, c.north, c.epsg, m.bounds) as reason) w
 where st_intersects(m.bounds, c.geom) is not true and w.reason is not null;
delete from cooked c using rejected r where r.line = c.line;

update cooked set content_hash = sha256(convert_to(concat_ws(E'\x1f', municipality_no, coalesce(status, ''), coalesce(type_code::text, ''), coalesce(units, ''),
	round(st_x(geom)::numeric, 1), round(st_y(geom)::numeric, 1)), 'utf8'));
select pg_temp.leave_unchanged();

-- section: match
update cooked c set place_id = b.place_id from building b where b.bygningsnummer = c.bygningsnummer;
insert into rejected (line, col, reason)
select c.line, 'bygningsnummer', 'bygningen er tatt ut av registeret her' from cooked c join place p on p.id = c.place_id where p.removed_at is not null
 union all
select c.line, 'bygningsstatus', 'bygningen er revet, flyttet eller utgått: den lages ikke' from cooked c where c.place_id is null and c.status in ('BR', 'BA', 'BF', 'BU');
delete from cooked c using rejected r where r.line = c.line;
update cooked set is_new = true, place_id = uuidv7() where place_id is null;
analyze cooked;

-- What the address file has told of the building's dwellings: each is a dwelling, or the address of one without number.
create temp table unit on commit drop as
select c.line, c.place_id as building_id, case when o.tbl = 'dwelling' then o.row_id end as dwelling_id,
       a.id as address_id, case when site.kind = 'property' then site.id when site.kind = 'building' then site.parent_id else a.property_id end as property_id
  from cooked c
 cross join lateral unnest(string_to_array(c.units, ' | ')) u (id)
  join import_origin o on o.source = 'matrikkel-adresse' and o.source_key = 'bruksenhet:' || btrim(u.id) and o.tbl in ('dwelling', 'address')
  left join dwelling d on o.tbl = 'dwelling' and d.place_id = o.row_id
  left join place p on p.id = d.place_id
  left join place site on site.id = p.site_id
  left join address a on a.id = case when o.tbl = 'address' then o.row_id else d.address_id end;
analyze unit;

-- section: land
-- A section's building is the whole property's, so what is asked for is the property without section.
create temp table new_building on commit drop as
select c.line, c.place_id, c.bygningsnummer, c.type_code, c.status, c.geom, m.place_id as root_id, coalesce(u.property_id, g.property_id) as property_id
  from cooked c
  join municipality_here m using (municipality_no)
  left join lateral (select (array_agg(distinct whole.place_id))[1] as property_id
                       from unit u
                       join property x on x.place_id = u.property_id
                       join property whole on (whole.municipality_no, whole.gnr, whole.bnr, whole.fnr, whole.snr) = (x.municipality_no, x.gnr, x.bnr, x.fnr, 0)
                      where u.line = c.line having count(distinct whole.place_id) = 1) u on true
  left join lateral (select (array_agg(p.id))[1] as property_id
                       from place p
                      where p.kind = 'property' and p.removed_at is null and st_dimension(p.geom) = 2 and st_intersects(p.geom, c.geom)
                     having count(*) = 1) g on true
 where c.is_new;
insert into rejected (line, col, reason)
select line, 'kommunenummer', 'kommunen har ingen plass i registeret ennå: les adressene først' from new_building where coalesce(property_id, root_id) is null;
delete from cooked c using rejected r where r.line = c.line;
delete from new_building n using rejected r where r.line = n.line;

insert into place (id, parent_id, kind, name, geom)
select n.place_id, coalesce(n.property_id, n.root_id), 'building', coalesce(t.name, 'Bygning ' || n.bygningsnummer), n.geom
  from new_building n left join building_type t on t.code = n.type_code;
insert into building (place_id, bygningsnummer, type_code, status) select place_id, bygningsnummer, type_code, status from new_building;
update building b set type_code = coalesce(c.type_code, b.type_code), status = coalesce(c.status, b.status)
  from cooked c
 where b.place_id = c.place_id and not c.is_new
   and (b.type_code, b.status) is distinct from (coalesce(c.type_code, b.type_code), coalesce(c.status, b.status));
-- An outline says more than a point, and so does what a person has put there.
update place p set geom = c.geom
  from cooked c cross join run
 where p.id = c.place_id and not c.is_new
   and (p.geom is null or geometrytype(p.geom) = 'POINT' and not st_dwithin(p.geom, c.geom, 0.01)
        and exists (select from import_origin o where o.source = run.source and o.source_key = c.row_key));

-- Addresses that have no building yet, when all that is told of them is in this one; and the dwellings that lay under its property.
create temp table addressed on commit drop as
select u.address_id, (array_agg(distinct u.building_id))[1] as building_id
  from unit u join cooked c using (line) join address a on a.id = u.address_id
 where a.building_id is null
 group by 1 having count(distinct u.building_id) = 1;
update address a set building_id = n.building_id from addressed n where a.id = n.address_id;
create temp table housed on commit drop as
select distinct u.dwelling_id, u.building_id
  from unit u join cooked c using (line) join place p on p.id = u.dwelling_id join place up on up.id = p.parent_id
 where up.kind = 'property' and p.removed_at is null;
update place p set parent_id = h.building_id, name = coalesce(d.h_number, p.name), geom = null
  from housed h join dwelling d on d.place_id = h.dwelling_id where p.id = h.dwelling_id;

insert into flagged (line, col, reason)
select line, 'kommunenummer', 'kommunenummeret hadde mistet nullen foran' from cooked where has_lost_zero
 union all
select line, 'bygningsnummer', 'eiendommen er ikke kjent: bygningen er lagt under kommunen' from new_building where property_id is null
 union all
select line, 'bygningsstatus', 'bygningen er revet, flyttet eller utgått ifølge matrikkelen: se på den' from cooked where status in ('BR', 'BA', 'BF', 'BU')
 union all
select line, 'har_kulturminne', 'kulturminne eller SEFRAK-registrert: ikke ført i registeret' from cooked where is_heritage;

-- section: origin
insert into origin (line, source_key, tbl, row_id, content_hash) select line, row_key, 'building', place_id, content_hash from cooked;
insert into outcome (line, state) select line, 'landed' from cooked;
insert into landed_in
select 'nye bygninger', count(*) from new_building union all
select 'bygninger funnet igjen', count(*) from cooked where not is_new union all
select 'adresser knyttet til bygningen', count(*) from addressed union all
select 'boliger flyttet inn i bygningen', count(*) from housed;
