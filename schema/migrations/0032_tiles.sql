-- What the cached vector tiles must hear of: where on the map something changed (docs/decisions/0017).
--
-- Append-only, so that no two writers wait for one another: a row for each statement, kind of thing and square kilometre that it touched. Each
-- server reads what committed since its last look and forgets the tiles that lie there; rows that all have seen are deleted.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table tile_change (
	xid    xid8   not null default pg_current_xact_id(),
	layers int    not null,
	west   float8 not null,
	south  float8 not null,
	east   float8 not null,
	north  float8 not null
);
comment on table tile_change is 'boxes in EPSG:25832; no key: rows are read by transaction and live for minutes';
comment on column tile_change.layers is
	'1 municipality, 2 property, 4 outdoor area, 8 building, 16 component, 32 task, 64 case, 128 where any of them is or whose it is';
create index tile_change_xid on tile_change (xid);

alter table tile_change enable row level security;
create policy job on tile_change to fdvu_job using (true) with check (true);
grant select, delete on tile_change to fdvu_job;

-- Notes boxes by square kilometre; more than a hundred of these become one.
create function tile_note(layers int[], boxes geometry[]) returns void
language sql security definer set search_path = fdvu, public, pg_temp as $$
	with box as (
	     select u.layers, st_xmin(u.geom) as west, st_ymin(u.geom) as south, st_xmax(u.geom) as east, st_ymax(u.geom) as north
	       from unnest(tile_note.layers, tile_note.boxes) as u (layers, geom)
	      where not st_isempty(u.geom)),
	cell as (
	     select b.*, floor(b.west / 1000) as x, floor(b.south / 1000) as y from box b),
	many as (
	     select count(*) > 100 as yes from (select distinct c.layers, c.x, c.y from cell c) d)
	insert into tile_change (layers, west, south, east, north)
	select c.layers, min(c.west), min(c.south), max(c.east), max(c.north)
	  from cell c, many m
	 group by c.layers, case when not m.yes then c.x end, case when not m.yes then c.y end;
$$;

create function tile_layer(kind place_kind) returns int immutable parallel safe language sql
	return case kind when 'municipality' then 1 when 'property' then 2 when 'outdoor_area' then 4 when 'building' then 8 else 0 end;

-- Where a thing is drawn: on its building, or on the parcel or outdoor area that it is on.
create function tile_spot(place uuid, site uuid) returns geometry stable language sql
	return (select case s.kind when 'building' then s.point else p.point end
	          from fdvu.place p, fdvu.place s
	         where p.id = tile_spot.place and s.id = tile_spot.site);

create function tile_place() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	layers int[];
	boxes  geometry[];
begin
	if tg_op = 'INSERT' then
		select array_agg(tile_layer(n.kind)), array_agg(st_envelope(coalesce(n.geom, n.point)))
		  into layers, boxes
		  from new_rows n
		 where n.kind in ('municipality', 'property', 'outdoor_area', 'building') and coalesce(n.geom, n.point) is not null;
	elsif tg_op = 'DELETE' then
		select array_agg(tile_layer(o.kind) | 128), array_agg(st_envelope(coalesce(o.geom, o.point)))
		  into layers, boxes
		  from old_rows o
		 where o.kind in ('municipality', 'property', 'outdoor_area', 'building') and coalesce(o.geom, o.point) is not null;
	else
		select array_agg(u.layers), array_agg(u.box)
		  into layers, boxes
		  from (select case when o.point is distinct from n.point or o.removed_at is distinct from n.removed_at
		                      or o.area_no is distinct from n.area_no or o.site_id is distinct from n.site_id
		                    then 128 else 0 end | tile_layer(n.kind) as layers,
		               st_envelope(coalesce(v.geom, v.point)) as box
		          from old_rows o
		          join new_rows n using (id)
		         cross join lateral (values (o.geom, o.point), (n.geom, n.point)) as v (geom, point)
		         where n.kind in ('municipality', 'property', 'outdoor_area', 'building')
		           and (o.label, o.area_no, o.site_id, o.removed_at, o.kind, o.geom, o.point)
		               is distinct from (n.label, n.area_no, n.site_id, n.removed_at, n.kind, n.geom, n.point)) u
		 where u.box is not null;
	end if;
	if layers is not null then
		perform tile_note(layers, boxes);
	end if;
	return null;
end
$$;

-- The rows that extend a building carry its type and status.
create function tile_building() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	layers int[];
	boxes  geometry[];
begin
	if tg_op = 'INSERT' then
		select array_agg(8), array_agg(st_envelope(coalesce(p.geom, p.point)))
		  into layers, boxes
		  from new_rows n
		  join place p on p.id = n.place_id
		 where p.point is not null;
	else
		select array_agg(8), array_agg(st_envelope(coalesce(p.geom, p.point)))
		  into layers, boxes
		  from old_rows o
		  join new_rows n using (place_id)
		  join place p on p.id = n.place_id
		 where p.point is not null
		   and (o.type_code, o.status) is distinct from (n.type_code, n.status);
	end if;
	if layers is not null then
		perform tile_note(layers, boxes);
	end if;
	return null;
end
$$;

-- Makes the trigger function and triggers of a table of things on places. Rows are r; `own` is a thing's own position, `seen` what of it is
-- drawn. Distinct before the position is looked up, so that a load of a million components looks for each place once.
create function tile_table(tbl regclass, layer int, own text, seen text) returns void language plpgsql as $make$
begin
	execute format($function$
create function tile_%1$s() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	layers int[];
	boxes  geometry[];
begin
	if tg_op = 'INSERT' then
		select array_agg(%2$s), array_agg(u.spot)
		  into layers, boxes
		  from (select coalesce(d.own, tile_spot(d.place_id, d.site_id)) as spot
		          from (select distinct %3$s as own, r.place_id, r.site_id from new_rows r) d) u
		 where u.spot is not null;
	elsif tg_op = 'DELETE' then
		select array_agg(%2$s | 128), array_agg(u.spot)
		  into layers, boxes
		  from (select coalesce(d.own, tile_spot(d.place_id, d.site_id)) as spot
		          from (select distinct %3$s as own, r.place_id, r.site_id from old_rows r) d) u
		 where u.spot is not null;
	else
		with o as (select r.id, %3$s as own, r.place_id, r.site_id, r.area_no, row(%4$s) as seen from old_rows r),
		     n as (select r.id, %3$s as own, r.place_id, r.site_id, r.area_no, row(%4$s) as seen from new_rows r),
		     d as (select distinct v.own, v.place_id, v.site_id,
		                  case when (o.own, o.place_id, o.site_id, o.area_no) is distinct from (n.own, n.place_id, n.site_id, n.area_no)
		                       then 128 else 0 end | %2$s as layers
		             from o
		             join n using (id)
		            cross join lateral (values (o.own, o.place_id, o.site_id), (n.own, n.place_id, n.site_id)) as v (own, place_id, site_id)
		            where (o.own, o.place_id, o.site_id, o.area_no) is distinct from (n.own, n.place_id, n.site_id, n.area_no)
		               or o.seen is distinct from n.seen)
		select array_agg(u.layers), array_agg(u.spot)
		  into layers, boxes
		  from (select d.layers, coalesce(d.own, tile_spot(d.place_id, d.site_id)) as spot from d) u
		 where u.spot is not null;
	end if;
	if layers is not null then
		perform tile_note(layers, boxes);
	end if;
	return null;
end
$$;
create trigger tile_insert after insert on %1$s referencing new table as new_rows
	for each statement execute function tile_%1$s();
create trigger tile_update after update on %1$s referencing old table as old_rows new table as new_rows
	for each statement execute function tile_%1$s();
create trigger tile_delete after delete on %1$s referencing old table as old_rows
	for each statement execute function tile_%1$s();
$function$, tbl, layer, own, seen);
end
$make$;

select tile_table('component', 16, 'r.geom', 'r.name, r.tag, r.element, r.condition_grade, r.removed_at');
select tile_table('task', 32, '(select c.geom from component c where c.id = r.component_id)',
	'r.title, r.category, r.state, r.priority, r.deadline');
select tile_table('cases', 64, 'r.position', 'r.title, r.category, r.state, r.priority, r.deadline');
drop function tile_table(regclass, int, text, text);

create trigger tile_insert after insert on place referencing new table as new_rows
	for each statement execute function tile_place();
create trigger tile_update after update on place referencing old table as old_rows new table as new_rows
	for each statement execute function tile_place();
create trigger tile_delete after delete on place referencing old table as old_rows
	for each statement execute function tile_place();
create trigger tile_insert after insert on building referencing new table as new_rows
	for each statement execute function tile_building();
create trigger tile_update after update on building referencing old table as old_rows new table as new_rows
	for each statement execute function tile_building();
