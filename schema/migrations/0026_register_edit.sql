-- The register is edited: places with what extends them as one thing, components, deletion, restoring and undo.
--
-- Functions that write run with the caller's rights, so that grants and policies bind them as they bind plain statements; each makes one
-- change (0025) and is one round trip. What they refuse is told with a pointer to the field (RFC 9457's «errors») or with what is in the way.
set local role fdvu_owner;
set local search_path = fdvu, public;

alter table place add column merged_into uuid references place;
comment on column place.merged_into is 'what a removed place was merged into';
create index place_merged_into on place (merged_into) where merged_into is not null;
grant update (merged_into) on place to fdvu_office;
select history_table('place', 'id', '{parent_id,site_id}');

-- As in 0024, but that a version counted up for what extends the place (place_bump) is no writing of the place's own: what the transaction
-- writes to the place afterwards begins a version.
create or replace function stamp_version() returns trigger language plpgsql as $$
begin
	new.row_v   := old.row_v;
	new.changed := old.changed;
	new.since   := old.since;
	if new is distinct from old then
		if old.changed <> pg_current_xact_id() then
			new.since := greatest(old.since, valid_now());
		end if;
		new.changed := pg_current_xact_id();
	end if;
	new.row_v := old.row_v + 1;
	return new;
end
$$;

-- A time, or a day: its beginning in Norway.
create function moment(given text) returns timestamptz stable strict parallel safe language sql as $$
	select case when length(given) = 10 then given::timestamp at time zone 'Europe/Oslo' else given::timestamptz end;
$$;

-- Is the place of an area of the one who asks? Without the policies, which would ask this again for ever.
create function place_is_mine(place uuid) returns boolean
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select exists (select from place p
	                where p.id = place_is_mine.place and (p.area_no = any (areas()) or (p.area_no is null and me() is not null)));
$$;

-- Who sees a row of the register sees what became of it, as in 0025. A function, because PostgreSQL would else read all components into a hash
-- to show the history of one.
create function register_is_mine(tbl text, row_id uuid) returns boolean
stable language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if tbl in ('place', 'property', 'building', 'storey', 'dwelling') then
		return place_is_mine(row_id);
	end if;
	return tbl = 'component' and exists (select from component c where c.id = register_is_mine.row_id
	                                        and (c.area_no = any (areas()) or (c.area_no is null and me() is not null)));
end
$$;
drop policy office_register on audit;
create policy office_register on audit for select to fdvu_office using ((select me()) is not null and register_is_mine(tbl, row_id));

-- Nobody hangs a place below one they do not see.
create policy office_parent on place as restrictive for insert to fdvu_office with check (parent_id is null or place_is_mine(parent_id));
create policy office_moves  on place as restrictive for update to fdvu_office using (true)
	with check (parent_id is null or place_is_mine(parent_id));

-- A system and its parts are of one site, and no part contains what it is part of.
create function component_system() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	up record;
begin
	if new.parent_id is null then
		return null;
	end if;
	select c.site_id, c.removed_at into up from component c where c.id = new.parent_id;
	if not found or up.site_id <> new.site_id then
		raise exception 'the system is not of the same building' using errcode = 'FD400', constraint = 'component_system_is_of_its_site',
			detail = '{"errors":[{"pointer":"/parent_id","detail":"the system is not of the same building"}]}';
	end if;
	if exists (with recursive above as (
	               select c.id, c.parent_id from component c where c.id = new.parent_id
	               union
	               select c.id, c.parent_id from component c join above a on c.id = a.parent_id)
	           select from above where id = new.id) then
		raise exception 'the system is a part of this component' using errcode = 'FD400', constraint = 'component_systems_hold_no_ring',
			detail = '{"errors":[{"pointer":"/parent_id","detail":"the system is a part of this component"}]}';
	end if;
	return null;
end
$$;
-- Afterwards: a statement that moves a system with its parts is judged by how it leaves them.
create trigger system after insert or update of parent_id, place_id on component for each row execute function component_system();

-- As in 0024, but that it says which field is wrong.
create or replace function place_geometry() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	land geometry;
begin
	if new.geom is null then
		return new;
	end if;
	if not st_isvalid(new.geom) then
		perform refuse('/geometry', 'the geometry is not valid: ' || st_isvalidreason(new.geom));
	end if;
	if is_program() or new.is_outside or new.kind = 'municipality' then
		return new;
	end if;
	with recursive up as (
		select p.parent_id, p.kind, p.geom from place p where p.id = new.parent_id
		union all
		select p.parent_id, p.kind, p.geom from place p join up u on p.id = u.parent_id
	)
	select u.geom into land from up u where u.kind = 'municipality';
	if land is not null and not st_coveredby(new.geom, land) then
		perform refuse('/geometry', 'the geometry lies outside the municipality');
	end if;
	return new;
end
$$;

-- Answers 400 with the field that is wrong.
create function refuse(pointer text, words text) returns void language plpgsql immutable as $$
begin
	raise exception '%', words using errcode = 'FD400',
		detail = jsonb_build_object('errors', jsonb_build_array(jsonb_build_object('pointer', pointer, 'detail', words)))::text;
end
$$;

-- The API's names of fields are the columns', but for these.
create function register_column(field text) returns text immutable parallel safe language sql as $$
	select case field when 'geometry' then 'geom' when 'dwelling_kind' then 'kind' else field end;
$$;
create function register_field(tbl text, col text) returns text immutable parallel safe language sql as $$
	select case when col = 'geom' then 'geometry' when tbl = 'dwelling' and col = 'kind' then 'dwelling_kind' else col end;
$$;

-- GeoJSON in EPSG:25832 to geometry, null for null.
create function geometry_of(given jsonb) returns geometry language plpgsql immutable as $$
declare
	g geometry;
begin
	if given is null or given = 'null' then
		return null;
	end if;
	if jsonb_typeof(given) <> 'object' then
		perform refuse('/geometry', 'must be a GeoJSON geometry in EPSG:25832');
	end if;
	begin
		g := st_setsrid(st_force2d(st_geomfromgeojson((given - 'crs')::text)), 25832);
	exception when others then
		perform refuse('/geometry', 'must be a GeoJSON geometry in EPSG:25832');
	end;
	if g is null or st_isempty(g) then
		perform refuse('/geometry', 'must not be empty');
	end if;
	return st_snaptogrid(g, 0.001);
end
$$;

create function place_extension(kind place_kind) returns text immutable parallel safe language sql as $$
	select case when kind in ('property', 'building', 'storey', 'dwelling') then kind::text end;
$$;

-- What a property is called: its number.
create function property_name(municipality_no text, gnr int, bnr int, fnr int, snr int) returns text immutable parallel safe language sql as $$
	select municipality_no || '-' || gnr || '/' || bnr || case when fnr > 0 or snr > 0 then '/' || fnr else '' end
	       || case when snr > 0 then '/' || snr else '' end;
$$;

-- The fields of a place that people edit, with those of what extends it (which win: a dwelling has an area of its own).
create function place_details(place uuid, kind place_kind) returns jsonb stable language sql as $$
	select case kind
	       when 'property' then (select to_jsonb(x) - '{place_id,area_no,row_v,changed,since}'::text[] from property x where x.place_id = place)
	       when 'building' then (select to_jsonb(x) - '{place_id,area_no,row_v,changed,since}'::text[] from building x where x.place_id = place)
	       when 'storey'   then (select to_jsonb(x) - '{place_id,area_no,row_v,changed,since}'::text[] from storey x where x.place_id = place)
	       when 'dwelling' then (select to_jsonb(x) - '{place_id,area_no,row_v,changed,since,kind}'::text[] || jsonb_build_object('dwelling_kind', x.kind)
	                               from dwelling x where x.place_id = place)
	       end;
$$;

create function place_own_fields(place uuid) returns jsonb stable language sql as $$
	select jsonb_build_object('name', p.name, 'area_no', p.area_no, 'code', p.code, 'is_public', p.is_public, 'warning', p.warning,
	                          'is_outside', p.is_outside, 'is_bookable', p.is_bookable, 'is_universal', p.is_universal, 'area_m2', p.area_m2,
	                          'geometry', st_asgeojson(p.geom, 3, 0)::jsonb)
	  from place p where p.id = place;
$$;

create function component_fields(component uuid) returns jsonb stable language sql as $$
	select to_jsonb(x) || jsonb_build_object('geometry', st_asgeojson(c.geom, 3, 0)::jsonb)
	  from component c
	 cross join lateral (select c.name, c.element, c.tag, c.maker, c.model, c.serial, c.installed_on, c.service_life_years, c.quantity, c.unit,
	                            c.replacement_cost_ore, c.warranty_until, c.code, c.parent_id, c.note) x
	 where c.id = component;
$$;

-- A place as it is, or as it was at a time: of what was removed it says so (410), with what it was merged into. After a change `xid` is its number.
create function register_place(place uuid, at timestamptz default null)
returns table (id uuid, kind place_kind, name text, label text, parent_id uuid, site_id uuid, area_no int, code text, warning text,
	is_public boolean, is_bookable boolean, is_universal boolean, is_outside boolean, area_m2 numeric, row_v bigint, x numeric, y numeric,
	geometry json, since timestamptz, until timestamptz, children bigint, component_count bigint, path json, details jsonb, xid text)
language plpgsql as $$
declare
	gone record;
begin
	if at is null then
		return query
		select p.id, p.kind, p.name, p.label, p.parent_id, p.site_id, p.area_no, p.code, p.warning, p.is_public, p.is_bookable, p.is_universal,
		       p.is_outside, p.area_m2, p.row_v, st_x(p.point)::numeric(12,3), st_y(p.point)::numeric(12,3), st_asgeojson(p.geom, 3, 0)::json,
		       nullif(p.since, '-infinity'), null::timestamptz,
		       (select count(*) from place c where c.parent_id = p.id and c.removed_at is null),
		       (select count(*) from component c where (c.place_id = p.id or c.site_id = p.id) and c.removed_at is null),
		       (with recursive up as (
		               select a.id, a.parent_id, a.name, a.kind, 0 as depth from place a where a.id = p.parent_id
		               union all
		               select a.id, a.parent_id, a.name, a.kind, u.depth + 1 from place a join up u on a.id = u.parent_id where u.depth < 10)
		        select coalesce(json_agg(json_build_object('id', u.id, 'name', u.name, 'kind', u.kind) order by u.depth desc), '[]') from up u),
		       place_details(p.id, p.kind) || case p.kind
		           when 'building' then jsonb_build_object('type_name', (select t.name from building b join building_type t on t.code = b.type_code
		                                                                  where b.place_id = p.id))
		           when 'dwelling' then jsonb_build_object('address', (select address_text(d.address_id) from dwelling d where d.place_id = p.id))
		           else '{}' end,
		       (select x.xid::text from register_change x where x.xid = pg_current_xact_id_if_assigned())
		  from place p
		 where p.id = place and p.removed_at is null;
	else
		return query
		select p.id, p.kind, p.name, p.label, p.parent_id, p.site_id, p.area_no, p.code, p.warning, p.is_public, p.is_bookable, p.is_universal,
		       p.is_outside, p.area_m2, p.row_v, st_x(p.point)::numeric(12,3), st_y(p.point)::numeric(12,3), st_asgeojson(p.geom, 3, 0)::json,
		       nullif(p.since, '-infinity'), p.until,
		       (select count(*) from place_ever c where c.parent_id = p.id and c.since <= at and (c.until is null or c.until > at)
		           and (c.removed_at is null or c.removed_at > at)),
		       (select count(*) from component_ever c where (c.place_id = p.id or c.site_id = p.id)
		           and c.since <= at and (c.until is null or c.until > at) and (c.removed_at is null or c.removed_at > at)),
		       (with recursive up as (
		               select a.id, a.parent_id, a.name, a.kind, 0 as depth
		                 from place_ever a where a.id = p.parent_id and a.since <= at and (a.until is null or a.until > at)
		               union all
		               select a.id, a.parent_id, a.name, a.kind, u.depth + 1
		                 from up u join place_ever a on a.id = u.parent_id and a.since <= at and (a.until is null or a.until > at)
		                where u.depth < 10)
		        select coalesce(json_agg(json_build_object('id', u.id, 'name', u.name, 'kind', u.kind) order by u.depth desc), '[]') from up u),
		       place_details_at(p.id, p.kind, at), null::text
		  from place_ever p
		 where p.id = place and p.since <= at and (p.until is null or p.until > at) and (p.removed_at is null or p.removed_at > at);
	end if;
	if not found and at is null then
		select p.removed_at, p.merged_into into gone from place p where p.id = place;
		if found then
			raise exception 'this place has been removed' using errcode = 'FD410',
				detail = jsonb_build_object('removed_at', gone.removed_at, 'merged_into', gone.merged_into)::text;
		end if;
	end if;
end
$$;

create function address_text(address uuid) returns text stable language sql as $$
	select a.street_name || coalesce(' ' || a.number, '') || coalesce(a.letter, '') from address a where a.id = address;
$$;

create function place_details_at(place uuid, kind place_kind, at timestamptz) returns jsonb stable language sql as $$
	select case kind
	       when 'property' then (select to_jsonb(x) - '{place_id,area_no,row_v,changed,since,until}'::text[] from property_ever x
	                              where x.place_id = place and x.since <= at and (x.until is null or x.until > at))
	       when 'building' then (select to_jsonb(x) - '{place_id,area_no,row_v,changed,since,until}'::text[] from building_ever x
	                              where x.place_id = place and x.since <= at and (x.until is null or x.until > at))
	       when 'storey'   then (select to_jsonb(x) - '{place_id,area_no,row_v,changed,since,until}'::text[] from storey_ever x
	                              where x.place_id = place and x.since <= at and (x.until is null or x.until > at))
	       when 'dwelling' then (select to_jsonb(x) - '{place_id,area_no,row_v,changed,since,until,kind}'::text[]
	                                    || jsonb_build_object('dwelling_kind', x.kind) from dwelling_ever x
	                              where x.place_id = place and x.since <= at and (x.until is null or x.until > at))
	       end;
$$;

-- A component as it is. Volatile, like register_place(): it sees what the statement that asks has just written.
create function register_component(component uuid)
returns table (id uuid, place_id uuid, place_label text, site_id uuid, area_no int, name text, element text, element_name text, tag text,
	maker text, model text, serial text, installed_on date, service_life_years int, quantity numeric, unit text, replacement_cost_ore bigint,
	warranty_until date, condition_grade text, code text, parent_id uuid, parent_name text, note text, row_v bigint, since timestamptz,
	until timestamptz, geometry json, x numeric, y numeric, parts json, conditions json, xid text)
volatile language sql as $$
	select c.id, c.place_id, p.label as place_label, c.site_id, c.area_no, c.name, c.element, e.name as element_name, c.tag, c.maker, c.model,
	       c.serial, c.installed_on, c.service_life_years, c.quantity, c.unit, c.replacement_cost_ore, c.warranty_until, c.condition_grade,
	       c.code, c.parent_id, u.name as parent_name, c.note, c.row_v, nullif(c.since, '-infinity') as since, null::timestamptz as until,
	       st_asgeojson(c.geom, 3, 0)::json as geometry,
	       st_x(coalesce(c.geom, p.point))::numeric(12,3) as x, st_y(coalesce(c.geom, p.point))::numeric(12,3) as y,
	       (select coalesce(json_agg(json_build_object('id', k.id, 'name', k.name, 'tag', k.tag) order by k.name, k.id), '[]')
	          from (select * from component k where k.parent_id = c.id and k.removed_at is null limit 500) k) as parts,
	       (select coalesce(json_agg(json_build_object('grade', h.grade, 'consequence', h.consequence, 'cause', h.cause, 'note', h.note,
	                                                   'noted_by_name', person_name(h.noted_by), 'noted_at', h.noted_at)
	                                 order by h.noted_at desc, h.id desc), '[]')
	          from (select * from condition h where h.component_id = c.id order by h.noted_at desc, h.id desc limit 50) h) as conditions,
	       (select x.xid::text from register_change x where x.xid = pg_current_xact_id_if_assigned()) as xid
	  from component c
	  join place p on p.id = c.place_id
	  left join component u on u.id = c.parent_id
	  left join element e on e.code = c.element
	 where c.id = component
	   and c.removed_at is null;
$$;

create table building_status (
	code    text     primary key,
	n       smallint not null,
	name    text     not null,
	is_gone boolean  not null default false
);
comment on table building_status is 'BygningsstatusKode (Kartverket)';
alter table building_status enable row level security;
create policy job on building_status to fdvu_job using (true) with check (true);
create policy staff on building_status for select to fdvu_office, fdvu_field using ((select me()) is not null);
grant select on building_status to fdvu_office, fdvu_field;
grant select, insert, update, delete on building_status to fdvu_job;
insert into building_status (code, n, name, is_gone) values
	('RA', 1, 'Rammetillatelse', false), ('IG', 2, 'Igangsettingstillatelse', false), ('MB', 3, 'Midlertidig brukstillatelse', false),
	('FA', 4, 'Ferdigattest', false), ('TB', 5, 'Tatt i bruk', false), ('MT', 6, 'Meldingssak, tiltak registrert', false),
	('MF', 7, 'Meldingssak, tiltak fullført', false), ('GR', 8, 'Godkjent revet eller brent', false), ('IP', 9, 'Ikke pliktig registrert', false),
	('BR', 10, 'Bygning revet eller brent', true), ('BA', 11, 'Bygging avlyst', true), ('BF', 12, 'Bygning flyttet', true),
	('BU', 13, 'Bygningsnummer utgått', true);

-- As in 0025, but that the last to change a field is found by the field's column.
create or replace function register_merge(row_ids uuid[], have bigint, now_is jsonb, body jsonb) returns jsonb language plpgsql stable as $$
declare
	wanted    jsonb := body - '{row_v,base,valid_from,note}'::text[];
	base      jsonb := coalesce(nullif(body -> 'base', 'null'), '{}');
	result    jsonb;
	conflicts jsonb;
begin
	select coalesce(jsonb_object_agg(w.key, w.value), '{}') into result
	  from jsonb_each(wanted) w
	 where w.value is distinct from coalesce(now_is -> w.key, 'null');
	if (body ->> 'row_v')::bigint is not distinct from have then
		return result;
	end if;
	select jsonb_agg(jsonb_build_object('field', r.key, 'base', base -> r.key, 'mine', r.value, 'theirs', now_is -> r.key,
	                                    'by', a.name, 'at', a.at) order by r.key)
	  into conflicts
	  from jsonb_each(result) r
	  left join lateral (select person_name(x.actor) as name, x.at
	                       from audit x
	                      where x.row_id = any (row_ids) and x.op = 'U' and x.new ? register_column(r.key)
	                      order by x.at desc, x.n desc limit 1) a on true
	 where not (base ? r.key and base -> r.key = coalesce(now_is -> r.key, 'null'));
	if conflicts is not null then
		raise exception 'changed since: it is now version %, not %', have, coalesce(body ->> 'row_v', 'none')
			using errcode = 'FD409', detail = jsonb_build_object('conflicts', conflicts, 'row_v', have)::text;
	end if;
	return result;
end
$$;

-- The columns of a set of fields, ready for jsonb_populate_record.
create function register_columns(fields jsonb) returns jsonb immutable language sql as $$
	select coalesce(jsonb_object_agg(register_column(f.key),
	                                 case f.key when 'geometry' then to_jsonb(geometry_of(f.value)::text) else f.value end), '{}')
	  from jsonb_each(fields) f;
$$;

-- Fields that are not of what is written are no slip to be silent about.
create function refuse_fields(fields jsonb, known text[]) returns void language plpgsql immutable as $$
declare
	bad jsonb;
begin
	select jsonb_agg(jsonb_build_object('pointer', '/' || k, 'detail', 'is not a field of this kind') order by k) into bad
	  from jsonb_object_keys(fields) k where k <> all (known);
	if bad is not null then
		raise exception 'fields that this kind does not have' using errcode = 'FD400', detail = jsonb_build_object('errors', bad)::text;
	end if;
	if fields ? 'name' and coalesce(btrim(fields ->> 'name'), '') = '' then
		perform refuse('/name', 'must not be empty');
	elsif length(fields ->> 'name') > 200 then
		perform refuse('/name', 'is too long');
	end if;
end
$$;

-- The fields of a body: what steers the request is taken out, GeoJSON gets the form that ours has.
create function register_body(body jsonb, variadic without text[] default '{}') returns jsonb immutable language sql as $$
	select (body - ('{row_v,base,valid_from,note,outside_ok}'::text[] || without))
	       || case when body ? 'outside_ok' then jsonb_build_object('is_outside', body -> 'outside_ok') else '{}' end
	       || case when body ? 'geometry'
	               then jsonb_build_object('geometry', st_asgeojson(geometry_of(body -> 'geometry'), 3, 0)::jsonb) else '{}' end;
$$;

create function place_known_fields(kind place_kind) returns text[] stable language sql as $$
	select '{name,area_no,code,is_public,warning,is_outside,is_bookable,is_universal,area_m2,geometry}'::text[]
	       || coalesce(array_agg(register_field(a.attrelid::regclass::text, a.attname)), '{}')
	  from pg_attribute a
	 where a.attrelid = to_regclass('fdvu.' || place_extension(kind)) and a.attnum > 0 and not a.attisdropped
	   and a.attname not in ('place_id', 'area_no', 'row_v', 'changed', 'since');
$$;

-- A dwelling's H-number says its storey, and is one dwelling's at its address. Held to by people; registers that are read in are as they are.
create function dwelling_check(place uuid) returns void language plpgsql stable as $$
declare
	d record;
begin
	select x.h_number, x.address_id, p.site_id, s.plane, s.number into d
	  from dwelling x
	  join place p on p.id = x.place_id
	  left join storey s on s.place_id = p.parent_id
	 where x.place_id = place;
	if d.h_number is null then
		return;
	end if;
	if d.plane <> left(d.h_number, 1) or d.number <> substr(d.h_number, 2, 2)::int then
		perform refuse('/h_number', format('the storey is %s%s', d.plane, lpad(d.number::text, 2, '0')));
	end if;
	if exists (select from dwelling o join place q on q.id = o.place_id
	            where q.site_id = d.site_id and q.removed_at is null and o.h_number = d.h_number
	              and o.address_id is not distinct from d.address_id and o.place_id <> place) then
		raise exception 'there is a dwelling % at this address already', d.h_number using errcode = 'FD409',
			detail = '{"errors":[{"pointer":"/h_number","detail":"is taken at this address"}]}';
	end if;
end
$$;

-- Puts what extends a place beside it.
create function place_extend(place uuid, kind place_kind, fields jsonb) returns void language plpgsql as $$
declare
	tbl  text := place_extension(kind);
	cols text;
	sets jsonb := register_columns(jsonb_strip_nulls(fields));
begin
	if tbl is null then
		return;
	end if;
	select string_agg(', ' || quote_ident(k), '') into cols from jsonb_object_keys(sets) k;
	execute format('insert into %1$I (place_id%2$s) select $1%2$s from jsonb_populate_record(null::%1$I, $2)', tbl, coalesce(cols, ''))
		using place, sets;
	if kind = 'dwelling' and not is_program() then
		perform dwelling_check(place);
	end if;
end
$$;

-- Holds a place that something is to lie in, so that nobody removes it meanwhile. `pointer` is the field that names it.
create function place_hold(place uuid, pointer text) returns void language plpgsql as $$
begin
	if place is null then
		return;
	end if;
	perform from place p where p.id = place_hold.place and p.removed_at is null for share;
	if not found then
		perform refuse(pointer, 'there is no such place');
	end if;
end
$$;

-- Makes a place, with no note of a change: for those who make many.
create function place_make(body jsonb) returns uuid language plpgsql as $$
declare
	k      place_kind := body ->> 'kind';
	fields jsonb      := register_body(body, 'id', 'parent', 'kind');
	own    text[]     := '{name,area_no,code,is_public,warning,is_outside,is_bookable,is_universal,geometry}';
	ext    jsonb;
	p      place;
	made   uuid       := coalesce((body ->> 'id')::uuid, uuidv7());
	up     uuid       := (body ->> 'parent')::uuid;
begin
	if k <> 'dwelling' then
		own := own || 'area_m2'::text;
	end if;
	perform refuse_fields(fields, place_known_fields(k));
	perform place_hold(up, '/parent');
	ext := fields - own;
	if k = 'property' then
		ext := jsonb_build_object('municipality_no', (select min(o.municipality_no) from place q join property o on o.place_id = q.id
		                                               where q.parent_id = up)) || jsonb_strip_nulls(ext);
		if not (ext ? 'gnr' and ext ? 'bnr') or ext ->> 'municipality_no' is null then
			perform refuse('/' || case when not ext ? 'gnr' then 'gnr' when not ext ? 'bnr' then 'bnr' else 'municipality_no' end, 'is required');
		end if;
	elsif k = 'storey' and not (ext ? 'plane' and ext ? 'number') then
		perform refuse(case when ext ? 'plane' then '/number' else '/plane' end, 'is required');
	end if;
	p := jsonb_populate_record(null::place, register_columns(fields - array(select jsonb_object_keys(ext))));
	p.name := coalesce(p.name, case k when 'property' then property_name(ext ->> 'municipality_no', (ext ->> 'gnr')::int, (ext ->> 'bnr')::int,
	                                                                     coalesce((ext ->> 'fnr')::int, 0), coalesce((ext ->> 'snr')::int, 0))
	                                  when 'dwelling' then ext ->> 'h_number' end);
	if p.name is null then
		perform refuse('/name', 'is required');
	end if;
	insert into place (id, parent_id, kind, name, area_no, code, geom, is_public, warning, is_outside, is_bookable, is_universal, area_m2)
	values (made, up, k, p.name, p.area_no, p.code, p.geom, coalesce(p.is_public, false), p.warning, coalesce(p.is_outside, false),
	        coalesce(p.is_bookable, false), p.is_universal, p.area_m2);
	perform place_extend(made, k, ext);
	return made;
end
$$;

create function place_add(body jsonb) returns uuid language plpgsql as $$
begin
	perform register_note('create', body ->> 'note', moment(body ->> 'valid_from'));
	return place_make(body);
end
$$;

-- Locks a live place that the caller may change.
create function place_lock(place uuid, out kind place_kind, out row_v bigint) language plpgsql as $$
begin
	select p.kind, p.row_v into place_lock.kind, place_lock.row_v from place p where p.id = place and p.removed_at is null for update;
	if not found then
		raise exception 'there is no such place' using errcode = 'FD404';
	end if;
end
$$;

-- Writes fields of a place and of what extends it, with no note of a change.
create function place_write(place uuid, kind place_kind, fields jsonb) returns void language plpgsql as $$
declare
	extra jsonb  := coalesce(place_details(place, kind), '{}');
	todo  jsonb  := fields;
	was   text;
	ext   jsonb;
	old_name text;
begin
	ext := todo - array(select k from jsonb_object_keys(todo) k where not extra ? k);
	-- A name that is the number follows the number.
	if not todo ? 'name' and (ext ? 'h_number' or ext ?| '{municipality_no,gnr,bnr,fnr,snr}'::text[]) then
		select p.name into old_name from place p where p.id = place;
		was := case kind when 'dwelling' then extra ->> 'h_number' else property_name(extra ->> 'municipality_no', (extra ->> 'gnr')::int,
			(extra ->> 'bnr')::int, (extra ->> 'fnr')::int, (extra ->> 'snr')::int) end;
		if right(old_name, length(was)) = was then
			extra := extra || ext;
			todo := todo || jsonb_build_object('name', left(old_name, length(old_name) - length(was)) ||
				case kind when 'dwelling' then extra ->> 'h_number' else property_name(extra ->> 'municipality_no', (extra ->> 'gnr')::int,
					(extra ->> 'bnr')::int, (extra ->> 'fnr')::int, (extra ->> 'snr')::int) end);
			if todo ->> 'name' is null then
				todo := todo - 'name';
			end if;
		end if;
	end if;
	if ext <> '{}' then
		perform register_set(place_extension(kind), array[place], register_columns(ext));
	end if;
	if todo - array(select jsonb_object_keys(ext)) <> '{}' then
		perform register_set('place', array[place], register_columns(todo - array(select jsonb_object_keys(ext))));
	end if;
	if kind = 'dwelling' and (ext ? 'h_number' or ext ? 'address_id') then
		perform dwelling_check(place);
	end if;
end
$$;

create function place_change(place uuid, body jsonb) returns uuid language plpgsql as $$
declare
	have record;
	todo jsonb := register_body(body);
begin
	have := place_lock(place);
	perform refuse_fields(todo, place_known_fields(have.kind));
	todo := register_merge(array[place], have.row_v, place_own_fields(place) || coalesce(place_details(place, have.kind), '{}'),
	                       todo || jsonb_build_object('row_v', body -> 'row_v', 'base', body -> 'base'));
	if todo <> '{}' then
		perform register_note('change', body ->> 'note', moment(body ->> 'valid_from'));
		perform place_write(place, have.kind, todo);
	end if;
	return place;
end
$$;

create function component_add(body jsonb) returns uuid language plpgsql as $$
declare
	fields jsonb := register_body(body, 'id', 'place_id');
	made   uuid  := coalesce((body ->> 'id')::uuid, uuidv7());
	c      component;
begin
	perform refuse_fields(fields, component_known());
	perform place_hold((body ->> 'place_id')::uuid, '/place_id');
	perform register_note('create', body ->> 'note', moment(body ->> 'valid_from'));
	c := jsonb_populate_record(null::component, register_columns(fields));
	insert into component (id, place_id, name, element, tag, maker, model, serial, installed_on, service_life_years, quantity, unit,
	                       replacement_cost_ore, warranty_until, code, geom, parent_id, note)
	values (made, (body ->> 'place_id')::uuid, c.name, c.element, c.tag, c.maker, c.model, c.serial, c.installed_on, c.service_life_years,
	        c.quantity, c.unit, c.replacement_cost_ore, c.warranty_until, coalesce(c.code, new_code()), c.geom, c.parent_id, c.note);
	return made;
end
$$;

create function component_known() returns text[] immutable parallel safe language sql as $$
	select '{name,element,tag,maker,model,serial,installed_on,service_life_years,quantity,unit,replacement_cost_ore,warranty_until,code,parent_id,note,geometry}'::text[];
$$;

create function component_lock(component uuid) returns bigint language plpgsql as $$
declare
	have bigint;
begin
	select c.row_v into have from component c where c.id = component and c.removed_at is null for update;
	if not found then
		raise exception 'there is no such component' using errcode = 'FD404';
	end if;
	return have;
end
$$;

create function component_change(component uuid, body jsonb) returns uuid language plpgsql as $$
declare
	have bigint := component_lock(component);
	todo jsonb  := register_body(body);
begin
	perform refuse_fields(todo, component_known());
	todo := register_merge(array[component], have, component_fields(component),
	                       todo || jsonb_build_object('row_v', body -> 'row_v', 'base', body -> 'base'));
	if todo <> '{}' then
		perform register_note('change', body ->> 'note', moment(body ->> 'valid_from'));
		perform register_set('component', array[component], register_columns(todo));
	end if;
	return component;
end
$$;

-- What uses a place or a component, so that it cannot be removed. Each kind is one line: place_use_add(kind, select) with the columns
-- place_id, component_id (null: the place itself), id and label. Read with the caller's rights.
create table place_use_kind (
	kind text primary key,
	sql  text not null
);
comment on table place_use_kind is 'what the view place_use is made of';
alter table place_use_kind enable row level security;
create policy job on place_use_kind to fdvu_job using (true) with check (true);
grant select, insert, update, delete on place_use_kind to fdvu_job;

create function place_use_add(kind text, sql text) returns void language plpgsql set search_path = fdvu, public as $$
begin
	insert into place_use_kind values (place_use_add.kind, place_use_add.sql);
	execute (select 'create or replace view place_use with (security_invoker = true) as ' ||
	                string_agg(format('select %L::text as kind, place_id, component_id, id, label::text from (%s) x', k.kind, k.sql), ' union all '
	                           order by k.kind)
	           from place_use_kind k);
	execute 'grant select on place_use to fdvu_office, fdvu_job';
end
$$;
revoke execute on function place_use_add(text, text) from public;

select place_use_add('lease', $$select dwelling_id as place_id, null::uuid as component_id, id, number as label from lease
	where state in ('active', 'notice') and (ends_on is null or ends_on >= current_date)$$);
select place_use_add('case', $$select place_id, component_id, id, number || ' ' || title as label from cases
	where state in ('new', 'in_progress', 'waiting')$$);
select place_use_add('task', $$select place_id, component_id, id, number || ' ' || title as label from task
	where state in ('open', 'in_progress', 'waiting')$$);

-- Refuses (409) with what uses the places or the components.
create function refuse_used(place_ids uuid[], component_ids uuid[]) returns void language plpgsql stable as $$
declare
	used jsonb;
begin
	select jsonb_agg(jsonb_build_object('kind', k.kind, 'count', k.count, 'examples', k.examples) order by k.kind)
	  into used
	  from (select u.kind, count(*),
	               jsonb_agg(jsonb_build_object('id', u.id, 'label', u.label) order by u.label) filter (where u.n <= 5) as examples
	          from (select x.kind, x.id, x.label, row_number() over (partition by x.kind order by x.label, x.id) as n
	                  from (select kind, id, label from place_use where place_id = any (place_ids)
	                        union
	                        select kind, id, label from place_use where component_id = any (component_ids)) x) u
	         group by u.kind) k;
	if used is not null then
		raise exception 'it is in use' using errcode = 'FD409', detail = jsonb_build_object('used_by', used)::text;
	end if;
end
$$;

-- A live place and all live places below it, whoever may see them.
create function place_below(place uuid) returns uuid[]
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	with recursive down as (
		select p.id from place p where p.id = place and p.removed_at is null
		union all
		select p.id from place p join down d on p.parent_id = d.id where p.removed_at is null
	)
	select coalesce(array_agg(id), '{}') from down;
$$;

-- The same, or 403 when some of it lies in areas that are not the caller's.
create function place_mine_below(place uuid) returns uuid[] stable language plpgsql as $$
declare
	ids uuid[] := place_below(place);
begin
	if (select count(*) from place p where p.id = any (ids)) < cardinality(ids) then
		raise exception 'some of what lies below it is in areas that are not yours' using errcode = 'FD403';
	end if;
	return ids;
end
$$;

create function place_remove(place uuid, row_v bigint, valid_from timestamptz default null) returns table (id uuid, xid text, places int, components int)
language plpgsql as $$
declare
	have record;
	ids  uuid[];
	made xid8;
begin
	have := place_lock(place);
	perform expect_version(have.row_v, place_remove.row_v);
	-- Until nothing new lies below: who puts something there holds its parent.
	loop
		ids := place_mine_below(place);
		perform from place p where p.id = any (ids) order by p.id for update;
		exit when place_mine_below(place) <@ ids;
	end loop;
	perform refuse_used(ids, '{}');
	made := register_note('delete', null, valid_from);
	update component c set removed_at = now() where c.place_id = any (ids) and c.removed_at is null;
	get diagnostics components = row_count;
	update place p set removed_at = now() where p.id = any (ids);
	get diagnostics places = row_count;
	id := place;
	xid := made::text;
	return next;
end
$$;

-- A component and all its live parts.
create function component_below(component uuid) returns uuid[] stable language sql as $$
	with recursive down as (
		select c.id from component c where c.id = component and c.removed_at is null
		union all
		select c.id from component c join down d on c.parent_id = d.id where c.removed_at is null
	)
	select coalesce(array_agg(id), '{}') from down;
$$;

create function component_remove(component uuid, row_v bigint, valid_from timestamptz default null) returns table (id uuid, xid text, components int)
language plpgsql as $$
declare
	ids  uuid[];
	made xid8;
begin
	perform expect_version(component_lock(component), component_remove.row_v);
	ids := component_below(component);
	perform refuse_used('{}', ids);
	made := register_note('delete', null, valid_from);
	update component c set removed_at = now() where c.id = any (ids);
	get diagnostics components = row_count;
	id := component;
	xid := made::text;
	return next;
end
$$;

-- What moves with a place when it is merged or split, beside places and components: tables that name a place. One line each, also for those
-- that come later. An undo moves it back.
create table place_ref (
	tbl   text    not null,
	col   text    not null,
	moves boolean not null default true,
	primary key (tbl, col)
);
comment on column place_ref.moves is 'names a place; else a value that is renumbered';
alter table place_ref enable row level security;
create policy job on place_ref to fdvu_job using (true) with check (true);
create policy office on place_ref for select to fdvu_office using ((select me()) is not null);
grant select, insert, update, delete on place_ref to fdvu_job;
grant select on place_ref to fdvu_office;
insert into place_ref (tbl, col, moves) values ('cases', 'place_id', true), ('task', 'place_id', true), ('document', 'place_id', true),
	('lease', 'dwelling_id', true), ('address', 'building_id', true), ('address', 'property_id', true),
	('address', 'municipality_no', false), ('address', 'key', false), ('area', 'municipality_no', false);

create type register_row as (tbl text, row_id uuid, is_new boolean, old jsonb, new jsonb, now_is jsonb);

-- When a change was: transaction numbers begin again after a restore from a dump, so a number alone is no change.
create function register_at(of_xid xid8) returns timestamptz stable language sql as $$
	select c.at from register_change c where c.xid = of_xid;
$$;

-- As in 0025, but that a change of before a restore gives up its number to one of now.
create or replace function register_note(op text, note text default null, valid_from timestamptz default null) returns xid8
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if me() is null and not is_program() then
		raise exception 'nobody changes nothing' using errcode = '42501';
	end if;
	if register_note.valid_from > now() then
		raise exception 'a change can hold from today or earlier, not from a day to come' using errcode = 'FD400';
	end if;
	perform set_config('fdvu.valid_from', coalesce(register_note.valid_from::text, ''), true);
	insert into register_change as c (xid, actor, op, note, valid_from)
	values (pg_current_xact_id(), me(), register_note.op, register_note.note, coalesce(register_note.valid_from, now()))
	on conflict (xid) do update
	   set at = now(), actor = excluded.actor, op = excluded.op, note = excluded.note, valid_from = excluded.valid_from,
	       undoes = null, undone_by = null
	 where c.at <> now();
	return pg_current_xact_id();
end
$$;

-- What a change did to the rows of the register that the caller sees: the values before and after, one of each row.
create function register_rows(of_xid xid8) returns register_row[] stable language sql as $$
	with piece as (
		select x.tbl, x.row_id, e.key, (array_agg(x.old -> e.key order by x.n))[1] as old, (array_agg(e.value order by x.n desc))[1] as new
		  from audit x
		 cross join lateral jsonb_each(x.new) e
		 where x.xid = of_xid and x.at = register_at(of_xid) and x.op = 'U' and register_key(x.tbl) is not null and e.key <> all (register_derived(x.tbl))
		 group by x.tbl, x.row_id, e.key
	)
	select array_agg(row(r.tbl, r.row_id, r.is_new, r.old, r.new, null)::register_row)
	  from (select tbl, row_id, false as is_new, jsonb_object_agg(key, old) as old, jsonb_object_agg(key, new) as new
	          from piece p
	         where not exists (select from audit i where i.xid = of_xid and i.at = register_at(of_xid) and i.op = 'I' and i.tbl = p.tbl and i.row_id = p.row_id)
	         group by tbl, row_id
	        union all
	        select tbl, row_id, true, null, null from audit where xid = of_xid and at = register_at(of_xid) and op = 'I' and register_key(tbl) is not null) r;
$$;

-- How many rows there are, seen or not.
create function register_rows_all(of_xid xid8) returns bigint
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select count(distinct (tbl, row_id)) from audit where xid = of_xid and at = register_at(of_xid) and register_key(tbl) is not null;
$$;

-- Where a change moved what lies on places: keys alone, no words of people.
create function register_moves(of_xid xid8) returns register_row[]
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select array_agg(row(m.tbl, m.row_id, false, m.old, m.new, null)::register_row)
	  from (select p.tbl, p.row_id, jsonb_object_agg(p.key, p.old) as old, jsonb_object_agg(p.key, p.new) as new
	          from (select x.tbl, x.row_id, e.key, (array_agg(x.old -> e.key order by x.n))[1] as old,
	                       (array_agg(e.value order by x.n desc))[1] as new
	                  from audit x
	                 cross join lateral jsonb_each(x.new) e
	                 where x.xid = of_xid and x.at = register_at(of_xid) and x.op = 'U'
	                   and (x.tbl, e.key) in (select r.tbl, r.col from place_ref r)
	                 group by x.tbl, x.row_id, e.key) p
	         group by p.tbl, p.row_id) m;
$$;

-- How an undo finds a row of a table, called t, by the key that audit has.
create function undo_key(tbl text) returns text immutable parallel safe language sql as $$
	select case tbl when 'area' then 'ref_uuid(''area'', t.area_no::text)' else 't.' || coalesce(register_key(tbl), 'id') end;
$$;

-- The rows with what they hold now, which is only what the caller sees.
create function register_rows_now(rows register_row[]) returns register_row[] language plpgsql as $$
declare
	t     text;
	part  register_row[];
	found register_row[] := '{}';
begin
	for t in select distinct r.tbl from unnest(rows) r loop
		execute format('select array_agg(row(r.tbl, r.row_id, r.is_new, r.old, r.new, to_jsonb(t))::register_row)
		                  from unnest($1) r join %I t on %s = r.row_id where r.tbl = %L', t, undo_key(t), t) into part using rows;
		found := found || coalesce(part, '{}');
	end loop;
	return found;
end
$$;

-- What stands in the way of an undo: fields that have been changed again, and what has come to use what would go.
create function undo_conflicts(of_xid xid8, rows register_row[]) returns jsonb language plpgsql as $$
declare
	conflicts jsonb;
	fresh     uuid[] := array(select r.row_id from unnest(rows) r where r.is_new and r.tbl in ('place', 'component')
	                                                                and r.now_is ->> 'removed_at' is null);
begin
	select coalesce(jsonb_agg(x.c), '[]') into conflicts
	  from (select jsonb_build_object('tbl', r.tbl, 'id', r.row_id, 'label', coalesce(r.now_is ->> 'label', r.now_is ->> 'name'),
	                                  'field', register_field(r.tbl, o.key), 'base', r.new -> o.key, 'mine', o.value,
	                                  'theirs', r.now_is -> o.key, 'by', b.name, 'at', b.at) as c
	          from unnest(rows) r
	         cross join lateral jsonb_each(r.old) o
	          left join lateral (select person_name(a.actor) as name, a.at from audit a
	                              where a.row_id = r.row_id and a.at >= register_at(of_xid) and a.xid <> of_xid and a.op = 'U' and a.new ? o.key
	                              order by a.at desc, a.n desc limit 1) b on true
	         where r.now_is -> o.key <> r.new -> o.key and r.now_is -> o.key <> o.value
	        union all
	        -- what was made and has been changed since
	        select jsonb_build_object('tbl', r.tbl, 'id', r.row_id, 'label', coalesce(r.now_is ->> 'label', r.now_is ->> 'name'),
	                                  'field', k.key, 'by', person_name(a.actor), 'at', a.at)
	          from unnest(rows) r
	          join audit a on a.row_id = r.row_id and a.tbl = r.tbl and a.at >= register_at(of_xid) and a.xid <> of_xid and a.op = 'U'
	         cross join lateral (select register_field(r.tbl, min(e)) as key from jsonb_object_keys(a.new) e
	                              where e <> 'removed_at' and e <> all (register_derived(r.tbl))) k
	         where r.is_new and k.key is not null
	        union all
	        -- what was made and holds something that was not
	        select jsonb_build_object('tbl', 'place', 'id', p.parent_id, 'label', (select q.label from place q where q.id = p.parent_id),
	                                  'field', 'children', 'theirs', p.label)
	          from place p
	         where p.parent_id = any (fresh) and p.removed_at is null and p.id <> all (fresh)
	           and p.id not in (select r.row_id from unnest(rows) r where r.tbl = 'place' and r.old ? 'parent_id')
	        union all
	        select jsonb_build_object('tbl', 'place', 'id', c.place_id, 'label', (select q.label from place q where q.id = c.place_id),
	                                  'field', 'components', 'theirs', c.name)
	          from component c
	         where c.place_id = any (fresh) and c.removed_at is null and c.id <> all (fresh)
	           and c.id not in (select r.row_id from unnest(rows) r where r.tbl = 'component' and r.old ? 'place_id')
	         limit 50) x;
	return conflicts;
end
$$;

-- Takes a change back, with the caller's rights: fields go to what they were where nobody has changed them since, what was made is removed,
-- what was removed comes back. If anything stands in the way all of it is told (FD409) and nothing is done. Returns the undo's own number.
drop function register_undo(xid8);
create function register_undo(undo_xid xid8, op text default 'undo') returns xid8 language plpgsql as $$
declare
	change    register_change;
	rows      register_row[];
	conflicts jsonb;
	mine      xid8;
	g         record;
begin
	select * into change from register_change c where c.xid = undo_xid;
	rows := register_rows(undo_xid);
	if change.xid is null or rows is null then
		raise exception 'there is no such change of the register' using errcode = 'FD404';
	end if;
	-- Two who undo the same change at once: the second waits here and is told.
	perform register_hold(undo_xid);
	if (select c.undone_by from register_change c where c.xid = undo_xid) is not null then
		raise exception 'this change is undone already' using errcode = 'FD409';
	end if;
	if (select count(distinct (a.tbl, a.row_id)) from audit a
	     where a.xid = undo_xid and a.at = change.at and register_key(a.tbl) is not null)
	   < register_rows_all(undo_xid) then
		raise exception 'the change reaches areas that are not yours' using errcode = 'FD403';
	end if;
	mine := register_note(op);
	perform from place p where p.id in (select r.row_id from unnest(rows) r where r.tbl <> 'component') order by p.id for update;
	rows := register_rows_now(rows || coalesce(register_moves(undo_xid), '{}'));
	conflicts := undo_conflicts(undo_xid, rows);
	if conflicts <> '[]' then
		raise exception 'changed again since' using errcode = 'FD409', detail = jsonb_build_object('conflicts', conflicts)::text;
	end if;

	for g in select r.tbl, k.keys, array_agg(r.row_id order by r.row_id) as ids, array_agg(r.old order by r.row_id) as olds
	           from unnest(rows) r
	          cross join lateral (select string_agg(quote_ident(e), ', ' order by e) as keys from jsonb_object_keys(r.old) e) k
	          where not r.is_new
	          group by r.tbl, k.keys
	          -- numbers before names, names before what lies there
	          order by case r.tbl when 'property' then 1 when 'place' then 3 when 'component' then 4 when 'dwelling' then 2 else 5 end, k.keys
	loop
		execute format('update %1$I t set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$I, u.old))
		                  from unnest($1::uuid[], $2::jsonb[]) u(id, old) where %3$s = u.id', g.tbl, g.keys, undo_key(g.tbl)) using g.ids, g.olds;
	end loop;
	-- What has come to use what goes, now that what was moved there is gone.
	perform refuse_used(array(select r.row_id from unnest(rows) r where r.is_new and r.tbl = 'place' and r.now_is ->> 'removed_at' is null),
	                    array(select r.row_id from unnest(rows) r where r.is_new and r.tbl = 'component' and r.now_is ->> 'removed_at' is null));
	update component c set removed_at = now() from unnest(rows) r
	 where r.is_new and r.tbl = 'component' and c.id = r.row_id and c.removed_at is null;
	update place p set removed_at = now() from unnest(rows) r
	 where r.is_new and r.tbl = 'place' and p.id = r.row_id and p.removed_at is null;
	perform undo_leaves_whole(array(select r.row_id from unnest(rows) r));
	perform register_undone(undo_xid);
	return mine;
end
$$;

-- Nothing alive lies in what is removed.
create function undo_leaves_whole(ids uuid[]) returns void language plpgsql stable as $$
declare
	conflicts jsonb;
begin
	select jsonb_agg(x.c) into conflicts
	  from (select jsonb_build_object('tbl', 'place', 'id', p.id, 'label', p.label, 'field', 'parent', 'theirs', up.label) as c
	          from place p join place up on up.id = p.parent_id
	         where p.id = any (ids) and p.removed_at is null and up.removed_at is not null
	        union all
	        select jsonb_build_object('tbl', 'component', 'id', c.id, 'label', c.name, 'field', 'place_id', 'theirs', up.label)
	          from component c join place up on up.id = c.place_id
	         where c.id = any (ids) and c.removed_at is null and up.removed_at is not null
	         limit 50) x;
	if conflicts is not null then
		raise exception 'what it lies in is removed: restore that first' using errcode = 'FD409',
			detail = jsonb_build_object('conflicts', conflicts)::text;
	end if;
end
$$;

create function register_hold(of_xid xid8) returns void
language sql security definer set search_path = fdvu, public, pg_temp as $$
	select from register_change where xid = of_xid for update;
$$;

-- As in 0025, for a restoring too.
create or replace function register_undone(undo_xid xid8) returns void language plpgsql security definer
set search_path = fdvu, public, pg_temp as $$
begin
	update register_change set undoes = undo_xid where xid = pg_current_xact_id() and op in ('undo', 'restore');
	if not found then
		raise exception 'only an undo undoes' using errcode = '42501';
	end if;
	update register_change set undone_by = pg_current_xact_id() where xid = undo_xid;
	update register_change f set undone_by = null
	  from register_change u where u.xid = undo_xid and u.undoes = f.xid and f.undone_by = u.xid;
end
$$;

-- Brings back what the last removal of a row removed, and nothing else. What went along with something above it comes back with that.
create function register_restore(of_tbl text, of_row uuid) returns uuid language plpgsql as $$
declare
	last xid8;
	up   record;
begin
	if of_tbl = 'place' and not exists (select from place p where p.id = of_row and p.removed_at is not null)
	   or of_tbl = 'component' and not exists (select from component c where c.id = of_row and c.removed_at is not null) then
		raise exception 'it is not removed' using errcode = 'FD404';
	end if;
	select a.xid into last from audit a
	 where a.row_id = of_row and a.tbl = of_tbl and a.op = 'U' and a.new ->> 'removed_at' is not null
	 order by a.at desc, a.n desc limit 1;
	if not exists (select from register_change c where c.xid = last and c.op = 'delete') then
		raise exception 'it was not removed by itself: take back the change that removed it' using errcode = 'FD409',
			detail = jsonb_build_object('xid', last::text)::text;
	end if;
	if of_tbl = 'place' then
		select q.id, q.label into up
		  from place p join place q on q.id = p.parent_id
		 where p.id = of_row and exists (select from audit a where a.xid = last and a.tbl = 'place' and a.row_id = q.id);
	else
		select q.id, q.label into up
		  from component c join place q on q.id = c.place_id
		 where c.id = of_row and exists (select from audit a where a.xid = last and a.tbl = 'place' and a.row_id = q.id);
	end if;
	if found then
		raise exception 'it was removed together with %: restore that', up.label using errcode = 'FD409',
			detail = jsonb_build_object('restore', jsonb_build_object('id', up.id, 'label', up.label))::text;
	end if;
	perform register_undo(last, 'restore');
	return of_row;
end
$$;

-- What a place or a component is called, null when it is not seen.
create function register_label(id text) returns text stable language sql as $$
	select coalesce((select p.label from place p where p.id = register_label.id::uuid),
	                (select c.name from component c where c.id = register_label.id::uuid));
$$;

-- What a change did, for people: at most 50 rows, those of `ids` (null: all), each field before and after. Shapes are told by their kind.
create function register_shown(of_xid xid8, of_at timestamptz, ids uuid[], out count bigint, out rows jsonb) stable language sql as $$
	with piece as (
		select a.tbl, a.row_id, e.key, (array_agg(a.old -> e.key order by a.n))[1] as old, (array_agg(e.value order by a.n desc))[1] as new
		  from audit a
		 cross join lateral jsonb_each(a.new) e
		 where a.xid = of_xid and a.at = of_at and a.op = 'U' and register_key(a.tbl) is not null and (ids is null or a.row_id = any (ids))
		   and e.key <> all (register_derived(a.tbl))
		 group by a.tbl, a.row_id, e.key
	), it as (
		select tbl, row_id, 'I' as op, '[]'::jsonb as fields
		  from audit where xid = of_xid and at = of_at and op = 'I' and tbl in ('place', 'component') and (ids is null or row_id = any (ids))
		union all
		select p.tbl, p.row_id, 'U', jsonb_agg(jsonb_build_object('field', register_field(p.tbl, p.key),
		           'old', case when p.key = 'geom' then p.old -> 'type' else p.old end,
		           'new', case when p.key = 'geom' then p.new -> 'type' else p.new end)
		           || case when p.key in ('parent_id', 'place_id', 'merged_into')
		                   then jsonb_build_object('old_label', register_label(p.old #>> '{}'), 'new_label', register_label(p.new #>> '{}'))
		                   else '{}' end order by p.key)
		  from piece p
		 where not exists (select from audit i where i.xid = of_xid and i.at = of_at and i.op = 'I' and i.tbl = p.tbl and i.row_id = p.row_id)
		 group by p.tbl, p.row_id
	), top as (
		select i.*, count(*) over () as n from it i order by i.tbl = 'component', i.tbl, i.row_id limit 50
	)
	select coalesce(max(n), 0),
	       coalesce(jsonb_agg(jsonb_build_object('tbl', tbl, 'id', row_id, 'label', case tbl
	           when 'component' then (select c.name from component c where c.id = row_id)
	           else (select p.label from place p where p.id = row_id) end, 'op', op, 'fields', fields)), '[]')
	  from top;
$$;

-- What lies in a place, when it is one that others lie in: for the history of a building.
create function register_within(of_row uuid) returns uuid[] stable language sql as $$
	select array[of_row] || array(select p.id from place p where p.site_id = of_row and p.id <> of_row)
	       || array(select c.id from component c where c.site_id = of_row);
$$;

grant execute on function refuse(text, text), register_column(text), register_field(text, text), geometry_of(jsonb),
	place_extension(place_kind), property_name(text, int, int, int, int), place_details(uuid, place_kind), place_own_fields(uuid),
	component_fields(uuid), register_component(uuid), register_place(uuid, timestamptz), address_text(uuid), place_details_at(uuid, place_kind, timestamptz),
	register_columns(jsonb), refuse_fields(jsonb, text[]), register_body(jsonb, text[]), place_known_fields(place_kind), dwelling_check(uuid),
	place_extend(uuid, place_kind, jsonb), place_make(jsonb), place_add(jsonb), place_hold(uuid, text), place_lock(uuid), place_write(uuid, place_kind, jsonb),
	place_change(uuid, jsonb), component_add(jsonb), component_known(), component_lock(uuid), component_change(uuid, jsonb),
	refuse_used(uuid[], uuid[]), place_below(uuid), place_mine_below(uuid), place_remove(uuid, bigint, timestamptz), component_below(uuid),
	component_remove(uuid, bigint, timestamptz), register_rows(xid8), register_rows_all(xid8), register_moves(xid8), undo_key(text),
	register_rows_now(register_row[]), undo_conflicts(xid8, register_row[]), register_undo(xid8, text), undo_leaves_whole(uuid[]),
	register_hold(xid8), register_restore(text, uuid), register_shown(xid8, timestamptz, uuid[]), register_at(xid8), register_label(text), register_within(uuid), place_is_mine(uuid), moment(text),
	register_is_mine(text, uuid)
	to fdvu_office, fdvu_job;
