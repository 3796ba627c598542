-- name: register_change_list :list
-- What became of a row, and of what lies in it when it is a building: the newest first. $1 row, $2 limit, $3 after
with some_rows as materialized (
	select register_within($1::uuid) as ids
), found as (
	select distinct on (a.xid) a.xid, a.at, a.actor
	  from audit a
	 where a.row_id = any ((select ids from some_rows)::uuid[])
	   and a.tbl in ('place', 'property', 'building', 'storey', 'dwelling', 'component')
	   and ($3::text is null or a.xid < $3::text::xid8)
	 order by a.xid desc
	 limit $2::int
)
select f.xid::text as xid, f.at, person_name(f.actor) as actor_name, c.op, c.note, nullif(c.valid_from, '-infinity') as valid_from,
       c.undone_by::text as undone_by, c.undoes::text as undoes, c.xid is not null and c.undone_by is null as can_undo,
       s.count, s.rows, f.xid::text as _key
  from found f
  left join register_change c on c.xid = f.xid and c.at = f.at
 cross join lateral register_shown(f.xid, f.at, (select ids from some_rows)) s
 order by f.xid desc;

-- name: register_change_undo :one
-- Takes a change back. $1 its number
select register_undo($1::text::xid8)::text as xid;
