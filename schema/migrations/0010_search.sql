-- One table to search in, kept by statement-level triggers, under row level security like everything else.
-- Trigrams answer as they type, in any part of a word; full text (Norwegian) finds the words of longer texts.

-- Under row level security PostgreSQL uses an index for what a query asks only if the operator is known to leak nothing through errors or
-- messages; otherwise it reads every row the policy allows, and a search takes seconds. These operators' functions tell nothing about their
-- arguments. Only a superuser may say so, and a dump does not carry it: after a restore, or where the migrator is no superuser, a DBA runs
-- these lines by hand. Without them answers are right but slow.
do $$
begin
	if (select rolsuper from pg_roles where rolname = current_user) then
		alter function pg_catalog.textlike(text, text)              leakproof;
		alter function pg_catalog.ts_match_vq(tsvector, tsquery)    leakproof;
		alter function public.similarity_op(text, text)             leakproof;
		alter function public.word_similarity_op(text, text)        leakproof;
		alter function public.word_similarity_commutator_op(text, text) leakproof;
		alter function public.geometry_overlaps(geometry, geometry) leakproof;
	else
		raise warning 'searches and maps will be slow: see 0010_search.sql';
	end if;
end
$$;

set local role fdvu_owner;
set local search_path = fdvu, public;

create table search (
	tbl          text     collate "C" not null,
	row_id       uuid     not null,
	area_no      int,
	is_public    boolean  not null default false,
	is_protected boolean  not null default false,
	title        text     not null,
	text         text     not null,
	tsv          tsvector,
	primary key (tbl, row_id),
	constraint search_tbl_is_known check (tbl in ('place', 'component', 'person', 'cases', 'task', 'document'))
) with (fillfactor = 95);
comment on column search.title        is 'what a list of hits shows';
comment on column search.text         is 'what is searched as people type: small letters, no accents; `text like ''%'' || search_form($1) || ''%''`';
comment on column search.is_public    is 'everybody may find it';
comment on column search.is_protected is 'a person with protected address: administrators only';

-- How texts and questions are compared. Immutable by pinning the dictionary, or it could not be trusted in an index.
create function search_form(t text) returns text immutable strict parallel safe language sql
	return lower(public.unaccent('public.unaccent'::regdictionary, t));

-- The lists of waiting entries are large, and are merged with the work_mem of the functions below: with the defaults (4 MB and 4 MB) a load
-- of a million rows takes three times as long.
create index search_text on search using gin (text gin_trgm_ops) with (gin_pending_list_limit = 65536);
create index search_tsv  on search using gin (tsv) with (gin_pending_list_limit = 65536) where tsv is not null;

-- Makes a table's triggers. `cols` gives area_no, is_public, is_protected, title, text and tsv of row r; `held` says which rows are found.
create function search_table(tbl regclass, cols text, held text default 'true') returns void language plpgsql as $make$
begin
	execute format($function$
create function search_%1$s() returns trigger language plpgsql security definer
	set search_path = fdvu, public, pg_temp set work_mem = '64MB' as $$
begin
	if tg_op = 'DELETE' then
		delete from search s using old_rows o where s.tbl = %1$L and s.row_id = o.id;
		return null;
	end if;
	if tg_op = 'INSERT' then
		insert into search (tbl, row_id, area_no, is_public, is_protected, title, text, tsv)
		select %1$L, r.id, %2$s from new_rows r where %3$s;
		return null;
	end if;
	delete from search s using new_rows r where s.tbl = %1$L and s.row_id = r.id and not (%3$s);
	insert into search as s (tbl, row_id, area_no, is_public, is_protected, title, text, tsv)
	select %1$L, r.id, %2$s from new_rows r where %3$s
	on conflict (tbl, row_id) do update
	   set area_no = excluded.area_no, is_public = excluded.is_public, is_protected = excluded.is_protected,
	       title = excluded.title, text = excluded.text, tsv = excluded.tsv
	 where (s.area_no, s.is_public, s.is_protected, s.title, s.text, s.tsv)
	       is distinct from (excluded.area_no, excluded.is_public, excluded.is_protected, excluded.title, excluded.text, excluded.tsv);
	return null;
end
$$;
create trigger search_insert after insert on %1$s referencing new table as new_rows
	for each statement execute function search_%1$s();
create trigger search_update after update on %1$s referencing old table as old_rows new table as new_rows
	for each statement execute function search_%1$s();
create trigger search_delete after delete on %1$s referencing old table as old_rows
	for each statement execute function search_%1$s();
$function$, tbl, cols, held);
end
$make$;

select search_table('place',
	$$r.area_no, r.kind in ('municipality', 'property', 'building', 'outdoor_area') or (r.kind = 'room' and r.is_public), false,
	  r.label, search_form(r.label), null::tsvector$$,
	'r.removed_at is null');
select search_table('component',
	$$r.area_no, false, false, r.name, search_form(concat_ws(' ', r.name, r.tag, r.maker, r.model, r.serial)), null::tsvector$$,
	'r.removed_at is null');
select search_table('person',
	$$null::int, false, r.protection <> 'none', r.name, search_form(concat_ws(' ', r.name, r.orgnr, r.phone, r.email)), null::tsvector$$);
select search_table('cases',
	$$r.area_no, false, false, r.number || ' ' || r.title, search_form(r.number || ' ' || r.title),
	  to_tsvector('norwegian', r.title || ' ' || r.description)$$);
select search_table('task',
	$$r.area_no, false, false, r.number || ' ' || r.title, search_form(r.number || ' ' || r.title),
	  to_tsvector('norwegian', r.title || ' ' || r.description)$$);
select search_table('document',
	$$r.area_no, false, false, r.title, search_form(concat_ws(' ', r.title, r.file_name)),
	  to_tsvector('norwegian', concat_ws(' ', r.title, r.note, array_to_string(r.categories, ' '), array_to_string(r.disciplines, ' ')))$$);
