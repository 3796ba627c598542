-- Documents and the files they point at. The same bytes are kept once, under their SHA-256.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table file (
	sha256     bytea       primary key,
	size       bigint      not null,
	mime       text        not null,
	created_at timestamptz not null default now(),
	created_by uuid        references person,
	constraint file_name_is_sha256  check (octet_length(sha256) = 32),
	constraint file_size_is_positive check (size >= 0)
);

-- Who has shown that they hold these bytes, by sending them. Who only knows a hash must not get the bytes by making a document
-- that points at it.
create table file_holder (
	sha256    bytea not null,
	person_id uuid  not null references person,
	primary key (sha256, person_id)
);

create table document (
	id           uuid   primary key default uuidv7(),
	sha256       bytea,
	archive_ref  text,
	title        text   not null,
	file_name    text,
	mime         text,
	size         bigint,
	place_id     uuid   references place,
	component_id uuid   references component,
	case_id      uuid   references cases,
	task_id      uuid   references task,
	site_id      uuid,
	area_no      int,
	categories   text[] not null default '{}',
	disciplines  text[] not null default '{}',
	element      text   collate "C" references element,
	note         text,
	source       text,
	source_key   text,
	doc_date     date,
	kind         text   not null default 'document',
	captured_at  timestamptz,
	created_at   timestamptz not null default now(),
	created_by   uuid   references person,
	row_v        bigint not null default 1,
	changed      xid8   not null default pg_current_xact_id(),
	constraint document_source_key_is_unique  unique (source, source_key),
	constraint document_kind_is_known         check (kind in ('document', 'photo')),
	constraint document_sha256_is_32_bytes    check (octet_length(sha256) = 32),
	constraint document_size_is_positive      check (size >= 0),
	constraint document_title_is_not_too_long check (length(title) between 1 and 500)
);
comment on column document.sha256      is 'bytes in the content store; they may arrive after the row (a tablet closes a task before its photos are up)';
comment on column document.archive_ref is 'or kept in the archive it belongs to, and only referred to';
comment on column document.categories  is 'dokumentkategori';
comment on column document.disciplines is 'fag';

create index document_sha256    on document (sha256) where sha256 is not null;
create index document_place     on document (place_id);
create index document_component on document (component_id) where component_id is not null;
create index document_case      on document (case_id) where case_id is not null;
create index document_task      on document (task_id) where task_id is not null;
create index document_site      on document (site_id, created_at, id);
create index document_area      on document (area_no, created_at, id);

-- Runs before a conflict is looked for, so also for bytes that are here already. A document's site and area are its place's;
-- its place is its task's, case's or component's unless it has one of its own.
create function file_held() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	if not is_program() then
		new.created_by := me();
	end if;
	if new.created_by is not null then
		insert into file_holder values (new.sha256, new.created_by) on conflict do nothing;
	end if;
	return new;
end
$$;

create trigger held before insert on file for each row execute function file_held();

create function document_fill() returns trigger language plpgsql security definer set search_path = fdvu, public, pg_temp as $$
begin
	-- Task and case decide for themselves: a document of theirs cannot be placed elsewhere.
	if new.task_id is not null then
		select t.place_id into new.place_id from task t where t.id = new.task_id;
	elsif new.case_id is not null then
		select c.place_id into new.place_id from cases c where c.id = new.case_id;
	elsif new.component_id is not null then
		select c.place_id into new.place_id from component c where c.id = new.component_id;
	end if;
	new.site_id := null;
	new.area_no := null;
	select p.site_id, p.area_no into new.site_id, new.area_no from place p where p.id = new.place_id;
	if tg_op = 'INSERT' and not is_program() then
		new.created_at := now();
	end if;
	return new;
end
$$;

create trigger fill before insert or update of task_id, case_id, component_id, place_id, site_id, area_no on document
	for each row execute function document_fill();
create trigger stamp before update on document for each row execute function stamp();

create function is_held(sha256 bytea, person uuid) returns boolean
stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select exists (select from file_holder h where h.sha256 = is_held.sha256 and h.person_id = person);
$$;
