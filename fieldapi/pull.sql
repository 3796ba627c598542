-- name: sync_key :one
-- The key that cursors are signed with, and whether rows have transaction numbers that this cluster has not come to.
select value #>> '{}' as key,
       coalesce((select e.xid from sync_entry e order by e.xid desc limit 1) >= pg_snapshot_xmax(pg_current_snapshot()), false) as is_ahead
  from setting
 where key = 'cursor_key';

-- name: sync_epoch_note :exec
-- Writes the epoch down when it is new; not on a standby.
select case when not pg_is_in_recovery() then sync_epoch_note() end;

-- name: sync_info :one
-- What a tablet needs to know before it begins. $1 schema of the rows, $2 the oldest that an app may speak
select sync_epoch_now() as epoch, now() as now, $2::int as schema_min, $1::int as schema, 200 as mutations_max, 1048576 as push_bytes_max,
       262144 as mutation_bytes_max, 20000 as page_rows_max, 2000 as reconcile_buckets_max, 20000 as reconcile_rows_max,
       json_build_array('zstd', 'gzip') as encodings, json_build_array('gzip') as body_encodings,
       sync_lease() as lease;

-- name: sync_quiet :list
-- The facts of a pull that brings nothing, or null when sync_pull has to look: most pulls are of this kind, and this costs a tenth of it.
-- It finds out itself who is asking. $1 token hash, $2 device, $3 areas in which its cursor was whole, $4 xmax and $5 transactions under way of it
select sync_quiet($1::bytea, $2::uuid, $3::int[], $4::xid8, $5::xid8[]) as d;

-- name: sync_pull :list
-- One page of the change feed, and first a row of facts about it. The snapshot, the rights and the rows are of one statement: a second one
-- would see other transactions and lose what lies between.
-- What a tablet does not hold yet is read along the primary key from the last row told, as far as the page needs and no further.
-- $1 device, $2 hash of the scope it holds (null: none), $3 its buckets as a JSON array (when the hash is not known here), $4 xmax and
-- $5 transactions under way of its cursor (null: it has nothing), $6 the snapshot that ends an open window (null: a new window),
-- $7 $8 $9 the last row told in it, $10 hash of the scope the window began with, $11 rows, $12 snapshot files that it has loaded, whose buckets
-- are as late as the file was, $13 schema of the rows that it was told, $14 least rows for which it takes a file rather than rows (null: never)
with
-- use: sync_tables
here as materialized (
	select pg_current_snapshot() as snapshot
), mine as materialized (
	select b.bucket_no, b.bucket, b.min_xid
	  from sync_bucket b
	 where b.kind in ('ops', 'keys', 'ref')
	    or b.kind = 'dev' and b.ref_id = $1::uuid
), late as materialized (
	select distinct on (n.bucket_no) n.bucket_no, f.hi, f.running
	  from sync_snapshot f, unnest(f.buckets) as n(bucket_no)
	 where f.id = any ($12::uuid[])
	   and f.epoch = sync_epoch_now()
	   and f.schema = (select max(n.since) from tables n)
	 order by n.bucket_no, f.hi
), base as materialized (
	select case
	       when $6::text is not null then coalesce((select s.buckets from sync_device_scope s where s.device_id = $1::uuid and s.h = $10::text), '{}')
	       when $3::text is not null then array(select json_array_elements_text($3::json))
	       when $2::text is not null then (select s.buckets from sync_device_scope s where s.device_id = $1::uuid and s.h = $2)
	       else '{}'::text[]
	       end as buckets
), held as materialized (
	select distinct u.bucket from base b, unnest(b.buckets) as u(bucket)
), linked as materialized (
	select m.bucket_no, m.bucket, f.id
	  from (select distinct on (f.kind, f.area_no) f.id, f.buckets, f.hi
	          from sync_snapshot f
	         where $14::int is not null and $6::text is null and not f.is_gone
	           and f.rows >= $14::int and f.epoch = sync_epoch_now()
	           and f.schema = (select max(n.since) from tables n)
	         order by f.kind, f.area_no, f.built_at desc) f
	  join mine m on m.bucket_no = any (f.buckets)
	 where not exists (select from held h where h.bucket = m.bucket)
	   and not exists (select from late l where l.bucket_no = m.bucket_no)
	   -- A file that is older than what a bucket has forgotten could never be caught up with.
	   and not exists (select from mine x where x.bucket_no = any (f.buckets) and x.min_xid > f.hi)
), target as materialized (
	select case
	       when $6::text is not null then (select s.buckets from sync_device_scope s where s.device_id = $1::uuid and s.h = $2)
	       else (select coalesce(array_agg(m.bucket order by m.bucket collate "C"), '{}') from mine m
	              where not exists (select from linked l where l.bucket_no = m.bucket_no))
	       end as buckets
), scope as materialized (
	select m.bucket_no, m.bucket, m.min_xid, h.bucket is not null as is_known,
	       l.bucket_no is not null as is_late, l.hi, l.running,
	       l.bucket_no is not null or h.bucket is not null and $4::xid8 is not null as is_held
	  from mine m
	  left join late l on l.bucket_no = m.bucket_no
	  join (select distinct u.bucket from target t, unnest(t.buckets) as u(bucket)) w on w.bucket = m.bucket
	  left join held h on h.bucket = m.bucket
), found as (
	select e.bucket_no, e.tbl, e.row_id, e.op, e.row_v, e.xid
	  from sync_entry e
	 where e.bucket_no = any (array(select s.bucket_no from scope s where s.is_held and not s.is_late))
	   and (e.xid >= $4::xid8 or e.xid = any ($5::xid8[]))
	union all
	select e.bucket_no, e.tbl, e.row_id, e.op, e.row_v, e.xid
	  from scope s
	  join sync_entry e on e.bucket_no = s.bucket_no
	 where s.is_late
	   and (e.xid >= s.hi or e.xid = any (s.running))
	union all
	(select e.bucket_no, e.tbl, e.row_id, e.op, e.row_v, e.xid
	  from sync_entry e
	 where exists (select from tables n where n.since > $13::int)
	   and e.bucket_no = any (array(select s.bucket_no from scope s where s.is_held and not s.is_late))
	   and e.tbl = any (array(select n.tbl from tables n where n.since > $13::int))
	   and e.op = 'P'
	   and e.xid < $4::xid8 and e.xid <> all ($5::xid8[])
	   and (e.bucket_no, e.tbl, e.row_id) > (coalesce($7::int, 0), coalesce($8::smallint, 0::smallint), coalesce($9::uuid, '00000000-0000-0000-0000-000000000000'))
	 order by e.bucket_no, e.tbl, e.row_id
	 limit $11::int + 1)
	union all
	(select e.bucket_no, e.tbl, e.row_id, e.op, e.row_v, e.xid
	  from sync_entry e
	 where exists (select from scope s where not s.is_held)
	   and (e.bucket_no in (select s.bucket_no from scope s where not s.is_held)) is true
	   and e.op = 'P'
	   and ($6::text is null or pg_visible_in_snapshot(e.xid, (select $6::pg_snapshot)))
	   and (e.bucket_no, e.tbl, e.row_id) > (coalesce($7::int, 0), coalesce($8::smallint, 0::smallint), coalesce($9::uuid, '00000000-0000-0000-0000-000000000000'))
	 order by e.bucket_no, e.tbl, e.row_id
	 limit $11::int + 1)
), page as materialized (
	select f.bucket_no, f.tbl, f.row_id, f.op, f.row_v
	  from found f
	 where ($6::text is null or pg_visible_in_snapshot(f.xid, (select $6::pg_snapshot)))
	   and ($7::int is null or (f.bucket_no, f.tbl, f.row_id) > ($7::int, $8::smallint, $9::uuid))
	 order by f.bucket_no, f.tbl, f.row_id
	 limit $11::int + 1
),
-- use: sync_rows
select null::int as bucket_no, null::text as bucket, null::smallint as tbl, null::text as t, null::uuid as row_id, null::bigint as row_v,
       json_build_object(
           'snapshot', h.snapshot::text,
           'epoch', sync_epoch_now(),
           'device', (select d.state from sync_device d where d.id = $1::uuid),
           'is_seen_long_ago', (select d.last_seen is null or d.last_seen < now() - interval '1 minute' from sync_device d where d.id = $1::uuid),
           'lease', (select case when d.last_seen is null or d.last_seen < now() - interval '1 minute' then sync_lease() end
                       from sync_device d where d.id = $1::uuid),
           'is_scope_known', b.buckets is not null and t.buckets is not null,
           'is_expired', exists (select from scope s where s.is_held and s.min_xid > case when s.is_late then s.hi else $4::xid8 end)
                         or (select count(distinct f.id) from sync_snapshot f
                              where f.id = any ($12::uuid[]) and f.schema = (select max(n.since) from tables n)) < cardinality($12::uuid[]),
           'h', md5(array_to_string(t.buckets, ',')),
           'areas', case when not exists (select from linked) then areas()::text end,
           'base_h', case when $3::text is not null then md5(array_to_string(b.buckets, ',')) end,
           'add', (select coalesce(json_agg(a.o), '[]')
                     from (select json_build_object('bucket', s.bucket) as o from scope s where not s.is_known
                           union all
                           select json_build_object('bucket', l.bucket, 'snapshot', '/api/v1/sync/snapshots/' || l.id) from linked l) a),
           'drop', (select coalesce(json_agg(l.bucket), '[]') from (select h.bucket from held h except select s.bucket from scope s) l),
           'buckets', case when $6::text is null then t.buckets end,
           'now', now()) as d
  from here h, base b, target t
union all
(select c.bucket_no, s.bucket, c.tbl, c.t, c.row_id, c.row_v, c.d
   from content c
   join scope s on s.bucket_no = c.bucket_no
  order by c.bucket_no, c.tbl, c.row_id);

-- name: sync_scope_keep :exec
-- Notes what a tablet has been told that it holds. $1 device, $2 hash, $3 buckets as a JSON array
select sync_scope_note($1::uuid, $2::text, array(select json_array_elements_text($3::json)));

-- name: sync_device_seen :exec
-- Notes that a tablet has been heard from. $1 device, $2 version of its app, $3 $4 how many of its changes wait and since when, if it says so
update sync_device
   set last_seen    = now(),
       app_version  = coalesce($2::text, app_version),
       queue_count  = coalesce($3::int, queue_count),
       queue_oldest = case when $3::int is null then queue_oldest else $4::timestamptz end
 where id = $1::uuid;

-- name: sync_quarantine_add :one
-- Keeps what could not be read, unopened, for a person to look at. $1 device, $2 reason, $3 the bytes
with kept as (
	insert into sync_quarantine (device_id, person_id, reason, raw)
	values ($1::uuid, (select me()), $2::text, convert_to($3::text, 'UTF8'))
)
select 'ok' as outcome, $1::uuid as device, encode(sha256(convert_to($3::text, 'UTF8')), 'hex') as sha256, octet_length($3::text) as bytes,
       now() as received_at;
