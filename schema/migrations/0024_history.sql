-- The register as it was: each version of a place, of what extends it and of a component is kept, with the time it held.
--
-- A row says since when it holds; its twin X_was keeps what held before, until when. X_ever is both. A version holds at T when
-- `since <= T and (until is null or until > T)`. What a program loaded has held since -infinity: the register does not know better.
-- The time is that of the world, not of the keyboard: a renumbering of 2020 that is entered today holds from 2020 (fdvu.valid_from).
-- Who entered it when is in audit.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- What the register still lacked, before its tables get twins.
alter table place add column is_outside   boolean not null default false;
alter table place add column is_bookable  boolean not null default false;
alter table place add column is_universal boolean;
alter table place add column area_m2      numeric constraint place_area_is_positive check (area_m2 >= 0);
comment on column place.is_outside   is 'its geometry may lie outside its municipality';
comment on column place.is_universal is 'universally designed (TEK17 chapter 8 and 12); null: not examined';
comment on column place.area_m2      is 'net area of a room or an outdoor area; a dwelling has its own';

alter table component add column parent_id uuid references component;
alter table component add column note text;
comment on column component.parent_id is 'the system that it is part of';
create index component_parent on component (parent_id) where parent_id is not null;
alter table component add constraint component_is_not_its_own_part check (parent_id <> id);

grant insert (is_outside, is_bookable, is_universal, area_m2), update (is_outside, is_bookable, is_universal, area_m2) on place to fdvu_office;
grant insert (parent_id, note), update (parent_id, note) on component to fdvu_office;

-- From when what is written now holds.
create function valid_now() returns timestamptz stable parallel safe language sql as $$
	select coalesce(nullif(current_setting('fdvu.valid_from', true), '')::timestamptz, now());
$$;

create function valid_first() returns timestamptz stable parallel safe language sql as $$
	select case when is_program() then '-infinity'::timestamptz else valid_now() end;
$$;
grant execute on function valid_now(), valid_first() to fdvu_office, fdvu_field, fdvu_tenant, fdvu_supplier, fdvu_public, fdvu_job;

-- stamp() for tables with history. What a transaction writes over its own writing was never true, so it makes no version.
create function stamp_version() returns trigger language plpgsql as $$
begin
	new.row_v   := old.row_v;
	new.changed := old.changed;
	new.since   := old.since;
	if old.changed <> pg_current_xact_id() and new is distinct from old then
		new.since := greatest(old.since, valid_now());
	end if;
	new.row_v   := old.row_v + 1;
	new.changed := pg_current_xact_id();
	return new;
end
$$;

-- Makes a table's twin, view and triggers; again, after the table has got a column. `key` is the row's key, `indexes` more columns to find
-- old versions by.
create function history_table(tbl regclass, key text default 'id', indexes text[] default '{}') returns void language plpgsql as $make$
declare
	name text := tbl::text;
	cols text;
	o_cols text;
	sets text;
	differs text;
	c    record;
begin
	if not exists (select from pg_attribute where attrelid = tbl and attname = 'since' and not attisdropped) then
		execute format('alter table %s add column since timestamptz not null default ''-infinity''', tbl);
		execute format('alter table %s alter column since set default valid_first()', tbl);
	end if;
	if to_regclass(name || '_was') is null then
		execute format('create table %1$s_was (like %1$s)', name);
		execute format('alter table %s_was add column until timestamptz not null', name);
		execute format('create index %1$s_was_%2$s on %1$s_was (%2$s, until)', name, key);
		for i in 1..cardinality(indexes) loop
			execute format('create index %1$s_was_%2$s on %1$s_was (%2$s)', name, indexes[i]);
		end loop;
		execute format('alter table %s_was enable row level security', name);
		execute format('create policy job on %s_was to fdvu_job using (true) with check (true)', name);
		execute format('create policy office on %s_was for select to fdvu_office
			using (area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null))', name);
		execute format('grant select, insert, update, delete on %s_was to fdvu_job', name);
		execute format('grant select on %s_was to fdvu_office', name);
		execute format('drop trigger stamp on %s', name);
		execute format('create trigger stamp before update on %s for each row execute function stamp_version()', name);
	end if;
	for c in select a.attname, format_type(a.atttypid, a.atttypmod) as type
	           from pg_attribute a
	          where a.attrelid = tbl and a.attnum > 0 and not a.attisdropped
	            and not exists (select from pg_attribute w
	                             where w.attrelid = (name || '_was')::regclass and w.attname = a.attname and not w.attisdropped)
	loop
		execute format('alter table %s_was add column %I %s', name, c.attname, c.type);
	end loop;

	select string_agg(quote_ident(attname), ', ' order by attnum),
	       string_agg('o.' || quote_ident(attname), ', ' order by attnum),
	       string_agg(format('%1$I = case when n.%1$I is distinct from o.%1$I then n.%1$I else w.%1$I end', attname), ', ' order by attnum)
	           filter (where attname not in (key, 'row_v', 'changed', 'since')),
	       string_agg(format('n.%1$I is distinct from o.%1$I', attname), ' or ' order by attnum)
	           filter (where attname not in (key, 'row_v', 'changed', 'since'))
	  into cols, o_cols, sets, differs
	  from pg_attribute where attrelid = tbl and attnum > 0 and not attisdropped;

	execute format('drop view if exists %s_ever', name);
	execute format('create view %1$s_ever with (security_invoker = true) as
		select %2$s, null::timestamptz as until from %1$s union all select %2$s, until from %1$s_was', name, cols);
	execute format('grant select on %s_ever to fdvu_office, fdvu_job', name);

	execute format($function$
create or replace function history_%1$s() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	v    timestamptz := valid_now();
	late uuid[];
begin
	if tg_op = 'DELETE' then
		insert into %1$s_was (%2$s, until) select %3$s, greatest(v, o.since) from old_rows o
		 where o.since < greatest(v, o.since) and o.changed <> pg_current_xact_id();
		return null;
	end if;
	insert into %1$s_was (%2$s, until)
	select %3$s, n.since from old_rows o join new_rows n using (%4$s) where n.since > o.since;
	if v < now() then
		-- What is entered now held before the row's present version began: what differs is written into the versions from then on.
		select array_agg(o.%4$s) into late
		  from old_rows o join new_rows n using (%4$s)
		 where n.since = o.since and o.since > v and o.changed <> pg_current_xact_id() and (%6$s);
		insert into %1$s_was (%2$s, until)
		select %3$s, v from %1$s_was o where o.%4$s = any (late) and o.since < v and o.until > v;
		update %1$s_was w set since = v where w.%4$s = any (late) and w.since < v and w.until > v;
		update %1$s_was w set %5$s
		  from old_rows o join new_rows n using (%4$s)
		 where w.%4$s = n.%4$s and n.%4$s = any (late) and w.since >= v;
	end if;
	return null;
end
$$;
$function$, name, cols, o_cols, key, sets, differs);
	execute format('create or replace trigger history_update after update on %1$s referencing old table as old_rows new table as new_rows
		for each statement execute function history_%1$s()', name);
	execute format('create or replace trigger history_delete after delete on %1$s referencing old table as old_rows
		for each statement execute function history_%1$s()', name);
end
$make$;
revoke execute on function history_table(regclass, text, text[]) from public;

select history_table('place', 'id', '{parent_id,site_id}');
select history_table('component', 'id', '{place_id,site_id,parent_id}');
select history_table(t::regclass, 'place_id') from unnest(array['property', 'building', 'storey', 'dwelling']) t;

-- A place and what extends it are one thing to whoever edits it: the version of the place is the version of both.
create function place_bump() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if exists (select from new_rows) then
		update place p set row_v = p.row_v from new_rows n where p.id = n.place_id;
	end if;
	return null;
end
$$;
create trigger bump after update on property referencing new table as new_rows for each statement execute function place_bump();
create trigger bump after update on building referencing new table as new_rows for each statement execute function place_bump();
create trigger bump after update on storey   referencing new table as new_rows for each statement execute function place_bump();
create trigger bump after update on dwelling referencing new table as new_rows for each statement execute function place_bump();

-- People's geometry is valid and lies in its municipality, unless they say otherwise. Programs have their own checks, which name a line.
create function place_geometry() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	land geometry;
begin
	if new.geom is null then
		return new;
	end if;
	if not st_isvalid(new.geom) then
		raise exception 'the geometry is not valid: %', st_isvalidreason(new.geom)
			using errcode = 'FD400', constraint = 'place_geometry_is_valid';
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
		raise exception 'the geometry lies outside the municipality'
			using errcode = 'FD400', constraint = 'place_lies_in_its_municipality';
	end if;
	return new;
end
$$;
create trigger geometry before insert or update of geom, is_outside, parent_id on place for each row execute function place_geometry();
