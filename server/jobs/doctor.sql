-- name: doctor_look :one
-- What `fdvu doctor` goes by.
select pg_is_in_recovery() as is_standby,
       sync_epoch_now() as epoch,
       (select e.epoch from sync_epoch e order by e.seen_at desc limit 1) as noted,
       xid_highest()::text as highest,
       pg_snapshot_xmax(pg_current_snapshot())::text as next,
       xid_highest() >= pg_snapshot_xmax(pg_current_snapshot()) as is_ahead,
       (select count(*) from migration) as migrations,
       (select count(*) from job where state = 'waiting' and run_at < now() - interval '1 hour') as late_jobs,
       (select count(*) from job where state = 'failed' and run_at > now() - interval '7 days') as failed_jobs,
       (select count(*) from pg_prepared_xacts) as prepared;

-- name: restore_pass :exec
-- Goes past the transaction numbers that the data has.
call xid_pass(xid_highest());

-- name: restore_end :one
-- Begins a new epoch: tablets send again what they have kept, and compare their rows.
select sync_after_restore() as epoch;
