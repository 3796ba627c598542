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
			with hit as (
				select x.%1$I as id, to_jsonb(x) as old, to_jsonb(n) as new, row_number() over (order by x.%1$I) as nth
				  from %2$I x, jsonb_populate_record(null::%2$I, $2) n
				 where x.%1$I = any ($1) and (%3$s)
			)
			select array(select id from hit),
			       (select jsonb_agg(jsonb_build_object('id', h.id, 'fields',
			                   (select jsonb_agg(jsonb_build_object('field', register_field(%2$L, k), 'old', h.old -> k, 'new', h.new -> k) order by k)
			                      from jsonb_object_keys($2) k where h.old -> k <> h.new -> k)) order by h.id)
			          from hit h where nth <= 50)
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
