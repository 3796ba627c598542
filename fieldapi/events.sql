-- name: sync_wait :one
-- Where the feed is, and which of the tablet's buckets have changed since a cursor. $1 device, $2 xmax and $3 transactions under way of the
-- cursor (null: nothing is looked for)
select json_build_object(
           'snapshot', pg_current_snapshot()::text,
           'epoch', sync_epoch_now(),
           'device', (select d.state from sync_device d where d.id = $1::uuid),
           'areas', coalesce(nullif(current_setting('fdvu.areas', true), ''), '{}'),
           'buckets', (select coalesce(json_agg(n.bucket order by n.bucket), '[]')
                         from (select distinct b.bucket
                                 from sync_entry e
                                 join sync_bucket b on b.bucket_no = e.bucket_no
                                where $2::xid8 is not null
                                  and e.xid >= (select coalesce(min(r.xid), $2::xid8) from unnest($3::xid8[]) as r(xid))
                                  and (e.xid >= $2::xid8 or e.xid = any ($3::xid8[]))
                                  and (b.kind <> 'dev' or b.ref_id = $1::uuid)
                                limit 100) n)) as d;

-- name: sync_hints :list
-- What was committed since a snapshot, the snapshot of this look, and for whom of those who wait it is anything: whose buckets have changed
-- (at most a hundred are named), whose areas are others than they were, or who may wait no longer. When more has changed than is looked at,
-- it is something for everybody. Rights and changes are of one statement.
-- $1 xmax and $2 transactions then under way, $3 sessions, $4 devices and $5 areas of those who wait
with here as materialized (
	select pg_current_snapshot() as snapshot
), found as materialized (
	select e.bucket_no
	  from sync_entry e
	 where e.xid >= (select coalesce(min(r.xid), $1::xid8) from unnest($2::xid8[]) as r(xid))
	   and (e.xid >= $1::xid8 or e.xid = any ($2::xid8[]))
	 order by e.xid
	 limit 1000
), changed as materialized (
	select b.bucket, b.kind, b.ref_id, b.area_no
	  from (select distinct f.bucket_no from found f) c
	  join sync_bucket b on b.bucket_no = c.bucket_no
), waiting as materialized (
	select w.n, w.device, w.areas as areas_then, s.areas
	  from unnest($4::uuid[], $5::text[]) with ordinality as w(device, areas, n)
	  left join sync_waiters($3::bytea[], $4::uuid[]) s on s.n = w.n
)
select h.snapshot::text, t.n, t.has_ended, t.areas, t.buckets
  from here h
  left join lateral (
       select w.n, w.areas is null as has_ended, w.areas::text as areas, hit.buckets
         from waiting w
         left join lateral (
              select json_agg(x.bucket) as buckets
                from (select c.bucket
                        from changed c
                       where c.kind = 'ref'
                          or c.kind in ('ops', 'keys') and c.area_no = any (w.areas)
                          or c.kind = 'dev' and c.ref_id = w.device
                       order by c.bucket
                       limit 100) x) hit on true
        where w.areas is null
           or w.areas::text <> w.areas_then
           or hit.buckets is not null
           or (select count(*) from found) = 1000) t on true;
