-- A case of an archive that is about several properties lies at all of them: the first in archive_case.place_id, the others here.
-- Why so: docs/decisions/0028-cases-of-an-archive.md.
set local role fdvu_owner;
set local search_path = fdvu, public;

alter index archive_case_place rename to archive_case_place_id;
create table archive_case_place (
	id              uuid        primary key default uuidv7(),
	archive_case_id uuid        not null references archive_case,
	place_id        uuid        not null references place,
	site_id         uuid,
	area_no         int,
	created_at      timestamptz not null default now(),
	row_v           bigint      not null default 1,
	changed         xid8        not null default pg_current_xact_id()
);
comment on table archive_case_place is 'further places that a case of an archive is about; a place may stand twice after a merger';
create index archive_case_place_case  on archive_case_place (archive_case_id);
create index archive_case_place_place on archive_case_place (place_id);
create trigger fill before insert or update of place_id, site_id, area_no on archive_case_place for each row execute function archive_case_fill();
create trigger stamp before update on archive_case_place for each row execute function stamp();
select audit_table('archive_case_place');
insert into place_ref (tbl, col) values ('archive_case_place', 'place_id');

create or replace function archive_place_moved() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if not exists (select id, area_no, site_id from new_rows except select id, area_no, site_id from old_rows) then
		return null;
	end if;
	update archive_case x set site_id = n.site_id, area_no = n.area_no from new_rows n
	 where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	update archive_case_place x set site_id = n.site_id, area_no = n.area_no from new_rows n
	 where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	return null;
end
$$;

delete from place_use_kind where kind = 'archive_case';
select place_use_add('archive_case', $$select place_id, null::uuid as component_id, id, number as label from archive_case
	where state = 'open'
	union all
	select x.place_id, null, k.id, k.number from archive_case_place x join archive_case k on k.id = x.archive_case_id
	where k.state = 'open'$$);

-- Who sees it: who sees one of its places, in all areas that these lie in; what is restricted stays the managers'.
alter table archive_case_place enable row level security;
create policy job on archive_case_place to fdvu_job using (true) with check (true);
create policy office on archive_case_place to fdvu_office
	using (area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null));
grant select, update (place_id) on archive_case_place to fdvu_office;
grant select, insert, update, delete on archive_case_place to fdvu_job;

create policy office_elsewhere on archive_case for select to fdvu_office
	using (exists (select from archive_case_place x where x.archive_case_id = archive_case.id)
		and (not is_restricted or (select has_role('manager')) or (select has_role('admin'))));
create policy office_elsewhere on document for select to fdvu_office
	using (archive_case_id is not null and exists (select from archive_case_place x where x.archive_case_id = document.archive_case_id));
-- What is searched is asked of each row that fits: the areas of the further places stand in the row.
alter table search add column areas_also int[];
comment on column search.areas_also is 'of a case of an archive and its documents: the areas of the further places it lies at';
create function search_areas_also() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	select array_agg(distinct x.area_no)
	  into new.areas_also
	  from archive_case_place x
	 where x.archive_case_id = case new.tbl when 'archive_case' then new.row_id else (select d.archive_case_id from document d where d.id = new.row_id) end;
	return new;
end
$$;
create trigger areas_also before insert or update on search for each row when (new.tbl in ('archive_case', 'document')) execute function search_areas_also();

create function archive_case_place_search() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	update search s set areas_also = null from changed_rows c where s.tbl = 'archive_case' and s.row_id = c.archive_case_id;
	update search s set areas_also = null from changed_rows c join document d on d.archive_case_id = c.archive_case_id where s.tbl = 'document' and s.row_id = d.id;
	return null;
end
$$;
create trigger search_insert after insert on archive_case_place referencing new table as changed_rows for each statement execute function archive_case_place_search();
create trigger search_update after update on archive_case_place referencing new table as changed_rows for each statement execute function archive_case_place_search();
create trigger search_delete after delete on archive_case_place referencing old table as changed_rows for each statement execute function archive_case_place_search();

create policy office_elsewhere on search for select to fdvu_office
	using (areas_also && (select areas())::int[] and (not is_protected or (select has_role('admin')) or (select has_role('manager'))));

-- An undo takes these rows away and brings back the ones that the batch took: no others are ever deleted by an import.
do $$
declare
	f   record;
	was text;
begin
	for f in select * from (values
		('import_take_back(xid8)', '''document'', ', '''document'', ''archive_case_place'', '),
		('import_take_back(xid8)', 'a.op = ''D'') then', 'a.op = ''D'' and a.tbl <> ''archive_case_place'') then'),
		('import_take_back(xid8)', '	foreach t in array tables loop
		key := coalesce(register_key(t), ''id'');
		execute format(''delete',
		 '	insert into archive_case_place (id, archive_case_id, place_id, created_at)
	select r.id, r.archive_case_id, r.place_id, r.created_at
	  from audit a
	 cross join lateral jsonb_populate_record(null::archive_case_place, a.old) r
	 where a.xid = batch_xid and a.tbl = ''archive_case_place'' and a.op = ''D'';
	foreach t in array tables loop
		key := coalesce(register_key(t), ''id'');
		execute format(''delete'),
		('import_changed_since(uuid,int)', '(select k.number from archive_case k where k.id = a.row_id)',
		 '(select k.number from archive_case k where k.id = a.row_id),
	                (select k.number from archive_case_place x join archive_case k on k.id = x.archive_case_id where x.id = a.row_id)')) x (name, here, put)
	loop
		was := pg_get_functiondef(f.name::regprocedure);
		if strpos(was, f.here) = 0 then
			raise exception '% does not say «%»', f.name, f.here;
		end if;
		execute replace(was, f.here, f.put);
	end loop;
end
$$;
