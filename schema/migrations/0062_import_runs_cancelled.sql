-- Runs that a person breaks off, and runs that have the files of the export beside them.
set local role fdvu_owner;
set local search_path = fdvu, public;

alter table import_run
	add column files        jsonb,
	add column cancelled_at timestamptz,
	add column cancelled_by uuid references person,
	add constraint import_run_files_are_a_list check (jsonb_typeof(files) = 'array'),
	drop constraint import_run_state_is_known,
	add constraint import_run_state_is_known check (state in ('waiting', 'running', 'done', 'failed', 'broken', 'cancelled')),
	add constraint import_run_cancelled_is_asked_for check (state <> 'cancelled' or cancelled_at is not null);
comment on column import_run.files        is '[{sha256, path}] that the export names, sent beside it; without a path an archive that is unpacked; null: none';
comment on column import_run.cancelled_at is 'when somebody asked for its end; it is «cancelled» when nothing of it landed';

grant insert (files) on import_run to fdvu_office;
