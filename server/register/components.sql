-- name: register_component_at :one
-- A component as it was. $1 id, $2 at
select c.id, c.place_id, p.label as place_label, c.site_id, c.area_no, c.name, c.element, e.name as element_name, c.tag, c.maker, c.model,
       c.serial, c.installed_on, c.service_life_years, c.quantity, c.unit, c.replacement_cost_ore, c.warranty_until, c.condition_grade,
       c.code, c.parent_id, u.name as parent_name, c.note, c.row_v, nullif(c.since, '-infinity') as since, c.until,
       st_asgeojson(c.geom, 3, 0)::json as geometry,
       st_x(coalesce(c.geom, p.point))::numeric(12,3) as x, st_y(coalesce(c.geom, p.point))::numeric(12,3) as y
  from component_ever c
  join place_ever p on p.id = c.place_id and p.since <= moment($2::text) and (p.until is null or p.until > moment($2::text))
  left join component_ever u on u.id = c.parent_id and u.since <= moment($2::text) and (u.until is null or u.until > moment($2::text))
  left join element e on e.code = c.element
 where c.id = $1::uuid
   and c.since <= moment($2::text)
   and (c.until is null or c.until > moment($2::text))
   and (c.removed_at is null or c.removed_at > moment($2::text));

-- name: register_component :one
-- A component with the system it is part of. $1 id
select * from register_component($1::uuid);

-- name: register_components :list
-- Components at a place or anywhere below it when it is a building. $1 place, $2 limit, $3 after
select c.id, c.place_id, p.label as place_label, c.name, c.element, e.name as element_name, c.tag, c.maker, c.model, c.serial,
       c.installed_on, c.service_life_years, c.quantity, c.unit, c.replacement_cost_ore, c.warranty_until, c.condition_grade, c.code,
       c.parent_id, c.row_v, c.id as _key
  from component c
  join place p on p.id = c.place_id
  left join element e on e.code = c.element
 where (c.place_id = $1::uuid or c.site_id = $1::uuid)
   and c.removed_at is null
   and ($3::uuid is null or c.id > $3::uuid)
 order by c.id
 limit $2::int;

-- name: register_components_at :list
-- Components that were at a place or anywhere below it. $1 place, $2 at, $3 limit, $4 after
select c.id, c.place_id, p.label as place_label, c.name, c.element, e.name as element_name, c.tag, c.maker, c.model, c.serial,
       c.installed_on, c.service_life_years, c.quantity, c.unit, c.replacement_cost_ore, c.warranty_until, c.condition_grade, c.code,
       c.parent_id, c.row_v, c.id as _key
  from component_ever c
  join place p on p.id = c.place_id
  left join element e on e.code = c.element
 where (c.place_id = $1::uuid or c.site_id = $1::uuid)
   and c.since <= moment($2::text)
   and (c.until is null or c.until > moment($2::text))
   and (c.removed_at is null or c.removed_at > moment($2::text))
   and ($4::uuid is null or c.id > $4::uuid)
 order by c.id
 limit $3::int;

-- name: register_component_add :one
-- Makes a component. $1 body
select c.* from component_add($1::jsonb) made, register_component(made) c;

-- name: register_component_change :one
-- Changes what the body names, merged with what others have changed. $1 id, $2 body
select c.* from component_change($1::uuid, $2::jsonb) made, register_component(made) c;

-- name: register_component_remove :one
-- Removes a component with its parts, if nothing uses it. $1 id, $2 row_v, $3 valid_from
select * from component_remove($1::uuid, $2::bigint, moment($3::text));

-- name: register_component_move :one
-- Moves a component to another place. $1 id, $2 body
select c.* from component_move($1::uuid, $2::jsonb) made, register_component(made) c;

-- name: register_component_restore :one
-- Brings back what the removal of a component removed. $1 id
select c.* from register_restore('component', $1::uuid) made, register_component(made) c;
