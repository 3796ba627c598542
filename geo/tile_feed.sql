-- name: tile_feed_snapshot :one
-- Where a first look begins.
select pg_current_snapshot()::text as snapshot;

-- name: tile_feed_changes :list
-- What committed since the last look, and where the next begins. 2000 rows are too many to tell apart: one more says so.
-- $1 xmax of the last look, $2 transactions then under way as an array
select s.snapshot::text as snapshot, c.layers, c.west, c.south, c.east, c.north
  from (select pg_current_snapshot() as snapshot) s
  left join lateral (
       select t.layers, t.west, t.south, t.east, t.north
         from tile_change t
        where t.xid >= $1::xid8 or t.xid = any ($2::xid8[])
        limit 2001) c on true;

-- name: tile_feed_oldest :one
-- Transactions before this one have ended, and every look from now on has seen them.
select pg_snapshot_xmin(pg_current_snapshot())::text as oldest;

-- name: tile_feed_sweep :exec
-- $1 the oldest of a minute ago
delete from tile_change where xid < $1::xid8;
