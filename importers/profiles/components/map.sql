-- Components of any spreadsheet. A row is known again by its mark or serial number in its building, else by what it is and where.

-- section: cook
create temp table cooked on commit drop as
select s.line,
       s.navn                          as name,
       pg_temp.element_code(s.bygningsdel) as element,
       s.tfm                           as tag,
       s.serienummer                   as serial,
       run.municipality_no,
       s.bygningsnummer                as bygningsnummer,
       s.matrikkelnummer               as cadastral,
       s.adresse                       as address,
       s.bygg                          as building_name,
       s.etasje                        as storey,
       s.rom                           as room,
       s.produsent                     as maker,
       s.type                          as model,
       case when s.montert ~ '^(19|20)[0-9]{2}$' then make_date(s.montert::int, 1, 1) else pg_temp.day(s.montert) end as installed_on,
       s.montert ~ '^(19|20)[0-9]{2}$' as is_year_only,
       s.levetid                       as life,
       pg_temp.day(s.garanti_til)      as warranty_until,
       s.antall                        as quantity,
       s.enhet                         as unit,
       pg_temp.amount(s.kostnad)       as cost,
       pg_temp.grade(s.tilstandsgrad)  as grade,
       nullif(concat_ws(E'\n', s.merknad, 'Leverandør: ' || s.leverandoer), '') as note,
       null::text                      as row_key,
       null::bytea                     as content_hash
  from staged s cross join run
 where s.fault is null;
update cooked
   set row_key = case
	when tag is not null    then 'merke:' || tag_form(tag)
	when serial is not null then 'serie:' || tag_form(serial) || ':' || coalesce(name_form(maker), '')
	else 'hva:' || concat_ws('|', element, name_form(name), coalesce(name_form(model), '-'), coalesce(name_form(storey), '-'), coalesce(name_form(room), '-')) end
       || ' @ ' || concat_ws('|', bygningsnummer, cadastral_form(cadastral), address_form(address), name_form(building_name)),
       content_hash = sha256(convert_to(concat_ws(E'\x1f', name, element, coalesce(tag, ''), coalesce(serial, ''), coalesce(storey, ''), coalesce(room, ''),
		coalesce(maker, ''), coalesce(model, ''), coalesce(installed_on::text, ''), coalesce(life::text, ''), coalesce(warranty_until::text, ''),
		coalesce(quantity::text, ''), coalesce(unit, ''), coalesce(cost::text, ''), coalesce(grade, ''), coalesce(note, '')), 'utf8'));

-- section: check
insert into rejected (line, col, reason)
select c.line, f.col, f.reason
  from cooked c
  join staged s using (line)
 cross join lateral (values
	(s.bygningsdel is not null and not exists (select from element e where e.code = c.element), 'bygningsdel', 'ukjent bygningsdel'),
	(num_nonnulls(c.bygningsnummer, c.cadastral, c.address, c.building_name) = 0 and not exists (select from rejected r where r.line = c.line and r.col = 'bygningsnummer'),
	                                                                  'bygningsnummer', 'raden sier ikke hvilken bygning'),
	(c.cadastral is not null and cadastral_form(c.cadastral) is null, 'matrikkelnummer', 'er ikke på formen gnr/bnr'),
	(s.montert is not null and c.installed_on is null,                'montert', 'er ikke en dato som finnes'),
	(s.garanti_til is not null and c.warranty_until is null,          'garanti_til', 'er ikke en dato som finnes'),
	(c.quantity < 0,                                                  'antall', 'er ikke et tall'),
	(s.kostnad is not null and coalesce(c.cost, -1) not between 0 and 90000000000, 'kostnad', 'er ikke et entydig beløp'),
	(s.tilstandsgrad is not null and c.grade is null,                 'tilstandsgrad', 'er ikke TG0 til TG3 eller TGIU')
 ) f (is_fault, col, reason)
 where f.is_fault;

select pg_temp.reject_twice('case when tag is not null then ''tfm'' when serial is not null then ''serienummer'' else ''navn'' end', 'samme komponent');
select pg_temp.leave_unchanged();

-- section: seek
insert into sought (line, municipality_no, bygningsnummer, cadastral, address, name)
select line, municipality_no, bygningsnummer, cadastral, address, building_name from cooked;

-- section: land
-- The storey and the room below the building: by name, or by what the storey's name means.
create temp table landing on commit drop as
select c.*, f.place_id as site_id, f.place_id, run.source, o.row_id as known_id, null::uuid as same_id, null::uuid as component_id
  from cooked c
  join found f using (line)
 cross join run
  left join import_origin o on o.source = run.source and o.source_key = c.row_key and o.tbl = 'component';
create temp table storey_hit on commit drop as
select l.line, array_agg(p.id) as ids
  from landing l
  join place p on p.parent_id = l.site_id and p.kind = 'storey' and p.removed_at is null
  join storey y on y.place_id = p.id
 where name_form(p.name) = name_form(l.storey) or y.plane || lpad(y.number::text, 2, '0') = pg_temp.storey_code(l.storey)
 group by 1;
update landing l set place_id = h.ids[1] from storey_hit h where h.line = l.line and cardinality(h.ids) = 1;
create temp table room_hit on commit drop as
select l.line, array_agg(p.id) filter (where l.place_id = l.site_id or p.parent_id = l.place_id or up.parent_id = l.place_id) as ids
  from landing l
  join place p on p.site_id = l.site_id and p.kind = 'room' and p.removed_at is null
  join place up on up.id = p.parent_id
 where name_form(p.name) = name_form(l.room) or starts_with(name_form(p.name), name_form(l.room) || ' ')
 group by 1;
insert into flagged (line, col, reason)
select l.line, 'etasje', 'etasjen finnes ikke i bygningen: lagt på bygningen' from landing l where l.storey is not null and l.place_id = l.site_id
 union all
select l.line, 'rom', 'rommet finnes ikke i bygningen: lagt på etasjen eller bygningen' from landing l left join room_hit h using (line)
 where l.room is not null and coalesce(cardinality(h.ids), 0) = 0
 union all
select l.line, 'rom', 'flere rom heter det: lagt på etasjen eller bygningen' from landing l join room_hit h using (line) where cardinality(h.ids) > 1
 union all
select l.line, 'montert', 'bare årstall: 1. januar' from landing l where l.is_year_only
 union all
select l.line, 'tfm', 'merkingen sier en annen bygningsdel enn raden' from landing l
 where substring(l.tag from '=([0-9]{2})') <> left(l.element, 2) and length(l.element) >= 2;
update landing l set place_id = h.ids[1] from room_hit h where h.line = l.line and cardinality(h.ids) = 1;

-- One with the same mark in the building, registered by somebody, is the same; it keeps what it has, and gets what it lacks.
update landing l set same_id = k.ids[1]
  from (select n.line, array_agg(k.id) as ids
          from landing n
          join place p on p.id = n.site_id
          join component k on k.site_id = p.site_id and k.removed_at is null and tag_form(k.tag) = tag_form(n.tag)
         where n.known_id is null and not exists (select from import_origin x where x.source = n.source and x.row_id = k.id)
         group by 1) k
 where k.line = l.line and cardinality(k.ids) = 1;
update landing set same_id = null where same_id in (select same_id from landing group by 1 having count(*) > 1);
update landing set component_id = coalesce(known_id, same_id, uuidv7());

insert into component (id, place_id, name, element, tag, maker, model, serial, installed_on, service_life_years, quantity, unit,
                       replacement_cost_ore, warranty_until, note)
select component_id, place_id, name, element, tag, maker, model, serial, installed_on, life, quantity, unit, round(cost * 100), warranty_until, note
  from landing where known_id is null and same_id is null;
update component k
   set place_id = l.place_id, name = l.name, element = l.element, tag = coalesce(l.tag, k.tag), maker = coalesce(l.maker, k.maker),
       model = coalesce(l.model, k.model), serial = coalesce(l.serial, k.serial), installed_on = coalesce(l.installed_on, k.installed_on),
       service_life_years = coalesce(l.life, k.service_life_years), quantity = coalesce(l.quantity, k.quantity), unit = coalesce(l.unit, k.unit),
       replacement_cost_ore = coalesce(round(l.cost * 100), k.replacement_cost_ore), warranty_until = coalesce(l.warranty_until, k.warranty_until),
       note = coalesce(l.note, k.note)
  from landing l where k.id = l.known_id;
update component k
   set element = coalesce(k.element, l.element), maker = coalesce(k.maker, l.maker), model = coalesce(k.model, l.model), serial = coalesce(k.serial, l.serial),
       installed_on = coalesce(k.installed_on, l.installed_on), service_life_years = coalesce(k.service_life_years, l.life),
       quantity = coalesce(k.quantity, l.quantity), unit = coalesce(k.unit, l.unit), warranty_until = coalesce(k.warranty_until, l.warranty_until),
       replacement_cost_ore = coalesce(k.replacement_cost_ore, round(l.cost * 100)), note = coalesce(k.note, l.note)
  from landing l where k.id = l.same_id;
insert into condition (component_id, grade, note)
select l.component_id, l.grade, 'Fra innlesing'
  from landing l join component k on k.id = l.component_id
 where l.grade is not null and l.grade is distinct from k.condition_grade;

-- section: origin
insert into origin (line, source_key, tbl, row_id, content_hash) select line, row_key, 'component', component_id, content_hash from landing;
insert into outcome (line, state) select line, 'landed' from landing;
insert into landed_in
select 'nye komponenter', count(*) from landing where known_id is null and same_id is null union all
select 'komponenter funnet igjen', count(*) from landing where same_id is not null;
