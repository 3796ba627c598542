-- name: import_note_batch :exec
-- A dry run, or an import that failed: nothing of it landed, only that it was tried is kept.
-- $1 profile $2 file name $3 sha256 hex $4 dry run $5 state $6..$10 read, landed, unchanged, rejected, queued
insert into import_batch (profile, file_name, sha256, is_dry_run, state, rows_read, landed, unchanged, rejected, queued, ended_at)
values ($1, $2, decode($3, 'hex'), $4::boolean, $5, $6::bigint, $7::bigint, $8::bigint, $9::bigint, $10::bigint, now());
