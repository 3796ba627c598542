-- name: warning_list :list
-- Warnings at a place: its own and those of what it lies in; those that hold or will hold first, ended ones when asked for.
-- $1 place, $2 ended too
select w.id, w.kind, w.text, w.place_id, p.name as place_name, p.kind as place_kind, w.component_id, c.name as component_name,
       w.place_id <> $1::uuid as is_inherited, w.valid_from, w.valid_to, warning_is_active(w) as is_active, w.created_at,
       person_name(w.created_by) as created_by_name, w.ended_at, person_name(w.ended_by) as ended_by_name, w.row_v
  from (with recursive up as (
               select a.id, a.parent_id, a.kind, 0 as depth from place a where a.id = $1::uuid
               union all
               select a.id, a.parent_id, a.kind, u.depth + 1 from place a join up u on a.id = u.parent_id where a.kind <> 'municipality')
        select up.id, up.depth from up) a
  join warning w on w.place_id = a.id
  join place p on p.id = w.place_id
  left join component c on c.id = w.component_id
 where $2::boolean is true
    or (w.ended_at is null and coalesce(w.valid_to, 'infinity') >= (now() at time zone 'Europe/Oslo')::date)
 order by w.ended_at desc nulls first, a.depth, w.valid_from desc, w.id
 limit 200;

-- name: warning_add :one
-- $1 body
insert into warning (place_id, component_id, kind, text, valid_from, valid_to)
select coalesce(c.place_id, g.place), g.component, g.kind, g.text,
       coalesce(g.valid_from, (now() at time zone 'Europe/Oslo')::date), g.valid_to
  from json_to_record($1::json) as g(place uuid, component uuid, kind text, text text, valid_from date, valid_to date)
  left join component c on c.id = g.component
returning id, place_id, component_id, kind, text, valid_from, valid_to, row_v;

-- name: warning_change :one
-- $1 id, $2 body
with given as (
	select * from json_to_record($2::json) as g(row_v bigint, ended boolean, valid_to date)
), now_is as materialized (
	select w.id, expect_version(w.row_v, g.row_v) from warning w, given g where w.id = $1::uuid for update of w
)
update warning w
   set ended_at = case when g.ended then now() else w.ended_at end,
       valid_to = case when ($2::jsonb) ? 'valid_to' then g.valid_to else w.valid_to end
  from given g, now_is n
 where w.id = n.id
returning w.id, w.ended_at, w.valid_to, w.row_v;

-- name: job_warnings :exec
-- Warnings that begin or end today.
select warning_turn();
