-- Imports started in the office: what was asked for, how far it has come, and how it ended.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table import_run (
	id              uuid        primary key default uuidv7(),
	person_id       uuid        not null references person,
	profile         text        not null,
	file_name       text        not null,
	sha256          bytea,
	size            bigint      not null default 0,
	headers         text[]      not null default '{}',
	mapping         jsonb,
	municipality_no char(4),
	max_rejects     text,
	is_dry_run      boolean     not null,
	state           text        not null default 'waiting',
	step            text,
	rows_read       bigint      not null default 0,
	bytes_read      bigint      not null default 0,
	report          jsonb,
	fault           text,
	batch_id        uuid        references import_batch,
	taken_by        text,
	created_at      timestamptz not null default now(),
	started_at      timestamptz,
	beat_at         timestamptz,
	ended_at        timestamptz,
	constraint import_run_state_is_known check (state in ('waiting', 'running', 'done', 'failed', 'broken')),
	constraint import_run_mapping_is_an_object check (jsonb_typeof(mapping) = 'object'),
	constraint import_run_has_a_name check (length(file_name) between 1 and 255)
);
comment on column import_run.sha256      is 'the uploaded file; null: the answered rows of the queue';
comment on column import_run.headers     is 'the file''s own: a later file with the same is offered the same mapping';
comment on column import_run.mapping     is '{column: header}: columns that are not in it are not read; null: names and aliases decide';
comment on column import_run.max_rejects is '«100» or «5%»: with more rejected rows nothing lands';
comment on column import_run.fault       is 'why it failed, as a sentence';
comment on column import_run.state       is 'broken: the server that ran it is gone, and nothing of it landed';
comment on column import_run.beat_at     is 'when the server that runs it last said so';

-- The rows that are being read in are in one transaction; two of them would wait for each other''s.
create unique index import_run_one_at_a_time on import_run ((true)) where state = 'running';
create index import_run_waiting on import_run (id) where state = 'waiting';
create index import_run_batch   on import_run (batch_id);

-- An import writes in all of the municipality: whoever starts or undoes one manages all of it.
create function import_may() returns boolean stable language sql security definer set search_path = fdvu, public, pg_temp as $$
	select (has_role('manager') or has_role('admin'))
	   and not exists (select from area a where a.area_no <> all (coalesce(areas(), '{}')));
$$;
grant execute on function import_may() to fdvu_office;

alter table import_run enable row level security;
create policy job    on import_run to fdvu_job using (true) with check (true);
create policy office on import_run for select to fdvu_office using ((select has_role('manager')) or (select has_role('admin')));
create policy office_starts on import_run for insert to fdvu_office with check ((select import_may()) and person_id = (select me()));
grant select, insert, update, delete on import_run to fdvu_job;
grant select, insert (person_id, profile, file_name, sha256, size, headers, mapping, municipality_no, max_rejects, is_dry_run) on import_run to fdvu_office;
