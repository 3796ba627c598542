-- name: live_snapshot :one
-- Where the feed is now.
select pg_current_snapshot()::text as snapshot, '' as rows;

-- name: live_changes :list
-- What was committed since a snapshot, and the snapshot of this look, in one statement: two statements would lose what is committed between
-- them. People are the reporter and followers of a case, ten in a row:
-- a lift has more followers than a hint has room for. $1 xmax, $2 transactions then under way as an array
select s.snapshot::text as snapshot, e.tbl, e.row_id, e.area_no, e.people
  from (select pg_current_snapshot() as snapshot) s
  left join lateral (
       select x.tbl, x.row_id, b.area_no, w.people
         from sync_entry x
         join sync_bucket b on b.bucket_no = x.bucket_no
         left join lateral (
              select array_agg(u.person) as people
                from (select v.person, (row_number() over () - 1) / 10 as part
                        from (select c.reporter_id as person from cases c where c.id = x.row_id and c.reporter_id is not null
                              union
                              select f.person_id from case_follower f where f.case_id = x.row_id) v) u
               group by u.part) w on x.tbl = 10
        where (x.xid >= $1::xid8 or x.xid = any ($2::xid8[]))
          and x.tbl in (1, 2, 3, 4, 5, 10)
        order by x.xid
        limit 500) e on true;

-- name: live_who :one
-- Who listens, and to which areas.
select me() as person_id, coalesce(nullif(current_setting('fdvu.areas', true), ''), '{}') as areas;
