-- Kartverket's «Leilighetsnivå»: one row for each dwelling (bruksenhet) of each address, and «Vegadresse»: one for each address. Makes
-- properties, addresses and dwellings. The dates of the file are left out of what makes a row new: they change at every extract.

-- section: cook
drop table if exists told, renumbered;
-- In one go: each update of a million rows would write them all once more. «offset 0» keeps what is read from being read for each use.
-- `is_odd` says that something about the row must be looked at closely; of most rows nothing must.
create temp table told on commit drop as
select k.*,
       case when unit_id is not null then 'bruksenhet:' || unit_id
            else 'adresse:' || address_key || coalesce('/' || nullif(h_text, ''), '') end as row_key,
       (municipality_no in (select m.municipality_no from municipality_here m)
		and epsg in (select srid from spatial_ref_sys)
		and st_intersects((select st_collect(m.bounds) from municipality_here m), geom)
		and not is_cadastral and number is not null and (unit_id is null or h_text <> '')
		and (letter is null or letter ~ '^[A-ZÆØÅ]$')
		and (coalesce(h_text, '') = '' or h_text ~ '^[KUHL][0-9]{4}$')
		and (postcode is null or postcode ~ '^[0-9]{4}$')) is not true as is_odd
  from (select r.*, pg_temp.position(east, north, epsg) as geom,
               case when is_cadastral then municipality_no || '-M-' || gnr || '/' || bnr || '/' || fnr || '-' || sub_number
                    else municipality_no || '-' || coalesce(street_code::text, lower(street_name)) || '-' || number || '-' || coalesce(letter, '') end
                    as address_key
          from (
		select s.line,
		       case when length(s.kommunenummer) = 3 and s.kommunenummer ~ '^[0-9]{3}$' then '0' || s.kommunenummer
			    else s.kommunenummer end                                       as municipality_no,
		       s.gardsnummer                                                       as gnr,
		       s.bruksnummer                                                       as bnr,
		       coalesce(s.festenummer, 0)                                          as fnr,
		       coalesce(s.seksjonsnummer, 0)                                       as snr,
		       s.adressekode                                                       as street_code,
		       s.adressenavn                                                       as street_name,
		       s.nummer                                                            as number,
		       upper(s.bokstav)                                                    as letter,
		       coalesce(s.undernummer, 0)                                          as sub_number,
		       s.adressenavn is null                                               as is_cadastral,
		       upper(translate(s.bruksenhetsnummer, E' \t\u00a0-', ''))            as h_text,
		       s.bruksenhetid                                                      as unit_id,
		       s.epsg                                                              as epsg,
		       s.nord                                                              as north,
		       s.ost                                                               as east,
		       case when length(s.postnummer) = 3 and s.postnummer ~ '^[0-9]{3}$' then '0' || s.postnummer
			    else s.postnummer end                                          as postcode,
		       s.poststed                                                          as post_town,
		       s.row_hash                                                          as content_hash,
		       s.row_seen                                                          as seen
		  from staged s
		 where s.fault is null
		offset 0) r
        offset 0) k;
analyze told;

-- A property that was renumbered is read as what it is called now, where its history tells of one only. Others of the former number are rejected.
create temp table renumbered on commit drop as
select t.line, min(p.municipality_no) as municipality_no, min(p.gnr) as gnr, min(p.bnr) as bnr, min(p.fnr) as fnr, min(p.snr) as snr
  from told t
  join property_was w on (w.municipality_no, w.gnr, w.bnr, w.fnr, w.snr) = (t.municipality_no::char(4), t.gnr, t.bnr, t.fnr, t.snr)
  join property p on p.place_id = w.place_id
  join place x on x.id = p.place_id and x.removed_at is null
 where t.is_odd and p.municipality_no in (select m.municipality_no from municipality_here m)
   and t.municipality_no not in (select m.municipality_no from municipality_here m)
 group by t.line
having count(distinct p.place_id) = 1;
update told t
   set municipality_no = n.municipality_no, gnr = n.gnr, bnr = n.bnr, fnr = n.fnr, snr = n.snr, address_key = k.address_key,
       row_key = case when t.unit_id is null then 'adresse:' || k.address_key || coalesce('/' || nullif(t.h_text, ''), '') else t.row_key end
  from renumbered n
 cross join lateral (select case when o.is_cadastral then n.municipality_no || '-M-' || n.gnr || '/' || n.bnr || '/' || n.fnr || '-' || o.sub_number
                                 else n.municipality_no || substr(o.address_key, 5) end as address_key
                       from told o where o.line = n.line) k
 where t.line = n.line;

-- section: check
create temp table odd on commit drop as select * from told where is_odd;
insert into rejected (line, col, reason)
select c.line, f.col, f.reason
  from odd c
  join staged s using (line)
  left join municipality_here m using (municipality_no)
  left join lateral (select min(n.now) as now from municipality_now n where n.was = c.municipality_no) n on true
 cross join (select exists (select from staged where bruksenhetsnummer is not null)
                 or exists (select from printed n join import_origin x on x.seen = n.seen where x.source = run.source and x.tbl = 'dwelling') as is_here
               from run) numbered
 cross join lateral (values
	(c.municipality_no is null,                                             'kommunenummer', 'mangler'),
	(c.municipality_no !~ '^[0-9]{4}$',                                     'kommunenummer', 'er ikke et kommunenummer'),
	(c.municipality_no ~ '^[0-9]{4}$' and m.municipality_no is null,        'kommunenummer', coalesce('kommunen har fått nytt nummer: ' || n.now, 'kommunen er ikke satt opp her')),
	(c.is_cadastral and lower(coalesce(s.adressetype, '')) not like 'matrikkel%', 'adressenavn', 'mangler'),
	(not c.is_cadastral and s.nummer is null and not exists (select from rejected r where r.line = c.line and r.col = 'nummer'), 'nummer', 'mangler'),
	(c.letter !~ '^[A-ZÆØÅ]$',                                              'bokstav', 'er ikke én bokstav'),
	(c.h_text <> '' and c.h_text !~ '^[KUHL][0-9]{4}$',                     'bruksenhetsnummer', 'er ikke bokstaven K, U, H eller L og fire siffer'),
	(c.unit_id is not null and not numbered.is_here,                        'bruksenhetsnummer', 'filen har bruksenheter, men ikke kolonnen med numrene deres'),
	(c.epsg not in (select srid from spatial_ref_sys),                      'epsg', 'ukjent koordinatsystem'),
	(c.postcode !~ '^[0-9]{4}$',                                            'postnummer', 'er ikke fire siffer')
 ) f (is_fault, col, reason)
 where f.is_fault;

-- section: position
insert into rejected (line, col, reason)
select c.line, 'nord', w.reason
  from (select o.line, o.east, o.north, o.epsg, m.bounds
          from odd o
          join municipality_here m using (municipality_no)
         where st_intersects(m.bounds, o.geom) is not true
        offset 0) c
 cross join lateral (select pg_temp.misplaced(c.east, c.north, c.epsg, c.bounds) as reason) w
 where w.reason is not null and not exists (select from rejected r where r.line = c.line);

-- section: keys
-- A row of the file that is there twice: few or none, so that all keys are first compared by a number of theirs.
insert into rejected (line, col, reason)
select line, case when unit_id is null then 'nummer' else 'bruksenhetid' end,
       case when unit_id is null then 'samme adresse som linje ' else 'samme bruksenhet som linje ' end || first_line
  from (select c.line, c.unit_id, first_value(c.line) over (partition by c.row_key order by c.line) as first_line
          from told c
         where (select count(*) > count(distinct hashtextextended(k.row_key, 0)) from told k)
           and hashtextextended(c.row_key, 0) in (select hashtextextended(k.row_key, 0) from told k group by 1 having count(*) > 1)
           and not exists (select from rejected r where r.line = c.line)) twice
 where line <> first_line;

-- What is left when the rows that an earlier import had just so are taken away. «not in», which is asked of a table in memory.
create temp table cooked on commit drop as
select c.*, null::uuid as property_id
  from told c
  left join import_origin o on o.source = (select source from run) and o.source_key = c.row_key and o.content_hash = c.content_hash
 where o.source is null and c.line not in (select r.line from rejected r);
insert into outcome (line, state)
select c.line, 'unchanged'
  from told c
 where c.line not in (select k.line from cooked k) and c.line not in (select r.line from rejected r);
update import_origin o
   set seen = c.seen
  from told c
 where o.source = (select source from run) and o.source_key = c.row_key and o.content_hash = c.content_hash and not c.is_odd
   and o.seen is distinct from c.seen and c.seen is not null and c.line not in (select r.line from rejected r);
drop table told;
create index on cooked (row_key);
create index on cooked (address_key);
analyze cooked;

-- section: match
-- Where the row's dwelling is already: where an earlier import put it, else the one with the same address and H-number.
create temp table matched on commit drop as
select c.line, c.address_key, c.h_text, o.row_id as known_id, d.place_id as same_id,
       count(*) filter (where o.row_id is null) over (partition by c.address_key, c.h_text) as rivals
  from cooked c
 cross join run
  left join import_origin o on o.source = run.source and o.source_key = c.row_key and o.tbl = 'dwelling'
  left join address a on a.key = c.address_key
  left join lateral (select w.place_id from dwelling w join place p on p.id = w.place_id
                      where w.address_id = a.id and w.h_number = c.h_text and p.removed_at is null
                        and not exists (select from import_origin x where x.row_id = w.place_id and x.source = run.source)
                      order by w.place_id limit 1) d on true
 where c.h_text ~ '^[KUHL]';
analyze matched;

-- What a person has said of a row before: it is this dwelling, so no other row is; or it is not to be read in.
update matched m set known_id = x.place_id, same_id = null
  from cooked c, choice x
 where c.line = m.line and x.key = 'bruksenhet:' || c.row_key and x.place_id is not null;
update matched m set same_id = null where m.known_id is null and exists (select from choice x where x.place_id = m.same_id);
insert into rejected (line, col, reason)
select c.line, 'bruksenhetid', 'valgt bort i køen' from cooked c join choice x on x.key = 'bruksenhet:' || c.row_key where x.place_id is null;
delete from cooked c using rejected r where r.line = c.line;
delete from matched m using rejected r where r.line = m.line;

-- Several rows that all could be the one dwelling here: somebody who knows the house decides.
insert into waiting (line, key, reason, candidates)
select m.line, 'bruksenhet:' || c.row_key, 'flere bruksenheter med samme adresse og H-nummer kan være den samme boligen',
       jsonb_build_array(jsonb_build_object('tbl', 'place', 'id', m.same_id, 'label', p.label, 'score', round(1.0 / m.rivals, 2)))
  from matched m
  join cooked c using (line)
  join place p on p.id = m.same_id
 where m.known_id is null and m.rivals > 1;
delete from cooked c using waiting w where w.line = c.line;
delete from matched m using waiting w where w.line = m.line;

-- section: land
insert into flagged (line, col, reason)
select c.line, 'kommunenummer', 'kommunen har fått nytt nummer: lest som ' || n.municipality_no || '-' || n.gnr || '/' || n.bnr from cooked c join renumbered n using (line);
insert into flagged (line, col, reason)
select line, 'kommunenummer', 'kommunenummeret hadde mistet nullen foran' from cooked join staged using (line) where kommunenummer ~ '^[0-9]{3}$';

-- Properties. One that has no outline is shown where its first address is.
create temp table new_property on commit drop as
select distinct on (c.municipality_no, c.gnr, c.bnr, c.fnr, c.snr)
       uuidv7() as id, c.line, c.municipality_no, c.gnr, c.bnr, c.fnr, c.snr, c.geom, m.place_id as parent_id, m.area_no
  from cooked c
  join municipality_here m using (municipality_no)
 where not exists (select from property p where (p.municipality_no, p.gnr, p.bnr, p.fnr, p.snr) = (c.municipality_no::char(4), c.gnr, c.bnr, c.fnr, c.snr))
 order by c.municipality_no, c.gnr, c.bnr, c.fnr, c.snr, c.line;

-- Without a setting they belong to the area of the nearest building, for a caretaker's houses lie together.
update new_property n
   set area_no = coalesce((select q.area_no from place q
                            where q.kind = 'building' and q.area_no is not null and st_dwithin(q.point, n.geom, 2000)
                            order by q.point <-> n.geom limit 1), n.area_no)
  from municipality_here m
 where m.municipality_no = n.municipality_no and not m.has_given_area;

-- The root of the tree, when nothing of the municipality is here yet.
create temp table new_root on commit drop as
select uuidv7() as id, m.municipality_no, m.area_no,
       (select s.kommunenavn from cooked c join staged s using (line)
         where c.municipality_no = m.municipality_no order by c.line limit 1) as name
  from municipality_here m
 where m.place_id is null and exists (select from new_property n where n.municipality_no = m.municipality_no);
insert into place (id, parent_id, kind, name, area_no)
select id, null, 'municipality', coalesce(initcap(name), municipality_no), area_no from new_root;
update new_property n set parent_id = r.id from new_root r where r.municipality_no = n.municipality_no;

insert into place (id, parent_id, kind, name, area_no, geom)
select id, parent_id, 'property', municipality_no || '-' || gnr || '/' || bnr || case when fnr > 0 or snr > 0 then '/' || fnr else '' end
       || case when snr > 0 then '/' || snr else '' end, area_no, geom
  from new_property;
insert into property (place_id, municipality_no, gnr, bnr, fnr, snr)
select id, municipality_no, gnr, bnr, fnr, snr from new_property;
update cooked c set property_id = p.place_id
  from property p
 where (p.municipality_no, p.gnr, p.bnr, p.fnr, p.snr) = (c.municipality_no::char(4), c.gnr, c.bnr, c.fnr, c.snr);
analyze cooked;

-- Addresses: the first row of each speaks for it. The building of an address is never changed here.
create temp table address_row on commit drop as
select distinct on (c.address_key) c.*
  from cooked c
 order by c.address_key, c.snr, c.line;
create temp table new_address on commit drop as
select c.address_key, c.line from address_row c where not exists (select from address a where a.key = c.address_key);

insert into address as a (municipality_no, street_code, street_name, number, letter, postcode, post_town, property_id, geom, key)
select municipality_no, case when not is_cadastral then street_code end,
       coalesce(street_name, gnr || '/' || bnr), case when is_cadastral then nullif(sub_number, 0) else number end,
       letter, postcode, post_town, property_id, geom, address_key
  from address_row
on conflict (key) do update
   set street_name = excluded.street_name, postcode = coalesce(excluded.postcode, a.postcode),
       post_town = coalesce(excluded.post_town, a.post_town), property_id = coalesce(a.property_id, excluded.property_id), geom = excluded.geom
 where (a.street_name, a.postcode, a.post_town, a.geom) is distinct from
       (excluded.street_name, coalesce(excluded.postcode, a.postcode), coalesce(excluded.post_town, a.post_town), excluded.geom)
    or a.property_id is null;

-- Dwellings: in the storey of the one building that has the address, in that building, or under the property: then
-- with the address in its name, and where the address is.
create temp table new_dwelling on commit drop as
select uuidv7() as id, c.line, c.h_text as h_number, a.id as address_id, coalesce(y.id, b.id, c.property_id) as parent_id,
       case when b.id is null and not c.is_cadastral then c.street_name || ' ' || c.number || coalesce(c.letter, '') || ', ' else '' end
       || c.h_text as name,
       case when b.id is null then c.geom end as geom
  from cooked c
  join matched m using (line)
  join address a on a.key = c.address_key
  left join place b on b.id = a.building_id and b.removed_at is null
  left join (select q.parent_id as building_id, t.plane, t.number, (array_agg(q.id order by q.id))[1] as id
               from storey t join place q on q.id = t.place_id
              where q.removed_at is null
              group by 1, 2, 3) y
         on y.building_id = b.id and y.plane = left(c.h_text, 1)::char(1) and y.number = substr(c.h_text, 2, 2)::smallint
 where m.known_id is null and m.same_id is null;
insert into place (id, parent_id, kind, name, geom) select id, parent_id, 'dwelling', name, geom from new_dwelling;
insert into dwelling (place_id, h_number, address_id) select id, h_number, address_id from new_dwelling;

-- A dwelling known from before that has got another H-number or address.
create temp table changed_dwelling on commit drop as
select m.known_id as id, c.h_text as h_number, a.id as address_id
  from matched m
  join cooked c using (line)
  join address a on a.key = c.address_key
  join dwelling d on d.place_id = m.known_id
 where (d.h_number, d.address_id) is distinct from (c.h_text, a.id);
update dwelling d set h_number = n.h_number, address_id = n.address_id from changed_dwelling n where d.place_id = n.id;
update place p set name = regexp_replace(p.name, '[KUHL][0-9]{4}$', n.h_number) from changed_dwelling n where p.id = n.id;

-- section: origin
insert into origin (line, source_key, tbl, row_id)
select line, 'eiendom:' || format('%s-%s/%s/%s/%s', municipality_no, gnr, bnr, fnr, snr), 'property', id from new_property
 union all
select n.line, 'ny-adresse:' || n.address_key, 'address', a.id from new_address n join address a on a.key = n.address_key
 union all
select 0, 'kommune:' || municipality_no, 'place', id from new_root;

-- The row's own origin: its dwelling, or its address when it has no H-number.
insert into origin (line, source_key, tbl, row_id, content_hash, seen)
select c.line, c.row_key, case when m.line is null then 'address' else 'dwelling' end, coalesce(m.known_id, m.same_id, n.id, a.id), c.content_hash,
       case when not c.is_odd then c.seen end
  from cooked c
  join address a on a.key = c.address_key
  left join matched m using (line)
  left join new_dwelling n using (line);

insert into outcome (line, state) select line, 'landed' from cooked;
insert into landed_in
select 'nye eiendommer', count(*) from new_property union all
select 'nye adresser', count(*) from new_address union all
select 'nye boliger', count(*) from new_dwelling union all
select 'boliger funnet igjen', count(*) from matched where same_id is not null;
