-- name: job_nightly :exec
-- Queues today's nightly work (the calendar in Norway); the key lets several servers queue it once. $1 kinds, $2 times of day
insert into job (kind, key, run_at)
select k.kind, k.kind || ':' || d.day, (d.day + k.at) at time zone 'Europe/Oslo'
  from unnest($1::text[], $2::time[]) as k (kind, at)
 cross join (select (now() at time zone 'Europe/Oslo')::date as day) d
 order by k.kind
on conflict (key) do nothing;

-- name: job_take :list
-- The job that has waited longest. Rows that another server is just taking are passed by. $1 kinds that this server knows, $2 who takes it
update job j
   set state = 'running', attempts = j.attempts + 1, taken_by = $2, taken_at = now()
 where j.id = (select w.id
                 from job w
                where w.state = 'waiting'
                  and w.run_at <= now()
                  and w.kind = any ($1::text[])
                order by w.run_at, w.id
                limit 1
                  for update skip locked)
returning j.id, j.kind, j.payload, j.attempts;

-- name: job_hold :exec
-- Held until the transaction ends, also when that is because the server died: how others know that the taker lives. $1 job, $2 taker
select pg_advisory_xact_lock(hashtextextended('job:' || $1, 0)), $2::text;

-- name: job_done :exec
-- $1 job, $2 taker
update job
   set state = 'done', last_error = null
 where id = $1::uuid
   and state = 'running'
   and taken_by = $2;

-- name: job_failed :exec
-- To be tried again after 1, 2, 4 … minutes, or given up. $1 job, $2 taker, $3 why, $4 most attempts
update job
   set state      = case when attempts < $4::int then 'waiting' else 'failed' end,
       run_at     = now() + interval '1 minute' * 2 ^ (attempts - 1),
       last_error = $3
 where id = $1::uuid
   and state = 'running'
   and taken_by = $2;

-- name: job_recover :list
-- Jobs whose taker is gone: taken a minute ago or more, and nobody holds their lock. $1 most attempts
with lost as materialized (
	select id
	  from job
	 where state = 'running'
	   and taken_at < now() - interval '1 minute'
	   for update skip locked
)
update job j
   set state      = case when j.attempts < $1::int then 'waiting' else 'failed' end,
       run_at     = now(),
       last_error = 'the server that ran it is gone'
  from lost l
 where j.id = l.id
   and pg_try_advisory_xact_lock(hashtextextended('job:' || l.id, 0))
returning j.id, j.kind;

-- name: job_session_sweep :one
-- Ended sessions go.
select 'sessions gone: ' || session_sweep() as said;

-- name: job_sync_retire :one
-- Tasks finished long ago, and old readings of meters, leave the tablets.
select 'rows gone from the tablets: ' || sync_retire() + sync_retire_readings() as said;

-- name: job_sync_held :one
-- What tablets wrote and has waited five days for what came before it: quarantined, and the office told.
select 'held too long: ' || sync_held_end() as said;

-- name: job_audit_partitions :one
-- The audit's partitions of the coming months.
select 'audit partitions made: ' || audit_partitions(3) as said;

-- name: job_sweep :one
-- Jobs done a month ago, or given up half a year ago, are of no more interest.
with gone as (
	delete from job
	 where (state = 'done' and run_at < now() - interval '30 days')
	    or (state = 'failed' and run_at < now() - interval '180 days')
	returning 1
)
select 'old jobs gone: ' || count(*) as said
  from gone;

-- name: job_sync_purge :one
-- Tombstones that no tablet can still need go.
select 'tombstones gone: ' || sync_purge_old() as said;
