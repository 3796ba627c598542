-- name: sync_position :list
-- Where the feed is, and what of the buckets that a tablet holds it may keep. A comparison may read all of a large scope.
-- Its own bucket is compared too but not counted as held: the receipts of its mutations are no rows that it compares, and so they come anew.
-- $1 device, $2 [{"b": bucket}, …]
with held as materialized (
	select distinct w.b as bucket from json_to_recordset($2::json) as w(b text)
), kept as materialized (
	select h.bucket, b.kind from held h join sync_bucket b on b.bucket = h.bucket and b.kind in ('ops', 'keys', 'ref', 'dev')
)
select json_build_object(
           'limit', set_config('statement_timeout', '120s', true),
           'snapshot', pg_current_snapshot()::text,
           'epoch', sync_epoch_now(),
           'device', (select d.state from sync_device d where d.id = $1::uuid),
           'h', md5(coalesce((select string_agg(k.bucket, ',' order by k.bucket collate "C") from kept k where k.kind <> 'dev'), '')),
           'kept', (select coalesce(json_agg(k.bucket order by k.bucket collate "C"), '[]') from kept k where k.kind <> 'dev'),
           'drop', (select coalesce(json_agg(l.bucket), '[]') from (select h.bucket from held h except select k.bucket from kept k) l),
           'now', now()) as d;

-- name: sync_compare :list
-- The rows of buckets or of slots of them, as they would be told; but not the receipts of mutations, which tablets do not keep as rows.
-- $1 [{"b": bucket, "s": [last bytes of ids] or null}, …]
with wanted as materialized (
	select b.bucket_no, w.n, w.s
	  from rows from (json_to_recordset($1::json) as (b text, s int[])) with ordinality as w(b, s, n)
	  join sync_bucket b on b.bucket = w.b
), page as materialized (
	select e.bucket_no, e.tbl, e.row_id, e.op, e.row_v, w.n
	  from sync_entry e
	  join wanted w on w.bucket_no = e.bucket_no
	 where e.bucket_no = any (array(select bucket_no from wanted))
	   and e.op = 'P'
	   and e.tbl <> 9
	   and (w.s is null or get_byte(uuid_send(e.row_id), 15) = any (w.s))
),
-- use: sync_tables
-- use: sync_rows
select c.n, c.t, c.row_id, c.row_v, c.d from content c;
