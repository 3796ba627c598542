-- Cases of the archives that the municipality's history lies in (a building case of 1969), and their documents. They are no cases of ours:
-- nobody waits for them. Why so, and who sees what: docs/decisions/0028-cases-of-an-archive.md.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table archive_case (
	id            uuid        primary key default uuidv7(),
	source        text        not null,
	source_key    text        not null,
	number        text        not null,
	year          int,
	kind          text,
	title         text        not null,
	state         text        not null default 'unknown',
	started_on    date,
	ended_on      date,
	unit          text,
	place_id      uuid        references place,
	site_id       uuid,
	area_no       int,
	is_restricted boolean     not null default true,
	restriction   text,
	created_at    timestamptz not null default now(),
	row_v         bigint      not null default 1,
	changed       xid8        not null default pg_current_xact_id(),
	constraint archive_case_source_key_is_unique   unique (source, source_key),
	constraint archive_case_state_is_known         check (state in ('open', 'closed', 'cancelled', 'unknown')),
	constraint archive_case_number_is_not_too_long check (length(number) between 1 and 100),
	constraint archive_case_title_is_not_too_long  check (length(title) between 1 and 500)
);
comment on table  archive_case               is 'arkivsak: a case of an archive or case system that was read in, not one of ours (table cases)';
comment on column archive_case.source        is 'which system it is of, as in import_origin';
comment on column archive_case.number        is 'as the archive writes it: 2019/4567';
comment on column archive_case.unit          is 'administrativ enhet';
comment on column archive_case.is_restricted is 'managers and administrators only; so unless the export says otherwise';
comment on column archive_case.restriction   is 'the export''s word for why: offl. § 13';
create index archive_case_place  on archive_case (place_id);
create index archive_case_number on archive_case (number);

-- Its site and area are its place's, also when that moves.
create function archive_case_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	new.site_id := null;
	new.area_no := null;
	select p.site_id, p.area_no into new.site_id, new.area_no from place p where p.id = new.place_id;
	return new;
end
$$;
create trigger fill before insert or update of place_id, site_id, area_no on archive_case for each row execute function archive_case_fill();
create trigger stamp before update on archive_case for each row execute function stamp();

create function archive_place_moved() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if not exists (select id, area_no, site_id from new_rows except select id, area_no, site_id from old_rows) then
		return null;
	end if;
	update archive_case x set site_id = n.site_id, area_no = n.area_no from new_rows n
	 where x.place_id = n.id and (x.site_id, x.area_no) is distinct from (n.site_id, n.area_no);
	return null;
end
$$;
create trigger archive_moved after update on place
	referencing old table as old_rows new table as new_rows
	for each statement execute function archive_place_moved();

select audit_table('archive_case');
select place_use_add('archive_case', $$select place_id, null::uuid as component_id, id, number as label from archive_case
	where state = 'open'$$);
insert into place_ref (tbl, col) values ('archive_case', 'place_id');

alter table document add column archive_case_id uuid references archive_case, add column is_restricted boolean not null default false;
comment on column document.is_restricted is 'managers and administrators only, and never on a tablet';
create index document_archive_case on document (archive_case_id) where archive_case_id is not null;

-- Who sees them ---------------------------------------------------------------------------------------------------------------------
alter table archive_case enable row level security;
create policy job on archive_case to fdvu_job using (true) with check (true);
create policy office on archive_case to fdvu_office
	using ((area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null))
		and (not is_restricted or (select has_role('manager')) or (select has_role('admin'))));
grant select, update (place_id) on archive_case to fdvu_office;
grant select, insert, update, delete on archive_case to fdvu_job;

create policy office_restricted on document as restrictive to fdvu_office
	using (not is_restricted or (select has_role('manager')) or (select has_role('admin')));
-- Papers of an archive are the office's: they name applicants and neighbours.
create policy field_restricted on document as restrictive to fdvu_field using (not is_restricted and archive_case_id is null);
create policy others_restricted on document as restrictive to fdvu_tenant, fdvu_supplier using (not is_restricted);

drop function sync_document() cascade;
select sync_table('document', 5, 'ops',
	'r.site_id is not null and not r.is_restricted and r.archive_case_id is null and sync_document(r.case_id, r.task_id)');

-- Search ----------------------------------------------------------------------------------------------------------------------------
-- Of people, what is protected is the administrators'; of the rest, the managers' too.
drop policy office on search;
create policy office on search for select to fdvu_office
	using ((area_no = any ((select areas())::int[]) or (area_no is null and (select me()) is not null))
		and (not is_protected or (select has_role('admin')) or (tbl <> 'person' and (select has_role('manager')))));

alter table search drop constraint search_tbl_is_known;
alter table search add constraint search_tbl_is_known
	check (tbl in ('place', 'component', 'person', 'cases', 'task', 'document', 'archive_case'));

-- A number as words: «2019/4567» is found by 4567, by 2019/4567 and by 2019-4567.
create function archive_number_words(number text) returns text immutable strict parallel safe language sql
	return btrim(regexp_replace(number, '[^[:alnum:]]+', ' ', 'g'));

select search_table('archive_case',
	$$r.area_no, false, r.is_restricted, r.number || ' ' || r.title, search_form(r.number || ' ' || r.title),
	  to_tsvector('norwegian', archive_number_words(r.number) || ' ' || r.title)$$);
create index search_tsv_archive_case on search using gin (tsv) where tbl = 'archive_case';

-- A document is also found by the number of its case.
drop function search_document() cascade;
select search_table('document',
	$$r.area_no, false, r.is_restricted, r.title, search_form(concat_ws(' ', r.title, r.file_name)),
	  to_tsvector('norwegian', concat_ws(' ', r.title, r.note, array_to_string(r.categories, ' '), array_to_string(r.disciplines, ' '),
	    (select archive_number_words(k.number) from archive_case k where k.id = r.archive_case_id)))$$);

-- Functions of before ---------------------------------------------------------------------------------------------------------------
-- The batches name the tables that they know: this is one more, after the documents that lean on it. And a case's papers come to a tablet
-- with its first task, once however many tasks change at a time, and not the restricted ones.
do $$
declare
	f   record;
	was text;
begin
	for f in select * from (values
		('import_take_back(xid8)', '''document'', ', '''document'', ''archive_case'', '),
		('import_changed_since(uuid,int)', '(select d.title from document d where d.id = a.row_id)',
		 '(select d.title from document d where d.id = a.row_id), (select k.number from archive_case k where k.id = a.row_id)'),
		('sync_task_follow()', 'select b.bucket_no, 5, d.id', 'select distinct b.bucket_no, 5, d.id'),
		('sync_task_follow()', 'd.case_id = r.case_id and d.task_id is null', 'd.case_id = r.case_id and d.task_id is null and not d.is_restricted')) x (name, here, put)
	loop
		was := pg_get_functiondef(f.name::regprocedure);
		if strpos(was, f.here) = 0 then
			raise exception '% does not say «%»', f.name, f.here;
		end if;
		execute replace(was, f.here, f.put);
	end loop;
end
$$;
