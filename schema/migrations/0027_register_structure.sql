-- The tree is rebuilt: moved, copied, split, merged, renumbered; many rows are changed at once; templates lay out components.
--
-- As in 0026: with the caller's rights, one change each, undone by register_undo().
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Numbers are exchanged in one statement: judged when it ends, not row by row.
alter table property drop constraint property_cadastral_number_is_unique;
alter table property add constraint property_cadastral_number_is_unique unique (municipality_no, gnr, bnr, fnr, snr) deferrable initially immediate;

-- Move -------------------------------------------------------------------------------------------------------------------------------------

-- Hangs places under another: those that had their area from the old parent get the new one's.
create function place_hang(ids uuid[], parent uuid) returns void language sql as $$
	update place p
	   set parent_id = parent,
	       area_no = case when p.kind in ('property', 'building', 'outdoor_area')
	                       and p.area_no is distinct from (select u.area_no from place u where u.id = p.parent_id) then p.area_no end
	 where p.id = any (ids)
	   and p.parent_id is distinct from parent;
$$;

create function place_move(place uuid, body jsonb) returns uuid language plpgsql as $$
declare
	have record;
	up   uuid := (body ->> 'parent')::uuid;
begin
	have := place_lock(place);
	perform expect_version(have.row_v, (body ->> 'row_v')::bigint);
	perform place_hold(up, '/parent');
	perform place_mine_below(place);
	perform register_note('move', body ->> 'note', moment(body ->> 'valid_from'));
	perform place_hang(array[place], up);
	if have.kind = 'dwelling' then
		perform dwelling_check(place);
	end if;
	return place;
end
$$;

-- Moves a component with those of its parts that lie where it lay or would be left in another building.
create function component_move(component uuid, body jsonb) returns uuid language plpgsql as $$
declare
	dest uuid := (body ->> 'place_id')::uuid;
	site uuid;
	old  record;
	ids  uuid[];
begin
	perform expect_version(component_lock(component), (body ->> 'row_v')::bigint);
	perform place_hold(dest, '/place_id');
	select p.site_id into site from place p where p.id = dest;
	select c.place_id, c.site_id, c.parent_id into old from component c where c.id = component;
	ids := array(select c.id from component c where c.id = any (component_below(component))
	                                              and (c.place_id = old.place_id or c.site_id <> site));
	perform register_note('move', body ->> 'note', moment(body ->> 'valid_from'));
	update component c
	   set place_id = dest,
	       parent_id = case when c.id <> component then c.parent_id
	                        when body ? 'parent_id' then (body ->> 'parent_id')::uuid
	                        when old.site_id = site then c.parent_id end
	 where c.id = any (ids);
	return component;
end
$$;

-- Copy a storey ----------------------------------------------------------------------------------------------------------------------------

create function storey_name(plane text, number int) returns text immutable parallel safe language sql as $$
	select case plane when 'H' then number || '. etasje'
	                  else case plane when 'K' then 'Kjeller' when 'U' then 'Underetasje' else 'Loft' end || case when number > 1 then ' ' || number else '' end
	       end;
$$;

-- The name of a room one storey further: «Klasserom 204» of the second is «Klasserom 304» of the third.
create function room_name(name text, was int, number int) returns text immutable parallel safe language sql as $$
	select case when name ~ ('(^|[^0-9])' || was || '[0-9]{2}$') then left(name, length(name) - length(was::text) - 2) || number || right(name, 2)
	            else name end;
$$;

-- The first free number of a storey at an address: wish, when it is free.
create function h_number_free(site uuid, address uuid, storey text, wish int, taken text[]) returns text stable language sql as $$
	select storey || lpad(n::text, 2, '0')
	  from generate_series(1, 99) n
	 where storey || lpad(n::text, 2, '0') <> all (taken)
	   and not exists (select from dwelling d join place p on p.id = d.place_id
	                    where p.site_id = site and p.removed_at is null and d.address_id is not distinct from address
	                      and d.h_number = storey || lpad(n::text, 2, '0'))
	 order by n <> wish, n
	 limit 1;
$$;

create function storey_copy(storey uuid, body jsonb) returns uuid language plpgsql as $$
declare
	old    record;
	made   uuid;
	ids    jsonb := '{}';
	parts  jsonb;
	taken  jsonb := '{}';
	d      record;
	number text;
	mark   text := (body ->> 'plane') || lpad(body ->> 'number', 2, '0');
begin
	perform place_lock(storey);
	select s.plane, s.number, p.parent_id, p.site_id, p.geom, p.area_m2 into old
	  from storey s join place p on p.id = s.place_id where s.place_id = storey;
	if not found then
		raise exception 'this is no storey' using errcode = 'FD400';
	end if;
	perform from place p where p.id = old.parent_id for update;
	if exists (select from storey s join place p on p.id = s.place_id
	            where p.parent_id = old.parent_id and p.removed_at is null and s.plane = body ->> 'plane' and s.number = (body ->> 'number')::int) then
		raise exception 'the building has this storey already' using errcode = 'FD409',
			detail = '{"errors":[{"pointer":"/number","detail":"the building has this storey already"}]}';
	end if;
	perform register_note('copy_storey', body ->> 'note');
	made := place_make(jsonb_build_object('parent', old.parent_id, 'kind', 'storey', 'plane', body ->> 'plane', 'number', body -> 'number',
		'name', coalesce(body ->> 'name', storey_name(body ->> 'plane', (body ->> 'number')::int)), 'area_m2', old.area_m2)
		|| case when old.geom is null then '{}' else jsonb_build_object('is_outside', true, 'geometry', st_asgeojson(old.geom, 3, 0)::jsonb) end);
	ids := jsonb_build_object(storey::text, made);

	-- Dwellings by their numbers, so that those above one another are numbered alike.
	for d in select p.id, p.name, p.geom, p.area_no, p.is_outside, x.h_number, x.kind, x.rooms, x.area_m2, x.address_id
	           from place p join dwelling x on x.place_id = p.id
	          where p.parent_id = storey and p.removed_at is null
	          order by x.h_number, p.id
	loop
		number := null;
		if d.h_number is not null then
			number := h_number_free(old.site_id, d.address_id, mark, substr(d.h_number, 4, 2)::int, '{}');
		end if;
		ids := ids || jsonb_build_object(d.id::text, uuidv7());
		insert into place (id, parent_id, kind, name, geom, is_outside)
		values ((ids ->> d.id::text)::uuid, made, 'dwelling', case when d.h_number is null then d.name else replace(d.name, d.h_number, number) end,
		        d.geom, d.is_outside);
		insert into dwelling (place_id, h_number, kind, rooms, area_m2, address_id)
		values ((ids ->> d.id::text)::uuid, number, d.kind, d.rooms, d.area_m2, d.address_id);
	end loop;

	-- Rooms of the storey and of its dwellings.
	select ids || coalesce(jsonb_object_agg(p.id::text, uuidv7()), '{}') into ids
	  from place p where p.kind = 'room' and p.removed_at is null and ids ? p.parent_id::text
	                 and p.parent_id in (select k::uuid from jsonb_object_keys(ids) k);
	insert into place (id, parent_id, kind, name, geom, is_outside, is_public, is_bookable, is_universal, area_m2)
	select (ids ->> p.id::text)::uuid, (ids ->> p.parent_id::text)::uuid, 'room', room_name(p.name, old.number, (body ->> 'number')::int), p.geom,
	       p.is_outside, p.is_public, p.is_bookable, p.is_universal, p.area_m2
	  from place p
	 where p.kind = 'room' and p.removed_at is null and p.parent_id in (select k::uuid from jsonb_object_keys(ids) k);

	if (body ->> 'with_components')::boolean then
		select coalesce(jsonb_object_agg(c.id::text, uuidv7()), '{}') into parts
		  from component c where c.removed_at is null and c.place_id in (select k::uuid from jsonb_object_keys(ids) k);
		insert into component (id, place_id, name, element, maker, model, service_life_years, quantity, unit, replacement_cost_ore, geom, code)
		select (parts ->> c.id::text)::uuid, (ids ->> c.place_id::text)::uuid, c.name, c.element, c.maker, c.model, c.service_life_years,
		       c.quantity, c.unit, c.replacement_cost_ore, c.geom, new_code()
		  from component c
		 where c.id in (select k::uuid from jsonb_object_keys(parts) k);
		-- Parts of a system that was copied are parts of the copy, others of what they were part of.
		update component n
		   set parent_id = coalesce((parts ->> o.parent_id::text)::uuid, o.parent_id)
		  from component o
		 where o.id in (select k::uuid from jsonb_object_keys(parts) k)
		   and n.id = (parts ->> o.id::text)::uuid
		   and o.parent_id is not null;
	end if;
	return made;
end
$$;

-- Bulk -------------------------------------------------------------------------------------------------------------------------------------

-- The fields that many rows can get at once, with the tables that have them.
create function bulk_fields(tbl text) returns jsonb immutable parallel safe language sql as $$
	select case tbl
	       when 'component' then '{"name":"component","element":"component","maker":"component","model":"component","installed_on":"component",
	           "service_life_years":"component","quantity":"component","unit":"component","replacement_cost_ore":"component",
	           "warranty_until":"component","note":"component","parent_id":"component"}'::jsonb
	       when 'place' then '{"area_no":"place","is_public":"place","warning":"place","is_bookable":"place","is_universal":"place","area_m2":"place",
	           "type_code":"building","status":"building","built_year":"building","storeys":"building","heating":"building",
	           "energy_grade":"building","is_protected":"building","ownership":"building","use":"building","responsible_unit":"building",
	           "dwelling_kind":"dwelling","rooms":"dwelling"}'::jsonb
	       end;
$$;

-- The live rows that a filter finds: {place, element, type_code, kind, q, polygon}, all that are given. At most one more than may be changed.
create function bulk_find(tbl text, filter jsonb, most int) returns uuid[] language plpgsql as $$
declare
	shape geometry := geometry_of(filter -> 'polygon');
	below uuid[]   := case when filter ->> 'place' is not null then place_below((filter ->> 'place')::uuid) end;
	found uuid[];
begin
	execute format('select array(select t.id from %s where t.removed_at is null%s order by t.id limit %s)',
		case tbl when 'component' then 'component t join place p on p.id = t.place_id'
		         else 'place t join place p on p.id = t.id' end,
		case when below is not null then ' and p.id = any ($1)' else '' end
		|| case when filter ->> 'element' is not null then ' and t.element like $2 || ''%''' else '' end
		|| case when filter ->> 'type_code' is not null
		        then ' and exists (select from building b where b.place_id = p.site_id and b.type_code::text like $3 || ''%'')' else '' end
		|| case when filter ->> 'kind' is not null then ' and p.kind = $4::place_kind' else '' end
		|| case when filter ->> 'q' is not null then format(' and exists (select from search s where s.tbl = %L and s.row_id = t.id
			and s.text like ''%%'' || replace(replace(search_form($5), ''\'', ''\\''), ''%%'', ''\%%'') || ''%%'')', tbl) else '' end
		|| case when shape is not null
		        then case tbl when 'component' then ' and st_intersects(coalesce(t.geom, p.point), $6)' else ' and st_intersects(p.point, $6)' end
		        else '' end,
		most)
	into found
	using below, filter ->> 'element', filter ->> 'type_code', filter ->> 'kind', filter ->> 'q', shape;
	return found;
end
$$;

-- Gives many rows the same values: {tbl, ids | filter, set, dry_run, count}. Tells how many change, and of the first fifty what was and what is.
-- `count` of the preview, when it is sent along, must still be right.
create function register_bulk(body jsonb) returns table (matched int, count int, changes jsonb, xid text) language plpgsql as $$
declare
	most   constant int := 10000;
	t      text := body ->> 'tbl';
	known  jsonb := bulk_fields(t);
	ids    uuid[];
	part   record;
	sets   jsonb;
	differ text;
	hits   uuid[];
	found  jsonb;
	dry    boolean := coalesce((body ->> 'dry_run')::boolean, false);
	todo   jsonb := '{}';
begin
	if known is null then
		perform refuse('/tbl', 'must be component or place');
	end if;
	if jsonb_typeof(body -> 'set') is distinct from 'object' or body -> 'set' = '{}' then
		perform refuse('/set', 'must name the fields to set');
	end if;
	perform refuse_fields(body -> 'set', array(select jsonb_object_keys(known)));
	if body ->> 'ids' is not null then
		ids := array(select distinct i::uuid from jsonb_array_elements_text(body -> 'ids') i order by 1 limit most + 1);
	elsif jsonb_typeof(body -> 'filter') = 'object' then
		ids := bulk_find(t, body -> 'filter', most + 1);
	else
		perform refuse('/filter', 'name the rows by ids or by a filter');
	end if;
	if cardinality(ids) > most then
		raise exception 'more than % rows: narrow the selection', most using errcode = 'FD400';
	end if;

	count := 0;
	changes := '[]';
	if not dry then
		execute format('select array(select x.id from %I x where x.id = any ($1) and x.removed_at is null order by x.id for update)', t)
			into ids using ids;
		xid := register_note('bulk', body ->> 'note', moment(body ->> 'valid_from'))::text;
	else
		execute format('select array(select x.id from %I x where x.id = any ($1) and x.removed_at is null order by x.id)', t) into ids using ids;
	end if;
	matched := cardinality(ids);
	for part in select k.value #>> '{}' as tbl, jsonb_object_agg(s.key, s.value) as fields
	              from jsonb_each(body -> 'set') s join jsonb_each(known) k using (key) group by 1 order by 1
	loop
		sets := register_columns(part.fields);
		select string_agg(format('x.%1$I is distinct from n.%1$I', k), ' or ') into differ from jsonb_object_keys(sets) k;
		-- Those that differ, and what the first of them are.
		execute format($q$
			with hit as materialized (
				select x.%1$I as id, row_number() over (order by x.%1$I) as nth
				  from %2$I x, jsonb_populate_record(null::%2$I, $2) n
				 where x.%1$I = any ($1) and (%3$s)
			)
			select array(select id from hit),
			       (select jsonb_agg(jsonb_build_object('id', h.id, 'fields',
			                   (select jsonb_agg(jsonb_build_object('field', register_field(%2$L, k), 'old', j.old -> k, 'new', j.new -> k) order by k)
			                      from jsonb_object_keys($2) k where j.old -> k <> j.new -> k)) order by h.id)
			          from hit h
			          join %2$I x on x.%1$I = h.id
			         cross join jsonb_populate_record(null::%2$I, $2) n
			         cross join lateral (select to_jsonb(x) as old, to_jsonb(n) as new) j
			         where h.nth <= 50)
			$q$, register_key(part.tbl), part.tbl, differ) into hits, found using ids, sets;
		if part.tbl not in ('place', 'component')
		   and not exists (select from place p where p.id = any (ids) and p.kind::text = part.tbl) then
			perform refuse('/set', format('there is no %s among what is chosen', part.tbl));
		end if;
		select changes || coalesce(found, '[]') into changes;
		todo := todo || coalesce((select jsonb_object_agg(h, true) from unnest(hits) h), '{}');
		if not dry and hits <> '{}' then
			perform register_set(part.tbl, hits, sets);
		end if;
	end loop;
	count := (select count(*) from jsonb_object_keys(todo));
	-- One entry a row, with its label.
	execute format('select coalesce(jsonb_agg(jsonb_build_object(''id'', c.id, ''label'', x.%I, ''fields'', c.fields) order by c.id), ''[]'')
	                  from (select r.id, jsonb_agg(f) as fields
	                          from jsonb_to_recordset($1) r(id uuid, fields jsonb) cross join lateral jsonb_array_elements(r.fields) f
	                         group by r.id order by r.id limit 50) c
	                  join %I x on x.id = c.id', case t when 'place' then 'label' else 'name' end, t) into changes using changes;
	if (body ->> 'count')::int <> count then
		raise exception 'the selection has changed since the preview: % rows now', count using errcode = 'FD409',
			detail = jsonb_build_object('count', count)::text;
	end if;
	return next;
end
$$;

grant execute on function place_hang(uuid[], uuid), place_move(uuid, jsonb), component_move(uuid, jsonb), storey_name(text, int),
	room_name(text, int, int), h_number_free(uuid, uuid, text, int, text[]), storey_copy(uuid, jsonb), bulk_fields(text),
	bulk_find(text, jsonb, int), register_bulk(jsonb) to fdvu_office, fdvu_job;

-- Split and merge --------------------------------------------------------------------------------------------------------------------------

-- What a part of a split has from the whole when it says nothing else: all that does not number or measure it.
create function place_inherits(kind place_kind) returns text[] immutable parallel safe language sql as $$
	select case kind
	       when 'property' then '{municipality_no,gnr,bnr,fnr}'::text[]
	       when 'building' then '{type_code,status,built_year,storeys,heating,energy_grade,is_protected,ownership,use,responsible_unit}'
	       when 'dwelling' then '{dwelling_kind,address_id}'
	       when 'storey'   then '{plane,number}'
	       else '{}' end;
$$;

-- Makes parts of a place: the first keeps its id and all that is not given to another. Each part names its own fields and, by id, the
-- children and components that go with it.
create function place_split(place uuid, body jsonb) returns table (id uuid, xid text, parts json) language plpgsql as $$
declare
	have  record;
	whole record;
	was   jsonb;
	part  jsonb;
	nth   int := 0;
	made  uuid;
	all_ids uuid[] := '{}';
	goes  uuid[];
	n     int;
begin
	have := place_lock(place);
	perform expect_version(have.row_v, (body ->> 'row_v')::bigint);
	if jsonb_typeof(body -> 'parts') is distinct from 'array' or jsonb_array_length(body -> 'parts') not between 2 and 200 then
		perform refuse('/parts', 'must be a list of at least two parts');
	end if;
	if have.kind = 'municipality' then
		perform refuse('/parts', 'a municipality is not split');
	end if;
	perform place_mine_below(place);
	select p.parent_id, p.area_no, p.is_outside into whole from place p where p.id = place;
	was := place_details(place, have.kind);
	xid := register_note('split', body ->> 'note', moment(body ->> 'valid_from'))::text;
	for part in select value from jsonb_array_elements(body -> 'parts') loop
		if jsonb_typeof(part) <> 'object' then
			perform refuse('/parts/' || nth, 'must be an object');
		end if;
		if nth = 0 then
			perform refuse_fields(register_body(part, 'children', 'components'), place_known_fields(have.kind));
			perform place_write(place, have.kind, register_body(part, 'children', 'components'));
			made := place;
		else
			made := place_make(coalesce((select jsonb_object_agg(f.key, f.value) from jsonb_each(was) f
			                              where f.key = any (place_inherits(have.kind)) and f.value <> 'null'), '{}')
				|| jsonb_build_object('area_no', whole.area_no, 'is_outside', whole.is_outside) || (part - '{children,components}'::text[])
				|| jsonb_build_object('parent', whole.parent_id, 'kind', have.kind));
			goes := array(select c::uuid from jsonb_array_elements_text(coalesce(part -> 'children', '[]')) c);
			select count(*) into n from place p where p.id = any (goes) and p.parent_id = place and p.removed_at is null;
			if n < cardinality(goes) then
				perform refuse('/parts/' || nth || '/children', 'must lie directly in what is split, each in one part');
			end if;
			perform place_hang(goes, made);
			goes := array(select c::uuid from jsonb_array_elements_text(coalesce(part -> 'components', '[]')) c);
			update component c set place_id = made where c.id = any (goes) and c.place_id = place and c.removed_at is null;
			get diagnostics n = row_count;
			if n < cardinality(goes) then
				perform refuse('/parts/' || nth || '/components', 'must be in what is split, each in one part');
			end if;
		end if;
		all_ids := all_ids || made;
		nth := nth + 1;
	end loop;
	id := place;
	parts := (select json_agg(json_build_object('id', p.id, 'label', p.label) order by o.n)
	            from unnest(all_ids) with ordinality o(id, n) join place p on p.id = o.id);
	return next;
end
$$;

-- Makes one of several: what lies in the others, and on them, moves to the one that is kept. The others are removed and point to it.
create function place_merge(place uuid, body jsonb) returns table (id uuid, xid text, merged int) language plpgsql as $$
declare
	have   record;
	others uuid[] := array(select distinct o::uuid from jsonb_array_elements_text(body -> 'others') o);
	r      record;
	shape  geometry;
begin
	if cardinality(others) = 0 or place = any (others) then
		perform refuse('/others', 'must name other places');
	end if;
	perform from place p where p.id = any (others || place) order by p.id for update;
	have := place_lock(place);
	perform expect_version(have.row_v, (body ->> 'row_v')::bigint);
	if have.kind = 'municipality'
	   or (select count(*) from place p where p.id = any (others) and p.kind = have.kind and p.removed_at is null) < cardinality(others) then
		perform refuse('/others', 'must be places of the same kind');
	end if;
	if have.kind in ('storey', 'dwelling', 'room')
	   and exists (select from place p where p.id = any (others) and p.site_id <> (select k.site_id from place k where k.id = place)) then
		perform refuse('/others', 'must lie in the same building');
	end if;
	for r in select unnest(others) as o loop
		perform place_mine_below(r.o);
	end loop;
	xid := register_note('merge', body ->> 'note', moment(body ->> 'valid_from'))::text;
	perform place_hang(array(select p.id from place p where p.parent_id = any (others) and p.removed_at is null), place);
	update component c set place_id = place where c.place_id = any (others) and c.removed_at is null;
	for r in select f.tbl, f.col from place_ref f where f.moves order by f.tbl, f.col loop
		execute format('update %I x set %I = $1 where x.%2$I = any ($2)', r.tbl, r.col) using place, others;
	end loop;
	-- One shape of shapes, when each has its own.
	if not exists (select from place p where p.id = any (others || place) and (p.geom is null or st_dimension(p.geom) < 2)) then
		select st_union(p.geom) into shape from place p where p.id = any (others || place);
		update place p set geom = shape where p.id = place;
	end if;
	update place p set removed_at = now(), merged_into = place where p.id = any (others);
	get diagnostics merged = row_count;
	id := place;
	return next;
end
$$;

-- Renumber ---------------------------------------------------------------------------------------------------------------------------------

create type property_move as (id uuid, label text, municipality_no text, gnr int, bnr int, fnr int, snr int,
	new_no text, new_gnr int, new_bnr int, new_fnr int, new_snr int);

-- A property's number as people write it: 1505-12/34, 1505-12/34/0/2.
create function property_number(given text, out municipality_no text, out gnr int, out bnr int, out fnr int, out snr int)
immutable language plpgsql as $$
declare
	m text[] := regexp_match(given, '^([0-9]{4})[- ]+([0-9]{1,5})\s*/\s*([0-9]{1,5})(?:\s*/\s*([0-9]{1,5}))?(?:\s*/\s*([0-9]{1,5}))?$');
begin
	if given is null then
		return;
	end if;
	if m is null then
		perform refuse('/properties', format('«%s» is no number of a property (1505-12/34)', left(given, 40)));
	end if;
	municipality_no := m[1];
	gnr := m[2]; bnr := m[3]; fnr := coalesce(m[4], '0'); snr := coalesce(m[5], '0');
end
$$;

-- What a renumbering asks for: single properties, or all of a municipality.
create function renumber_moves(body jsonb) returns property_move[] stable language plpgsql as $$
declare
	moves property_move[];
	bad   text;
	m     jsonb := body -> 'municipality';
begin
	if jsonb_typeof(m) = 'object' then
		if coalesce(m ->> 'from', '') !~ '^[0-9]{4}$' or coalesce(m ->> 'to', '') !~ '^[0-9]{4}$' or m ->> 'from' = m ->> 'to' then
			perform refuse('/municipality', 'must say from and to, each of four digits');
		end if;
		return array(select row(p.id, p.label, x.municipality_no, x.gnr, x.bnr, x.fnr, x.snr,
		                        m ->> 'to', x.gnr + coalesce((m ->> 'gnr_plus')::int, 0), x.bnr, x.fnr, x.snr)::property_move
		               from property x join place p on p.id = x.place_id
		              where x.municipality_no = m ->> 'from');
	end if;
	if jsonb_typeof(body -> 'properties') is distinct from 'array' or jsonb_array_length(body -> 'properties') not between 1 and 2000 then
		perform refuse('/properties', 'must be a list of {from, to}');
	end if;
	select array_agg(row(p.id, p.label, x.municipality_no, x.gnr, x.bnr, x.fnr, x.snr, t.municipality_no, t.gnr, t.bnr, t.fnr, t.snr)::property_move),
	       string_agg(coalesce(g.from, g.id::text, '?'), ', ') filter (where p.id is null)
	  into moves, bad
	  from jsonb_to_recordset(body -> 'properties') g(id uuid, "from" text, "to" text)
	 cross join lateral property_number(coalesce(g.to, '')) t
	  left join lateral property_number(g.from) f on g.from is not null
	  left join property x on (g.id is null or x.place_id = g.id)
	                      and (g.from is null or (x.municipality_no, x.gnr, x.bnr, x.fnr, x.snr) = (f.municipality_no, f.gnr, f.bnr, f.fnr, f.snr))
	                      and (g.id is not null or g.from is not null)
	  left join place p on p.id = x.place_id and p.removed_at is null;
	if bad is not null then
		perform refuse('/properties', format('there is no property %s', left(bad, 200)));
	end if;
	return moves;
end
$$;

-- Numbers that are taken, by a property that does not itself get another one, or twice in what is asked for.
create function renumber_conflicts(moves property_move[], municipality jsonb) returns jsonb stable language sql
security definer set search_path = fdvu, public, pg_temp as $$
	select coalesce(jsonb_agg(c), '[]')
	  from (select jsonb_build_object('id', m.id, 'label', m.label, 'to', property_name(m.new_no, m.new_gnr, m.new_bnr, m.new_fnr, m.new_snr),
	                                  'taken_by', case when place_is_mine(t.place_id) then jsonb_build_object('id', t.place_id, 'label', p.label) end) as c
	          from unnest(moves) m
	          join property t on (t.municipality_no, t.gnr, t.bnr, t.fnr, t.snr) = (m.new_no, m.new_gnr, m.new_bnr, m.new_fnr, m.new_snr)
	          join place p on p.id = t.place_id
	         where t.place_id not in (select o.id from unnest(moves) o)
	        union all
	        select jsonb_build_object('id', m.id, 'label', m.label, 'to', property_name(m.new_no, m.new_gnr, m.new_bnr, m.new_fnr, m.new_snr),
	                                  'twice', true)
	          from (select *, count(*) over (partition by new_no, new_gnr, new_bnr, new_fnr, new_snr) as n from unnest(moves)) m
	         where m.n > 1
	        union all
	        select jsonb_build_object('id', a.id, 'label', a.street_name, 'to', (municipality ->> 'to') || substr(a.key, 5), 'address', true)
	          from address a join address t on t.key = (municipality ->> 'to') || substr(a.key, 5)
	         where a.municipality_no = municipality ->> 'from' and starts_with(a.key, municipality ->> 'from')
	         limit 50) x;
$$;

-- The municipality's own place, its addresses and the areas that carry its number.
create function renumber_municipality(m jsonb, moves property_move[]) returns void language plpgsql as $$
declare
	old_root uuid := (select p.parent_id from place p where p.id = moves[1].id);
	new_root uuid := (select q.id from property x join place p on p.id = x.place_id join place q on q.id = p.parent_id
	                   where x.municipality_no = m ->> 'to' and p.id <> all (select o.id from unnest(moves) o)
	                     and q.removed_at is null limit 1);
begin
	update address a set municipality_no = m ->> 'to',
	       key = case when starts_with(a.key, m ->> 'from') then (m ->> 'to') || substr(a.key, 5) else a.key end
	 where a.municipality_no = m ->> 'from';
	update area a set municipality_no = m ->> 'to' where a.municipality_no = m ->> 'from';
	if new_root is not null and new_root <> old_root then
		-- It joins one that is here: what lies in the old one lies in that.
		perform place_hang(array(select p.id from place p where p.parent_id = old_root and p.removed_at is null), new_root);
		update place p set removed_at = now(), merged_into = new_root where p.id = old_root;
		old_root := new_root;
	end if;
	if m ->> 'name' is not null then
		update place p set name = m ->> 'name' where p.id = old_root;
	end if;
end
$$;

-- New numbers for properties, or for a whole municipality, from a day: {valid_from, dry_run, municipality: {from, to, name, gnr_plus} |
-- properties: [{id | from, to}]}. Tells how many, the first of them, and what stands in the way.
create function register_renumber(body jsonb) returns table (count int, changes jsonb, conflicts jsonb, xid text) language plpgsql as $$
declare
	m     jsonb := case when jsonb_typeof(body -> 'municipality') = 'object' then body -> 'municipality' end;
	dry   boolean := coalesce((body ->> 'dry_run')::boolean, false);
	moves property_move[];
begin
	if m is not null and not has_role('admin') then
		raise exception 'a municipality is renumbered by an administrator' using errcode = 'FD403';
	end if;
	moves := renumber_moves(body);
	if m is not null and renumber_hidden(m ->> 'from') > coalesce(cardinality(moves), 0) then
		raise exception 'some of its properties are in areas that are not yours' using errcode = 'FD403';
	end if;
	if coalesce(cardinality(moves), 0) = 0 then
		perform refuse('/municipality/from', 'there is no property of this municipality');
	end if;
	if not dry then
		perform from place p where p.id in (select o.id from unnest(moves) o) order by p.id for update;
		xid := register_note('renumber', body ->> 'note', moment(body ->> 'valid_from'))::text;
	end if;
	conflicts := renumber_conflicts(moves, m);
	count := cardinality(moves);
	changes := (select jsonb_agg(jsonb_build_object('id', o.id, 'label', o.label,
	                      'from', property_name(o.municipality_no, o.gnr, o.bnr, o.fnr, o.snr),
	                      'to', property_name(o.new_no, o.new_gnr, o.new_bnr, o.new_fnr, o.new_snr)))
	              from (select * from unnest(moves) u order by u.municipality_no, u.gnr, u.bnr, u.fnr, u.snr limit 50) o);
	if dry then
		return next;
		return;
	end if;
	if conflicts <> '[]' then
		raise exception 'numbers are taken' using errcode = 'FD409', detail = jsonb_build_object('conflicts', conflicts)::text;
	end if;
	update property x
	   set municipality_no = o.new_no, gnr = o.new_gnr, bnr = o.new_bnr, fnr = o.new_fnr, snr = o.new_snr
	  from unnest(moves) o
	 where x.place_id = o.id;
	-- A name that is the number follows it.
	update place p set name = property_name(o.new_no, o.new_gnr, o.new_bnr, o.new_fnr, o.new_snr)
	  from unnest(moves) o
	 where p.id = o.id and p.name = property_name(o.municipality_no, o.gnr, o.bnr, o.fnr, o.snr);
	if m is not null then
		perform renumber_municipality(m, moves);
	end if;
	return next;
end
$$;

create function renumber_hidden(municipality_no text) returns bigint stable language sql
security definer set search_path = fdvu, public, pg_temp as $$
	select count(*) from property x where x.municipality_no = renumber_hidden.municipality_no;
$$;

-- Templates --------------------------------------------------------------------------------------------------------------------------------

create table component_template (
	id      uuid   primary key default uuidv7(),
	name    text   not null,
	types   text,
	items   jsonb  not null,
	row_v   bigint not null default 1,
	changed xid8   not null default pg_current_xact_id(),
	constraint component_template_name_is_short     check (length(btrim(name)) between 1 and 200),
	constraint component_template_types_is_a_prefix check (types ~ '^[1-9][0-9]{0,2}$'),
	constraint component_template_items_is_a_list   check (jsonb_typeof(items) = 'array' and jsonb_array_length(items) between 1 and 500)
);
comment on table component_template        is 'the components that a kind of building has';
comment on column component_template.types is 'building types it is for, by the beginning of their code; null: all';
comment on column component_template.items is '[{element, name, tag, service_life_years, quantity, unit}]; in a tag {nr} is counted up, {building} is the bygningsnummer';

create trigger stamp before update on component_template for each row execute function stamp();
select audit_table('component_template');
alter table component_template enable row level security;
create policy job          on component_template to fdvu_job using (true) with check (true);
create policy office       on component_template for select to fdvu_office using ((select me()) is not null);
create policy office_rules on component_template to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
grant select, insert, update, delete on component_template to fdvu_job;
grant select, delete on component_template to fdvu_office;
grant insert (id, name, types, items), update (name, types, items) on component_template to fdvu_office;

create function template_put(template uuid, body jsonb) returns uuid language plpgsql as $$
declare
	item jsonb;
	nth  int := 0;
	have bigint;
begin
	if jsonb_typeof(body -> 'items') <> 'array' or jsonb_array_length(body -> 'items') not between 1 and 500 then
		perform refuse('/items', 'must be a list of 1 to 500 components');
	end if;
	for item in select value from jsonb_array_elements(body -> 'items') loop
		if jsonb_typeof(item) <> 'object' or coalesce(btrim(item ->> 'name'), '') = '' or length(item ->> 'name') > 200 then
			perform refuse('/items/' || nth || '/name', 'is required');
		elsif item - '{element,name,tag,service_life_years,quantity,unit}'::text[] <> '{}' then
			perform refuse('/items/' || nth, 'has fields that are not of a template');
		elsif item ->> 'element' is not null and not exists (select from element e where e.code = item ->> 'element') then
			perform refuse('/items/' || nth || '/element', 'is no element');
		elsif (item ->> 'service_life_years')::int not between 1 and 500 or (item ->> 'quantity')::numeric < 0 then
			perform refuse('/items/' || nth, 'has a number out of range');
		end if;
		nth := nth + 1;
	end loop;
	select t.row_v into have from component_template t where t.id = template for update;
	if found then
		perform expect_version(have, (body ->> 'row_v')::bigint);
		update component_template t set name = body ->> 'name', types = body ->> 'types', items = body -> 'items' where t.id = template;
	else
		insert into component_template (id, name, types, items) values (template, body ->> 'name', body ->> 'types', body -> 'items');
	end if;
	return template;
end
$$;

-- Lays out a template's components at a place: those that are not there already, by element and name. Tells which.
create function template_apply(place uuid, body jsonb) returns table (count int, items jsonb, xid text) language plpgsql as $$
declare
	t     component_template;
	dry   boolean := coalesce((body ->> 'dry_run')::boolean, false);
	house text;
begin
	select * into t from component_template x where x.id = (body ->> 'template')::uuid;
	if not found then
		perform refuse('/template', 'there is no such template');
	end if;
	perform place_lock(place);
	select coalesce(b.bygningsnummer::text, s.code, '') into house
	  from place p join place s on s.id = p.site_id left join building b on b.place_id = s.id where p.id = place;
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('element', i.value ->> 'element', 'name', i.value ->> 'name',
	           'tag', replace(replace(i.value ->> 'tag', '{building}', house), '{nr}',
	                  lpad((1 + (select count(*) from component c
	                              where c.site_id = (select p.site_id from place p where p.id = place) and c.element = i.value ->> 'element'
	                                and c.removed_at is null))::text, 3, '0')),
	           'service_life_years', i.value -> 'service_life_years', 'quantity', i.value -> 'quantity', 'unit', i.value ->> 'unit'))
	           || jsonb_build_object('is_there', h.yes) order by i.n), '[]'),
	       count(*) filter (where not h.yes)
	  into items, count
	  from jsonb_array_elements(t.items) with ordinality i(value, n)
	 cross join lateral (select exists (select from component c
	                                     where (c.place_id = place or c.site_id = place) and c.removed_at is null
	                                       and c.element is not distinct from i.value ->> 'element' and c.name = i.value ->> 'name') as yes) h;
	if not dry and count > 0 then
		xid := register_note('template', coalesce(body ->> 'note', t.name), moment(body ->> 'valid_from'))::text;
		insert into component (place_id, element, name, tag, service_life_years, quantity, unit, code)
		select place, i.element, i.name, i.tag, i.service_life_years, i.quantity, i.unit, new_code()
		  from jsonb_to_recordset(items) i(element text, name text, tag text, service_life_years int, quantity numeric, unit text, is_there boolean)
		 where not i.is_there;
	end if;
	return next;
end
$$;

grant execute on function place_inherits(place_kind), place_split(uuid, jsonb), place_merge(uuid, jsonb), property_number(text),
	renumber_moves(jsonb), renumber_conflicts(property_move[], jsonb), renumber_municipality(jsonb, property_move[]), register_renumber(jsonb),
	renumber_hidden(text), template_put(uuid, jsonb), template_apply(uuid, jsonb) to fdvu_office, fdvu_job;

-- Sensible layouts to begin with; service lives are usual ones, to be set by what is installed.
insert into component_template (id, name, types, items) values
(ref_uuid('component_template', 'school'), 'Skole', '61', '[
	{"element":"216","name":"Direkte fundamentering","service_life_years":100},
	{"element":"217","name":"Drenering","service_life_years":50},
	{"element":"231","name":"Bærende yttervegger","service_life_years":80},
	{"element":"234","name":"Vinduer","service_life_years":35},
	{"element":"235","name":"Utvendig kledning","service_life_years":45},
	{"element":"237","name":"Solavskjerming","service_life_years":15},
	{"element":"255","name":"Gulvbelegg","service_life_years":20},
	{"element":"262","name":"Taktekking","service_life_years":30},
	{"element":"265","name":"Takrenner og nedløp","service_life_years":30},
	{"element":"274","name":"Våtrom","service_life_years":25},
	{"element":"312","name":"Ledningsnett for sanitær","service_life_years":45},
	{"element":"315","name":"Varmtvannsbereder","tag":"+{building}=310.001-VB{nr}","service_life_years":20,"quantity":1,"unit":"stk"},
	{"element":"325","name":"Varmesentral","tag":"+{building}=320.001-VS{nr}","service_life_years":25,"quantity":1,"unit":"stk"},
	{"element":"332","name":"Sprinkleranlegg","tag":"+{building}=330.001-SA{nr}","service_life_years":40},
	{"element":"365","name":"Ventilasjonsaggregat","tag":"+{building}=360.001-AG{nr}","service_life_years":20,"quantity":1,"unit":"stk"},
	{"element":"432","name":"Hovedtavle","tag":"+{building}=430.001-HF{nr}","service_life_years":40,"quantity":1,"unit":"stk"},
	{"element":"442","name":"Belysning","service_life_years":20},
	{"element":"443","name":"Nødlys","service_life_years":10},
	{"element":"542","name":"Brannalarmanlegg","tag":"+{building}=540.001-BA{nr}","service_life_years":15,"quantity":1,"unit":"stk"},
	{"element":"543","name":"Adgangskontroll","tag":"+{building}=540.002-AK{nr}","service_life_years":15},
	{"element":"563","name":"Automatikk","tag":"+{building}=560.001-AU{nr}","service_life_years":15},
	{"element":"621","name":"Heis","tag":"+{building}=620.001-HE{nr}","service_life_years":25,"quantity":1,"unit":"stk"}]'),
(ref_uuid('component_template', 'nursing_home'), 'Sykehjem', '72', '[
	{"element":"217","name":"Drenering","service_life_years":50},
	{"element":"234","name":"Vinduer","service_life_years":35},
	{"element":"235","name":"Utvendig kledning","service_life_years":45},
	{"element":"255","name":"Gulvbelegg","service_life_years":20},
	{"element":"262","name":"Taktekking","service_life_years":30},
	{"element":"274","name":"Baderom","service_life_years":25},
	{"element":"312","name":"Ledningsnett for sanitær","service_life_years":45},
	{"element":"315","name":"Varmtvannsbereder","tag":"+{building}=310.001-VB{nr}","service_life_years":20,"quantity":2,"unit":"stk"},
	{"element":"325","name":"Varmesentral","tag":"+{building}=320.001-VS{nr}","service_life_years":25,"quantity":1,"unit":"stk"},
	{"element":"332","name":"Sprinkleranlegg","tag":"+{building}=330.001-SA{nr}","service_life_years":40},
	{"element":"365","name":"Ventilasjonsaggregat","tag":"+{building}=360.001-AG{nr}","service_life_years":20,"quantity":2,"unit":"stk"},
	{"element":"432","name":"Hovedtavle","tag":"+{building}=430.001-HF{nr}","service_life_years":40,"quantity":1,"unit":"stk"},
	{"element":"442","name":"Belysning","service_life_years":20},
	{"element":"443","name":"Nødlys","service_life_years":10},
	{"element":"46","name":"Nødstrømsaggregat","tag":"+{building}=460.001-NA{nr}","service_life_years":30,"quantity":1,"unit":"stk"},
	{"element":"542","name":"Brannalarmanlegg","tag":"+{building}=540.001-BA{nr}","service_life_years":15,"quantity":1,"unit":"stk"},
	{"element":"53","name":"Pasientvarsling","service_life_years":12},
	{"element":"543","name":"Adgangskontroll","tag":"+{building}=540.002-AK{nr}","service_life_years":15},
	{"element":"621","name":"Sengeheis","tag":"+{building}=620.001-HE{nr}","service_life_years":25,"quantity":2,"unit":"stk"}]'),
(ref_uuid('component_template', 'housing_block'), 'Boligblokk', '14', '[
	{"element":"217","name":"Drenering","service_life_years":50},
	{"element":"231","name":"Bærende yttervegger","service_life_years":80},
	{"element":"234","name":"Vinduer og ytterdører","service_life_years":35},
	{"element":"235","name":"Utvendig kledning","service_life_years":45},
	{"element":"262","name":"Taktekking","service_life_years":30},
	{"element":"265","name":"Takrenner og nedløp","service_life_years":30},
	{"element":"284","name":"Balkonger","service_life_years":40},
	{"element":"312","name":"Stigeledninger for vann og avløp","service_life_years":45},
	{"element":"325","name":"Varmesentral","tag":"+{building}=320.001-VS{nr}","service_life_years":25,"quantity":1,"unit":"stk"},
	{"element":"365","name":"Avtrekksvifte","tag":"+{building}=360.001-VI{nr}","service_life_years":20,"quantity":1,"unit":"stk"},
	{"element":"432","name":"Hovedtavle","tag":"+{building}=430.001-HF{nr}","service_life_years":40,"quantity":1,"unit":"stk"},
	{"element":"442","name":"Fellesbelysning","service_life_years":20},
	{"element":"542","name":"Brannalarmanlegg","tag":"+{building}=540.001-BA{nr}","service_life_years":15,"quantity":1,"unit":"stk"},
	{"element":"54","name":"Porttelefon","service_life_years":15},
	{"element":"621","name":"Heis","tag":"+{building}=620.001-HE{nr}","service_life_years":25,"quantity":1,"unit":"stk"}]');

do $$
declare
	bad text;
begin
	select string_agg(i ->> 'element', ', ') into bad
	  from component_template t cross join lateral jsonb_array_elements(t.items) i
	 where not exists (select from element e where e.code = i ->> 'element');
	if bad is not null then
		raise exception 'templates name elements that are none: %', bad;
	end if;
end
$$;
