-- Geodata for other systems: what the queries of OGC API – Features and of exports lean on, and long-lived tokens for GIS programs.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- A place's own shape, else the point it inherits. Large outer places and the many inner ones have an index each: a building is not
-- looked for among the dwellings that share its point. The second serves what hangs on a place (components, cases, tasks) too. (Not coalesce():
-- the planner takes that for something that leaks, and does not look in an index before row level security has spoken.)
create index place_outer_shape on place using gist ((case when geom is null then point else geom end))
	where kind in ('municipality', 'property', 'building', 'outdoor_area') and removed_at is null;
create index place_any_shape   on place using gist ((case when geom is null then point else geom end));
-- Pages of a kind, in the order of their keys.
create index place_kind_id     on place (kind, id) where removed_at is null;
create index cases_position    on cases using gist (position) where position is not null;

-- The part of the map that is asked for, in the storage system: a box in any system the interface takes (x first: east or longitude),
-- a polygon in the storage system, or what both have in common; null when neither is given.
--
-- A box is cut to where its numbers can be transformed (the world's corners have no UTM 32 coordinates, and programs ask for the world),
-- and its sides get points between, since straight in degrees is not straight in metres. x1 > x2 crosses the antimeridian.
create function gis_region(x1 float8, y1 float8, x2 float8, y2 float8, srid int, polygon text) returns geometry
immutable parallel safe language plpgsql set search_path = public, pg_temp as $$
declare
	edge box2d := case
		when srid in (4326, 4258) then st_makebox2d(st_point(-30, 30), st_point(50, 88))
		when srid = 3857          then st_makebox2d(st_point(-3.4e6, 3.5e6), st_point(5.6e6, 2.6e7))
		else                           st_makebox2d(st_point(-3e6, 3e6), st_point(4e6, 9.8e6))
	end;
	area  geometry := case when polygon is not null then st_makevalid(st_geomfromtext(polygon, 25832)) end;
	box   geometry;
begin
	if x1 is null then
		return area;
	end if;
	if srid in (4326, 4258) and x1 > x2 then
		box := st_collect(fdvu.gis_region(x1, y1, 180, y2, srid, null), fdvu.gis_region(-180, y1, x2, y2, srid, null));
	else
		x1 := greatest(x1, st_xmin(edge));
		y1 := greatest(y1, st_ymin(edge));
		x2 := least(x2, st_xmax(edge));
		y2 := least(y2, st_ymax(edge));
		if x1 > x2 or y1 > y2 then
			return st_geomfromtext('POLYGON EMPTY', 25832);
		end if;
		box := st_makeenvelope(x1, y1, x2, y2, srid);
		if srid <> 25832 then
			if greatest(x2 - x1, y2 - y1) > 0 then
				box := st_segmentize(box, greatest(x2 - x1, y2 - y1) / case when x2 - x1 > 0.5 then 64 else 8 end);
			end if;
			box := st_transform(box, 25832);
		end if;
	end if;
	return case when area is null then box else st_intersection(area, box) end;
end
$$;

-- st_intersects() at a price that suits points and outlines of some corners. PostGIS puts it at 5000, for which the planner reads whole
-- indexes only to ask it less often. Not in plain SQL: in line it would have its old price.
create function gis_meets(shape geometry, region geometry) returns boolean
immutable strict parallel safe language plpgsql cost 20 as $$
begin
	return public.st_intersects(shape, region);
end
$$;

-- A shape as the asker wants it: 'json' GeoJSON in the axis order of the system, 'wkb' hexadecimal and always east first (GeoPackage
-- 1.3, 1.1.1.1.1), 'csv' x, y and WKT with tabs between. Plain SQL, so that the planner puts it in line and keeps one branch.
create function gis_shape(shape geometry, srid int, is_north_first boolean, digits int, format text) returns text
immutable parallel safe language sql as $$
	select case format
		when 'json' then st_asgeojson(case when is_north_first then st_flipcoordinates(st_transform(shape, srid))
		                                   else st_transform(shape, srid) end, digits, 0)
		when 'wkb'  then encode(st_asbinary(st_transform(shape, srid), 'NDR'), 'hex')
		when 'csv'  then round(st_x(st_pointonsurface(st_transform(shape, srid)))::numeric, digits)
		                 || e'\t' || round(st_y(st_pointonsurface(st_transform(shape, srid)))::numeric, digits)
		                 || e'\t' || st_astext(st_transform(shape, srid), digits)
	end
$$;

grant execute on function gis_region(float8, float8, float8, float8, int, text), gis_shape(geometry, int, boolean, int, text),
	gis_meets(geometry, geometry)
	to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_public, fdvu_job;

-- Tokens for GIS programs are sessions that last: copies of the maker's roles and areas, which end with any of the roles (0004), read
-- only, made in the office.
alter table session
	add column id           uuid    not null default uuidv7(),
	add column name         text,
	add column is_read_only boolean not null default false,
	add constraint session_id_is_unique             unique (id),
	add constraint session_name_is_not_too_long     check (length(name) between 1 and 100),
	add constraint session_named_ones_are_read_only check (name is null or is_read_only);
comment on column session.name is 'of a GIS program''s token, by which its owner knows it';

grant select (id, name, is_read_only) on session to fdvu_job;

-- As in 0004; a token that may only read makes the transaction so, whatever statement comes next.
create or replace function identify(token_hash bytea) returns void language plpgsql security definer as $$
declare
	s fdvu.session;
begin
	select * into s
	  from fdvu.session x
	 where x.token_hash = identify.token_hash
	   and x.expires_at > pg_catalog.now()
	   and 'fdvu_' || x.audience = session_user;
	if not found then
		raise exception 'no such session' using errcode = 'FD401';
	end if;
	perform pg_catalog.set_config('fdvu.person', s.person_id::text, true),
	        pg_catalog.set_config('fdvu.areas', s.areas::text, true),
	        pg_catalog.set_config('fdvu.roles', s.roles::text, true);
	if s.audience = 'supplier' then
		perform pg_catalog.set_config('fdvu.link', coalesce(s.supplier_link_id::text, ''), true);
	end if;
	if s.is_read_only then
		perform pg_catalog.set_config('transaction_read_only', 'on', true);
	end if;
end
$$;

-- A token of whoever asks, with what this session may. `hash` is of the token, which is nowhere kept.
create function gis_token_add(hash bytea, name text, days int) returns table (id uuid, created_at timestamptz, expires_at timestamptz)
language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
#variable_conflict use_column
begin
	if me() is null then
		raise exception 'nobody has no token' using errcode = '42501';
	end if;
	if days not between 1 and 365 then
		raise exception 'a token lasts 1 to 365 days' using errcode = 'FD400';
	end if;
	if (select count(*) from session s where s.person_id = me() and s.name is not null and s.expires_at > now()) >= 20 then
		raise exception 'at most 20 tokens: remove one first' using errcode = 'FD409';
	end if;
	return query
		insert into session (token_hash, person_id, audience, areas, roles, expires_at, name, is_read_only)
		values (hash, me(), 'office', areas(), nullif(current_setting('fdvu.roles', true), '')::text[],
		        now() + make_interval(days => gis_token_add.days), gis_token_add.name, true)
		returning session.id, session.created_at, session.expires_at;
end
$$;

create function gis_token_list() returns table (id uuid, name text, created_at timestamptz, expires_at timestamptz)
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select s.id, s.name, s.created_at, s.expires_at
	  from session s
	 where s.person_id = me()
	   and s.name is not null
	   and s.expires_at > now()
	 order by s.created_at desc, s.id
	 limit 50;
$$;

-- Ends one. A person's own; an administrator ends anybody's.
create function gis_token_end(id uuid) returns uuid
language sql security definer set search_path = fdvu, public, pg_temp as $$
	delete from session s
	 where s.id = gis_token_end.id
	   and s.name is not null
	   and (s.person_id = me() or has_role('admin'))
	returning s.id;
$$;

grant execute on function gis_token_add(bytea, text, int), gis_token_list(), gis_token_end(uuid) to fdvu_office;
