-- COBie (BS 1192-4): Facility is the building, Floor its storeys, Space its rooms, Component what stands in them, Type what those are, System
-- what they are parts of. The building is sought; everything else lies below it, and waits with it.

-- section: cook
-- COBie writes «n/a» for nothing.
create or replace function pg_temp.told(t text) returns text immutable parallel safe language sql
	return case when lower(pg_temp.clean(t)) not in ('n/a', 'na', 'n.a.') then pg_temp.clean(t) end;

create temp table cooked on commit drop as
select s.line,
       lower(pg_temp.clean(s.layer))                                as kind,
       pg_temp.told(s.navn)                                         as name,
       coalesce(name_form(pg_temp.told(s.navn)), '')                as form,
       pg_temp.told(s.beskrivelse)                                  as descr,
       pg_temp.element_code(pg_temp.told(s.kategori))               as element,
       pg_temp.told(s.tomt)                                         as site,
       name_form(pg_temp.told(s.etasje))                            as floor,
       pg_temp.storey_code(pg_temp.told(s.navn))                    as storey_code,
       pg_temp.storey_code(pg_temp.told(s.etasje))                  as floor_code,
       pg_temp.number(pg_temp.told(s.nettoareal))                   as area_m2,
       name_form(pg_temp.told(split_part(s.rom, ',', 1)))           as space,
       name_form(pg_temp.told(s.type))                              as type,
       pg_temp.told(s.produsent)                                    as maker,
       pg_temp.told(s.modell)                                       as model,
       pg_temp.whole(pg_temp.told(s.levetid))                       as life,
       pg_temp.amount(pg_temp.told(s.gjenanskaffelse))              as cost,
       pg_temp.told(s.serienummer)                                  as serial,
       pg_temp.day(pg_temp.told(s.montert))                         as installed_on,
       coalesce(pg_temp.told(s.merke), pg_temp.told(s.ident))       as tag,
       sha256(convert_to((select string_agg(e.key || '=' || e.value, E'\x1f' order by e.key) from jsonb_each_text(to_jsonb(s)) e
                           where e.value <> '' and e.key !~ '^x_' and e.key <> all ('{line,fault,fault_column,marks,beyond}')), 'utf8')) as content_hash,
       null::bigint as facility_line, null::uuid as building_id, null::uuid as row_id, false as is_known, null::text as row_key
  from staged s
 where s.fault is null;

-- A workbook is of one building. Rows of the queue may be of several: then each is of the Facility before it.
create temp table book on commit drop as
select b.file_name = '(fra køen)' as is_queue, (select count(*) from cooked where kind = 'facility') as facilities, (select min(line) from cooked where kind = 'facility') as first_line
  from run join import_batch b on b.id = run.batch_id;
update cooked c set facility_line = case
	when c.kind = 'facility'   then c.line
	when book.facilities = 1   then book.first_line
	when book.is_queue         then (select max(f.line) from cooked f where f.kind = 'facility' and f.line < c.line) end
  from book;

-- section: check
insert into rejected (line, col, reason)
select c.line, f.col, f.reason
  from cooked c
  join staged s using (line)
 cross join book
 cross join lateral (values
	(c.form = '',                                                         'navn', 'mangler'),
	(c.kind = 'facility' and book.facilities > 1 and not book.is_queue,   'layer', 'boken har flere bygninger: én fil for hver'),
	(c.facility_line is null,                                             'layer', case when book.facilities = 0 then 'boken har ingen bygning (arket Facility)' else 'boken har flere bygninger: én fil for hver' end),
	(c.kind = 'floor' and c.storey_code is null,                          'navn', 'navnet sier ikke hvilken etasje: «1. etasje», «Kjeller», «H01»'),
	(pg_temp.told(s.nettoareal) is not null and coalesce(c.area_m2, -1) < 0, 'nettoareal', 'er ikke et tall'),
	(c.kind in ('type', 'component', 'system') and pg_temp.told(s.kategori) is not null and not exists (select from element e where e.code = c.element), 'kategori', 'ukjent bygningsdel'),
	(c.kind = 'type' and c.element is null and pg_temp.told(s.kategori) is null, 'kategori', 'mangler'),
	(pg_temp.told(s.levetid) is not null and coalesce(c.life, 0) not between 1 and 500, 'levetid', 'er ikke et tall fra 1 til 500'),
	(pg_temp.told(s.gjenanskaffelse) is not null and coalesce(c.cost, -1) not between 0 and 90000000000, 'gjenanskaffelse', 'er ikke et entydig beløp'),
	(pg_temp.told(s.montert) is not null and c.installed_on is null,      'montert', 'er ikke en dato som finnes')
 ) f (is_fault, col, reason)
 where f.is_fault;
insert into rejected (line, col, reason)
select line, 'navn', 'samme navn som linje ' || first_line
  from (select c.line, first_value(c.line) over (partition by c.facility_line, c.kind, case c.kind when 'floor' then c.storey_code else c.form end order by c.line) as first_line
          from cooked c where not exists (select from rejected r where r.line = c.line)) twice
 where line <> first_line;
insert into rejected (line, col, reason)
select c.line, 'type', case when c.type is null then 'mangler' else 'typen finnes ikke i arket Type, eller er avvist' end
  from cooked c
 where c.kind = 'component' and not exists (select from rejected r where r.line = c.line)
   and not exists (select from cooked t where t.kind = 'type' and t.facility_line = c.facility_line and t.form = c.type and not exists (select from rejected r where r.line = t.line));
insert into rejected (line, col, reason)
select c.line, 'navn', 'ingen komponent er av typen'
  from cooked c
 where c.kind = 'type' and not exists (select from rejected r where r.line = c.line)
   and not exists (select from cooked k where k.kind = 'component' and k.facility_line = c.facility_line and k.type = c.form and not exists (select from rejected r where r.line = k.line));
delete from cooked c using rejected r where r.line = c.line;
insert into rejected (line, col, reason)
select c.line, 'layer', 'bygningen (arket Facility) er avvist' from cooked c where not exists (select from cooked f where f.line = c.facility_line);
delete from cooked c using rejected r where r.line = c.line;

-- section: seek
-- What SiteName holds is an address when there is a number in it, or a property's number.
insert into sought (line, municipality_no, cadastral, address, name)
select c.line, run.municipality_no, case when cadastral_form(c.site) is not null then c.site end,
       case when cadastral_form(c.site) is null and address_form(c.site) ~ ' [0-9]' then c.site end, c.name
  from cooked c cross join run
 where c.kind = 'facility';

-- section: below
insert into waiting (line, key, reason, candidates)
select f.line, f.key, 'bygningen finnes ikke her, bare eiendommen', '[]' from found f where f.building_id is null;
insert into waiting (line, key, reason, candidates)
select c.line, w.key, 'hører til en bygning som ikke er sikker', w.candidates
  from cooked c join waiting w on w.line = c.facility_line where c.kind <> 'facility';
insert into rejected (line, col, reason)
select c.line, 'layer', 'bygningen er valgt bort i køen' from cooked c where c.kind <> 'facility' and exists (select from rejected r where r.line = c.facility_line);
delete from cooked c using waiting w where w.line = c.line;
delete from cooked c using rejected r where r.line = c.line;
update cooked c set building_id = f.building_id, row_key = f.building_id || ':' || c.kind || ':' || case c.kind when 'floor' then c.storey_code else c.form end
  from found f where f.line = c.facility_line;
-- A component is new also when its type is.
update cooked c set content_hash = sha256(c.content_hash || t.content_hash)
  from cooked t where c.kind = 'component' and t.kind = 'type' and t.facility_line = c.facility_line and t.form = c.type;
update cooked c set row_id = o.row_id, is_known = true
  from run, import_origin o
 where o.source = run.source and o.source_key = c.row_key
   and case when o.tbl = 'component' then exists (select from component k where k.id = o.row_id and k.removed_at is null)
            else exists (select from place p where p.id = o.row_id and p.removed_at is null) end;
update cooked set row_id = building_id where kind = 'facility';
analyze cooked;

-- section: storeys
update cooked c set row_id = h.ids[1]
  from (select c.line, array_agg(p.id) as ids
          from cooked c
          join place p on p.parent_id = c.building_id and p.kind = 'storey' and p.removed_at is null
          join storey y on y.place_id = p.id
         where c.kind = 'floor' and c.row_id is null and y.plane || lpad(y.number::text, 2, '0') = c.storey_code
         group by 1) h
 where h.line = c.line and cardinality(h.ids) = 1;
create temp table new_storey on commit drop as select line, uuidv7() as id, building_id, name, storey_code from cooked where kind = 'floor' and row_id is null;
insert into place (id, parent_id, kind, name) select id, building_id, 'storey', name from new_storey;
insert into storey (place_id, plane, number) select id, left(storey_code, 1), substr(storey_code, 2)::smallint from new_storey;
update cooked c set row_id = n.id from new_storey n where n.line = c.line;

-- section: rooms
create temp table room_at on commit drop as
select c.line, c.building_id, c.form, coalesce(f.row_id, y.id, c.building_id) as parent_id, concat_ws(' ', c.name, case when name_form(c.descr) <> c.form then c.descr end) as name,
       c.area_m2, f.row_id is null and y.id is null and c.floor is not null as has_no_floor
  from cooked c
  left join cooked f on f.kind = 'floor' and f.facility_line = c.facility_line and (f.form = c.floor or f.storey_code = c.floor_code)
  left join lateral (select p.id from place p join storey s on s.place_id = p.id
                      where p.parent_id = c.building_id and p.kind = 'storey' and p.removed_at is null
                        and (name_form(p.name) = c.floor or s.plane || lpad(s.number::text, 2, '0') = c.floor_code)
                      order by (name_form(p.name) = c.floor) desc, p.id limit 1) y on true
 where c.kind = 'space';
update cooked c set row_id = h.ids[1]
  from (select r.line, array_agg(p.id) as ids
          from room_at r
          join place p on p.parent_id = r.parent_id and p.kind = 'room' and p.removed_at is null and (name_form(p.name) = r.form or starts_with(name_form(p.name), r.form || ' '))
         group by 1) h
 where h.line = c.line and c.row_id is null and cardinality(h.ids) = 1;
create temp table new_room on commit drop as
select r.line, uuidv7() as id, r.parent_id, r.name, r.area_m2 from room_at r join cooked c using (line) where c.row_id is null;
insert into place (id, parent_id, kind, name, area_m2) select id, parent_id, 'room', name, area_m2 from new_room;
update cooked c set row_id = n.id from new_room n where n.line = c.line;

-- section: changed
-- What is as it was is left alone; it was needed until here, to hang the others on.
create temp table same on commit drop as
select c.line from cooked c cross join run
  join import_origin o on o.source = run.source and o.source_key = c.row_key and o.content_hash = c.content_hash
 where c.is_known or c.kind in ('facility', 'type');
update place p
   set name = case when c.is_known then r.name else p.name end, parent_id = case when c.is_known then r.parent_id else p.parent_id end,
       area_m2 = coalesce(r.area_m2, p.area_m2)
  from room_at r join cooked c using (line)
 where p.id = c.row_id and not exists (select from same s where s.line = c.line) and not exists (select from new_room n where n.line = c.line);

-- section: components
create temp table landing on commit drop as
select c.line, c.building_id, c.facility_line, c.form, c.row_id, c.is_known, coalesce(r.row_id, x.id, c.building_id) as place_id, c.space is not null and r.row_id is null and x.id is null as has_no_room,
       c.name, coalesce(c.element, t.element) as element, c.tag, coalesce(t.maker, c.maker) as maker, coalesce(t.model, c.model) as model, c.serial,
       c.installed_on, coalesce(c.life, t.life) as life, coalesce(c.cost, t.cost) as cost, nullif(concat_ws(E'\n', c.descr, case when t.descr <> c.descr then t.descr end), '') as note, c.kind
  from cooked c
  left join cooked t on t.kind = 'type' and t.facility_line = c.facility_line and t.form = c.type
  left join cooked r on r.kind = 'space' and r.facility_line = c.facility_line and r.form = c.space
  left join lateral (select (array_agg(p.id))[1] as id from place p
                      where p.site_id = c.building_id and p.kind = 'room' and p.removed_at is null and name_form(p.name) = c.space having count(*) = 1) x on true
 where c.kind in ('component', 'system') and not exists (select from same s where s.line = c.line);
-- One with the same mark in the building is the same.
update landing l set row_id = k.ids[1], is_known = true
  from (select n.line, array_agg(k.id) as ids
          from landing n join component k on k.site_id = n.building_id and k.removed_at is null and tag_form(k.tag) = tag_form(n.tag)
         where n.row_id is null group by 1) k
 where k.line = l.line and cardinality(k.ids) = 1;
update landing set row_id = uuidv7() where row_id is null;
update cooked c set row_id = l.row_id from landing l where l.line = c.line;
insert into component (id, place_id, name, element, tag, maker, model, serial, installed_on, service_life_years, replacement_cost_ore, note)
select row_id, place_id, name, element, tag, maker, model, serial, installed_on, life, round(cost * 100), note from landing where not is_known;
update component k
   set place_id = l.place_id, name = l.name, element = coalesce(l.element, k.element), tag = coalesce(l.tag, k.tag), maker = coalesce(l.maker, k.maker),
       model = coalesce(l.model, k.model), serial = coalesce(l.serial, k.serial), installed_on = coalesce(l.installed_on, k.installed_on),
       service_life_years = coalesce(l.life, k.service_life_years), replacement_cost_ore = coalesce(round(l.cost * 100), k.replacement_cost_ore), note = coalesce(l.note, k.note)
  from landing l where k.id = l.row_id and l.is_known;

-- The parts of the systems, and those that are named but not there.
create temp table part on commit drop as
select y.line, y.row_id as system_id, c.row_id as component_id, name_form(n.name) as form
  from cooked y
  join staged s using (line)
 cross join lateral unnest(string_to_array(pg_temp.told(s.komponenter), ',')) n (name)
  left join cooked c on c.kind = 'component' and c.facility_line = y.facility_line and c.form = name_form(n.name)
 where y.kind = 'system' and not exists (select from same x where x.line = y.line);
update component k set parent_id = p.system_id from part p where p.component_id = k.id and k.parent_id is distinct from p.system_id;

insert into flagged (line, col, reason)
select line, 'etasje', 'etasjen finnes ikke: rommet er lagt på bygningen' from room_at where has_no_floor
 union all
select line, 'rom', 'rommet finnes ikke: lagt på bygningen' from landing where has_no_room
 union all
select distinct line, 'komponenter', 'systemet nevner komponenter som ikke er i boken' from part where component_id is null
 union all
select c.line, f.col, f.reason
  from cooked c
  join staged s using (line)
 cross join lateral (values
	(pg_temp.told(s.rom) like '%,%',                                      'rom', 'flere rom: lagt i det første'),
	(num_nonnulls(pg_temp.told(s.kote), pg_temp.told(s.hoeyde)) > 0,      'kote', 'kote og høyde har ingen plass i registeret: ikke ført'),
	(pg_temp.told(s.bruttoareal) is not null,                             'bruttoareal', 'bruttoareal av rom har ingen plass i registeret: ikke ført'),
	(num_nonnulls(pg_temp.told(s.garanti_deler), pg_temp.told(s.garanti_start)) > 0, 'garanti_start', 'garantiens enhet sies ikke: ikke ført')
 ) f (is_so, col, reason)
 where f.is_so and not exists (select from same x where x.line = c.line);

-- section: origin
update cooked t set row_id = k.row_id
  from (select facility_line, type, min(row_id::text)::uuid as row_id from cooked where kind = 'component' group by 1, 2) k
 where t.kind = 'type' and k.facility_line = t.facility_line and k.type = t.form;
insert into origin (line, source_key, tbl, row_id, content_hash)
select c.line, c.row_key, case c.kind when 'facility' then 'building' when 'floor' then 'storey' when 'space' then 'place' else 'component' end, c.row_id, c.content_hash
  from cooked c
 where not exists (select from same s where s.line = c.line);
insert into outcome (line, state) select c.line, case when s.line is null then 'landed' else 'unchanged' end from cooked c left join same s using (line);
insert into landed_in
select 'nye etasjer', count(*) from new_storey union all
select 'nye rom', count(*) from new_room union all
select 'nye komponenter', count(*) from landing where not is_known;
