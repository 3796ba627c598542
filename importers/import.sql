-- name: import_note_batch :exec
-- A dry run, or an import that failed: nothing of it landed, only that it was tried is kept.
-- $1 profile $2 source $3 file name $4 sha256 hex $5 dry run $6 state $7..$12 read, landed, updated, unchanged, rejected, queued
insert into import_batch (profile, source, file_name, sha256, is_dry_run, state, rows_read, landed, updated, unchanged, rejected, queued, ended_at)
values ($1, $2, $3, decode($4, 'hex'), $5::boolean, $6, $7::bigint, $8::bigint, $9::bigint, $10::bigint, $11::bigint, $12::bigint, now());

-- name: import_batches :list
-- The newest batches.
select b.id, b.profile, b.file_name, b.state, b.is_dry_run, b.rows_read, b.landed, b.updated, b.unchanged, b.rejected, b.queued,
       to_char(b.started_at at time zone 'Europe/Oslo', 'YYYY-MM-DD HH24:MI') as started
  from import_batch b
 order by b.started_at desc, b.id desc
 limit 50;

-- name: import_undo :one
-- Takes a batch back. $1 id
select import_undo($1::uuid) as touched;

-- name: import_changed_since :list
-- Who changed which rows of a batch since it landed. $1 id
select c.tbl, c.line, c.label, c.by, to_char(c.at at time zone 'Europe/Oslo', 'YYYY-MM-DD HH24:MI') as at
  from import_changed_since($1::uuid) c
 order by c.line, c.tbl;
