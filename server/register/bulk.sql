-- name: register_bulk_change :one
-- Gives many rows the same values, or tells what would change. $1 body
select b.matched, b.count, b.changes, b.xid from register_bulk($1::jsonb) b;
