-- name: snapshot_stale :list
-- Classes that are worth a file: large enough, and none yet or so many changes since the last one. $1 least rows, $2 least changes
with class as materialized (
	select b.kind, b.area_no, array_agg(b.bucket_no) as buckets, max(b.min_xid) as min_xid
	  from sync_bucket b
	 where b.kind = 'ref' or b.kind = 'ops' and b.area_no is not null
	 group by b.kind, b.area_no
), newest as materialized (
	select distinct on (f.kind, f.area_no) f.kind, f.area_no, f.hi, f.buckets
	  from sync_snapshot f
	 where not f.is_gone and f.epoch = sync_epoch_now() and f.schema = $3::int
	 order by f.kind, f.area_no, f.built_at desc
)
select c.kind, c.area_no
  from class c
  left join newest n on n.kind = c.kind and n.area_no is not distinct from c.area_no
 where (select count(*) from sync_entry e where e.bucket_no = any (c.buckets) and e.op = 'P') >= $1::int
   and (n.hi is null
        or n.hi < c.min_xid -- could never be caught up with
        or not n.buckets <@ c.buckets
        or (select count(*) from sync_entry e where e.bucket_no = any (c.buckets) and e.xid >= n.hi) >= $2::int)
 order by c.kind, c.area_no;

-- name: snapshot_who :exec
-- For the rest of the transaction: whoever may see this area and no other, as any caretaker of it is. $1 areas
select set_config('fdvu.person', '00000000-0000-0000-0000-000000000000', true), set_config('fdvu.areas', $1, true),
       set_config('fdvu.roles', '{}', true), set_config('statement_timeout', '0', true);

-- name: snapshot_facts :one
-- What stands in the file's first line. $1 kind
select pg_current_snapshot()::text as snapshot, sync_epoch_now() as epoch, coalesce(array_agg(b.bucket_no), '{}')::text as bucket_nos,
       coalesce(json_agg(b.bucket order by b.bucket), '[]')::text as buckets
  from sync_bucket b
 where b.kind = $1;

-- name: snapshot_rows :list
-- The rows of a class as they are told, in the order of the keys that tablets keep them by. $1 kind
with page as materialized (
	select e.bucket_no, e.tbl, e.row_id, e.op, e.row_v
	  from sync_entry e
	 where e.bucket_no = any (array(select b.bucket_no from sync_bucket b where b.kind = $1))
	   and e.op = 'P'
	   and e.tbl <> 9
),
-- use: sync_tables
-- use: sync_rows
select b.bucket, c.t, c.row_id, c.row_v, c.d
  from content c
  join sync_bucket b on b.bucket_no = c.bucket_no
 order by (c.t || ':' || c.row_id) collate "C", c.bucket_no;

-- name: snapshot_add :exec
-- $1 id, $2 kind, $3 area, $4 epoch, $5 schema, $6 xmax, $7 transactions under way, $8 buckets, $9 rows, $10 digest, $11 bytes, $12 $13 of the
-- zstd file, $14 $15 of the gzip file
insert into sync_snapshot (id, kind, area_no, epoch, schema, hi, running, buckets, rows, digest, bytes, zst_sha256, zst_bytes, gz_sha256, gz_bytes)
values ($1::uuid, $2, $3::int, $4, $5::int, $6::xid8, $7::xid8[], $8::int[], $9::int, $10, $11::bigint, $12, $13::bigint, $14, $15::bigint);

-- name: snapshot_old :list
-- Files that a newer one has followed a day ago, or of another epoch; their rows stay for whoever has just loaded one.
with gone as (
	delete from sync_snapshot f where f.is_gone and f.built_at < now() - interval '30 days'
)
update sync_snapshot f
   set is_gone = true
 where not f.is_gone
   and f.built_at < now() - interval '1 day'
   and (f.epoch <> sync_epoch_now()
        or exists (select from sync_snapshot n
                    where n.kind = f.kind and n.area_no is not distinct from f.area_no and n.built_at > f.built_at and not n.is_gone))
returning f.zst_sha256, f.gz_sha256;

-- name: snapshot_list :list
-- The newest files that the asker may see all of. $1 for whom: me
select f.id, f.kind, f.area_no, f.epoch, f.schema, f.rows, f.bytes, f.zst_bytes, f.gz_bytes, f.built_at, '/api/v1/sync/snapshots/' || f.id as url
  from (select distinct on (f.kind, f.area_no) f.*
          from sync_snapshot f
         where not f.is_gone and f.epoch = sync_epoch_now()
         order by f.kind, f.area_no, f.built_at desc) f
 where $1 = 'me'
 order by f.kind, f.area_no;

-- name: snapshot_get :list
-- $1 id
select f.zst_sha256, f.gz_sha256 from sync_snapshot f where f.id = $1::uuid and not f.is_gone;

-- name: snapshot_wanted :exec
-- Somebody begins with a large scope: files are made if there are none, or those that there are have become old.
select sync_snapshots_wanted();
