-- name: register_place :one
-- A place as it is, or was: with its path, what extends it and its own geometry. $1 id, $2 at
select * from register_place($1::uuid, moment($2::text));

-- name: register_children :list
-- What lies directly below a place, with how much lies below each. $1 id, $2 limit, $3 after
select p.id, p.kind, p.name, p.label, p.parent_id, p.site_id, p.area_no, place_warning(p.id) is not null as has_warning,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y,
       (select count(*) from place c where c.parent_id = p.id and c.removed_at is null) as children,
       (select count(*) from component c where (c.place_id = p.id or c.site_id = p.id) and c.removed_at is null) as component_count,
       p.id as _key
  from place p
 where p.parent_id = $1::uuid
   and p.removed_at is null
   and ($3::uuid is null or (p.name, p.id) > (select a.name, a.id from place a where a.id = $3::uuid))
 order by p.name, p.id
 limit $2::int;

-- name: register_children_at :list
-- What lay directly below a place at a time. $1 id, $2 at, $3 limit, $4 after
select p.id, p.kind, p.name, p.label, p.parent_id, p.site_id, p.area_no, p.warning is not null as has_warning,
       st_x(p.point)::numeric(12,3) as x, st_y(p.point)::numeric(12,3) as y,
       (select count(*) from place_ever c
         where c.parent_id = p.id and c.since <= moment($2::text) and (c.until is null or c.until > moment($2::text))
           and (c.removed_at is null or c.removed_at > moment($2::text))) as children,
       (select count(*) from component_ever c
         where (c.place_id = p.id or c.site_id = p.id) and c.since <= moment($2::text)
           and (c.until is null or c.until > moment($2::text)) and (c.removed_at is null or c.removed_at > moment($2::text))) as component_count,
       p.id as _key
  from place_ever p
 where p.parent_id = $1::uuid
   and p.since <= moment($2::text)
   and (p.until is null or p.until > moment($2::text))
   and (p.removed_at is null or p.removed_at > moment($2::text))
   and ($4::uuid is null or (p.name, p.id) > (select a.name, a.id from place_ever a
                                               where a.id = $4::uuid and a.since <= moment($2::text)
                                                 and (a.until is null or a.until > moment($2::text))))
 order by p.name, p.id
 limit $3::int;

-- name: register_place_add :one
-- Makes a place with what extends it. $1 body
select p.* from place_add($1::jsonb) made, register_place(made) p;

-- name: register_place_change :one
-- Changes what the body names, merged with what others have changed. $1 id, $2 body
select p.* from place_change($1::uuid, $2::jsonb) made, register_place(made) p;

-- name: register_place_remove :one
-- Removes a place with all below it, if nothing uses it. $1 id, $2 row_v, $3 valid_from
select * from place_remove($1::uuid, $2::bigint, moment($3::text));

-- name: register_place_move :one
-- Hangs a place, with all below it, under another. $1 id, $2 body
select p.* from place_move($1::uuid, $2::jsonb) made, register_place(made) p;

-- name: register_storey_copy :one
-- Copies a storey with its dwellings and rooms. $1 id, $2 body
select p.* from storey_copy($1::uuid, $2::jsonb) made, register_place(made) p;

-- name: register_place_restore :one
-- Brings back what the removal of a place removed. $1 id
select p.* from register_restore('place', $1::uuid) made, register_place(made) p;
