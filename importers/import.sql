-- name: import_note_batch :one
-- A dry run, or an import that failed: nothing of it landed, only that it was tried is kept.
-- $1 profile $2 source $3 file name $4 sha256 hex $5 dry run $6 state $7..$12 read, landed, updated, unchanged, rejected, queued
insert into import_batch (profile, source, file_name, sha256, is_dry_run, state, rows_read, landed, updated, unchanged, rejected, queued, ended_at)
values ($1, $2, $3, decode($4, 'hex'), $5::boolean, $6, $7::bigint, $8::bigint, $9::bigint, $10::bigint, $11::bigint, $12::bigint, now())
returning id;

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

-- name: import_undone_by :exec
-- $1 batch $2 person
update import_batch set undone_by = $2::uuid where id = $1::uuid;

-- name: import_may :one
-- Whether whoever asks may import, and who it is.
select import_may() as may, me() as person;

-- name: import_run_add :one
-- $1 profile $2 file name $3 sha256 hex, null: the settled rows of the queue $4 size $5 headers as JSON $6 mapping or null
-- $7 kommunenummer or null $8 most rejects or null $9 dry run $10 files beside it as JSON or null
insert into import_run (person_id, profile, file_name, sha256, size, headers, mapping, municipality_no, max_rejects, is_dry_run, files)
values ((select me()), $1, $2, decode($3, 'hex'), coalesce($4::bigint, 0),
        array(select h from json_array_elements_text(coalesce($5::json, '[]')) with ordinality x (h, n) order by n),
        $6::jsonb, $7, $8, $9::boolean, $10::jsonb)
returning id, state;

-- name: import_run_get :one
-- A run by its own id or its batch's; or a batch that the command made. $1 id
select r.id, r.batch_id, r.profile, r.file_name, r.size, r.mapping, r.municipality_no, r.is_dry_run, r.sha256 is null as is_settled,
       case when b.state = 'undone' then 'undone' else r.state end as state, r.step, r.rows_read as rows_so_far, r.bytes_read as bytes_so_far,
       coalesce(extract(epoch from coalesce(r.ended_at, now()) - r.started_at), 0)::numeric(12,1) as seconds,
       r.report, r.fault, person_name(r.person_id) as by, r.created_at, r.started_at, r.ended_at, b.undone_at, person_name(b.undone_by) as undone_by,
       r.cancelled_at, person_name(r.cancelled_by) as cancelled_by, jsonb_array_length(r.files) as files,
       b.rows_read, b.landed, b.updated, b.unchanged, b.rejected, b.queued
  from import_run r
  left join import_batch b on b.id = r.batch_id
 where r.id = $1::uuid or r.batch_id = $1::uuid
union all
select b.id, b.id, b.profile, b.file_name, 0, null, null, b.is_dry_run, false, b.state, null, b.rows_read, 0,
       coalesce(extract(epoch from b.ended_at - b.started_at), 0)::numeric(12,1),
       null, null, null, b.started_at, b.started_at, b.ended_at, b.undone_at, person_name(b.undone_by),
       null, null, null,
       b.rows_read, b.landed, b.updated, b.unchanged, b.rejected, b.queued
  from import_batch b
 where b.id = $1::uuid
   and not exists (select from import_run r where r.batch_id = b.id);

-- name: import_run_list :list
-- The newest first: runs of the office, and batches of the command. $1 only dry runs, only others, or null for both $2 limit $3 after
select x.*, x.id as _key
  from (select r.id, r.batch_id, r.profile, r.file_name, r.is_dry_run, r.sha256 is null as is_settled,
               case when b.state = 'undone' then 'undone' else r.state end as state, person_name(r.person_id) as by, r.created_at,
               b.rows_read, b.landed, b.updated, b.unchanged, b.rejected, b.queued, b.undone_at, person_name(b.undone_by) as undone_by
          from import_run r
          left join import_batch b on b.id = r.batch_id
        union all
        select b.id, b.id, b.profile, b.file_name, b.is_dry_run, false, b.state, null, b.started_at,
               b.rows_read, b.landed, b.updated, b.unchanged, b.rejected, b.queued, b.undone_at, person_name(b.undone_by)
          from import_batch b
         where not exists (select from import_run r where r.batch_id = b.id)) x
 where ($1::boolean is null or x.is_dry_run = $1::boolean)
   and ($3::uuid is null or x.id < $3::uuid)
 order by x.id desc
 limit $2::int;

-- name: import_run_earlier :list
-- The mapping that was last chosen for a file with the same header. $1 profile $2 headers as JSON
select r.mapping
  from import_run r
 where r.profile = $1
   and r.mapping is not null
   and r.headers = array(select h from json_array_elements_text($2::json) with ordinality x (h, n) order by n)
 order by r.id desc
 limit 1;

-- name: import_run_take :list
-- The run that has waited longest, unless one is under way. $1 who takes it
update import_run r
   set state = 'running', taken_by = $1, started_at = now(), beat_at = now()
 where r.id = (select w.id from import_run w where w.state = 'waiting' order by w.id limit 1 for update skip locked)
   and not exists (select from import_run o where o.state = 'running')
returning r.id, r.profile, r.file_name, encode(r.sha256, 'hex'), r.mapping, r.municipality_no, r.max_rejects, r.is_dry_run, r.files;

-- name: import_run_hold :one
-- Held until the import's transaction ends, also when that is because the server died: how others know that it lives. $1 run
select pg_backend_pid() as backend, pg_advisory_xact_lock(hashtextextended('import_run:' || $1, 0)) is null as is_held;

-- name: import_run_beat :list
-- How far it has come; no row when it is to end. $1 run $2 step $3 rows $4 bytes
update import_run
   set beat_at = now(), step = $2, rows_read = $3::bigint, bytes_read = $4::bigint
 where id = $1::uuid
   and state = 'running'
   and cancelled_at is null
returning id;

-- name: import_run_land :list
-- In the import's own transaction; no row when somebody has cancelled it. $1 run $2 batch $3 report
update import_run
   set state = 'done', batch_id = $2::uuid, report = $3::jsonb, ended_at = clock_timestamp()
 where id = $1::uuid
   and state = 'running'
   and cancelled_at is null
returning id;

-- name: import_run_end :exec
-- One that did not land: a dry run, a failure. What was cancelled ends as that, also when it failed by it.
-- $1 run $2 state $3 batch or null $4 report or null $5 fault or null
update import_run r
   set state = e.state, batch_id = $3::uuid, report = case when e.state <> 'cancelled' then $4::jsonb end,
       fault = case when e.state <> 'cancelled' then $5 end, ended_at = clock_timestamp()
  from (select case when r.cancelled_at is not null and $2 <> 'broken' then 'cancelled' else $2 end as state from import_run r where r.id = $1::uuid) e
 where r.id = $1::uuid
   and r.state = 'running';

-- name: import_run_cancel :list
-- A run that waits is cancelled at once; one that is under way by the server that runs it. $1 run or batch $2 person
update import_run r
   set cancelled_at = coalesce(r.cancelled_at, now()), cancelled_by = coalesce(r.cancelled_by, $2::uuid),
       state = case when r.state = 'waiting' then 'cancelled' else r.state end,
       ended_at = case when r.state = 'waiting' then now() end
 where r.id = $1::uuid
   and r.state in ('waiting', 'running')
returning r.id, r.state;

-- name: import_run_interrupt :list
-- Ends the statement of a cancelled run that is under way: whoever holds its lock. $1 run
select pg_cancel_backend(l.pid) as is_told
  from (select hashtextextended('import_run:' || $1, 0) as key) k
  join pg_locks l on l.locktype = 'advisory' and l.objsubid = 1 and l.granted
                 and l.classid = ((k.key >> 32) & 4294967295)::oid and l.objid = (k.key & 4294967295)::oid
 where l.database = (select d.oid from pg_database d where d.datname = current_database());

-- name: import_run_break :list
-- Runs whose server is gone: it has not spoken for a while, and nobody holds their lock. Nothing of them landed.
update import_run r
   set state = 'broken', ended_at = now()
 where r.state = 'running'
   and r.beat_at < now() - interval '15 seconds'
   and pg_try_advisory_xact_lock(hashtextextended('import_run:' || r.id, 0))
returning r.id;

-- name: import_run_stop :exec
-- Ends what the backend of an import is doing; its transaction is taken back. $1 backend
select pg_cancel_backend($1::int);

-- name: import_run_spooled :list
-- What of the spool a run waits for or reads: the export, its files, and the folder that these lie in.
select encode(r.sha256, 'hex') from import_run r where r.state in ('waiting', 'running') and r.sha256 is not null
union
select f ->> 'sha256' from import_run r cross join jsonb_array_elements(r.files) f where r.state in ('waiting', 'running')
union
select r.id || '.files' from import_run r where r.state = 'running';

-- name: import_sweep_queue :list
-- Empties rows that were read in or set aside some days ago: they hold personal data. $1 days
update import_queue q
   set raw = '{}'
 where q.ended_at < now() - make_interval(days => $1::int)
   and q.raw <> '{}'
returning q.id;

-- name: import_changed :list
-- Who changed which rows of a batch since it landed; nothing stops the undo when there are none. $1 id of the run or the batch
select c.tbl, c.line, c.label, c.by, c.at, c.is_person
  from import_batch b
 cross join lateral import_changed_since(b.id) c
 where b.id = $1::uuid
 order by c.line, c.tbl;

-- name: import_queue_list :list
-- What waits for a person, one for each answer that is needed; the oldest first. $1 limit $2 after
with waiting as materialized (
	select q.id, b.source, b.profile, b.file_name,
	       row_number() over (partition by b.source, q.key order by q.id) as nth, count(*) over (partition by b.source, q.key) as rows
	  from import_queue q
	  join import_batch b on b.id = q.batch_id
	 where q.state = 'open'
)
select q.id, w.source, w.profile, q.key, w.file_name, q.line, q.reason, q.raw, q.candidates, w.rows, q.id as _key
  from waiting w
  join import_queue q on q.id = w.id
 where w.nth = 1
   and ($2::uuid is null or q.id > $2::uuid)
 order by q.id
 limit $1::int;

-- name: import_queue_settled :list
-- Answered rows that wait to be read in, by profile.
select b.profile, count(*) as rows
  from import_queue q
  join import_batch b on b.id = q.batch_id
 where q.state = 'settled'
 group by b.profile
 order by b.profile;

-- name: import_queue_settle :one
-- An answer; null sets the rows aside. $1 body
select import_settle(g.source, g.key, g.place) as rows
  from json_to_record($1::json) as g(source text, key text, place uuid);
