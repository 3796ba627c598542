-- Work in the background, and imports.
set local role fdvu_owner;
set local search_path = fdvu, public;

create table job (
	id         uuid        primary key default uuidv7(),
	kind       text        not null,
	key        text        unique,
	run_at     timestamptz not null default now(),
	payload    jsonb       not null default '{}',
	state      text        not null default 'waiting',
	attempts   int         not null default 0,
	last_error text,
	taken_by   text,
	taken_at   timestamptz,
	created_at timestamptz not null default now(),
	constraint job_state_is_known check (state in ('waiting', 'running', 'done', 'failed'))
);
comment on column job.key is 'the same work is queued once: `on conflict (key) do nothing`';
create index job_due on job (run_at, id) where state = 'waiting';

create table import_batch (
	id         uuid        primary key default uuidv7(),
	profile    text        not null,
	file_name  text        not null,
	sha256     bytea       not null,
	is_dry_run boolean     not null default false,
	state      text        not null default 'running',
	rows_read  bigint      not null default 0,
	landed     bigint      not null default 0,
	unchanged  bigint      not null default 0,
	rejected   bigint      not null default 0,
	queued     bigint      not null default 0,
	started_at timestamptz not null default now(),
	ended_at   timestamptz,
	row_v      bigint      not null default 1,
	changed    xid8        not null default pg_current_xact_id(),
	constraint import_batch_state_is_known check (state in ('running', 'done', 'failed', 'undone')),
	constraint import_batch_adds_up        check (state <> 'done' or rows_read = landed + unchanged + rejected + queued)
);

-- Rows whose place is not certain: a person chooses among the candidates.
create table import_queue (
	id         uuid   primary key default uuidv7(),
	batch_id   uuid   not null references import_batch,
	line       bigint not null,
	raw        jsonb  not null,
	reason     text   not null,
	candidates jsonb  not null default '[]',
	state      text   not null default 'open',
	row_v      bigint not null default 1,
	changed    xid8   not null default pg_current_xact_id(),
	constraint import_queue_state_is_known check (state in ('open', 'resolved', 'dropped'))
);

-- Where an imported row came from, so that a rerun changes nothing and a batch can be undone.
create table import_origin (
	source       text   not null,
	source_key   text   not null,
	tbl          text   not null,
	row_id       uuid   not null,
	batch_id     uuid   not null references import_batch,
	line         bigint not null,
	content_hash bytea  not null,
	primary key (source, source_key)
);

create index import_batch_time   on import_batch (started_at, id);
create index import_queue_open   on import_queue (batch_id, line) where state = 'open';
create index import_origin_row   on import_origin (row_id);
create index import_origin_batch on import_origin (batch_id);

create trigger stamp before update on import_batch for each row execute function stamp();
create trigger stamp before update on import_queue for each row execute function stamp();
select audit_table('import_batch');
select audit_table('import_queue');
