-- What more the box finds (REG-7): places by the numbers and addresses they had, and keys, cylinders and key systems (REG-4).
--
-- What a place was called is read from the history (0024). What a change wrote that was taken back was never true, and finds nothing.
set local role fdvu_owner;
set local search_path = fdvu, public;

-- Addresses get their history too. history_table() makes the rest; its policy asks for an area, which an address has none of.
alter table address add column since timestamptz not null default '-infinity';
alter table address alter column since set default valid_first();
create table address_was (like address);
alter table address_was add column until timestamptz not null;
create index address_was_id       on address_was (id, until);
create index address_was_building on address_was (building_id);
alter table address_was enable row level security;
create policy job    on address_was to fdvu_job using (true) with check (true);
create policy office on address_was for select to fdvu_office using ((select me()) is not null);
grant select, insert, update, delete on address_was to fdvu_job;
grant select on address_was to fdvu_office;
drop trigger stamp on address;
create trigger stamp before update on address for each row execute function stamp_version();
select history_table('address');

-- Lines of their own, so that those of today stand first and are found without reading these.
alter table search_line add column was text;
comment on column search_line.was is 'a number or address that it had, as people write it; null: has it now';
alter table search_line drop constraint search_line_match_is_known;
alter table search_line add constraint search_line_match_is_known
	check (match in ('address', 'cadastral', 'number', 'tag', 'serial', 'text', 'was_address', 'was_cadastral', 'was_number'));
alter table search_line add constraint search_line_was_says_what check ((was is not null) = starts_with(match, 'was_'));
alter table search_line drop constraint search_line_kind_is_known;
alter table search_line add constraint search_line_kind_is_known
	check (kind in ('municipality', 'property', 'building', 'outdoor_area', 'dwelling', 'room', 'component', 'person', 'key'));

create function change_is_undone(of_xid xid8) returns boolean stable language sql as $$
	select exists (select from register_change c where c.xid = of_xid and c.undone_by is not null)
	    or exists (select from import_batch b where b.xid = of_xid and b.state = 'undone');
$$;

-- The numbers and addresses that places had, and those of what was merged into them. What holds now is not among them.
create function search_former(ids uuid[]) returns table (id uuid, kind text, match text, form text, was text) stable language sql as $$
	with recursive source as (
		select i.id, i.id as source_id from unnest(ids) i (id)
		union
		select s.id, p.id from source s join place p on p.merged_into = s.source_id
	), address_version as not materialized (
		select a.id, a.building_id, concat_ws(' ', a.street_name, a.number::text || coalesce(a.letter, '')) as name, a.since, a.until, a.changed
		  from address_ever a
	), told as (
		-- `item`: whose versions follow one another; `changed`: the transaction that wrote so
		select s.id, s.source_id, 'cadastral' as match, s.source_id as item,
		       property_name(v.municipality_no, v.gnr, v.bnr, v.fnr, v.snr) as was, v.since, v.until, v.changed
		  from source s join property_ever v on v.place_id = s.source_id
		 where v.bnr > 0
		union all
		select s.id, s.source_id, 'number', s.source_id, v.bygningsnummer::text, v.since, v.until, v.changed
		  from source s join building_ever v on v.place_id = s.source_id
		union all
		select s.id, s.source_id, 'number', s.source_id, v.h_number, v.since, v.until, v.changed
		  from source s join dwelling_ever v on v.place_id = s.source_id
		union all
		select s.id, s.source_id, 'address', a.id, a.name, a.since, a.until, a.changed
		  from source s join address_version a on a.building_id = s.source_id
		union all
		select s.id, s.source_id, 'address', a.id, concat_ws(' ', a.name, v.h_number), greatest(v.since, a.since), least(v.until, a.until),
		       case when v.since > a.since then v.changed else a.changed end
		  from source s
		  join dwelling_ever v on v.place_id = s.source_id
		  join address_version a on a.id = v.address_id
		   and v.since < coalesce(a.until, 'infinity') and a.since < coalesce(v.until, 'infinity')
		union all
		select s.id, s.source_id, 'address', a.id, concat_ws(' ', a.name, v.h_number), greatest(v.since, a.since), least(v.until, a.until),
		       case when v.since > a.since then v.changed else a.changed end
		  from source s
		  join dwelling_ever v on v.place_id = s.source_id and v.address_id is null
		  join place p on p.id = s.source_id
		  join address_version a on a.building_id = p.site_id
		   and v.since < coalesce(a.until, 'infinity') and a.since < coalesce(v.until, 'infinity')
	), version as (
		-- `is_late`: a version that was cut in two by what somebody entered afterwards (0024) still names who wrote the whole of it
		select t.*, change_is_undone(t.changed) as is_undone, t.was is distinct from lag(t.was) over w as is_new, t.changed = lag(t.changed) over w as is_late
		  from told t
		window w as (partition by t.id, t.source_id, t.match, t.item order by t.since, t.until)
	), stretch as (
		select v.*, count(*) filter (where v.is_new) over (partition by v.id, v.source_id, v.match, v.item order by v.since, v.until) as nth
		  from version v
	), held as (
		select s.id, s.match, s.was, bool_or(s.until is null and s.source_id = s.id) as is_now,
		       bool_or(s.is_undone and s.is_new) or (bool_or(s.is_new and s.is_late) and bool_or(s.is_undone)) as is_undone
		  from stretch s
		 where s.was <> ''
		 group by s.id, s.source_id, s.match, s.item, s.nth, s.was
	), form as (
		select h.id, h.match, f.form, h.was, h.is_now
		  from held h
		 cross join lateral (select cadastral_form(h.was) as form where h.match = 'cadastral'
		                     union all select cadastral_form(substr(h.was, 6)) where h.match = 'cadastral'
		                     union all select address_form(h.was) where h.match = 'address'
		                     union all select lower(h.was) where h.match = 'number') f
		 where f.form <> '' and (h.is_now or not h.is_undone)
	)
	select f.id, p.kind::text, 'was_' || f.match, f.form, min(f.was)
	  from form f
	  join place p on p.id = f.id
	 where p.removed_at is null
	 group by f.id, p.kind, f.match, f.form
	having not bool_or(f.is_now);
$$;

alter function search_places(uuid[]) rename to search_places_now;

-- Writes anew what places are found by.
create function search_places(ids uuid[]) returns void language plpgsql security definer
set search_path = fdvu, public, pg_temp set work_mem = '64MB' as $$
begin
	perform search_places_now(ids);
	-- Most places never had another number: nobody looks for it before there is a history of one.
	insert into search_line (kind, match, form, row_id, area_no, is_public, was)
	select f.kind, f.match, left(f.form, 80), f.id, p.area_no, f.kind in ('property', 'building'), left(f.was, 80)
	  from search_former(array(
	           select i.id
	             from unnest(ids) i (id)
	            where exists (select from property_was w where w.place_id = i.id)
	               or exists (select from building_was w where w.place_id = i.id)
	               or exists (select from dwelling_was w where w.place_id = i.id)
	               or exists (select from place m where m.merged_into = i.id)
	               or exists (select from address_was w where w.building_id = i.id)
	               or exists (select from dwelling d join address_was w on w.id = d.address_id where d.place_id = i.id)
	               or exists (select from dwelling d join place p on p.id = d.place_id join address_was w on w.building_id = p.site_id
	                           where d.place_id = i.id and d.address_id is null))) f
	  join place p on p.id = f.id;
end
$$;

create or replace function search_place_lines() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	ids uuid[];
begin
	case tg_op
	when 'INSERT' then
		select array_agg(n.id) into ids from new_rows n;
	when 'UPDATE' then
		-- What another place is merged into, or was, gets its numbers, or loses them.
		select array_agg(distinct x.id) into ids
		  from new_rows n join old_rows o using (id)
		 cross join lateral (values (n.id), (n.merged_into), (o.merged_into)) x (id)
		 where (n.name, n.kind, n.area_no, n.site_id, n.is_public, n.removed_at, n.merged_into)
		       is distinct from (o.name, o.kind, o.area_no, o.site_id, o.is_public, o.removed_at, o.merged_into)
		   and x.id is not null;
	else
		select array_agg(o.id) into ids from old_rows o;
	end case;
	if ids is not null then
		perform search_places(ids);
	end if;
	return null;
end
$$;

-- A change is taken back before it is marked so: what it wrote is then seen to have been untrue.
create function search_undone_lines() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
declare
	xids xid8[];
	ids  uuid[];
begin
	if tg_table_name = 'register_change' then
		select array_agg(n.xid) into xids from new_rows n join old_rows o using (xid) where n.undone_by is distinct from o.undone_by;
	else
		select array_agg(n.xid) into xids from new_rows n join old_rows o using (id) where n.state = 'undone' and o.state <> 'undone';
	end if;
	if xids is null then
		return null;
	end if;
	select array_agg(distinct x.id) into ids
	  from audit a
	 cross join lateral (select a.row_id where a.tbl <> 'address'
	                     union all select w.building_id from address_was w where a.tbl = 'address' and w.id = a.row_id
	                     union all select d.place_id from dwelling d where a.tbl = 'address' and d.address_id = a.row_id) x (id)
	 where a.xid = any (xids) and a.tbl in ('property', 'building', 'dwelling', 'address') and a.op = 'U' and x.id is not null;
	if ids is not null then
		perform search_places(ids);
	end if;
	return null;
end
$$;
create trigger search_line_update after update on register_change referencing old table as old_rows new table as new_rows
	for each statement execute function search_undone_lines();
create trigger search_line_update after update on import_batch referencing old table as old_rows new table as new_rows
	for each statement execute function search_undone_lines();

-- Keys: a key by its mark and number, a cylinder by its mark, a system by the words of its name.
create function search_locks(tbl text, ids uuid[]) returns void language sql security definer set search_path = fdvu, public, pg_temp as $$
	delete from search_line l using unnest(ids) i (id) where l.row_id = i.id;

	insert into search_line (kind, match, form, row_id, area_no)
	select 'key', 'tag', left(f.form, 80), k.id, k.area_no
	  from key k cross join lateral (values (tag_form(k.mark)), (tag_form(k.mark || k.serial))) f (form)
	 where tbl = 'key' and k.id = any (ids) and f.form <> ''
	union all
	select 'key', 'tag', left(tag_form(c.mark), 80), c.id, c.area_no
	  from cylinder c where tbl = 'cylinder' and c.id = any (ids) and c.removed_at is null and tag_form(c.mark) <> ''
	union all
	select 'key', 'text', f.form, s.id, s.area_no
	  from key_system s cross join search_starts(name_form(s.name)) f (form)
	 where tbl = 'key_system' and s.id = any (ids) and s.removed_at is null and f.form <> '';
$$;

create function search_lock_lines() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if tg_op = 'DELETE' then
		perform search_locks(tg_table_name, array(select o.id from old_rows o));
	else
		perform search_locks(tg_table_name, array(select n.id from new_rows n));
	end if;
	return null;
end
$$;

do $$
declare
	t text;
begin
	foreach t in array array['key', 'cylinder', 'key_system'] loop
		execute format('create trigger search_line_insert after insert on %s referencing new table as new_rows
			for each statement execute function search_lock_lines()', t);
		execute format('create trigger search_line_update after update on %s referencing new table as new_rows
			for each statement execute function search_lock_lines()', t);
		execute format('create trigger search_line_delete after delete on %s referencing old table as old_rows
			for each statement execute function search_lock_lines()', t);
		execute format('select search_locks(%L, array_agg(id)) from %s having count(*) > 0', t, t);
	end loop;
end
$$;

-- As in 0030, with keys, and with the former numbers of what has such.
create or replace function search_forms(q text) returns table (kind text, match text, form text)
immutable strict parallel safe rows 20 language plpgsql as $$
#variable_conflict use_column
begin
	return query
	with w as (
		select left(name_form(q), 80) as name, address_form(q) as address, tag_form(q) as tag, phone_form(q) as digits,
		       case when q ~ '^[^0-9]*$' then regexp_replace(name_form(q), ' ', '', 'g') end as street,
		       coalesce(cadastral_form(q), cadastral_form(substring(q from '^\s*[[:alpha:] ]+ ([0-9]+ ?/ ?[0-9]+.*)$')),
		                substring(btrim(q) from '^([0-9]{1,5}/)$'),
		                substring(lower(q) from '^\s*g(?:b|årds|ards)?\.? ?nr\.? ?([0-9]{1,5})\s*$') || '/') as cadastral
	), f as (
		select k.kind, 'text' as match, w.name as form
		  from w, unnest(array['building', 'outdoor_area', 'room', 'component', 'person', 'property', 'municipality', 'key']) k (kind)
		 where w.name <> ''
		union
		select k.kind, 'address', a.form
		  from w, unnest(array['building', 'dwelling']) k (kind), unnest(array[w.address, w.street]) a (form)
		 where a.form <> '' and (k.kind = 'building' or length(w.name) > 3)
		union all select 'property', 'cadastral', w.cadastral from w where w.cadastral is not null
		union all select 'building', 'number', w.digits from w where q ~ '^[0-9 ]{3,12}$'
		union all select 'person', 'number', w.digits from w where q ~ '^\+?[0-9 ]{3,16}$' and length(w.digits) > 2
		union all select 'dwelling', 'number', w.tag from w where w.tag ~ '^[kuhl][0-9]{1,4}$'
		union all
		select 'component', m.match, w.tag from w, unnest(array['tag', 'serial']) m (match)
		 where w.tag ~ '[0-9]' and length(w.tag) > 1 and w.cadastral is null
		union all select 'key', 'tag', w.tag from w where length(w.tag) > 1 and q !~ '/'
	)
	select f.kind, f.match, f.form from f
	union all
	select f.kind, 'was_' || f.match, f.form from f where f.kind in ('property', 'building', 'dwelling') and f.match in ('address', 'cadastral', 'number');
end
$$;
